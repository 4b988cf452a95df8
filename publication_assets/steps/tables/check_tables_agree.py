"""Do the tables agree with each other and with themselves? Checked before anything is shown or written.

Belongs here: equality of shared counts and figures, sums, bases, and figures that fit their counts. Does not belong
here: disclosure control.
"""

import re
from typing import TYPE_CHECKING

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.extrapolate_sample import AS_LABELLED
from publication_assets.catalogue.measures_of_notes import ANY_TREATMENT_SHARE, ENGAGED, ESTIMATES
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import DIFFERENCES, Cell
from publishing.tables.declared import as_key

if TYPE_CHECKING:
    from collections.abc import Callable

TOLERANCE = 1e-9
ROUNDING = 6  # counts of a model are rounded means by level, and no factor has more than twice as many levels
MODEL_EXCESS = re.compile(r"\w+/(records|outcome|no outcome) beyond ")
# Column of the table of identification to that of the table of estimates.
SAME_ESTIMATES = {ENGAGED.key: ESTIMATES["requirements"].key, ANY_TREATMENT_SHARE.key: ESTIMATES["any_treatment"].key}


class TablesDisagree(Exception):
    """Published tables contradict each other. Names tables and counts, never a value."""


def check_tables_agree(tables: list[PublishedTable]) -> None:
    """Raise TablesDisagree unless counts and figures that tables share are equal, sums hold, no part exceeds its base,
    figures fit the counts that they name, limits enclose their estimate, and every layout is complete."""
    checks: list[Callable[[list[PublishedTable]], list[str]]] = [
        _unequal_counts,
        _wrong_sums,
        _unknown_counts,
        _misfit_figures,
        _unequal_figures,
        _unequal_estimates,
        _misplaced_limits,
        _overfull_models,
        _gaps,
    ]
    faults = [fault for check in checks for fault in check(tables)]
    if faults:
        raise TablesDisagree(
            f"{len(faults)} contradiction(s) in the published tables, nothing was written: " + "; ".join(faults[:20])
        )


def _unequal_counts(tables: list[PublishedTable]) -> list[str]:
    seen: dict[str, tuple[int, int]] = {}
    faults = []
    for table in tables:
        for name, number in table.counts.items():
            first_table, first_number = seen.setdefault(name, (table.number, number))
            if number != first_number:
                faults.append(f"'{name}' differs between tables {first_table} and {table.number}")
    return faults


def _wrong_sums(tables: list[PublishedTable]) -> list[str]:
    counts = {name: number for table in tables for name, number in table.counts.items()}
    return [
        f"in table {table.number} the parts of '{total.total}' do not add up to it"
        for table in tables
        for total in table.sums
        if counts[total.total] != sum(counts[part] for part in total.parts)
    ]


def _unknown_counts(tables: list[PublishedTable]) -> list[str]:
    """A figure that names a count which no table holds would escape disclosure control."""
    known = {name for table in tables for name in table.counts}
    return [
        f"in table {table.number} '{cell.measure}' of '{cell.row[1]}' names a count that no table holds"
        for table in tables
        for cell in table.cells
        if not known.issuperset((*cell.depends_on, *([cell.quantity] if cell.quantity else [])))
    ]


def _misfit_figures(tables: list[PublishedTable]) -> list[str]:
    return [
        f"in table {table.number} '{cell.measure}' of '{cell.row[1]}' {fault}"
        for table in tables
        for cell in table.cells
        if cell.value is not None and (fault := _misfit(cell, table.counts))
    ]


def _misfit(cell: Cell, counts: dict[str, int]) -> str | None:
    value = cell.value or 0.0
    if (value < -TOLERANCE and cell.unit not in DIFFERENCES) or (cell.unit == "percent" and value > 100 + TOLERANCE):
        return "lies outside what is possible"
    if cell.quantity and value != counts.get(cell.quantity, value):
        return "is not the count that it names"
    if cell.is_share:
        part, base = (counts.get(name, 0) for name in (cell.depends_on[0], cell.depends_on[-1]))
        if part > base or abs(value * base - 100 * part) > TOLERANCE * max(1, base):
            return "is not the share of the counts that it names"
    return None


def _unequal_figures(tables: list[PublishedTable]) -> list[str]:
    """Means and medians of the days of the same requirements."""
    seen: dict[tuple, tuple[int, float | None]] = {}
    faults = []
    for table in tables:
        for cell in (cell for cell in table.cells if cell.unit == "days" and cell.depends_on):
            statistic = "median" if cell.measure.key.startswith("median") else "mean"
            first, value = seen.setdefault((statistic, cell.depends_on), (table.number, cell.value))
            if value != cell.value:
                name = cell.depends_on[-1]
                faults.append(f"the {statistic} of '{name}' differs between tables {first} and {table.number}")
    return faults


def _unequal_estimates(tables: list[PublishedTable]) -> list[str]:
    """Two tables show the estimates that rest on labels as they are."""
    cells = {(table.key, cell.row.key, cell.measure.key): cell.value for table in tables for cell in table.cells}
    return [
        f"'{measure}' of '{kind}' differs between the tables of identification and of estimates"
        for kind in (ALL, *TYPES)
        for measure, other in SAME_ESTIMATES.items()
        if _differ(
            cells.get(("identification", as_key(kind), measure)),
            cells.get(("engagement_estimates", as_key(f"{kind}/{AS_LABELLED}"), other)),
        )
    ]


def _differ(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and round(one) != round(other)


def _overfull_models(tables: list[PublishedTable]) -> list[str]:
    """A model that has more records than there are requirements of its type."""
    return [
        f"table {table.number} has more records than there are: '{name}'"
        for table in tables
        for name in sorted(table.known)
        if MODEL_EXCESS.match(name) and table.counts[name] > ROUNDING
    ]


def _misplaced_limits(tables: list[PublishedTable]) -> list[str]:
    """An estimate outside the limits beside it."""
    faults = []
    for table in tables:
        cells = {(cell.row, cell.measure.key): cell.value for cell in table.cells}
        for (row, measure), lower in cells.items():
            family, *member = measure.split("/")
            if not family.endswith("_lower") or lower is None:
                continue
            of_row = {name: "/".join([family.removesuffix("_lower") + name, *member]) for name in ("", "_upper")}
            upper = cells.get((row, of_row["_upper"]))
            estimate = cells.get((row, of_row[""]))
            if estimate is None or upper is None or not lower - TOLERANCE <= estimate <= upper + TOLERANCE:
                faults.append(f"in table {table.number} '{measure}' of '{row[1]}' does not enclose its estimate")
    return faults


def _gaps(tables: list[PublishedTable]) -> list[str]:
    """A table that lacks cells, or has one twice. It may have no row only where nobody is counted in any table."""
    faults = []
    somebody = any(count for table in tables for count in table.counts.values())
    for table in tables:
        rows = {cell.row.key for cell in table.cells}
        measures = {cell.measure.key for cell in table.cells}
        places = {(cell.row.key, cell.measure.key) for cell in table.cells}
        if (somebody and not rows) or len(places) != len(rows) * len(measures) or len(places) != len(table.cells):
            faults.append(f"table {table.number} has empty or doubled cells")
    return faults
