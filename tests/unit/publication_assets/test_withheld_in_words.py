"""What is withheld is said in words: no sentence puts a mark in the place of a number."""

import polars as pl
import pytest

from publication_assets.steps.report.note_text import keyword_text, notes_text, termination_text
from publication_assets.steps.report.report_words import convictions_text
from publication_assets.steps.tables.shown_cells import ShownCells

FEW = {
    "contact_note_evidence": ("no_indication", "no_keyword_notes"),
    "engagement_by_termination": ("completed", "without_notes"),
    "reconvictions_followed_in_full": ("linked", "not_linked"),
}


@pytest.fixture(scope="module")
def withheld(cells) -> ShownCells:
    rows = [pl.col("table_key").eq(table) & pl.col("row_key").is_in(keys) for table, keys in FEW.items()]
    found = pl.any_horizontal(rows)
    assert {*cells.filter(found)["table_key"].unique()} == set(FEW)
    mark = [pl.when(found).then(pl.lit("[c]")).otherwise(name).alias(name) for name in ("shown", "status")]
    return ShownCells(cells.with_columns(mark))


@pytest.mark.parametrize("say", [keyword_text, notes_text, termination_text, convictions_text])
def test_a_sentence_has_no_mark_and_says_something_else_where_numbers_are_withheld(say, cells, withheld):
    said = say(withheld)
    assert "[" not in said and said != say(ShownCells(cells))
