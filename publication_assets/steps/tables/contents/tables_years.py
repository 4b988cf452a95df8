"""Table 32: linkage and reconviction by calendar year of sentence, and how many could be followed for how long.

Belongs here: counting by year. Does not belong here: the trend with other factors held equal (sensitivity_years.py),
titles, notes, disclosure control. The round of 2023 reports that later sentences led to treatment less often; the
layout is ours.
"""

import polars as pl

from contracts.vocabulary import TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.steps.tables.contents.tables_breakdowns import LINKED, RECONVICTED
from publication_assets.steps.tables.declared_table import PublishedTable

ALL_YEARS = "All requirements"
FOLLOWED = ("followed_in_full", "followed in full", "followed for {period}")
OUTCOMES = (LINKED, RECONVICTED, FOLLOWED)


def by_year_measures(kind: str, outcome: tuple[str, str, str]) -> tuple[str, str]:
    """Column headers of one requirement type and outcome: count and share."""
    return f"{kind}s {outcome[2]} (count)", f"{kind}s {outcome[2]} (% of {kind}s in the row)"


def year_label(year: int) -> str:
    """Row label of a year; a number alone would be a number stored as text."""
    return f"Sentenced in {year}"


def linked_and_reconvicted_by_year(frame: pl.DataFrame) -> PublishedTable:
    """Table 32, one row per calendar year of sentence and one for all."""
    table = PublishedTable(32)
    years = {year_label(year): pl.col("sentence_year") == year for year in frame["sentence_year"].unique().sort()}
    rows = years | {ALL_YEARS: pl.lit(True)}
    for kind in TYPES:
        group = of_type(frame, kind)
        for label, condition in rows.items():
            members = group.filter(condition)
            _count_members(table, members, kind, label)
        endings = ("", *(f"/{prefix}{name}" for _, name, _ in OUTCOMES for prefix in ("", "not ")))
        for ending in endings:
            table.add_up(f"{kind}{ending}", *(f"{kind}/sentence_year/{year}{ending}" for year in years))
    labels = list(rows)
    table.cells.sort(key=lambda cell: labels.index(cell.row[1]))
    return table


def _count_members(table: PublishedTable, members: pl.DataFrame, kind: str, label: str) -> None:
    name = kind if label == ALL_YEARS else f"{kind}/sentence_year/{label}"
    table.counts[name] = members.height
    table.count(("", label), f"{kind}s (count)", name)
    for column, ending, words in OUTCOMES:
        hits = count_where(members, pl.col(column))
        table.counts |= {f"{name}/{ending}": hits, f"{name}/not {ending}": members.height - hits}
        table.add_up(name, f"{name}/{ending}", f"{name}/not {ending}")
        count, share = by_year_measures(kind, (column, ending, words))
        table.count(("", label), count, f"{name}/{ending}")
        table.percent(("", label), share, f"{name}/{ending}", name)
