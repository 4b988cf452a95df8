"""Whose signature under decisions of pairs of records counts.

Does not belong here: the signed file (steps/clusters/overrides.py), who has which role (resources/duties/roles.py).
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from justice_assets.steps.clusters.overrides import FILE
from resources.duties.roles import read_roles
from resources.receipts.signed_statement import read_public_key
from resources.settings.study_settings import load_study_settings

MAY_DECIDE = ("linker", "reviewer")  # roles that see identifiers


def keys_of_deciders(root: Path) -> dict[str, Ed25519PublicKey]:
    """Keys of people who may decide, by name: of those who are appointed to, or, where study.toml names nobody who
    appoints, of all who have signed here. Raises RolesRefused, KeyNotUsable.
    """
    if appointed_by := load_study_settings().duties.appointed_by:
        people = read_roles(root, appointed_by).people
        return {name: each.public_key for name, each in people.items() if set(each.roles) & set(MAY_DECIDE)}
    keys = sorted((root / FILE).parent.glob("*.pub"))
    return {path.stem: read_public_key(path) for path in keys}
