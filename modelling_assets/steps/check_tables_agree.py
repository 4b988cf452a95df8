"""Do the tables agree with each other and with themselves? Checked before anything is shown or written.

Belongs here: equality of shared counts, sums, and percentages that fit their counts. Does not belong here: disclosure
control.
"""

from modelling_assets.steps.declared_table import PublishedTable


class TablesDisagree(Exception):
    """Published tables contradict each other. Names tables and counts, never a value."""


def check_tables_agree(tables: list[PublishedTable]) -> None:
    """Raise TablesDisagree unless every count that tables share is equal, every sum holds, and every layout is
    complete."""
    faults = [*_unequal_counts(tables), *_wrong_sums(tables), *_misfit_percentages(tables), *_gaps(tables)]
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


def _misfit_percentages(tables: list[PublishedTable]) -> list[str]:
    return [
        f"in table {table.number} '{cell.measure}' of '{cell.row[1]}' lies outside 0 to 100"
        for table in tables
        for cell in table.cells
        if cell.unit == "percent" and cell.value is not None and not -1e-9 <= cell.value <= 100 + 1e-9
    ]


def _gaps(tables: list[PublishedTable]) -> list[str]:
    faults = []
    for table in tables:
        rows = {cell.row for cell in table.cells}
        measures = {cell.measure for cell in table.cells}
        places = {(cell.row, cell.measure) for cell in table.cells}
        if not rows or len(places) != len(rows) * len(measures) or len(places) != len(table.cells):
            faults.append(f"table {table.number} has empty or doubled cells")
    return faults
