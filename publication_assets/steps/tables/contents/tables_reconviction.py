"""Tables 12 and 15: reconvictions, by linkage and by treatment status (report 4.1 and 4.5).

Belongs here: counting reconvictions. Does not belong here: titles, notes, disclosure control.

The base is every requirement, as in the report: one that could not be followed in full and has no reconviction so far
counts as not reconvicted, so that every percentage is a minimum. How many those are is a row of table 12.
"""

import polars as pl

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue.measures_of_requirements import RECONVICTED as RECONVICTED_COUNT
from publication_assets.catalogue.measures_of_requirements import (
    RECONVICTED_SHARE,
    REQUIREMENTS,
    SHARE_OF_ALL,
    SHARE_OF_GROUP,
)
from publication_assets.catalogue.rows import (
    FOLLOWED_SHORT,
    LINKED,
    NOT_RECONVICTED,
    RECONVICTED,
    RECONVICTION_LABELS,
    STATUS_LABELS,
    STATUS_ROWS,
    side_row,
)
from publication_assets.steps.tables.contents.tables_outcomes import (
    WIDE_DROPOUT,
    status_adds_up,
    status_counts,
)
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.declared import Row, Types, shown_kinds


def reconviction_counts(frame: pl.DataFrame, kind: str, name: str, condition: pl.Expr) -> dict[str, int]:
    """Requirements of one type meeting `condition`: all, reconvicted, not reconvicted, not followed in full."""
    group = of_type(frame, kind).filter(condition)
    reconvicted = count_where(group, pl.col("reconvicted"))
    prefix = f"{kind}/{name}".rstrip("/")
    return {
        prefix: group.height,
        f"{prefix}/{RECONVICTED}": reconvicted,
        f"{prefix}/{NOT_RECONVICTED}": group.height - reconvicted,
        f"{prefix}/{FOLLOWED_SHORT}": count_where(group, ~pl.col("reconvicted") & ~pl.col("followed_in_full")),
        f"{prefix}/followed in full, not reconvicted": count_where(
            group, ~pl.col("reconvicted") & pl.col("followed_in_full")
        ),
    }


def _reconviction_adds_up(table: PublishedTable, prefix: str) -> None:
    table.add_up(prefix, f"{prefix}/{RECONVICTED}", f"{prefix}/{NOT_RECONVICTED}")
    table.add_up(
        f"{prefix}/{NOT_RECONVICTED}", f"{prefix}/{FOLLOWED_SHORT}", f"{prefix}/followed in full, not reconvicted"
    )


def reconvictions_by_linkage(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 12: reconvicted or not, linked and not linked (figures 17 and 18).

    Shares of the linkage group have limits of the coverage `level`.
    """
    table = PublishedTable("reconvictions_by_linkage")
    linked = pl.col("linked_structured")
    sides = {"linked": linked, "not linked": ~linked, "": pl.lit(True)}
    names = ("", f"/{RECONVICTED}", f"/{NOT_RECONVICTED}", f"/{FOLLOWED_SHORT}")
    for kind in (ALL, *types):
        for side, condition in sides.items():
            table.counts |= reconviction_counts(frame, kind, side, condition)
            _reconviction_adds_up(table, f"{kind}/{side}".rstrip("/"))
        for name in names:
            table.add_up(f"{kind}{name}", f"{kind}/linked{name}", f"{kind}/not linked{name}")
    for side in ("", "/linked", "/not linked"):
        for name in names:
            table.add_up(f"{ALL}{side}{name}", *(f"{kind}{side}{name}" for kind in types))
    for side in sides:
        for name, label in (*RECONVICTION_LABELS.items(), ("", "")):
            row = side_row(side or "all", name, label)
            for kind in shown_kinds(types):
                prefix = f"{kind}/{side}".rstrip("/")
                counted = f"{prefix}/{name}".rstrip("/")
                table.count(row, REQUIREMENTS.of_type(kind), counted)
                table.percent(row, SHARE_OF_ALL.of_type(kind), counted, kind)
                table.percent_with_limits(row, SHARE_OF_GROUP.of_type(kind), counted, prefix, level)
    return table


def reconvictions_by_treatment_status(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 15: reconvicted by treatment status at the end of observation (figure 22), dropout in both definitions.

    Limits of shares have the coverage `level`.
    """
    table = PublishedTable("reconvictions_by_treatment_status")
    linked, status = pl.col("linked_structured"), pl.col("treatment_status")
    conditions = {f"linked/{name}": linked & (status == name) for name in STATUS_LABELS} | {
        "linked/wide dropout": linked & status.is_in(WIDE_DROPOUT),
        "linked": linked,
        "not linked": ~linked,
        "": pl.lit(True),
    }
    for kind in types:
        table.counts |= status_counts(frame, kind)
        for name, condition in conditions.items():
            counted = reconviction_counts(frame, kind, name, condition)
            prefix = f"{kind}/{name}".rstrip("/")
            table.counts |= {
                key: counted[key] for key in (prefix, f"{prefix}/{RECONVICTED}", f"{prefix}/{NOT_RECONVICTED}")
            }
            table.add_up(prefix, f"{prefix}/{RECONVICTED}", f"{prefix}/{NOT_RECONVICTED}")
        for ending in ("", f"/{RECONVICTED}", f"/{NOT_RECONVICTED}"):
            status_adds_up(table, kind, ending)
    rows = {name: Row(name, label, LINKED) for name, label in STATUS_ROWS.items()}
    rows |= {"linked": side_row("linked"), "not linked": side_row("not linked"), "": side_row("all")}
    for name, row in rows.items():
        for kind in types:
            prefix = f"{kind}/{name}".rstrip("/")
            table.count(row, REQUIREMENTS.of_type(kind), prefix)
            table.count(row, RECONVICTED_COUNT.of_type(kind), f"{prefix}/{RECONVICTED}")
            table.percent_with_limits(row, RECONVICTED_SHARE.of_type(kind), f"{prefix}/{RECONVICTED}", prefix, level)
    return table
