"""Says which rows of a published table are highest and lowest, from what is shown only.

Belongs here: comparing shown figures and putting that into words. Does not belong here: any particular table. Where
fewer than two figures are shown there is nothing to compare, and nothing is said.
"""

from dataclasses import dataclass

from publication_assets.steps.disclosure.disclosure_control import CONFIDENTIAL, UNRELIABLE
from publication_assets.steps.tables.shown_cells import ShownCells, joined

WITHHELD = (CONFIDENTIAL, UNRELIABLE)


@dataclass(frozen=True)
class Extremes:
    """Labels of the rows with the highest and with the lowest figure, ties together; as published, with percent sign.

    complete: no row is withheld.
    """

    highest: list[str]
    high: str
    lowest: list[str]
    low: str
    complete: bool

    def in_words(self, before: str = "", written: dict[str, str] | None = None) -> str:
        """E.g. "highest in North West (58%), lowest in South Central (43%)"; `before` stands before the rows, which
        are called what `written` says."""
        among = "" if self.complete else "of the figures shown, "
        highest, lowest = (
            listed([row_words((written or {}).get(row, row)) for row in rows]) for rows in (self.highest, self.lowest)
        )
        return f"{among}highest {before}{highest} ({self.high}), lowest {before}{lowest} ({self.low})"


def extremes(cells: ShownCells, table: str, rows: list[str], measure: str) -> Extremes | None:
    """The highest and lowest of some rows of a column; None when fewer than two differ among those shown."""
    found = {row: cells.value(table, row, measure) for row in rows}
    known = {row: value for row, value in found.items() if value is not None}
    if len(set(known.values())) < 2:
        return None
    high, low = max(known.values()), min(known.values())
    highest, lowest = ([row for row in known if known[row] == end] for end in (high, low))
    return Extremes(
        [cells.label(table, row) for row in highest],
        cells.percent(table, highest[0], measure),
        [cells.label(table, row) for row in lowest],
        cells.percent(table, lowest[0], measure),
        not any(cells.text(table, row, measure) in WITHHELD for row in found),
    )


def listed(parts: list[str]) -> str:
    """Parts of a sentence; a single one stands alone."""
    return joined(parts) if len(parts) > 1 else "".join(parts)


def row_words(label: str) -> str:
    """A row label within a sentence: names keep their capitals, other words do not."""
    return label[0].lower() + label[1:] if label.split(maxsplit=1)[0] in LOWERED else label


def capital(sentence: str) -> str:
    """The sentence with a capital first."""
    return sentence[:1].upper() + sentence[1:]


LOWERED = {
    "Settled",
    "Bail",
    "Other",
    "No",
    "Rough",
    "Not",
    "Over",
    "Already",
    "Within",
    "More",
    "Male",
    "Female",
    "Dropped",
    "Remained",
    "Completed",
}
