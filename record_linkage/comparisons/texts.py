"""Codes and text of any meaning."""

import polars as pl

from record_linkage.comparisons.field import Field, key
from record_linkage.comparisons.levels import alike, anything_else, exact, missing, one_edit
from record_linkage.specification import Comparison


def code_field(name: str) -> Field:
    """A code in the column `name`: the same or not, or one edit apart where it is long enough."""
    levels = (exact("same", name, frequency=True), one_edit(name, 3), anything_else())
    return Field(Comparison(name, missing(name), levels), (key(name, name, name),))


def text_field(name: str) -> Field:
    """Text in the column `name`, also when it is written in another way."""
    levels = (
        exact("same", name, frequency=True),
        one_edit(name, 4),
        alike("alike", name, 0.9),
        alike("somewhat alike", name, 0.8),
        anything_else(),
    )
    start = f"{name}_start"
    keys = (key(name, f"{name} {start}", name), key(start, start, name))
    return Field(Comparison(name, missing(name), levels), keys, (pl.col(name).str.slice(0, 4).alias(start),))
