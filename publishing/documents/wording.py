"""Phrases that texts name in braces, as in "Reconvicted {within_period}", and the text with them filled in.

Does not belong here: any phrase (of the study publication_assets/catalogue/wording.py).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

_PHRASE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Wording:
    """The phrases of a run by name. Calling it fills them into a text."""

    phrases: Mapping[str, str]

    def __call__(self, text: str) -> str:
        """`text` with every phrase that it names in braces filled in; other braces stay as they are."""
        return _PHRASE.sub(lambda found: self.phrases.get(found[1], found[0]), text)

    def in_cells(self, cells: pl.DataFrame) -> pl.DataFrame:
        """The cells of published tables with the phrases in row labels, headers and words filled in."""
        named = ("row_group", "row_label", "measure", "shown")
        return cells.with_columns(
            pl.col(name).replace({text: self(text) for text in cells[name].unique().sort() if "{" in text})
            for name in named
        )
