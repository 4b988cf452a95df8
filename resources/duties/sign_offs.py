"""Sign-offs: who signed off what, by the hash of it, when and in which role. They are added to and never changed.

Belongs here: writing, reading and verifying them. Does not belong here: who has which role (roles.py), what is to be
signed off and when (asked.py).

A sign-off is for a hash: another table, threshold or decision asks again. Each is a file with the next number, signed
with the key of the person and holding the hash of the one before, so that one that is taken away or changed is found.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import get_args

from resources.duties.roles import FOLDER, Roles
from resources.receipts.signed_statement import StatementRefused, signed, verified
from resources.secrets.private_files import make_folder, only_one, put_in_place
from resources.settings.governance_settings import Role, SignedOff

KIND = "application/vnd.pathways.sign-off+json"
WHAT: tuple[SignedOff, ...] = get_args(SignedOff)
LONGEST_REASON = 500


class NotSignedOff(Exception):
    """A sign-off cannot be given, or one that is there cannot be used; says why and what to do."""


@dataclass(frozen=True)
class SignOff:
    """One sign-off. `sha256`: of what is signed off; `before`: of the file of the sign-off before; `at`: UTC."""

    what: SignedOff
    quarter: str
    sha256: str
    by: str
    role: Role
    at: str
    reason: str
    number: int
    before: str


def sign_offs_folder(root: Path) -> Path:
    """Where sign-offs lie."""
    return root / FOLDER / "sign_offs"


def read_sign_offs(root: Path, roles: Roles) -> list[SignOff]:
    """All sign-offs in order. Raises NotSignedOff for one that was changed, taken away, or is of nobody listed."""
    found: list[SignOff] = []
    before = ""
    for number, path in enumerate(_files(root), 1):
        content = path.read_bytes()
        try:
            claimed = path.stem.partition("_")[2]
            person = roles.people[claimed]
            said = SignOff(**verified(content, KIND, person.public_key))
        except (KeyError, TypeError, StatementRefused):
            raise NotSignedOff(
                f"{path.name} is no sign-off of a person who was appointed, or was changed. Put it back as it was."
            ) from None
        if (said.number, said.before, said.by) != (number, before, claimed):
            raise NotSignedOff(f"{path.name} does not follow the sign-off before it: one was taken away or moved.")
        found.append(said)
        before = sha256(content).hexdigest()
    return found


def given(sign_offs: Iterable[SignOff], what: SignedOff, digest: str, role: Role) -> SignOff | None:
    """The sign-off of just that, given in that role; None where there is none."""
    return next((each for each in sign_offs if (each.what, each.sha256, each.role) == (what, digest, role)), None)


def sign_off(
    root: Path, roles: Roles, seed: bytes, what: SignedOff, quarter: str, digest: str, by: str, role: Role, at: str,
    reason: str,
) -> SignOff:  # fmt: skip
    """Sign off what has the SHA-256 `digest`, as `by` in `role`. Raises NotSignedOff, GroupNotUsable."""
    if role not in roles.of(by):
        who = roles.who(role)
        raise NotSignedOff(
            f"{by} is no {role}, who must sign this off. "
            + (f"Of these there are: {', '.join(who)}." if who else "Nobody is: pathways sign-off appoint.")
        )
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        raise NotSignedOff(f"The reason has more than {LONGEST_REASON} characters, or some that cannot be printed.")
    folder = sign_offs_folder(root)
    make_folder(root, folder)
    with only_one(folder / ".sign.lock"):
        earlier = read_sign_offs(root, roles)
        if same := given(earlier, what, digest, role):
            raise NotSignedOff(f"{same.by} signed this off on {same.at[:10]} already.")
        files = _files(root)
        before = sha256(files[-1].read_bytes()).hexdigest() if files else ""
        made = SignOff(what, quarter, digest, by, role, at, reason, len(earlier) + 1, before)
        envelope = signed(asdict(made), KIND, seed)
        try:
            verified(envelope, KIND, roles.people[by].public_key)
        except StatementRefused:
            raise NotSignedOff(f"The private key is not the one that {by} was appointed with.") from None
        path = folder / f"{made.number:06d}_{by}.json"
        partial = path.with_suffix(".partial")
        partial.write_text(envelope, encoding="ascii")
        put_in_place(root, partial, path)
    return made


def digest_of(said: object) -> str:
    """SHA-256 of what is to be signed off, as JSON."""
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def as_what(word: str) -> SignedOff:
    """A word as what is signed off. Raises NotSignedOff."""
    if word not in WHAT:
        raise NotSignedOff(f"{word!r} is nothing that is signed off. It is one of: {', '.join(WHAT)}.")
    return word


def _files(root: Path) -> list[Path]:
    return sorted(sign_offs_folder(root).glob("*_*.json"))
