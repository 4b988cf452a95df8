"""Keys of records that are numbered from the start in every part of the world.

Belongs here: which they are, and the stretch that a part takes. Does not belong here: numbers of people
(people/identity_numbers.py).
"""

from collections.abc import Sequence

import polars as pl

# Keys that are numbered from the start in every part of the world: each part takes the next stretch.
STRETCH = {
    "offender_id": 50_000,
    "event_id": 100_000,
    "disposal_id": 100_000,
    "requirement_id": 100_000,
    "report_id": 100_000,
    "booking_id": 100_000,
    "defendant_id": 300_000,
    "case_id": 300_000,
    "offence_id": 1_000_000,
    "result_id": 1_000_000,
    "EPISODID": 2_000_000,
    "CLIENTID": 20_000_000,
    "contact_id": 10_000_000,
}
GIVEN_WITH_TRUTH = ("event_id", "disposal_id", "requirement_id")  # in tables of several systems
GIVEN_WHEN_RECORDED = tuple(name for name in STRETCH if name not in GIVEN_WITH_TRUTH)


def renumbered(table: pl.DataFrame, stretch: int, columns: Sequence[str] = tuple(STRETCH)) -> pl.DataFrame:
    """The same with the keys `columns`, where the table has them, in the given stretch."""
    changed = []
    for name in [name for name in table.columns if name in columns]:
        digits = table[name].str.extract(r"(\d+)$")
        number = (digits.cast(pl.Int64) + stretch * STRETCH[name]).cast(pl.String)
        width = int(digits.str.len_chars().fill_null(1).to_numpy().max(initial=1))
        changed.append((table[name].str.extract(r"^(\D*)") + number.str.zfill(width)).alias(name))
    return table.with_columns(changed)
