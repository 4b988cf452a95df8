"""Tables 41 and 42: requirements by quarter of sentence, and by local authority.

Belongs here: tables of what crosses as counts, on no record (contracts/crossings.py RequirementCounts). Does not belong
here: counting, and which authorities are counted together (linkage zone), titles, notes, disclosure control. The
published study has neither; the layout is ours.
"""

import polars as pl

from contracts.crossings import LOCAL_AUTHORITY, QUARTER_OF_SENTENCE
from contracts.vocabulary import REGIONS, TYPES
from publication_assets.catalogue import measures_of_requirements as measures
from publication_assets.catalogue.rows import IN_ENGLAND, OF_THE_REGION, REST_OF_THE_REGION, quarter_row
from publication_assets.steps.tables.contents.tables_followed_in_full import HIT, IN_FULL, NO_HIT, NOT_IN_FULL
from publication_assets.steps.tables.contents.tables_years import year_label
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.declared import Row, Types

SIDES = ("", "/linked", "/not linked")
FOLLOWED = (f"/{IN_FULL}", f"/{NOT_IN_FULL}", f"/{HIT}", f"/{NO_HIT}")
REST = "rest"  # of a region, in names of counts
Numbers = dict[tuple[str, str | None, str | None], tuple[int, ...]]


def linked_and_reconvicted_by_quarter(
    requirement_counts: pl.DataFrame, level: float, types: Types = TYPES
) -> PublishedTable:
    """Table 41, one row per calendar quarter of sentence. level: coverage of limits (Wilson).

    Reconvicted is of those followed in full. Quarters of a year add up to table 32. There is no row of all: its limits
    are in table 39, where requirements of one person are taken together.
    """
    table = PublishedTable("linked_and_reconvicted_by_quarter")
    numbers = _numbers(requirement_counts, QUARTER_OF_SENTENCE)
    quarters = sorted({quarter for _, _, quarter in numbers if quarter})
    for quarter in quarters:
        for kind in types:
            name = f"{kind}/sentence_quarter/{quarter}"
            requirements, linked, followed, hits = numbers.get((kind, None, quarter), (0, 0, 0, 0))
            _sides(table, name, requirements, linked)
            rest = (followed, requirements - followed, hits, followed - hits)
            table.counts |= {f"{name}{ending}": count for ending, count in zip(FOLLOWED, rest, strict=True)}
            table.add_up(name, *(f"{name}{ending}" for ending in FOLLOWED[:2]))
            table.add_up(f"{name}{FOLLOWED[0]}", *(f"{name}{ending}" for ending in FOLLOWED[2:]))
            row, share = quarter_row(quarter), measures.FOLLOWED_RECONVICTED_SHARE.of_type(kind)
            _linked(table, row, kind, name, level)
            table.count(row, measures.FOLLOWED.of_type(kind), f"{name}/{IN_FULL}")
            table.count(row, measures.FOLLOWED_RECONVICTED.of_type(kind), f"{name}/{HIT}")
            table.percent_with_limits(row, share, f"{name}/{HIT}", f"{name}/{IN_FULL}", level)
    for kind in types:
        for year in sorted({quarter[:4] for quarter in quarters}):
            parts = [f"{kind}/sentence_quarter/{quarter}" for quarter in quarters if quarter.startswith(year)]
            _total(table, f"{kind}/sentence_year/{year_label(int(year))}", parts, (*SIDES, *FOLLOWED))
    return table


def linked_by_authority(requirement_counts: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 42: by probation region and upper tier local authority. level: coverage of limits (Wilson).

    Authorities of a region and the rest of it add up to the region in table 5. A region of which no authority stands by
    itself has one row.
    """
    table = PublishedTable("linked_by_authority")
    numbers = _numbers(requirement_counts, LOCAL_AUTHORITY)
    for region in REGIONS:
        names = sorted({name for _, where, name in numbers if where == region and name})
        places: list[tuple[Row, str | None]] = [(Row(f"{region}/{name}", name, region), name) for name in names]
        if any(sum(numbers.get((kind, region, None), ())) for kind in types):
            places.append((Row(f"{region}/{REST}", REST_OF_THE_REGION, region), None))
        for kind in types:
            whole, parts = f"{kind}/region/{region}", []
            for row, name in places if names else ():
                parts.append(f"{whole}/authority/{name or REST}")
                _sides(table, parts[-1], *numbers.get((kind, region, name), (0, 0))[:2])
                _linked(table, row, kind, parts[-1], level)
            if names:
                _total(table, whole, parts, SIDES)
            else:
                _sides(table, whole, *numbers.get((kind, region, None), (0, 0))[:2])
            _linked(table, Row(region, OF_THE_REGION, region), kind, whole, level)
    for kind in types:
        _total(table, kind, [f"{kind}/region/{region}" for region in REGIONS], SIDES)
        _linked(table, IN_ENGLAND, kind, kind, level)
    in_order = list(dict.fromkeys(cell.row for cell in table.cells))
    table.cells.sort(key=lambda cell: in_order.index(cell.row))
    return table


def _numbers(requirement_counts: pl.DataFrame, grouping: str) -> Numbers:
    """Type, region and level to requirements, linked, followed in full and of these reconvicted."""
    rows = requirement_counts.filter(grouping=grouping).select(
        "requirement_type",
        "region",
        "level",
        "requirements",
        "linked",
        pl.col("followed_in_full", "reconvicted_in_full").fill_null(0),
    )
    return {(kind, region, level): tuple(counts) for kind, region, level, *counts in rows.iter_rows()}


def _sides(table: PublishedTable, name: str, requirements: int, linked: int) -> None:
    table.counts |= {name: requirements, f"{name}/linked": linked, f"{name}/not linked": requirements - linked}
    table.add_up(name, f"{name}/linked", f"{name}/not linked")


def _total(table: PublishedTable, name: str, parts: list[str], endings: tuple[str, ...]) -> None:
    """Counts of `name`, which add up from those of `parts`."""
    for ending in endings:
        table.counts[f"{name}{ending}"] = sum(table.counts[f"{part}{ending}"] for part in parts)
        table.add_up(f"{name}{ending}", *(f"{part}{ending}" for part in parts))


def _linked(table: PublishedTable, row: Row, kind: str, name: str, level: float) -> None:
    table.count(row, measures.REQUIREMENTS.of_type(kind), name)
    table.count(row, measures.LINKED.of_type(kind), f"{name}/linked")
    table.percent_with_limits(row, measures.LINKED_SHARE.of_type(kind), f"{name}/linked", name, level)
