"""What is withheld is said in words: no sentence puts a mark in the place of a number."""

from random import Random

import polars as pl
import pytest

from publication_assets.steps.comparison.compare_with_published import compare_with_published
from publication_assets.steps.comparison.write_comparison import comparison_values
from publication_assets.steps.documents.write_document import write_document
from publication_assets.steps.quality.write_note_reading import note_reading
from publication_assets.steps.report.note_text import keyword_text, notes_text, termination_text
from publication_assets.steps.report.report_words import convictions_text
from publication_assets.steps.report.write_report import report
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.withheld_in_words import EXPLAINED, LEFT_OUT, MARK, without_marks
from tests.unit.publication_assets.text_of_pages import sentences

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


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Of 300 ATRs, [c] were linked. 40 completed.", "40 completed."),
        ("40 (33% of those linked, [c] of all ATRs) completed.", "40 (33% of those linked) completed."),
        ("Odds ratio 2.50 ([c] to [c]), 90 records.", "Odds ratio 2.50, 90 records."),
        ("[c] (1,120) of ATRs were linked.", "1,120 of ATRs were linked."),
        ("It is [u]. That is 160 requirements. Limits are in table 20.", "Limits are in table 20."),
        ("How many led to treatment is withheld ([c]).", "How many led to treatment is withheld ([c])."),
        ("Counts from 1 to 4 are shown as [c].", "Counts from 1 to 4 are shown as [c]."),
        ("[low] of ATRs were reconvicted.", "Almost 0 of ATRs were reconvicted."),
        ("42% (36% to 48%) of 1,200 were linked.", "42% (36% to 48%) of 1,200 were linked."),
        ("It is [c].", ""),
        ("67% showed it (95% confidence limits: [c] to [c]). So 3 did.", "67% showed it. So 3 did."),
        ("Or there was none. [c] of them are known. Limits are wide.", "Or there was none. Limits are wide."),
    ],
)
def test_what_is_withheld_is_taken_out_of_sentences(written, said):
    assert without_marks(written) == said


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_no_sentence_of_a_page_has_shorthand_whatever_is_withheld(
    share, cells, consort, facts, linkage_tables, reading, settings
):
    draw = Random(1)
    hidden = pl.Series([draw.random() < share for _ in range(cells.height)]) & cells["value"].is_not_null()
    mark = [pl.when(hidden).then(pl.lit("[c]")).otherwise(name).alias(name) for name in ("shown", "status")]
    few = cells.with_columns(*mark, value=pl.when(~hidden).then("value"))
    comparison = compare_with_published(few, consort, linkage_tables, settings)
    documents = {
        "report": report(few, consort, facts),
        "notes": note_reading(few, reading(), facts),
        "comparison": write_document("against_published", comparison_values(comparison, facts, settings), facts),
    }
    found = {
        name: [text for text in sentences(each) if MARK.search(EXPLAINED.sub("", text))]
        for name, each in documents.items()
    }
    assert {name: texts for name, texts in found.items() if [text for text in texts if not MARK.fullmatch(text)]} == {}
    assert LEFT_OUT in {*sentences(documents["report"])}
