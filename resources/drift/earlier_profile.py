"""The profile of the quarter before, read back to be compared with.

Belongs here: finding it, and saying why there is none. Does not belong here: comparing (judge_drift.py), and tables
that are taken over instead of made again (ZoneStore.of_quarter_before).

A profile is a measurement: it is compared whatever code or settings made it. Which of its measures can be compared is
for its zone to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from resources.drift.quarter_profile import HELD, Profile
from resources.zone.partitions import previous_quarter
from resources.zone.schema_check import TableDoesNotMatchSchema, check_frame
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import TableNotUsable


@dataclass(frozen=True)
class EarlierProfile:
    """The profile of the quarter before, or None; and in words what it is, or why there is none."""

    frame: pl.DataFrame | None
    words: str

    @property
    def beside_training(self) -> str:
        """The same where the profile of training is compared with too."""
        return f"training and {self.words}" if self.frame is not None else f"training; {self.words}"


def profile_of_quarter_before(store: ZoneStore, quarter: str, table: str, judged_in: str) -> EarlierProfile:
    """Profile `table` of the quarter before `quarter`, if that quarter's own drift, table `judged_in`, was passed."""
    before = previous_quarter(quarter)
    if before is None:
        return EarlierProfile(None, "no quarter before this one can be run")
    if store.zone.receipt(table, before) is None or store.zone.receipt(judged_in, before) is None:
        return EarlierProfile(None, f"{before} has not been refreshed here")
    try:
        store.zone.passed(judged_in, before)
        return EarlierProfile(check_frame(store.read(table, before), Profile, table), before)
    except TableNotUsable:
        return EarlierProfile(None, f"{before} {HELD}: accept it or mend its cause, and refresh it again")
    except TableDoesNotMatchSchema:
        return EarlierProfile(None, f"{before} was profiled by a version that measured otherwise; refresh it again")


def files_of_quarter_before(zone: str, judged_in: str, tables: Iterable[str]) -> list[str]:
    """What a comparison with the quarter before is made from, as Zone.files: `tables` of that quarter, and the receipt
    of `judged_in`, which says whether they may be compared with: a quarter can be accepted after the next one ran.
    """
    return [f"{zone}/{{before}}/{name}" for name in (*(f"{table}.parquet" for table in tables), f"{judged_in}.json")]


def same_table(store: ZoneStore, quarter: str, table: str) -> bool:
    """Whether a table of this quarter is the same as that of the quarter before."""
    before = previous_quarter(quarter)
    receipts = [store.zone.receipt(table, name) for name in (quarter, before) if name]
    return len(receipts) == 2 and all(receipts) and len({receipt.sha256 for receipt in receipts if receipt}) == 1


def rows_of_tables(store: ZoneStore, tables: Iterable[str], quarter: str) -> dict[str, int]:
    """Rows of stored tables by name, read from their files without the tables themselves."""
    files = {table: store.zone.table_path(table, quarter) for table in tables}
    return {table: pl.scan_parquet(file).select(pl.len()).collect().item() for table, file in files.items()}
