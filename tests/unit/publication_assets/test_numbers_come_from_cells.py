"""Every number in the sentences of a page has a home: a cell, a setting, a figure of the study, a fact of the run.

Belongs here: the rule for all pages, and for what is written by hand in their templates; and that no page shows names
or values of the code, and each figure has a form for a phone. Whole numbers below 100
without a sign are held in templates only: on a page they would be found in some table by accident. A figure that no
table shows cannot be checked by a reader, nor protected by disclosure control.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import chain

import polars as pl
import pytest
from pydantic import BaseModel

from contracts.vocabulary import HORIZONS, LENGTH_BANDS
from linkage_assets.steps.quality.compare_choices import choices
from modelling_assets.schemas.imputation import ImputationConvergence
from publication_assets.steps.comparison.compare_with_published import agreement_of, compare_with_published
from publication_assets.steps.comparison.published_study import figures_as_written
from publication_assets.steps.comparison.rules_in_words import of_the_study, rules
from publication_assets.steps.comparison.write_comparison import comparison_values
from publication_assets.steps.documents.write_document import write_document
from publication_assets.steps.governance.governance_entries import governance_entries
from publication_assets.steps.methodology.write_methodology import RunRecords, methodology
from publication_assets.steps.quality.write_linkage_quality import linkage_quality_report
from publication_assets.steps.quality.write_note_reading import note_reading, note_reading_values
from publication_assets.steps.tables.estimates.quality_tables import in_words
from publication_assets.templates_folder import TEMPLATES
from publishing.charts.charts import NARROW
from publishing.documents.document import Document, Paragraph
from publishing.documents.fill_template import templates_of
from publishing.documents.render_document import document_html
from resources.settings.governance_settings import Governance
from tests.unit.publication_assets.text_of_pages import PLACE, code_in, numbers, sentences

WRITTEN = re.compile(r"(?<![\w.,\d-])\d[\d.,]*\d%?|(?<![\w.,\d-])\d%?")
TAGS = re.compile(
    r"\{%.*?%\}|\{\{.*?\}\}|\{#[\w-]+\}|<!--.*?-->|(?m:^#+ [\d.]+ )|\[\d[^\]]*\]\(|\]\([^)]*\)", re.DOTALL
)
# Written by hand: an odds ratio of 1, a label, spread or count of 0; times that tables are made of; days that the
# Treatment Outcomes Profile asks of
BY_HAND = {"0", "1"}
TIMES = {*HORIZONS, *LENGTH_BANDS, "28 days"}


def odd(document: Document, *homes: set[str]) -> dict[str, set[str]]:
    known = set().union(*homes)
    return {text: found for text in sentences(document) if (found := numbers(text) - known)}


def leaves(value: object) -> Iterator[float]:
    match value:
        case bool():
            return
        case int() | float():
            yield value
        case BaseModel():
            yield from chain.from_iterable(leaves(getattr(value, name)) for name in type(value).model_fields)
        case dict():
            yield from chain.from_iterable(map(leaves, value.values()))
        case list() | tuple() | set():
            yield from chain.from_iterable(map(leaves, value))


@pytest.fixture(scope="module")
def shown(cells) -> set[str]:
    """What the published tables show, in cells and in the labels of rows with assumptions."""
    words = {*cells["row_label"].unique(), *cells.filter(pl.col("unit") == "text")["shown"].unique()}
    values = {text.removeprefix("-") for text in cells["shown"].unique()}
    return values | {each for text in words for each in numbers(text)}


@pytest.fixture(scope="module")
def run(facts, settings) -> set[str]:
    """Numbers of the settings, as they are and as percentages, of the published study, and of the run itself."""
    of_settings = {text for each in leaves(settings) for text in (f"{each:.12g}", f"{each:,}", f"{100 * each:.4g}")}
    return of_settings | {*figures_as_written().values(), f"{facts.people:,}", f"{facts.requirements:,}"}


@pytest.fixture(scope="module")
def records(consort, linkage_tables, reading) -> RunRecords:
    fits = {"random_intercept_sd": [0.0, 0.3], "quadrature_shift": [0.01, 0.2], "engines_agree": [True, True]}
    return RunRecords(
        consort,
        linkage_tables,
        reading(("selection", "", "marked sensitive, not used", "notes", "count", 1230)),
        pl.DataFrame(schema=dict.fromkeys(ImputationConvergence.to_schema().columns, pl.String)),
        pl.DataFrame({"model": ["linked_atr"] * 2, "imputation": [1, 2], **fits}),
        governance_entries(Governance(), synthetic=False),
    )


def of_quality(quality: pl.DataFrame) -> set[str]:
    written = [in_words(cell) for cell in quality.to_dicts()]
    return {each for text in written for each in re.findall(r"[\d.,]*\d", text)}


def texts(values: dict) -> set[str]:
    return {f"{each:,}" if isinstance(each, int) else str(each).removesuffix("%") for each in values.values()}


def test_numbers_of_the_report_have_a_home(release, shown, run):
    assert odd(release, shown, run) == {}


def test_numbers_of_the_page_on_notes_have_a_home(cells, facts, shown, run, reading):
    quality = reading(
        ("missed engagement", "", "notes without a keyword", "decided", "count", 1000),
        ("missed engagement", "", "notes without a keyword", "share engaged", "percent", 23.3, 20.8, 26.0),
    )
    page = note_reading(cells, quality, facts)
    # What follows from figures of the study stands among the values that the templates name
    follows = {name: value for name, value in note_reading_values(cells, quality, facts).items() if name in FOLLOWS}
    by_hand = numbers(str(follows.pop("engaged_by_hand")))
    assert "Notes without a keyword: 23.3% (20.8% to 26.0%) of 1,000 were labelled engaged." in {*sentences(page)}
    assert odd(page, shown, run, of_quality(quality), texts(follows), by_hand) == {}


FOLLOWS = ("any_share_by_hand", "share_of_unlinked", "any_of_all", "engaged_by_hand", "notes_each")


def test_numbers_of_the_linkage_quality_report_have_a_home(linkage_tables, consort, facts, settings, run):
    document = linkage_quality_report(linkage_tables, consort, facts, settings)
    assert odd(document, run, of_quality(linkage_tables)) == {}


def test_numbers_of_the_methodology_have_a_home(cells, records, facts, settings, shown, run):
    paper = methodology(cells, records, facts, settings)
    assert any("1,230 in this run" in text for text in sentences(paper))
    quality = of_quality(records.linkage_quality) | of_quality(records.note_reading_quality)
    assert odd(paper, shown, run, quality) == {}


def test_numbers_of_the_comparison_have_a_home(cells, consort, linkage_tables, facts, settings, run):
    comparison = compare_with_published(cells, consort, linkage_tables, settings)
    found = agreement_of(comparison)
    shares = {f"{share:.0f}" for share in (found.share, found.results_share, found.share_of_consistent) if share}
    counted = {str(count) for count in (*asdict(found).values(), found.rows - found.consistent)} | shares
    page = write_document("against_published", comparison_values(comparison, facts, settings), facts)
    assert odd(page, run, counted, texts(dict(rules())), texts(dict(of_the_study()))) == {}


def as_table_writes(value: object) -> str:
    """The value of a choice as the crossing table linkage_quality has it."""
    text = ", ".join(value) or "none" if isinstance(value, list) else str(value).lower()
    return text.replace("_", " ")


@pytest.fixture(scope="module")
def documents(
    release, cells, records, consort, linkage_tables, quality_of, reading, facts, settings
) -> dict[str, Document]:
    """Every document of the release, linkage quality with each choice that is compared."""
    tried = [(setting, as_table_writes(value)) for setting, value, _ in choices(settings)]
    rows = [("choices", setting, "Reconvicted", f"{value} (this release)", "percent", 40.0) for setting, value in tried]
    compared = quality_of(rows).with_columns(pl.col("order") + linkage_tables.height)
    quality = pl.concat([linkage_tables, compared])
    comparison = compare_with_published(cells, consort, linkage_tables, settings)
    return {
        "report": release,
        "note_reading": note_reading(cells, reading(), facts),
        "linkage_quality": linkage_quality_report(quality, consort, facts, settings),
        "methodology": methodology(cells, replace(records, linkage_quality=quality), facts, settings),
        "against_published": write_document("against_published", comparison_values(comparison, facts, settings), facts),
    }


def test_no_number_is_written_by_hand_in_a_template():
    files = [
        file
        for folder in sorted(TEMPLATES.iterdir())
        if folder.is_dir()
        for file in templates_of(folder.name, TEMPLATES)
    ]
    found = {}
    for file in files:
        text = PLACE.sub("", TAGS.sub("", file.read_text(encoding="utf-8")))
        for times in sorted(TIMES, key=len, reverse=True):
            number, unit = times.rsplit(" ", 1)
            text = re.sub(rf"(?:\b\d+(?:, | and ))*\b{number} {unit}\b", "", text)
        if written := {*WRITTEN.findall(text)} - BY_HAND:
            found[f"{file.parent.name}/{file.name}"] = written
    assert len(files) > 50 and found == {}


def test_no_page_has_a_name_or_a_value_of_the_code(documents, facts):
    found = {name: code_in(document_html(document, facts)) for name, document in documents.items()}
    assert {name: odd for name, odd in found.items() if odd} == {}


def test_every_figure_has_a_form_for_a_phone(documents):
    figures = {
        (name, figure.name): figure.narrow for name, document in documents.items() for figure in document.figures
    }
    widths = {name: re.search(r'<svg[^>]*?\bwidth="([\d.]+)"', svg) for name, svg in figures.items()}
    assert len(widths) > 30
    assert [name for name, width in widths.items() if width is None or float(width[1]) > 1.15 * NARROW] == []


def test_code_on_a_page_is_found():
    page = '<p class="a_b">Open else first_after</p><td>True (this release)</td><td>None</td><a href="x_y.ods">data</a>'
    assert code_in(page) == {"first_after", ">True (this release)<", ">None<"}


def test_the_rule_finds_a_number_without_a_home(release, shown, run):
    assert numbers("50% (46.5% to 54%) of 1,234 in table 12, in 2023, and 101 in sections 2.3 and 2.4") == {
        *("50", "46.5", "54", "1,234", "101")
    }
    assert WRITTEN.findall(PLACE.sub("", "73% of 7 people (table 12) in March 2026")) == ["73%", "7"]
    without = "Of these, 64.3% and 9,871 people."
    wrong = replace(release.sections[0], blocks=[Paragraph(without)])
    assert odd(replace(release, sections=[wrong]), shown, run) == {without: {"64.3", "9,871"}}
