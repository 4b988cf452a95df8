"""What a release says of itself as a publication, and what it leaves open.

Belongs here: the entries of [release] of study.toml in words. Does not belong here: the settings themselves
(resources/settings/release_settings.py), what is said around them (templates/report/09_information.md).
"""

from dataclasses import dataclass
from datetime import date

from publication_assets.steps.transparency.gaps import gaps_of
from resources.settings.release_settings import Release

NO_MAILBOX = "None, because this release is synthetic"
NO_STATISTICS = "Synthetic data, not Official Statistics"
COMPLETE = "Complete"
NOBODY = "Nobody had access to these statistics before they were published."


@dataclass(frozen=True)
class ReleaseEntry:
    """An entry: what it is called, its setting below [release], and what it says; empty when it is open."""

    heading: str
    setting: str
    said: str


def release_entries(release: Release, synthetic: bool) -> tuple[ReleaseEntry, ...]:
    """The entries in the order in which a release shows them. A synthetic release names no mailbox and
    no publisher."""
    statistician, accessibility = release.statistician, release.accessibility
    access = release.pre_release_access
    named = ", ".join(filter(None, (statistician.name, statistician.post)))
    return (
        *(() if synthetic else (ReleaseEntry("Publisher", "publisher", release.publisher),)),
        ReleaseEntry("Publication date", "published_on", _day(release.published_on)),
        ReleaseEntry("Next release", "next_release", release.next_release),
        ReleaseEntry("Status", "status", NO_STATISTICS if synthetic else release.status),
        ReleaseEntry("Responsible statistician", "statistician", named if statistician.name else ""),
        ReleaseEntry("Contact", "contact", mailbox(statistician.contact or release.contact, synthetic)),
        ReleaseEntry("Licence", "licence", release.licence),
        ReleaseEntry("Revisions policy", "revisions_policy", release.revisions_policy),
        ReleaseEntry("Pre-release access", "pre_release_access", "" if access is None else "; ".join(access) or NOBODY),
        ReleaseEntry("Other formats", "accessibility.contact", mailbox(accessibility.contact, synthetic)),
        ReleaseEntry("Accessibility statement", "accessibility.prepared_on", _prepared(accessibility.prepared_on)),
        ReleaseEntry("Transparency records", "transparency", "" if gaps_of(release.transparency) else COMPLETE),
    )


def mailbox(address: str, synthetic: bool) -> str:
    """An address that people can write to; of a synthetic release, that there is none."""
    return NO_MAILBOX if synthetic else address


def left_open(entries: tuple[ReleaseEntry, ...]) -> list[ReleaseEntry]:
    """The entries that nobody has given."""
    return [entry for entry in entries if not entry.said]


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _prepared(day: date | None) -> str:
    return f"Prepared on {_day(day)}" if day else ""
