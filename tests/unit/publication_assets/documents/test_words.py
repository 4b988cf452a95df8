"""What is published reads easily, and says nothing that a program cannot know or that the field calls otherwise."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.vocabulary import ETHNIC_GROUPS, REGIONS
from publication_assets.steps.comparison.compare_with_published import compare_with_published
from publication_assets.steps.comparison.write_comparison import comparison_html
from publication_assets.steps.documents.comparisons import LEVELS, OF_NAMES, counted, row_words
from publication_assets.steps.documents.readability import Readability, readability, syllables
from publication_assets.steps.quality.write_linkage_quality import linkage_quality_html
from publication_assets.steps.quality.write_note_reading import note_reading_html
from publishing.documents.render_document import document_html
from resources.settings.variable_sheet import read_variable_sheet

REPOSITORY = Path(__file__).resolve().parents[4]
WRITTEN = ("publication_assets", "resources/settings")
LONGEST_MEAN, HIGHEST_AGE, LARGEST_LONG_SHARE = 16.0, 16.0, 0.12

# Each with what is wrong with it. A phrase that is one of these in a word of the published study is not here.
NOT_TO_BE_SAID = {
    r"are in no limits": "nobody says so: limits do not include linkage error",
    r"chance of the draw": "the field says sampling error",
    r"\brides? along\b": "private shorthand: linked requirements are added as positive controls",
    r"give one away|gives? .{1,20} away": "say that a count could be calculated",
    r"each row with those before": "cumulative",
    r"bars in parts": "stacked bars",
    r"\bblind\b(?! to misspellings)": "no program knows whether a reviewer was",
    r"without seeing the label|did not see the (probability|label)": "no program knows what a reviewer saw",
    r"measured rather than assumed": "errors are estimated",
    r"counts are not rounded": "some are, of reviewed requirements",
    r"minimum estimates?|lower bound of|is a lower bound|are lower bounds": "wrong links raise a share",
    r"every ATR and DRR that probation": "no program knows what an extract lacks",
    r"on entering prison|in death": "treatment ended when the person entered prison or died",
    r"labelled rightly": "labelled correctly",
    r"\bread as decoys": "positive controls",
    r"how far this could be off": "uncertainty",
    r"from lowest to highest|highest share linked": "groups are ranked only where their limits tell them apart",
    r"note\(s\)": "a program knows how many there are",
    r"\(pathways \w+\)": "a command is no word of a publication",
}


def published_strings() -> Iterator[tuple[str, str]]:
    """Every template, and every string of the code that is no docstring, with its file."""
    for template in sorted(REPOSITORY.glob("publication_assets/templates/**/*.md")):
        yield template.name, re.sub(r"\s+", " ", template.read_text(encoding="utf-8"))
    yield "glossary.csv", (REPOSITORY / "reference" / "glossary.csv").read_text(encoding="utf-8")
    for folder in WRITTEN:
        for file in sorted((REPOSITORY / folder).rglob("*.py")):
            for text in _strings(ast.parse(file.read_text(encoding="utf-8"))):
                yield file.name, text


def _strings(tree: ast.Module) -> Iterator[str]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("phrase", NOT_TO_BE_SAID)
def test_no_published_words_use_a_phrase_that_is_untrue_or_private(phrase):
    found = [file for file, text in published_strings() if re.search(phrase, text, re.IGNORECASE)]
    assert not found, f"{NOT_TO_BE_SAID[phrase]}: {', '.join(found)}"


def within_limits(found: Readability) -> bool:
    return (
        found.sentence_length <= LONGEST_MEAN
        and found.reading_age <= HIGHEST_AGE
        and found.long_sentences <= LARGEST_LONG_SHARE * found.sentences
    )


def test_the_report_can_be_read_by_somebody_of_sixteen(release, facts):
    assert within_limits(readability(document_html(release, facts)))


def test_the_linkage_quality_report_can_be_read_by_somebody_of_sixteen(linkage_tables, consort, facts, settings):
    assert within_limits(readability(linkage_quality_html(linkage_tables, consort, facts, settings, [])))


def test_the_pages_on_notes_and_on_the_published_study_can_be_read_by_somebody_of_sixteen(
    cells, consort, linkage_tables, facts, settings, reading
):
    assert within_limits(readability(note_reading_html(cells, reading(), facts)))
    compared = compare_with_published(cells, consort, linkage_tables, settings)
    assert within_limits(readability(comparison_html(compared, facts, settings)))


def test_templates_alone_can_be_read_by_somebody_of_sixteen():
    for folder in sorted(path for path in (REPOSITORY / "publication_assets" / "templates").iterdir() if path.is_dir()):
        words = " ".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.md")))
        plain = re.sub(r"\{%.*?%\}|\{#.*?\}|^Table:.*$|^\|.*$|[>*#\[\]]|\(\w+\.html\)", "", words, flags=re.MULTILINE)
        paragraphs = re.sub(r"\{\{\s*(\w+)\s*\}\}", "value", plain).replace("\n- ", "\n\n").split("\n\n")
        found = readability("".join(f"<p>{text}</p>" for text in paragraphs))
        assert within_limits(found), folder.name


def test_a_long_sentence_of_long_words_is_hard_and_a_short_one_is_not():
    easy = readability("<p>The cat sat on the mat. It was warm.</p>")
    hard = readability(f"<p>{'Probabilistically determined administrative characteristics ' * 10}.</p>")
    assert (easy.sentences, easy.words, easy.long_sentences) == (2, 9, 0)
    assert easy.reading_age < 8 < 16 < hard.reading_age
    assert hard.long_sentences == 1


def test_tables_figures_and_contents_are_no_prose():
    page = (
        "<nav><li>One two.</li></nav><table><td><p>One two.</p></td></table><svg><p>One two.</p></svg><p>One two.</p>"
    )
    assert readability(page).sentences == 1
    assert readability("<table><td>1</td></table>").reading_age == 5.0


@pytest.mark.parametrize(
    ("word", "number"), [("ATRs", 3), ("linked", 1), ("treatment", 2), ("identified", 4), ("people", 1), ("table", 1)]
)
def test_syllables_are_counted_by_their_spelling(word, number):
    assert syllables(word) in {number, number + (word in {"people", "table"})}


@pytest.mark.parametrize(
    "levels", [*LEVELS, *(factor.levels for name, factor in read_variable_sheet()[0].items() if name not in OF_NAMES)]
)
def test_a_level_within_a_sentence_has_no_capital_unless_it_is_a_name(levels):
    written = {level: row_words(level) for level in levels}
    assert {level for level, text in written.items() if text[0].isupper()} <= {"Crown"}


def test_regions_and_ethnic_groups_keep_their_capitals_within_a_sentence():
    for name in (*REGIONS, *(group for group in ETHNIC_GROUPS if group != "Other")):
        assert row_words(name) == name


def test_one_is_a_word_and_more_are_numerals():
    assert [counted(0), counted(0, "none"), counted(1), counted(2), counted(1200)] == [
        "no",
        "none",
        "one",
        "2",
        "1,200",
    ]
