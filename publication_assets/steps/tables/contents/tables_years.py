"""Table 32: linkage and reconviction by calendar year of sentence, and how many could be followed.

Belongs here: counting by year. Does not belong here: the trend with other factors held equal (sensitivity_years.py),
titles, notes, disclosure control. The round of 2023 reports that later sentences led to treatment less often; the
layout is ours.
"""

from math import inf

import polars as pl

from contracts.vocabulary import TYPES
from modelling_assets.steps.engagement.design_based import Estimate, share_of_population
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue import measures_of_requirements as measures
from publication_assets.catalogue.rows import ALL_REQUIREMENTS
from publication_assets.steps.tables.contents.tables_breakdowns import LINKED, RECONVICTED
from publication_assets.steps.tables.contents.tables_followed_in_full import HIT, IN_FULL, NO_HIT, SHORT_HIT
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Measure, Row, Types, limits_of

FOLLOWED = ("followed_in_full", IN_FULL, measures.FOLLOWED, measures.FOLLOWED_SHARE)
OUTCOMES = (LINKED, RECONVICTED, FOLLOWED)


def year_label(year: int) -> str:
    """Row label of a year; a number alone would be a number stored as text."""
    return f"Sentenced in {year}"


def linked_and_reconvicted_by_year(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 32, one row per calendar year of sentence and one for all. level: coverage of limits.

    Reconvicted is of all, and of those followed in full. How many are engaged is not shown by year: of the sample of a
    year so few are not that the figures of all years would be withheld with them.
    """
    table = PublishedTable("linked_and_reconvicted_by_year")
    years = {year_label(year): pl.col("sentence_year") == year for year in frame["sentence_year"].unique().sort()}
    rows = {Row(label.split()[-1], label): condition for label, condition in years.items()}
    rows[ALL_REQUIREMENTS] = pl.lit(True)
    for kind in types:
        group = of_type(frame, kind)
        for row, condition in rows.items():
            members = group.filter(condition)
            _count_members(table, members, kind, row)
            _reconvicted_in_full(table, members, kind, row, level)
        endings = ("", *(f"/{prefix}{name}" for _, name, *_ in OUTCOMES for prefix in ("", "not ")))
        endings += tuple(f"/{name}" for name in (HIT, NO_HIT, SHORT_HIT))
        for ending in endings:
            table.add_up(f"{kind}{ending}", *(f"{kind}/sentence_year/{year}{ending}" for year in years))
    in_order = list(rows)
    table.cells.sort(key=lambda cell: in_order.index(cell.row))
    return table


def _name(kind: str, row: Row) -> str:
    return kind if row is ALL_REQUIREMENTS else f"{kind}/sentence_year/{row[1]}"


def _reconvicted_in_full(table: PublishedTable, members: pl.DataFrame, kind: str, row: Row, level: float) -> None:
    name, hit, full = _name(kind, row), pl.col("reconvicted"), pl.col("followed_in_full")
    for ending, condition in ((HIT, hit & full), (NO_HIT, ~hit & full), (SHORT_HIT, hit & ~full)):
        table.counts[f"{name}/{ending}"] = count_where(members, condition)
    table.add_up(f"{name}/{IN_FULL}", f"{name}/{HIT}", f"{name}/{NO_HIT}")
    table.add_up(f"{name}/reconvicted", f"{name}/{HIT}", f"{name}/{SHORT_HIT}")
    counts, share = (f"{name}/{HIT}", f"{name}/{IN_FULL}"), measures.FOLLOWED_RECONVICTED_SHARE.of_type(kind)
    table.count(row, measures.FOLLOWED_RECONVICTED.of_type(kind), counts[0])
    table.percent(row, share, *counts)
    _limits(table, row, share, share_of_population(members.filter(full), "reconvicted", inf, level), counts)


def _limits(table: PublishedTable, row: Row, share: Measure, found: Estimate | None, counts: tuple[str, str]) -> None:
    for side, measure in zip(("lower", "upper"), limits_of(share), strict=True):
        limit = None if found is None else 100 * getattr(found, side)
        table.cells.append(Cell(row, measure, "percent", limit, depends_on=counts, text="[x]"))


def _count_members(table: PublishedTable, members: pl.DataFrame, kind: str, row: Row) -> None:
    name = _name(kind, row)
    table.counts[name] = members.height
    table.count(row, measures.REQUIREMENTS.of_type(kind), name)
    for column, ending, count, share in OUTCOMES:
        hits = count_where(members, pl.col(column))
        table.counts |= {f"{name}/{ending}": hits, f"{name}/not {ending}": members.height - hits}
        table.add_up(name, f"{name}/{ending}", f"{name}/not {ending}")
        table.count(row, count.of_type(kind), f"{name}/{ending}")
        table.percent(row, share.of_type(kind), f"{name}/{ending}", name)
