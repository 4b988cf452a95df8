"""Cells of published tables as a table: what of each is published, and what was counted.

Belongs here: declarations. Does not belong here: how a cell comes to be shown or withheld (show_cells.py).
"""

import pandera.polars as pa
import polars as pl

from resources.zone.schema_check import Table

UNITS = [
    "count",
    "percent",
    "points",
    "odds ratio",
    "p value",
    "days",
    "days of use",
    "change in days",
    "text",
]


class PublishedCells(Table):
    """One row per cell of the published tables, sorted by table, row_order, measure_order."""

    table: pl.Int32 = pa.Field(ge=1, description="number of the published table")
    row_order: pl.Int32 = pa.Field(ge=1, description="position of the row in its table")
    row_group: str = pa.Field(description="first row label where a table has two, else empty text")
    row_label: str = pa.Field(description="row label")
    measure_order: pl.Int32 = pa.Field(ge=1, description="position of the column in its table")
    measure: str = pa.Field(description="column header, with what is counted and the unit")
    unit: str = pa.Field(isin=UNITS, description="unit of value")
    quantity: str = pa.Field(
        nullable=True, description="name of the count; the same name is the same number in every table"
    )
    depends_on: str = pa.Field(
        nullable=True, description="names of the counts that a derived figure is computed from; the last is its base"
    )
    is_share: bool = pa.Field(description="the value is the first count of depends_on as a percentage of the last")
    value: pl.Float64 = pa.Field(
        nullable=True, description="the number as published, rounded; empty when withheld or in words"
    )
    shown: str = pa.Field(description="what is published: rounded number, words or shorthand")
    status: str = pa.Field(
        isin=["shown", "[c]", "[u]", "[low]", "[x]", "[z]"],
        description="shown, or the shorthand that stands in its place",
    )
    table_key: str = pa.Field(description="key of the table, the same whatever the settings")
    row_key: str = pa.Field(description="key of the row in its table: what it is of, from the whole to the part")
    measure_key: str = pa.Field(description="key of the column; of a family, a / and what the member is of follow")


class CountedCells(PublishedCells):
    """PublishedCells with what was counted and what withheld it. Before disclosure control: not for publication."""

    unrounded: pl.Float64 = pa.Field(nullable=True, description="value before disclosure control and rounding")
    withheld_as: str = pa.Field(
        isin=["primary", "secondary", "derived", "small base", "whole table"],
        nullable=True,
        description="why the cell shows no number; empty when it is not withheld",
    )
