"""Rows of one extract that contradict themselves: a date that cannot be later than another is, a score
that cannot be higher.

Belongs here: finding them. Does not belong here: which dates (contracts/sources), and what happens to quarantined
rows (resources/extracts/extract_reader.py).
"""

import polars as pl

from resources.extracts.extract_declaration import Extract


def find_contradictions(frame: pl.DataFrame, extract: Extract) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """`frame` (typed columns and row_number) without the values that a contradiction voids, the faults of rows that are
    to be quarantined, and of values that were voided (extract, row_number, column, rule)."""
    quarantined: list[pl.DataFrame] = []
    voided: list[pl.DataFrame] = []
    doubtful: dict[str, pl.Series] = {}
    for order in extract.orders:
        wrong = (frame[order.first] > frame[order.then]).fill_null(False)
        if not wrong.any():
            continue
        numbers = frame["row_number"].filter(wrong)
        for column in order.void or (f"{order.first} + {order.then}",):
            (voided if order.void else quarantined).append(_faults(extract.name, numbers, column, order.rule))
        for column in order.void:
            doubtful[column] = doubtful.get(column, wrong) | wrong
    kept = [pl.when(~wrong).then(pl.col(column)).alias(column) for column, wrong in doubtful.items()]
    empty = _faults(extract.name, pl.Series([], dtype=pl.Int64), "", "")
    return frame.with_columns(kept), pl.concat([empty, *quarantined]), pl.concat([empty, *voided])


def _faults(extract: str, numbers: pl.Series, column: str, rule: str) -> pl.DataFrame:
    return pl.DataFrame({"row_number": numbers}).select(
        extract=pl.lit(extract),
        row_number="row_number",
        column=pl.lit(column),
        rule=pl.lit(rule),
    )
