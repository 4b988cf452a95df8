"""What the regional page shows: of each measure, the figures of the regions, their limits and how they compare; and of
local authorities how many were linked.

Belongs here: reading cells of the published tables, and the rules for comparing. Does not belong here: how the page
looks (templates/regions), where regions lie (region_outlines.py). A region is compared with England by the rule of
clear_differences.py, with another region by that of `difference` there; neither ranks regions whose limits overlap.
"""

from dataclasses import dataclass

from contracts.vocabulary import TYPES
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.clear_differences import clear_differences, difference
from publication_assets.steps.figures.of_report.figures_by_group import ENGLAND, ENGLAND_ROW
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.tables.declared import and_limits, as_key, noun_of

HIGHER, LOWER, UNCLEAR, WITHHELD = "higher", "lower", "no clear difference", "not compared"
# Table: family of the shares, that of the counts, and what was counted.
FAMILIES = {
    "linked_by_region": ("linked_share", "linked", "linked to structured treatment"),
    "reconvicted_by_region": (
        "reconvicted_share",
        "reconvicted",
        "reconvicted {within_period} of sentence, by the measure of the published study",
    ),
}
BY_AUTHORITY = "linked_by_authority"
SIGNS = {1: HIGHER, -1: LOWER, 0: UNCLEAR, None: WITHHELD}


@dataclass(frozen=True)
class Region:
    """A region, or England. beside: how its share compares with that of each region, in their order; of England none.

    limits: as text, empty where the share is withheld. value, lower, upper: percentages as published.
    """

    number: int
    name: str
    requirements: str
    counted: str
    share: str
    limits: str
    value: float | None
    lower: float | None
    upper: float | None
    compared: str
    beside: tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """A share of requirements of one type by region. anchor: its name on the page. source: its table."""

    anchor: str
    noun: str
    did: str
    source: str
    regions: list[Region]
    england: Region

    @property
    def title(self) -> str:
        """What it measures."""
        return f"{self.noun} {self.did}"

    def named(self, compared: str) -> list[str]:
        """The regions that compare so with England."""
        return [region.name for region in self.regions if region.compared == compared]


@dataclass(frozen=True)
class Place:
    """A local authority, the rest of a region or all of it, or England.

    shares: for each type of requirement that is studied, requirements, linked, share and limits as text.
    """

    region: str
    name: str
    shares: tuple[tuple[str, str, str, str], ...]


def authorities(cells: ShownCells) -> tuple[list[str], list[Place]]:
    """What the types that are studied are called, and the rows of the table of local authorities in its order."""
    if BY_AUTHORITY not in cells.tables:
        return [], []
    kinds = [kind for kind in TYPES if cells.text(BY_AUTHORITY, ENGLAND_ROW, f"linked_share/{kind}") != "[x]"]
    places = [
        Place(
            cells.group(BY_AUTHORITY, row),
            cells.label(BY_AUTHORITY, row),
            tuple(_of_place(cells, row, kind) for kind in kinds),
        )
        for row in cells.rows(BY_AUTHORITY)
    ]
    return [noun_of(kind) for kind in kinds], places


def _of_place(cells: ShownCells, row: str, kind: str) -> tuple[str, str, str, str]:
    value, lower, upper = (cells.value(BY_AUTHORITY, row, measure) for measure in and_limits(f"linked_share/{kind}"))
    requirements, linked = (cells.text(BY_AUTHORITY, row, f"{family}/{kind}") for family in ("requirements", "linked"))
    limits = "" if None in (value, lower, upper) else f"{lower:.0f}% to {upper:.0f}%"
    return requirements, linked, cells.percent(BY_AUTHORITY, row, f"linked_share/{kind}"), limits


def regional_measures(cells: ShownCells) -> list[Measure]:
    """Every measure that is published by region, for each type of requirement that is studied."""
    return [
        _measure(cells, table, kind)
        for table, (share, _, _) in FAMILIES.items()
        for kind in TYPES
        if cells.text(table, ENGLAND_ROW, f"{share}/{kind}") != "[x]"
    ]


def _measure(cells: ShownCells, table: str, kind: str) -> Measure:
    family, _, did = FAMILIES[table]
    share, rows = f"{family}/{kind}", sorted(cells.levels(table), key=lambda row: cells.label(table, row))
    found = clear_differences(cells, table, rows, share, ENGLAND_ROW)
    above, below = ({name for name, _, _ in groups} for groups in ((found.above, found.below) if found else ((), ())))
    estimates = {row: cells.estimate(table, row, share) for row in rows}
    regions = []
    for number, row in enumerate(rows, start=1):
        name = cells.label(table, row)
        unclear = UNCLEAR if found and None not in estimates[row] else WITHHELD
        compared = HIGHER if name in above else LOWER if name in below else unclear
        beside = tuple(SIGNS[difference(estimates[row], estimates[other])] if other != row else "" for other in rows)
        regions.append(_region(cells, table, kind, row, number, name, compared, beside))
    england = _region(cells, table, kind, ENGLAND_ROW, 0, ENGLAND, "", ())
    return Measure(as_key(share).replace("/", "-"), noun_of(kind), did, TABLES[table].name, regions, england)


def _region(
    cells: ShownCells, table: str, kind: str, row: str, number: int, name: str, compared: str, beside: tuple[str, ...]
) -> Region:
    family, counted, _ = FAMILIES[table]
    value, lower, upper = (cells.value(table, row, measure) for measure in and_limits(f"{family}/{kind}"))
    limits = "" if lower is None or upper is None else f"{lower:.0f}% to {upper:.0f}%"
    return Region(
        number,
        name,
        cells.text(table, row, f"requirements/{kind}"),
        cells.text(table, row, f"{counted}/{kind}"),
        cells.percent(table, row, f"{family}/{kind}"),
        limits,
        value,
        lower,
        upper,
        compared,
        beside,
    )
