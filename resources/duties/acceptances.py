"""Which decisions to go on against a check count. Does not belong here: recording them (pathways/accept.py)."""

from pathlib import Path

from resources.duties.roles import RolesRefused, read_roles
from resources.duties.sign_offs import NotSignedOff, given, read_sign_offs
from resources.settings.study_settings import load_study_settings
from resources.zone.gates import Acceptance, SignaturesNotUsable


def signed_off(root: Path, recorded: tuple[Acceptance, ...]) -> tuple[Acceptance, ...]:
    """Those that count: all, or where study.toml requires it and somebody appoints, those that were signed off.

    Raises SignaturesNotUsable.
    """
    duties = load_study_settings().duties
    role = duties.required.get("acceptance")
    if not duties.appointed_by or role is None:
        return recorded
    try:
        there = read_sign_offs(root, read_roles(root, duties.appointed_by))
    except (RolesRefused, NotSignedOff) as refused:
        raise SignaturesNotUsable(str(refused)) from None
    return tuple(each for each in recorded if given(there, "acceptance", each.digest, role))
