"""What must be signed off before a location of a zone starts, and whether it is.

Belongs here: asking, for every door: sensors, commands and the run itself. Does not belong here: which location waits
for what (its definitions), the sign-offs (sign_offs.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from resources.duties.roles import RolesRefused, a_role, read_roles
from resources.duties.sign_offs import NotSignedOff, SignOff, given, read_sign_offs
from resources.settings.governance_settings import Role, SignedOff
from resources.settings.study_settings import load_study_settings

# What makes a thing that is not there, where that is no run of the quarter.
NOT_THERE: Mapping[SignedOff, str] = {
    "model": " Train one and approve it in study.toml: pathways train-linkage.",
}
Digest = Callable[[str], str | None]


class SignOffMissing(Exception):
    """A location may not start for a quarter yet; says what must be signed off, in which role, by which command."""


@dataclass(frozen=True)
class Asked:
    """Something that is to be signed off in a quarter: its hash (None while it is not there), and by whom it was."""

    what: SignedOff
    role: Role
    digest: str | None
    by: SignOff | None


@dataclass(frozen=True)
class Duties:
    """What a location waits for. `asks`: what is signed off, to its hash in a quarter; `is_synthetic`: of a quarter.

    `free`: jobs that wait for nothing, as they make what is signed off.
    """

    root: Path
    asks: Mapping[SignedOff, Digest] = field(default_factory=dict[SignedOff, Digest])
    is_synthetic: Callable[[str], bool] = lambda quarter: False
    free: tuple[str, ...] = ()

    def asked(self, quarter: str) -> list[Asked]:
        """All that study.toml requires of what this location waits for. Raises RolesRefused, NotSignedOff."""
        duties = load_study_settings().duties
        if not self.asks.keys() & duties.required.keys() or self.is_synthetic(quarter):
            return []
        there = read_sign_offs(self.root, read_roles(self.root, duties.appointed_by))
        found: list[Asked] = []
        for what, role in duties.required.items():
            if digest := self.asks.get(what):
                now = digest(quarter)
                found.append(Asked(what, role, now, given(there, what, now, role) if now else None))
        return found

    def waits_for(self, quarter: str) -> str:
        """Why the location may not start for a quarter, and what to do; empty when it may."""
        try:
            missing = [each for each in self.asked(quarter) if each.by is None]
        except (RolesRefused, NotSignedOff) as refused:
            return str(refused)
        return " ".join(words_of(each, quarter) for each in missing)

    def require(self, quarter: str) -> None:
        """Raise SignOffMissing unless all is signed off."""
        if waits := self.waits_for(quarter):
            raise SignOffMissing(waits)


def words_of(asked: Asked, quarter: str) -> str:
    """What is missing, and the command that gives it."""
    if asked.digest is None:
        return f"{quarter} waits for a sign-off: {asked.what}, which is not there yet.{NOT_THERE.get(asked.what, '')}"
    return (
        f"{quarter} waits for a sign-off: {asked.what} ({asked.digest[:12]}), by {a_role(asked.role)}: "
        f'pathways sign-off give --quarter {quarter} --what {asked.what} --by "NAME"'
    )
