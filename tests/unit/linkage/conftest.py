"""Tiny frames for the tests of the linkage zone: an extract with the columns given and the rest empty."""

from datetime import date

import polars as pl
import pytest

from contracts.extracts import EXTRACT_BY_NAME
from resources.study_settings import load_study_settings

TYPES = {"date": pl.Date, "whole": pl.Int64, "decimal": pl.Float64}


@pytest.fixture
def extract():
    """Function: name of an extract and rows as dicts of some of its columns -> the frame the zone would read."""

    def make(name: str, *rows: dict) -> pl.DataFrame:
        schema = {column.name: TYPES.get(column.kind, pl.String) for column in EXTRACT_BY_NAME[name].columns}
        unknown = {column for row in rows for column in row} - set(schema)
        assert not unknown, f"{name} has no column {unknown}"
        return pl.DataFrame(list(rows), schema=schema)

    return make


@pytest.fixture
def settings():
    """The published settings, for the quarter that ends on 31 March 2023."""
    return load_study_settings().for_quarter(date(2023, 3, 31))
