"""A stored table that is looked at some rows at a time is judged as one in memory is, with the same counts."""

from typing import ClassVar

import pandera.polars as pa
import polars as pl
import pytest

from resources.zone import schema_check
from resources.zone.schema_check import Table, TableDoesNotMatchSchema, check_frame, check_scan


class Visits(Table):
    """Visits, of which a number is one visit's, and so are place and day."""

    number: int = pa.Field(unique=True, nullable=True, description="number")
    place: str = pa.Field(isin=["a", "b", "c"], description="place")
    day: int = pa.Field(ge=1, description="day")

    class Config(Table.Config):
        """Place and day together."""

        unique: ClassVar = ["place", "day"]


FINE = pl.DataFrame({"number": [1, 2, None, 4, 5], "place": ["a", "b", "a", "c", "b"], "day": [1, 1, 2, 2, 2]})
WRONG = {
    "a number far from itself": FINE.with_columns(number=pl.Series([1, 2, 3, 4, 1])),
    "two columns together": FINE.with_columns(place=pl.Series(["a", "b", "a", "c", "c"])),
    "values": FINE.with_columns(place=pl.lit("x"), day=pl.Series([0, 1, 0, 3, 4])),
    "a column that is missing": FINE.drop("day"),
    "a column too many": FINE.with_columns(more=1),
    "another type": FINE.cast({"day": pl.Float64}),
    "empty values": FINE.with_columns(place=pl.Series(["a", None, "a", None, "b"])),
    "several": FINE.with_columns(number=pl.lit(7), day=pl.lit(0)),
}


def said(check) -> str:
    """Why a table is refused, or nothing."""
    try:
        check()
    except TableDoesNotMatchSchema as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("rows", [1, 2, 4])
def test_what_is_wrong_with_a_table_is_the_same_by_part(kind, rows, monkeypatch):
    monkeypatch.setattr(schema_check, "ROWS_AT_ONCE", rows)
    whole = said(lambda: check_frame(WRONG[kind], Visits, "visits"))
    assert whole and said(lambda: check_scan(WRONG[kind].lazy(), Visits, "visits")) == whole


def test_a_table_that_is_what_it_declares_passes_by_part(monkeypatch):
    monkeypatch.setattr(schema_check, "ROWS_AT_ONCE", 2)
    assert said(lambda: check_scan(FINE.lazy(), Visits, "visits")) == ""
    assert Visits.to_schema().columns["number"].unique  # what checks by part leave out is left out for them alone
