"""Table 40: linkage by group of people, corrected for the links that are estimated to be missed there (ours).

Belongs here: laying out the estimates of linkage and what they make of the shares linked. Does not belong here: the
estimates (linkage_assets/steps/quality), reading them (estimated_missed_links.py), assumed errors
(tables_missed_links.py), titles, notes, disclosure control.
"""

from math import exp, log, sqrt

import polars as pl

from contracts.vocabulary import ACCOMMODATION, AGE_BANDS, ETHNIC_GROUPS, REGIONS, SEXES, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from modelling_assets.steps.sensitivity.estimated_missed_links import (
    GROUPINGS,
    Missed,
    missed_by_level,
    missed_of_all,
    pair_review_was_simulated,
)
from publication_assets.catalogue.measures_of_models import CORRECTED_FOR_MISSED, MISSED
from publication_assets.catalogue.measures_of_requirements import LINKED_SHARE
from publication_assets.catalogue.rows import ALL_BY_REVIEW, ALL_BY_SIMULATED_REVIEW, side_row
from publication_assets.steps.tables.contents.tables_breakdowns import count_few_unknown_with_most
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Row, Types, limits_of
from resources.drift.proportions import wilson

# In the order of the rows.
LEVELS = {
    "accommodation": ACCOMMODATION,
    "region": REGIONS,
    "sex": SEXES,
    "age_band": AGE_BANDS,
    "ethnic_group": ETHNIC_GROUPS,
}
# No other table has how many are linked by the other columns: with them, odds ratios of few records would be withheld.
WITH_SHARES = ("accommodation", "region")


def linked_with_missed_by_group(
    frame: pl.DataFrame, linkage_quality: pl.DataFrame, level: float, types: Types = TYPES
) -> PublishedTable:
    """Table 40: share linked, and share in structured treatment if links are missed as estimated for the group.

    `linkage_quality` is the crossing table. Its rates are of people on their latest sentence. The last row has the rate
    of review of pairs, where there was one. level: coverage of limits.
    """
    table = PublishedTable("missed_links_by_group")
    for column, levels in LEVELS.items():
        grouping, _ = GROUPINGS[column]
        rates = missed_by_level(linkage_quality, grouping)
        counted = count_few_unknown_with_most(frame, column) if column in WITH_SHARES else None
        for each in levels:
            row, missed = Row(f"{column}/{each}", each, grouping), rates.get(each)
            members = None if counted is None else counted.filter(pl.col(column) == each)
            _rate(table, row, missed)
            _shares(table, row, types, members, f"/{column}/{each}", missed, level)
    reviewed = ALL_BY_SIMULATED_REVIEW if pair_review_was_simulated(linkage_quality) else ALL_BY_REVIEW
    for row, missed in zip((side_row("all"), reviewed), missed_of_all(linkage_quality), strict=True):
        _rate(table, row, missed)
        _shares(table, row, types, frame, "", missed, level)
    return table


def _rate(table: PublishedTable, row: Row, missed: Missed | None) -> None:
    rate = (None, None, None) if missed is None else (missed.share, missed.lower, missed.upper)
    for measure, share in zip((MISSED, *limits_of(MISSED)), rate, strict=True):
        table.cells.append(Cell(row, measure, "percent", None if share is None else 100 * share, text="[x]"))


def _shares(
    table: PublishedTable,
    row: Row,
    types: Types,
    members: pl.DataFrame | None,
    group: str,
    missed: Missed | None,
    level: float,
) -> None:
    """Shares of `members`, counted under the names of tables 5 and 6; "[z]" without any."""
    for kind in types:
        linked_share, corrected_share = (each.of_type(kind) for each in (LINKED_SHARE, CORRECTED_FOR_MISSED))
        if members is None:
            for measure in (linked_share, *limits_of(linked_share), corrected_share, *limits_of(corrected_share)):
                table.words(row, measure, "[z]")
            continue
        base, linked, of_kind = f"{kind}{group}", f"{kind}{group}/linked", of_type(members, kind)
        table.counts |= {base: of_kind.height, linked: count_where(of_kind, pl.col("linked_structured"))}
        table.percent_with_limits(row, linked_share, linked, base, level)
        corrected = corrected_with_limits(table.counts[linked], table.counts[base], missed, level)
        for column, share in zip((corrected_share, *limits_of(corrected_share)), corrected, strict=True):
            value = None if share is None else 100 * share
            table.cells.append(Cell(row, column, "percent", value, depends_on=(linked, base), text="[x]"))


def corrected_with_limits(
    linked: int, base: int, missed: Missed | None, level: float
) -> tuple[float | None, float | None, float | None]:
    """Share in structured treatment, from 0 to 1, if so many links are missed and none is wrong, and its limits.

    Limits put together those of the share linked (Wilson) and of the links found, as of two independent numbers whose
    ratio this is (on the log scale). All None without records or an estimate, and where rounding and other people than
    those of the rate put the share above all: then the two contradict each other. Limits None where the rate has none.
    """
    if missed is None or not base or linked / base > missed.sensitivity:
        return None, None, None
    share, found = linked / base, missed.sensitivity
    corrected = share / found
    if missed.lower is None or missed.upper is None or missed.upper >= 1:
        return corrected, None, None
    lowest, highest = wilson(share, base, level)
    if not share:
        return 0.0, 0.0, min(1.0, highest / (1 - missed.upper))
    down = sqrt(log(share / lowest) ** 2 + log((1 - missed.lower) / found) ** 2)
    up = sqrt(log(highest / share) ** 2 + log(found / (1 - missed.upper)) ** 2)
    return corrected, corrected * exp(-down), min(1.0, corrected * exp(up))
