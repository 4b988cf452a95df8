"""Columns that every research view is made of: a year, a band, and how many records have all of it in common.

Belongs here: how such a column is declared. Does not belong here: any view.
"""

from typing import Any

import pandera.polars as pa


def year_of(what: str) -> Any:
    """A column that holds a calendar year."""
    return pa.Field(str_matches=r"^\d{4}$", description=f"year of {what}")


def band(meaning: str) -> Any:
    """A column that holds a band or a group, in words."""
    return pa.Field(str_matches=r"^[A-Z0-9]", description=meaning)


def number_of(what: str) -> Any:
    """The column that says how many a row stands for."""
    return pa.Field(ge=1, description=f"how many {what} have all of this in common")
