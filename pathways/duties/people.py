"""Keys of people, and appointing them to roles.

Belongs here: what the commands do with keys. Does not belong here: which roles exclude each other
(resources/duties/roles.py), options (commands.py).

A private key lies in `duties` of the data folder, readable by the account alone that made it. Where people have
accounts of their own, each makes a key there and hands on the public one.
"""

import re
from pathlib import Path

from resources.duties.roles import Person, Roles, RolesRefused, as_roles, read_roles, write_roles
from resources.receipts.signed_statement import KeyNotUsable, key_id, key_text, public_key, read_public_key
from resources.secrets.kept_secret import kept_secret, read_secret
from resources.secrets.private_files import make_folder
from resources.settings.study_settings import load_study_settings

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def private_key_file(root: Path, name: str) -> Path:
    """File of a person's private key. Raises RolesRefused for what is no short name."""
    if not NAME.fullmatch(name):
        raise RolesRefused(f"{name!r} is no name here: up to 40 small letters, digits and hyphens, such as asha.")
    return root / "duties" / f"{name}.key"


def make_key(root: Path, name: str) -> Path:
    """Make a person's key where there is none, with the public one beside it, whose file is returned."""
    path = private_key_file(root, name)
    make_folder(root, path.parent)
    public = path.with_suffix(".pub")
    text = key_text(public_key(kept_secret(path)))
    if not public.exists():
        public.write_text(text, encoding="ascii")
    return public


def key_of(root: Path, name: str) -> bytes:
    """The private key of a person. Raises RolesRefused, SecretNotReadable."""
    path = private_key_file(root, name)
    if not path.exists():
        raise RolesRefused(f"{name} has no key here. Make one: pathways sign-off key --by {name}")
    return read_secret(path)


def current_roles(root: Path) -> Roles:
    """Everybody who was appointed. Raises RolesRefused."""
    return read_roles(root, load_study_settings().duties.appointed_by)


def appoint(root: Path, name: str, roles: list[str], by: str, key: Path | None) -> str:
    """Give a person these roles in place of those they had. Returns the key that study.toml is to name.

    `key`: file of the public key; else the one of this data folder. Raises RolesRefused, SecretNotReadable.
    """
    seed = key_of(root, by)
    own, named = key_id(public_key(seed)), load_study_settings().duties.appointed_by
    if named and named != own:
        raise RolesRefused(
            f"study.toml names another key than that of {by} for the list of roles (duties.appointed_by)."
        )
    there = read_roles(root, own)
    if by == name:
        raise RolesRefused(f"{by} cannot appoint themselves. Somebody else signs the list.")
    try:
        text = key_text(read_public_key(key or private_key_file(root, name).with_suffix(".pub")))
    except KeyNotUsable as fault:
        raise RolesRefused(f"{fault} A person makes a key with: pathways sign-off key --by {name}") from None
    person = Person(name, as_roles(roles), text)
    return write_roles(root, there.appointed(person), seed)
