"""Table 32: linkage and reconviction by calendar year of sentence, and how many could be followed for how long.

Belongs here: counting by year. Does not belong here: the trend with other factors held equal (sensitivity_years.py),
titles, notes, disclosure control. The round of 2023 reports that later sentences led to treatment less often; the
layout is ours.
"""

import polars as pl

from contracts.vocabulary import TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue import measures_of_requirements as measures
from publication_assets.catalogue.declared import Row, Types
from publication_assets.catalogue.rows import ALL_REQUIREMENTS
from publication_assets.steps.tables.contents.tables_breakdowns import LINKED, RECONVICTED
from publication_assets.steps.tables.declared_table import PublishedTable

FOLLOWED = ("followed_in_full", "followed in full", measures.FOLLOWED, measures.FOLLOWED_SHARE)
OUTCOMES = (LINKED, RECONVICTED, FOLLOWED)


def year_label(year: int) -> str:
    """Row label of a year; a number alone would be a number stored as text."""
    return f"Sentenced in {year}"


def linked_and_reconvicted_by_year(frame: pl.DataFrame, types: Types = TYPES) -> PublishedTable:
    """Table 32, one row per calendar year of sentence and one for all."""
    table = PublishedTable("linked_and_reconvicted_by_year")
    years = {year_label(year): pl.col("sentence_year") == year for year in frame["sentence_year"].unique().sort()}
    rows = {Row(label.split()[-1], label): condition for label, condition in years.items()}
    rows[ALL_REQUIREMENTS] = pl.lit(True)
    for kind in types:
        group = of_type(frame, kind)
        for row, condition in rows.items():
            members = group.filter(condition)
            _count_members(table, members, kind, row)
        endings = ("", *(f"/{prefix}{name}" for _, name, *_ in OUTCOMES for prefix in ("", "not ")))
        for ending in endings:
            table.add_up(f"{kind}{ending}", *(f"{kind}/sentence_year/{year}{ending}" for year in years))
    in_order = list(rows)
    table.cells.sort(key=lambda cell: in_order.index(cell.row))
    return table


def _count_members(table: PublishedTable, members: pl.DataFrame, kind: str, row: Row) -> None:
    name = kind if row is ALL_REQUIREMENTS else f"{kind}/sentence_year/{row[1]}"
    table.counts[name] = members.height
    table.count(row, measures.REQUIREMENTS.of_type(kind), name)
    for column, ending, count, share in OUTCOMES:
        hits = count_where(members, pl.col(column))
        table.counts |= {f"{name}/{ending}": hits, f"{name}/not {ending}": members.height - hits}
        table.add_up(name, f"{name}/{ending}", f"{name}/not {ending}")
        table.count(row, count.of_type(kind), f"{name}/{ending}")
        table.percent(row, share.of_type(kind), f"{name}/{ending}", name)
