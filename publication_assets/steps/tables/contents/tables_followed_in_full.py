"""Table 39: reconvictions of those followed for all of the time in which a reconviction is looked for.

Belongs here: counting them by linkage with intervals, and who was followed by treatment status. Does not belong here:
the study's own measure, which keeps everybody in the base (tables_reconviction.py).
The published study has no such table.
"""

import itertools
from math import inf

import polars as pl

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.design_based import share_of_population
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue.declared import Row, Types, shown_kinds
from publication_assets.catalogue.measures_of_requirements import (
    FOLLOWED,
    FOLLOWED_RECONVICTED,
    FOLLOWED_RECONVICTED_LIMITS,
    FOLLOWED_RECONVICTED_SHARE,
    FOLLOWED_SHARE,
)
from publication_assets.catalogue.rows import FOLLOWED_SHORT, LINKED, RECONVICTED, STATUS_ROWS, side_row
from publication_assets.steps.tables.contents.tables_outcomes import WIDE_DROPOUT
from publication_assets.steps.tables.declared_table import Cell, PublishedTable

IN_FULL, NOT_IN_FULL = "followed in full", "not followed in full"
HIT, NO_HIT, SHORT_HIT = f"{IN_FULL}, {RECONVICTED}", f"{IN_FULL}, not {RECONVICTED}", f"followed short, {RECONVICTED}"
OF_STATUS = ("", IN_FULL, NOT_IN_FULL)
ENDINGS = (*OF_STATUS, RECONVICTED, HIT, NO_HIT, SHORT_HIT, FOLLOWED_SHORT)
STATUSES = ("Completed", "Remained", "wide dropout")


def reconvictions_followed_in_full(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 39: reconvicted of those followed in full, by linkage and treatment status. level: coverage of limits.

    Limits take requirements of one person together. Who was followed for less is not in the base, reconvicted or not.
    Rows of a treatment status say only how many were followed in full.
    """
    table = PublishedTable("reconvictions_followed_in_full")
    linked, status = pl.col("linked_structured"), pl.col("treatment_status")
    groups = {
        "linked": linked,
        "linked/Completed": linked & (status == "Completed"),
        "linked/Remained": linked & (status == "Remained"),
        "linked/wide dropout": linked & status.is_in(WIDE_DROPOUT),
        "not linked": ~linked,
        "": pl.lit(True),
    }
    for kind, (group, condition) in itertools.product((ALL, *types), groups.items()):
        _count(table, of_type(frame, kind).filter(condition), _name(kind, group), of_status="/" in group)
    _add_up(table, types, list(groups))
    for group, condition in groups.items():
        row = Row(group, STATUS_ROWS[group], LINKED) if "/" in group else side_row(group or "all")
        for kind in shown_kinds(types):
            _follow_up(table, row, kind, _name(kind, group))
            members = None if "/" in group else of_type(frame, kind).filter(condition, pl.col("followed_in_full"))
            _reconvictions(table, row, kind, _name(kind, group), members, level)
    return table


def _name(*parts: str) -> str:
    return "/".join(filter(None, parts))


def _count(table: PublishedTable, members: pl.DataFrame, prefix: str, of_status: bool) -> None:
    """Of a status only how many were followed: its reconvictions are so few that other tables would lose rows."""
    hit, full = pl.col("reconvicted"), pl.col("followed_in_full")
    conditions = (full | ~full, full, ~full, hit, hit & full, ~hit & full, hit & ~full, ~hit & ~full)
    for ending, condition in zip(OF_STATUS if of_status else ENDINGS, conditions, strict=False):
        table.counts[_name(prefix, ending)] = count_where(members, condition)
    table.add_up(prefix, f"{prefix}/{IN_FULL}", f"{prefix}/{NOT_IN_FULL}")
    if not of_status:
        table.add_up(f"{prefix}/{IN_FULL}", f"{prefix}/{HIT}", f"{prefix}/{NO_HIT}")
        table.add_up(f"{prefix}/{RECONVICTED}", f"{prefix}/{HIT}", f"{prefix}/{SHORT_HIT}")
        table.add_up(f"{prefix}/{NOT_IN_FULL}", f"{prefix}/{SHORT_HIT}", f"{prefix}/{FOLLOWED_SHORT}")


def _add_up(table: PublishedTable, types: Types, groups: list[str]) -> None:
    for ending, kind in itertools.product(ENDINGS, (ALL, *types)):
        table.add_up(_name(kind, ending), _name(kind, "linked", ending), _name(kind, "not linked", ending))
        if ending in OF_STATUS:
            by_status = (_name(kind, "linked", status, ending) for status in STATUSES)
            table.add_up(_name(kind, "linked", ending), *by_status)
    for group in groups:
        for ending in OF_STATUS if "/" in group else ENDINGS:
            table.add_up(_name(ALL, group, ending), *(_name(kind, group, ending) for kind in types))


def _follow_up(table: PublishedTable, row: Row, kind: str, prefix: str) -> None:
    table.count(row, FOLLOWED.of_type(kind), f"{prefix}/{IN_FULL}")
    table.percent(row, FOLLOWED_SHARE.of_type(kind), f"{prefix}/{IN_FULL}", prefix)


def _reconvictions(
    table: PublishedTable, row: Row, kind: str, prefix: str, members: pl.DataFrame | None, level: float
) -> None:
    shown = (FOLLOWED_RECONVICTED, FOLLOWED_RECONVICTED_SHARE, *FOLLOWED_RECONVICTED_LIMITS.values())
    if members is None:
        for measure in shown:
            table.words(row, measure.of_type(kind), "[z]")
        return
    full, hit = f"{prefix}/{IN_FULL}", f"{prefix}/{HIT}"
    table.count(row, FOLLOWED_RECONVICTED.of_type(kind), hit)
    table.percent(row, FOLLOWED_RECONVICTED_SHARE.of_type(kind), hit, full)
    found = share_of_population(members, "reconvicted", inf, level)
    for side, measure in FOLLOWED_RECONVICTED_LIMITS.items():
        limit = None if found is None else 100 * getattr(found, side)
        table.cells.append(Cell(row, measure.of_type(kind), "percent", limit, depends_on=(hit, full), text="[x]"))
