"""What a reference code list holds, for columns of text that a later stage matches with it.

Belongs here: the entries, as written. Does not belong here: what an entry means (steps of the zones).
"""

from functools import cache
from pathlib import Path

import polars as pl

CODE_LISTS = Path(__file__).resolve().parents[1] / "reference" / "code_lists"


@cache
def entries(name: str, *columns: str) -> tuple[str, ...]:
    """The distinct entries of `columns` of `reference/code_lists/<name>.csv`, in the order of the list."""
    rows = pl.read_csv(CODE_LISTS / f"{name}.csv", columns=list(columns), infer_schema=False)
    return tuple(dict.fromkeys(entry for column in columns for entry in rows[column].drop_nulls()))


def spellings(name: str, written: str, code: str) -> dict[str, str]:
    """How the source writes each code of `reference/code_lists/<name>.csv`: column `written` to column `code`; several
    ways stand with semicolons between them."""
    rows = pl.read_csv(CODE_LISTS / f"{name}.csv", columns=[written, code], infer_schema=False).drop_nulls()
    return {text.strip(): meant for texts, meant in rows.select(written, code).iter_rows() for text in texts.split(";")}
