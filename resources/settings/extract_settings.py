"""The settings of reading extracts: when a file is refused instead of read.

Belongs here: `[extracts]` of study.toml. Does not belong here: reading (extract_reader.py).
"""

from typing import Annotated

from pydantic import Field

from resources.settings.settings_section import Section

Share = Annotated[float, Field(gt=0, le=1)]


class Extracts(Section):
    """How much may be wrong with an extract, and how large it may be, before it is refused."""

    largest_quarantined_share: Share = Field(
        default=0.2, description="share of a file's rows that may be set aside; with more the file is refused"
    )
    largest_quarantined_shares: dict[str, Share] = Field(
        default={}, description="the same for each table that has a share of its own"
    )
    largest_unreadable_share: Share = Field(
        default=0.5, description="share of the values of an optional column that may be unreadable"
    )
    largest_file_mb: int = Field(
        default=4096, ge=1, description="size of an extract once unpacked, MB; a larger one is refused unread"
    )
    newest_event_days: dict[str, int] = Field(
        default={}, description="days before the end of the quarter that a system's newest event may lie, by system"
    )
    oldest_event_days: dict[str, int] = Field(
        default={}, description="days after the start of the cohort that a system's oldest event may lie, by system"
    )
    typical_gaps: float = Field(
        default=10, gt=0, description="typical gaps between two events that are allowed at least at either end"
    )

    def quarantined_share(self, table: str) -> float:
        """The share of a table's rows that may be set aside."""
        return self.largest_quarantined_shares.get(table, self.largest_quarantined_share)
