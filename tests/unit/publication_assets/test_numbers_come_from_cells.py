"""Every percentage, and every count from a thousand on, in the sentences of a page stands in a table of the release.

Belongs here: the rule for all pages. What is quoted of other publications, and numbers of the method, are left out by
name. A figure that no table shows cannot be checked by a reader, nor protected by disclosure control.
"""

import re
from collections.abc import Iterator

import polars as pl
import pytest

from publication_assets.steps.quality.write_linkage_quality import linkage_quality_report
from publication_assets.steps.quality.write_note_reading import note_reading
from publication_assets.steps.report.write_report import report
from publication_assets.steps.tables.estimates.quality_tables import in_words
from publishing.documents.document import Box, Bullets, Document, Finding, Paragraph, text_of

NUMBER = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?)%|(?<![\d.,])(\d{1,3}(?:,\d{3})+)")
# Sections with figures of the published study, or of other publications, or of the method
NOT_OURS = {
    "report": {"other-publications"},
    "note_reading": {"published"},
    "linkage_quality": set(),
}
OF_THE_METHOD = {"95"}


def sentences(document: Document, but: set[str]) -> Iterator[str]:
    for section in document.sections:
        for block in section.blocks if section.anchor not in but else ():
            match block:
                case Paragraph(words):
                    yield text_of(words)
                case Bullets(items) | Box(_, items):
                    yield from map(text_of, items)
                case Finding():
                    yield from (block.heading, *block.sentences, *block.points, *(said for _, said in block.labelled))


def numbers(text: str) -> set[str]:
    return {percent or count for percent, count in NUMBER.findall(text)}


@pytest.fixture(scope="module")
def shown(cells) -> set[str]:
    """What the published tables show, in cells and in the labels of rows with assumptions."""
    words = {*cells["row_label"].unique(), *cells.filter(pl.col("unit") == "text")["shown"].unique()}
    return {*cells["shown"].unique(), *(each for text in words for each in numbers(text))}


def of_quality(quality: pl.DataFrame) -> set[str]:
    written = [in_words(cell) for cell in quality.to_dicts()]
    return {each for text in written for each in re.findall(r"[\d.,]*\d", text)}


def test_numbers_of_the_report_are_cells(cells, consort, facts, shown):
    known = shown | OF_THE_METHOD | {f"{facts.people:,}"}
    found = {text: numbers(text) - known for text in sentences(report(cells, consort, facts), NOT_OURS["report"])}
    assert {text: odd for text, odd in found.items() if odd} == {}


def test_numbers_of_the_page_on_notes_are_cells(cells, facts, shown, reading):
    quality = reading(
        ("missed engagement", "", "notes without a keyword", "decided", "count", 1000),
        ("missed engagement", "", "notes without a keyword", "share engaged", "percent", 23.3, 20.8, 26.0),
    )
    known = shown | OF_THE_METHOD | of_quality(quality)
    said = [*sentences(note_reading(cells, quality, facts), NOT_OURS["note_reading"])]
    assert "Notes without a keyword: 23.3% (20.8% to 26.0%) of 1,000 were labelled engaged." in said
    assert {text: odd for text in said if (odd := numbers(text) - known)} == {}


def test_numbers_of_the_linkage_quality_report_are_cells(linkage_tables, consort, facts, settings):
    document = linkage_quality_report(linkage_tables, consort, facts, settings)
    known = of_quality(linkage_tables) | OF_THE_METHOD | {f"{100 * settings.drift.court_results_fall:g}"}
    found = {text: numbers(text) - known for text in sentences(document, NOT_OURS["linkage_quality"])}
    assert {text: odd for text, odd in found.items() if odd} == {}


def test_the_rule_finds_a_number_that_is_no_cell():
    assert numbers("50% (46.5% to 54%) of 1,234 in table 12") == {"50", "46.5", "54", "1,234"}
