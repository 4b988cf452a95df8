"""What is to be signed off in a quarter, by whom it was, and signing off.

Belongs here: putting together what a quarter asks for. Does not belong here: when zones wait
(resources/duties/asked.py), options (commands.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from contracts.signed_off import digests, digests_of_justice
from pathways.duties.people import current_roles, key_of
from pathways.studies import TREATMENT, Study
from resources.duties.asked import Duties
from resources.duties.sign_offs import NotSignedOff, SignOff, as_what, given, read_sign_offs, sign_off
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import synthetic_mark
from resources.settings.governance_settings import Role, SignedOff
from resources.settings.study_settings import load_study_settings
from resources.zone.gates import DecisionsFolder
from resources.zone.partitions import known_quarter


@dataclass(frozen=True)
class ToSign:
    """One thing of a quarter that is to be signed off: what, its hash, in words, in which role, and by whom it was."""

    what: SignedOff
    digest: str | None
    words: str
    role: Role
    by: SignOff | None


def needs_none(root: Path, quarter: str, study: Study = TREATMENT) -> bool:
    """Whether a quarter needs no sign-off, as its extracts are synthetic."""
    return synthetic_mark(extracts_of(root / study.sources, quarter)) is not None


def to_sign(root: Path, quarter: str, study: Study = TREATMENT) -> list[ToSign]:
    """All that study.toml requires of a quarter, signed off or not, in the order in which it is needed.

    Decisions to go on against a check are those of the quarter, of whichever study. Raises RolesRefused, NotSignedOff,
    DecisionsNotReadable, NotAQuarter.
    """
    required = load_study_settings().duties.required
    there = read_sign_offs(root, current_roles(root))
    duties = Duties(root, digests(root) if study is TREATMENT else digests_of_justice(root))
    found = [
        ToSign(each.what, each.digest, each.what, each.role, each.by) for each in duties.asked(known_quarter(quarter))
    ]
    if role := required.get("acceptance"):
        for each in DecisionsFolder(root).recorded(quarter):
            words = f"acceptance of {each.measure} by {each.by}"
            found.append(ToSign("acceptance", each.digest, words, role, given(there, "acceptance", each.digest, role)))
    return found


def give(root: Path, quarter: str, what: str, by: str, reason: str, study: Study = TREATMENT) -> list[SignOff]:
    """Sign off what a quarter asks for and nobody has signed yet; of acceptances, all that were recorded.

    Raises NotSignedOff, RolesRefused, SecretNotReadable, DecisionsNotReadable, NotAQuarter.
    """
    wanted = as_what(what)
    of_kind = [each for each in to_sign(root, quarter, study) if each.what == wanted]
    left = [each for each in of_kind if each.digest and each.by is None]
    if not left:
        raise NotSignedOff(_nothing_left(of_kind, what, quarter))
    return list(_given(root, quarter, left, by, reason))


def _given(root: Path, quarter: str, left: list[ToSign], by: str, reason: str) -> Iterator[SignOff]:
    roles, seed = current_roles(root), key_of(root, by)
    for each in left:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        assert each.digest is not None
        yield sign_off(root, roles, seed, each.what, quarter, each.digest, by, each.role, at, reason)


def _nothing_left(of_kind: list[ToSign], what: str, quarter: str) -> str:
    if not of_kind:
        return f"study.toml requires no sign-off of {what}, or there is none to give in {quarter}."
    if all(each.by for each in of_kind):
        return f"Every {what} of {quarter} is signed off already, as it is now."
    return f"The {what} of {quarter} is not there yet: it is made by the refresh, and signed off then."
