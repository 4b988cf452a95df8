"""An error that leaves an asset carries no data value."""

import polars as pl
import pytest

from contracts.crossings import NoteRequest
from resources.schema_check import TableDoesNotMatchSchema, check_frame
from resources.zone_asset import DetailsWithheld, shielded

SECRET = "X320741"


def test_a_library_error_that_quotes_a_value_leaves_as_type_and_place_only():
    @shielded
    def step():
        pl.DataFrame({"crn": [SECRET]}).select(pl.col("crn").cast(pl.Int64))

    with pytest.raises(DetailsWithheld) as caught:
        step()
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_our_own_error_keeps_its_message_and_loses_what_it_came_from():
    @shielded
    def step():
        try:
            raise ValueError(SECRET)
        except ValueError:
            raise TableDoesNotMatchSchema("3 rows") from None

    with pytest.raises(TableDoesNotMatchSchema, match="3 rows") as caught:
        step()
    assert caught.value.__context__ is None


def test_a_schema_error_names_column_rule_and_count_but_no_value():
    frame = pl.DataFrame(
        {"requirement_key": [SECRET, SECRET], "requirement_id": ["1", None], "crn": [SECRET, SECRET],
         "window_start": [None, None], "window_end": [None, None], "terminated": [True, False]},
        schema_overrides={"window_start": pl.Date, "window_end": pl.Date},
    )
    with pytest.raises(TableDoesNotMatchSchema) as caught:
        check_frame(frame, NoteRequest, "note_request")
    assert SECRET not in str(caught.value)
    assert "requirement_key: SERIES_CONTAINS_DUPLICATES broken by 2 row(s)" in str(caught.value)
    assert "requirement_id: SERIES_CONTAINS_NULLS broken by 1 row(s)" in str(caught.value)
