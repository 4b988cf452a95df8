"""Who may do what: roles, pairs of roles that one person may not have, and the signed list of people.

Belongs here: reading and writing the list. Does not belong here: what people sign (sign_offs.py), commands.

The list is signed with the key of whoever appoints, and study.toml names that key: a list that somebody else wrote is
none. It holds the public key of each person, so that a sign-off is of whoever has the private one.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from resources.receipts.signed_statement import StatementRefused, key_id, key_text, public_key, signed, verified
from resources.secrets.private_files import make_folder, put_in_place
from resources.settings.governance_settings import Role

KIND = "application/vnd.pathways.roles+json"
FOLDER = "decisions/duties"  # below the data root: every zone reads decisions
ROLES: tuple[Role, ...] = get_args(Role)
IDENTIFIERS = "sees identifiers, and so may not see what is joined without them"
OWN_WORK = "would approve work of their own"
FORBIDDEN: Mapping[frozenset[Role], str] = {
    frozenset({"linker", "combiner"}): IDENTIFIERS,
    frozenset({"linker", "analyst"}): IDENTIFIERS,
    frozenset({"reviewer", "combiner"}): IDENTIFIERS,
    frozenset({"reviewer", "analyst"}): IDENTIFIERS,
    frozenset({"approver", "linker"}): OWN_WORK,
    frozenset({"approver", "combiner"}): OWN_WORK,
    frozenset({"approver", "analyst"}): OWN_WORK,
    frozenset({"approver", "reviewer"}): OWN_WORK,
}


def a_role(role: Role) -> str:
    """Somebody with a role, in words: "an approver"."""
    return f"{'an' if role[0] in 'aeiou' else 'a'} {role}"


class RolesRefused(Exception):
    """A list of roles cannot be used, or would give one person two forbidden roles; says why and what to do."""


@dataclass(frozen=True)
class Person:
    """Somebody with roles, and the public key (PEM) that goes with what they sign."""

    name: str
    roles: tuple[Role, ...]
    key: str

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The key to verify with."""
        key = load_pem_public_key(self.key.encode())
        assert isinstance(key, Ed25519PublicKey)
        return key


@dataclass(frozen=True)
class Roles:
    """Everybody who was appointed, by name."""

    people: Mapping[str, Person] = field(default_factory=dict[str, Person])

    def of(self, name: str) -> tuple[Role, ...]:
        """The roles of a person; none of somebody who is not listed."""
        return self.people[name].roles if name in self.people else ()

    def who(self, role: Role) -> list[str]:
        """Names of those who have a role, sorted."""
        return sorted(name for name, person in self.people.items() if role in person.roles)

    def appointed(self, person: Person) -> "Roles":
        """With a person in these roles, in place of those they had. Raises RolesRefused."""
        require_compatible(person)
        others = [each.name for each in self.people.values() if each.key == person.key and each.name != person.name]
        if others:
            raise RolesRefused(
                f"{person.name} has the key of {others[0]}: one person under two names could have two forbidden roles."
            )
        return Roles({**self.people, person.name: person})


def as_roles(words: Iterable[str]) -> tuple[Role, ...]:
    """Words as roles. Raises RolesRefused for what is no role."""
    words = list(words)
    if unknown := sorted({*words} - {*ROLES}):
        raise RolesRefused(f"{', '.join(unknown)} is no role. Roles: {', '.join(ROLES)}.")
    return tuple(role for role in ROLES if role in words)


def require_compatible(person: Person) -> None:
    """Raise RolesRefused for two roles that one person may not have."""
    for pair, why in FORBIDDEN.items():
        if pair <= {*person.roles}:
            one, other = sorted(pair)
            raise RolesRefused(f"{person.name} cannot be {one} and {other}: whoever is both {why}. Appoint two people.")


def roles_file(root: Path) -> Path:
    """The list of roles."""
    return root / FOLDER / "roles.json"


def read_roles(root: Path, appointed_by: str) -> Roles:
    """The people whom the holder of the key `appointed_by` (key_id) appointed; nobody where there is no list.

    Raises RolesRefused.
    """
    path = roles_file(root)
    if not path.exists():
        return Roles()
    if not appointed_by:
        raise RolesRefused(
            f"There is a list of roles, {path}, and study.toml names no key for it: set duties.appointed_by to the key "
            "of whoever appoints (pathways sign-off appoint)."
        )
    try:
        statement = _signed_with(path, appointed_by)
        people = [Person(each["name"], as_roles(each["roles"]), each["key"]) for each in statement["people"]]
        roles = Roles()
        for person in people:
            roles = roles.appointed(person)
    except (StatementRefused, KeyError, TypeError, ValueError):
        raise RolesRefused(
            f"{path} was not signed with the key that study.toml names (duties.appointed_by), or was changed. Put the "
            "list back as it was signed, or appoint anew: pathways sign-off appoint."
        ) from None
    return roles


def write_roles(root: Path, roles: Roles, seed: bytes) -> str:
    """Sign and write the list. Returns the key that study.toml is to name. Raises GroupNotUsable."""
    path, key = roles_file(root), public_key(seed)
    people = [{"name": each.name, "roles": list(each.roles), "key": each.key} for each in roles.people.values()]
    make_folder(root, path.parent)
    partial = path.with_suffix(".partial")
    partial.write_text(signed({"people": people, "key": key_text(key)}, KIND, seed), encoding="ascii")
    put_in_place(root, partial, path)
    return key_id(key)


def _signed_with(path: Path, wanted: str) -> dict[str, Any]:
    """The statement in a file, by the key in it, which must be the wanted one. Raises StatementRefused, ValueError."""
    envelope = path.read_text(encoding="ascii")
    stated = json.loads(base64.b64decode(json.loads(envelope)["payload"]))
    key = load_pem_public_key(stated["key"].encode())
    if not isinstance(key, Ed25519PublicKey) or key_id(key) != wanted:
        raise StatementRefused("it is signed with another key")
    return verified(envelope, KIND, key)
