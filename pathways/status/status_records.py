"""What is said of where a quarter stands: its extracts, the tables of each zone, the publication.

Belongs here: the records. Does not belong here: finding it out (quarter_status.py), how it is shown (status_lines.py).
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ExtractsStatus:
    """Extracts that are there, of how many, and which are missing; since when they are late, in words."""

    there: int
    of: int
    missing: list[str]
    late_since: str = ""


@dataclass(frozen=True)
class ZoneStatus:
    """Tables of a zone: how many there are, which were made of what has changed since, and which checks hold what.

    `waits_for`: tables that are to cross from it and are not there. `held`: check ("table: check") to tables held.
    `unjudged`: tables that a check has not judged yet, as while a run goes on. `newest`, `launched_by`: when the newest
    table was made (UTC), and who launched its run.
    """

    zone: str
    tables: int
    stale: list[str]
    held: dict[str, int]
    waits_for: list[str]
    unjudged: int = 0
    newest: str = ""
    launched_by: str = ""


@dataclass(frozen=True)
class PublicationStatus:
    """Whether the publication, or release, is complete; which files it lacks, or are not as written; since when it is
    late. `called`: which of the two.
    """

    complete: bool
    files: int
    lacks: list[str]
    late_since: str = ""
    called: str = "publication"


@dataclass(frozen=True)
class QuarterStatus:
    """All of it. `accepted`: check, measure, by whom and when, of decisions to go on against a check. `sign_offs`: what
    is signed off, or waits for it, in words. `deleted`: what became of its preceding files, in words.
    """

    quarter: str
    extracts: ExtractsStatus
    zones: list[ZoneStatus]
    publication: PublicationStatus
    accepted: list[dict[str, str]] = field(default_factory=list)
    sign_offs: list[str] = field(default_factory=list)
    deleted: str = ""

    @property
    def stands(self) -> str:
        """In a few words."""
        if self.deleted:
            return (
                "deleted"
                if self.publication.complete
                else f"deleted, and its {self.publication.called} is not complete"
            )
        if any(zone.held for zone in self.zones):
            return "held by a check"
        if any(zone.stale for zone in self.zones):
            made = f"{self._done}, and to be made again" if self.publication.complete else "to be made again"
            return f"{made}: what it was made of has changed"
        if self.publication.complete:
            return self._done
        if self.extracts.missing:
            return "waits for extracts"
        return "under way, or stopped" if any(zone.tables for zone in self.zones) else "can start"

    @property
    def _done(self) -> str:
        return "published" if self.publication.called == "publication" else "released"
