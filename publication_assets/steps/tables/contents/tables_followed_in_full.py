"""Table 39: reconvictions of those followed for all of the time in which a reconviction is looked for.

Belongs here: counting them by linkage and treatment status with intervals, all outcomes and convictions only. Does not
belong here: the study's own measure, which keeps everybody in the base (tables_reconviction.py).
The published study has no such table.
"""

from collections.abc import Mapping
from math import inf

import polars as pl

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.design_based import share_of_population
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue.measures_of_requirements import (
    FOLLOWED,
    FOLLOWED_CONVICTED,
    FOLLOWED_CONVICTED_SHARE,
    FOLLOWED_RECONVICTED,
    FOLLOWED_RECONVICTED_SHARE,
    FOLLOWED_SHARE,
)
from publication_assets.catalogue.rows import (
    FOLLOWED_SHORT,
    LINKED,
    NOT_COMPLETED,
    NOT_RECONVICTED,
    RECONVICTED,
    STATUS_ROWS,
    side_row,
)
from publication_assets.steps.tables.contents.tables_outcomes import WIDE_DROPOUT
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Measure, Row, Types, limits_of, shown_kinds

IN_FULL, NOT_IN_FULL = "followed in full", "not followed in full"
HIT, NO_HIT, SHORT_HIT = f"{IN_FULL}, {RECONVICTED}", f"{IN_FULL}, not {RECONVICTED}", f"followed short, {RECONVICTED}"
CONVICTED, OTHERWISE = f"{IN_FULL}, convicted", f"{IN_FULL}, {RECONVICTED} without a conviction"
_hit, _full, _convicted = pl.col("reconvicted"), pl.col("followed_in_full"), pl.col("convicted_again")
FOLLOW_UP = {"": _full | ~_full, IN_FULL: _full, NOT_IN_FULL: ~_full, RECONVICTED: _hit, NOT_RECONVICTED: ~_hit}
RECONVICTIONS = {HIT: _hit & _full, NO_HIT: ~_hit & _full, SHORT_HIT: _hit & ~_full, FOLLOWED_SHORT: ~_hit & ~_full}
CONVICTIONS = {CONVICTED: _convicted & _full, OTHERWISE: _hit & ~_convicted & _full}
OF_SIDE, OF_STATUS = FOLLOW_UP | RECONVICTIONS | CONVICTIONS, FOLLOW_UP | RECONVICTIONS
# Remained and dropped out are counted together: apart, reconvictions of the few followed for less would be withheld.
GROUPS: dict[str, Mapping[str, pl.Expr]] = {
    "linked": OF_SIDE,
    "linked/Completed": OF_STATUS,
    "linked/not completed": OF_STATUS,
    "linked/Remained": FOLLOW_UP,
    "linked/wide dropout": FOLLOW_UP,
    "not linked": OF_SIDE,
    "": OF_SIDE,
}
PARTS = {
    "": ("linked", "not linked"),
    "linked": ("linked/Completed", "linked/not completed"),
    "linked/not completed": ("linked/Remained", "linked/wide dropout"),
}
SUMS = (
    ("", IN_FULL, NOT_IN_FULL),
    ("", RECONVICTED, NOT_RECONVICTED),
    (IN_FULL, HIT, NO_HIT),
    (RECONVICTED, HIT, SHORT_HIT),
    (NOT_IN_FULL, SHORT_HIT, FOLLOWED_SHORT),
    (HIT, CONVICTED, OTHERWISE),
)
SHOWN = (
    (HIT, "reconvicted", FOLLOWED_RECONVICTED, FOLLOWED_RECONVICTED_SHARE),
    (CONVICTED, "convicted_again", FOLLOWED_CONVICTED, FOLLOWED_CONVICTED_SHARE),
)


def reconvictions_followed_in_full(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 39: reconvicted of those followed in full, by linkage and treatment status. level: coverage of limits.

    Limits take requirements of one person together. Who was followed for less is not in the base, reconvicted or not.
    Convictions only are shown by linkage; of treatment statuses, reconvictions of completed and of all others.
    """
    table = PublishedTable("reconvictions_followed_in_full")
    members = {
        (kind, group): of_type(frame, kind).filter(condition)
        for kind in (ALL, *types)
        for group, condition in _conditions().items()
    }
    for (kind, group), rows in members.items():
        _count(table, rows, _name(kind, group), GROUPS[group])
    _add_up(table, types)
    for group, endings in GROUPS.items():
        row = _row(group)
        for kind in shown_kinds(types):
            prefix = _name(kind, group)
            table.count(row, FOLLOWED.of_type(kind), f"{prefix}/{IN_FULL}")
            table.percent(row, FOLLOWED_SHARE.of_type(kind), f"{prefix}/{IN_FULL}", prefix)
            followed = members[kind, group].filter("followed_in_full")
            for ending, flag, *measures in SHOWN:
                count, share = (measure.of_type(kind) for measure in measures)
                if ending in endings:
                    table.count(row, count, f"{prefix}/{ending}")
                    _share(table, row, share, followed, flag, (f"{prefix}/{ending}", f"{prefix}/{IN_FULL}"), level)
                else:
                    for measure in (count, share, *limits_of(share)):
                        table.words(row, measure, "[z]")
    return table


def _row(group: str) -> Row:
    if group in STATUS_ROWS:
        return Row(group, STATUS_ROWS[group], LINKED)
    return NOT_COMPLETED if "/" in group else side_row(group or "all")


def _conditions() -> dict[str, pl.Expr]:
    linked, status = pl.col("linked_structured"), pl.col("treatment_status")
    of_status = {
        "linked/Completed": status == "Completed",
        "linked/not completed": status != "Completed",
        "linked/Remained": status == "Remained",
        "linked/wide dropout": status.is_in(WIDE_DROPOUT),
    }
    whole = {"linked": linked, "not linked": ~linked, "": pl.lit(True)}
    return whole | {group: linked & condition for group, condition in of_status.items()}


def _name(*parts: str) -> str:
    return "/".join(filter(None, parts))


def _count(table: PublishedTable, members: pl.DataFrame, prefix: str, endings: Mapping[str, pl.Expr]) -> None:
    for ending, condition in endings.items():
        table.counts[_name(prefix, ending)] = count_where(members, condition)
    for total, *parts in SUMS:
        if set(parts) <= endings.keys():
            table.add_up(_name(prefix, total), *(f"{prefix}/{part}" for part in parts))


def _add_up(table: PublishedTable, types: Types) -> None:
    for group, parts in PARTS.items():
        for ending in (ending for ending in GROUPS[group] if all(ending in GROUPS[part] for part in parts)):
            for kind in (ALL, *types):
                table.add_up(_name(kind, group, ending), *(_name(kind, part, ending) for part in parts))
    for group, endings in GROUPS.items():
        for ending in endings:
            table.add_up(_name(ALL, group, ending), *(_name(kind, group, ending) for kind in types))


def _share(
    table: PublishedTable,
    row: Row,
    share: Measure,
    followed: pl.DataFrame,
    flag: str,
    counts: tuple[str, str],
    level: float,
) -> None:
    table.percent(row, share, *counts)
    found = share_of_population(followed, flag, inf, level)
    for side, measure in zip(("lower", "upper"), limits_of(share), strict=True):
        limit = None if found is None else 100 * getattr(found, side)
        table.cells.append(Cell(row, measure, "percent", limit, depends_on=counts, text="[x]"))
