"""Titles, headers and row labels of published tables as a run writes them, with their marks and notes.

Belongs here: filling in phrases, and which marks stand beside a word. Does not belong here: the words (tables_*.py,
measures_*.py, rows.py), the text of notes and shorthand (notes.py).
"""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from publication_assets.catalogue.notes import SHORTHAND, note_numbers
from publishing.documents.wording import Wording
from publishing.tables.declared import DeclaredTable

ESTIMATED_WORD = ", estimate"


def in_words(table: DeclaredTable, wording: Wording) -> DeclaredTable:
    """A table with the phrases of a run filled in."""
    return replace(
        table,
        title=wording(table.title),
        shorthand={mark: wording(meaning) for mark, meaning in table.shorthand.items()},
        row_headers=tuple(map(wording, table.row_headers)),
        source=wording(table.source),
    )


def with_marks(label: str, notes: Iterable[str] = ()) -> str:
    """A header or row label with its shorthand and notes, e.g. "Requirements, estimate (count) [e] [note 3]"."""
    marks = ["[e]"] if ESTIMATED_WORD in label else []
    marks += [f"[note {note_numbers()[name]}]" for name in notes]
    return " ".join([label, *marks])


def shorthand_used(cells: pl.DataFrame) -> dict[str, str]:
    """The marks in cells, headers and row labels of published tables, and what they mean in general."""
    words = {
        *cells["shown"].unique(),
        *(with_marks(label) for name in ("measure", "row_label") for label in cells[name].unique()),
    }
    return {mark: meaning for mark, meaning in SHORTHAND.items() if any(mark in each for each in words)}


def shorthand_in_short(cells: pl.DataFrame) -> str:
    """The marks of one table in a sentence, each with a few words."""
    used = [f"{mark} {meaning.partition(':')[0]}" for mark, meaning in shorthand_used(cells).items()]
    return f"Shorthand: {', '.join(used)}." if used else "Shorthand: none."


def own_shorthand(table: DeclaredTable, cells: pl.DataFrame) -> dict[str, str]:
    """The marks of one table that mean more there than in general, and what they mean. `cells` are its own."""
    return {mark: table.shorthand[mark] for mark in shorthand_used(cells) if mark in table.shorthand}
