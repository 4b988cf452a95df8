"""Tables whose columns are arrays, as draws need them: typed, and of one length.

Belongs here: rows taken from such a table, put into it, or one table after another. Does not belong here: which columns
a table has, and the tables that are written (polars).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self, TypeVar

import numpy as np


@dataclass
class Rows:
    """Every field is an array with one value per row; a field of two dimensions has a row of values."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, rows: np.ndarray) -> Self:
        """The rows at these places, in that order, or those for which a mask is true."""
        return type(self)(*(getattr(self, item.name)[rows] for item in fields(self)))

    def put(self, rows: np.ndarray, others: Self) -> None:
        """Let the rows at these places hold what `others` hold, one for one."""
        for item in fields(self):
            getattr(self, item.name)[rows] = getattr(others, item.name)


SomeRows = TypeVar("SomeRows", bound=Rows)


def together(parts: Sequence[SomeRows]) -> SomeRows:
    """The rows of all tables, one table after the other."""
    kind = type(parts[0])
    return kind(*(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(kind)))
