"""Tables 12 and 15: reconvictions, by linkage and by treatment status (report 4.1 and 4.5).

Belongs here: counting reconvictions. Does not belong here: titles, notes, disclosure control.

The base is every requirement, as in the report: one that could not be followed in full and has no reconviction so far
counts as not reconvicted, so that every percentage is a minimum. How many those are is a row of table 12.
"""

import polars as pl

from contracts.vocabulary import ALL, KIND_LABELS, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.steps.tables.contents.tables_outcomes import (
    LINKED,
    NOT_LINKED,
    STATUS_LABELS,
    WIDE_DROPOUT,
    WIDE_LABEL,
    status_adds_up,
    status_counts,
)
from publication_assets.steps.tables.declared_table import PublishedTable

RECONVICTED, NOT_RECONVICTED, FOLLOWED_SHORT = "reconvicted", "not reconvicted", "followed short"
RECONVICTED_WITHIN = "reconvicted {within_period}"
RECONVICTION_LABELS = {
    RECONVICTED: "Reconvicted {within_period}",
    NOT_RECONVICTED: "Not identified as reconvicted",
    FOLLOWED_SHORT: "Of those not identified: followed for less than {period}",
}
STATUS_ROWS = {
    "linked/Completed": (LINKED, STATUS_LABELS["Completed"]),
    "linked/Remained": (LINKED, STATUS_LABELS["Remained"]),
    "linked/wide dropout": (LINKED, WIDE_LABEL),
    "linked/Dropped out": (LINKED, "Of these: dropped out of treatment (narrow definition)"),
    "linked/Prison": (LINKED, "Of these: ended on entering prison"),
    "linked/Died": (LINKED, "Of these: died"),
    "linked": (LINKED, "All linked to structured treatment"),
    "not linked": (NOT_LINKED, "All not linked to structured treatment"),
    "": ("All", "All requirements"),
}


def reconvicted_share(kind: str) -> str:
    """Column of tables 13 to 15 with the share reconvicted."""
    return f"{kind}s {RECONVICTED_WITHIN} (% of {kind}s in the row)"


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


def reconvictions_by_linkage(frame: pl.DataFrame) -> PublishedTable:
    """Table 12: reconvicted or not, linked and not linked (figures 17 and 18)."""
    table = PublishedTable(12)
    linked = pl.col("linked_structured")
    sides = {"linked": (LINKED, linked), "not linked": (NOT_LINKED, ~linked), "": ("All", pl.lit(True))}
    names = ("", f"/{RECONVICTED}", f"/{NOT_RECONVICTED}", f"/{FOLLOWED_SHORT}")
    for kind in (ALL, *TYPES):
        for side, (_, condition) in sides.items():
            table.counts |= reconviction_counts(frame, kind, side, condition)
            _reconviction_adds_up(table, f"{kind}/{side}".rstrip("/"))
        for name in names:
            table.add_up(f"{kind}{name}", f"{kind}/linked{name}", f"{kind}/not linked{name}")
    for side in ("", "/linked", "/not linked"):
        for name in names:
            table.add_up(f"{ALL}{side}{name}", *(f"{kind}{side}{name}" for kind in TYPES))
    for side, (heading, _) in sides.items():
        rows = {f"/{name}": label for name, label in RECONVICTION_LABELS.items()} | {"": STATUS_ROWS[side][1]}
        for name, label in rows.items():
            for kind, noun in KIND_LABELS.items():
                prefix = f"{kind}/{side}".rstrip("/")
                table.count((heading, label), f"{noun} (count)", f"{prefix}{name}")
                table.percent((heading, label), f"{noun} (% of all {noun})", f"{prefix}{name}", kind)
                table.percent((heading, label), f"{noun} (% of {noun} in the linkage group)", f"{prefix}{name}", prefix)
    return table


def reconvictions_by_treatment_status(frame: pl.DataFrame) -> PublishedTable:
    """Table 15: reconvicted by treatment status at the end of observation (figure 22), dropout in both definitions."""
    table = PublishedTable(15)
    linked, status = pl.col("linked_structured"), pl.col("treatment_status")
    conditions = {f"linked/{name}": linked & (status == name) for name in STATUS_LABELS} | {
        "linked/wide dropout": linked & status.is_in(WIDE_DROPOUT),
        "linked": linked,
        "not linked": ~linked,
        "": pl.lit(True),
    }
    for kind in TYPES:
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
    for name, row in STATUS_ROWS.items():
        for kind in TYPES:
            prefix = f"{kind}/{name}".rstrip("/")
            table.count(row, f"{kind}s (count)", prefix)
            table.count(row, f"{kind}s {RECONVICTED_WITHIN} (count)", f"{prefix}/{RECONVICTED}")
            table.percent(
                row,
                reconvicted_share(kind),
                f"{prefix}/{RECONVICTED}",
                prefix,
            )
    return table
