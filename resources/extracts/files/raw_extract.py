"""An extract as text, before anything is normalised: some of its rows, and what is said of it besides."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl


@dataclass
class RawBlock:
    """Some rows: `frame`, the declared columns as String, in the order of the file.

    before: rows of the extract before these. faulty: 1-based row of the extract -> rule (row unreadable). odd: whether
    values may hold what is no text.
    """

    frame: pl.DataFrame
    before: int
    faulty: dict[int, str]
    odd: bool


@dataclass
class RawExtract:
    """What is said of an extract besides its rows; complete when all blocks were read.

    `counts`: normalising rule -> count; `form`: the same of what changes no value. `absent`: optional columns that the
    file does not have, which are null. `rows`: all that were read.
    """

    path: Path
    sha256: str = ""
    ignored: list[str] = field(default_factory=list[str])
    absent: list[str] = field(default_factory=list[str])
    fields_found: Counter[int] = field(default_factory=Counter[int])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    form: dict[str, int] = field(default_factory=dict[str, int])
    warnings: list[str] = field(default_factory=list[str])
    columns: int = 0
    rows: int = 0
