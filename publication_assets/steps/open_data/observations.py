"""The published tables as tidy data: one row for each observation, which is one cell.

Belongs here: the columns of the data, and how precise a value is. Does not belong here: files (write_open_data.py),
what they say of themselves (csvw_metadata.py, data_dictionary.py).

Whole percentages hide nothing where the workbook shows both counts: anybody can divide them. There a share has one
decimal, computed from the counts as shown. Every other figure is as precise as in the workbook, so no row can tell more
of a withheld count than the workbook does.
"""

from decimal import Decimal

import polars as pl

from publication_assets.catalogue.tables import TABLES
from publishing.disclosure.disclosure_control import LOW, SHOWN, rounded

DECIMALS_OF_SHARES = 1
COLUMNS = {
    "table": "number of the table, as in the workbook",
    "row_group": "first of two row labels; empty where the table has one",
    "row_label": "row label",
    "measure": "what is measured: the column header of the workbook, with what is counted and the unit",
    "unit": "unit of the value; text where the cell holds words",
    "value": "the number, without separators of thousands; empty where there is none, and status says why",
    "words": "what the cell says where it holds words, such as the significance of an odds ratio",
    "status": "shown, or the mark that says why there is no number",
}


def observations(cells: pl.DataFrame, counts_are_rounded: bool) -> pl.DataFrame:
    """Rows of the tidy data, all columns text but `table`, in the order of the tables: see COLUMNS.

    `cells` is published_tables. counts_are_rounded: shares stay as they are in the workbook then.
    """
    counts = {} if counts_are_rounded else _counts_shown(cells)
    rows = [_observation(cell, counts) for cell in cells.iter_rows(named=True)]
    schema = {name: pl.Int32 if name == "table" else pl.String for name in COLUMNS}
    return pl.DataFrame(rows, schema=schema, orient="row")


def precision_in_words(counts_are_rounded: bool) -> str:
    """How precise the values are."""
    if counts_are_rounded:
        return "Every value is as precise as in the workbook."
    return (
        "Percentages of counts that are both shown have one decimal place. Every other value is as precise as in the "
        "workbook."
    )


def _counts_shown(cells: pl.DataFrame) -> dict[str, float]:
    shown = cells.filter(pl.col("quantity").is_not_null() & (pl.col("status") == SHOWN))
    return dict(shown.select("quantity", "value").iter_rows())


def _observation(cell: dict, counts: dict[str, float]) -> tuple[int, str, str, str, str, str, str, str]:
    group = cell["row_group"] if len(TABLES[cell["table_key"]].row_headers) > 1 else ""
    place = cell["table"], group, cell["row_label"], cell["measure"], cell["unit"]
    status, shown = cell["status"], cell["shown"]
    if status in (SHOWN, LOW) and (share := _share(cell, counts)) is not None:
        low = share == 0 and status == LOW
        return *place, "" if low else str(share), "", LOW if low else SHOWN
    if status != SHOWN:
        return *place, "", "", status
    if cell["unit"] == "text":
        return *place, "", shown, SHOWN
    return *place, shown.replace(",", ""), "", SHOWN


def _share(cell: dict, counts: dict[str, float]) -> Decimal | None:
    """The share with one decimal, of two counts that are shown; None where one is not, or the figure is no share."""
    if not cell["is_share"]:
        return None
    part, *_, base = cell["depends_on"].split("; ")
    if part not in counts or not counts.get(base):
        return None
    return rounded(100 * counts[part] / counts[base], DECIMALS_OF_SHARES)
