import re
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest

from modelling_assets.steps.consort_diagram import consort_diagram, shown_steps
from modelling_assets.steps.report_text import key_findings
from modelling_assets.steps.shown_cells import ShownCells
from modelling_assets.steps.write_report import report_html
from resources.publication_folder import PublicationFolder


class Outline(HTMLParser):
    """Headings, identifiers, and what the page would load."""

    def __init__(self):
        super().__init__()
        self.levels, self.identifiers, self.loads, self.pictures = [], [], [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if "id" in values:
            self.identifiers.append(values["id"])
        if tag in ("script", "link", "img", "iframe") or "src" in values:
            self.loads.append(tag)
        if tag == "svg":
            self.pictures.append(values)


@pytest.fixture(scope="module")
def page(cells, consort, facts):
    return report_html(cells, consort, facts)


@pytest.fixture(scope="module")
def outline(page):
    parser = Outline()
    parser.feed(page)
    return parser


def test_the_page_loads_nothing_from_anywhere(page, outline):
    assert outline.loads == []
    assert "url(http" not in page and "@import" not in page


def test_every_picture_has_a_text_alternative_and_its_data_as_a_table(page, outline):
    assert len(outline.pictures) == 11
    assert all(picture["role"] == "img" and len(picture["aria-label"]) > 40 for picture in outline.pictures)
    assert page.count("<details>") == page.count("<caption>") == len(outline.pictures)


def test_headings_descend_one_level_at_a_time_and_identifiers_are_unique(outline):
    assert outline.levels[0] == 1 and outline.levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(outline.levels, outline.levels[1:], strict=False))
    assert len(set(outline.identifiers)) == len(outline.identifiers)


def test_the_same_tables_make_the_same_page(cells, consort, facts, page):
    assert report_html(cells, consort, facts) == page


def test_synthetic_data_and_a_fixture_model_are_named_in_a_banner_and_in_titles(
    cells, consort, facts, page, fixture_engine
):
    assert 'class="banner"' not in page and "SYNTHETIC" not in page
    marked = report_html(cells, consort, replace(facts, synthetic=True, engines=(fixture_engine,)))
    assert 'class="banner"' in marked and "(synthetic data)</title>" in marked
    assert marked.count("[SYNTHETIC DATA] [NOTES READ BY A TEST MODEL]</figcaption>") == 3


def test_key_findings_are_written_from_the_tables(cells, facts):
    findings = key_findings(ShownCells(cells), facts)
    assert findings[0][0] == "Up to 83% of ATRs and DRRs were estimated to involve some form of treatment"
    assert findings[0][1][0].startswith(
        "Of 480 requirements, 50% were linked to structured treatment and a further 33%"
    )
    assert findings[1][0].startswith("42% of requirements linked to structured treatment")


def test_the_first_finding_says_how_sure_it_is_and_whether_it_is_corrected(cells, facts, tabulate, study_frame, pooled):
    corrected = " ".join(key_findings(ShownCells(cells), facts)[0][1])
    assert "As labelled, not corrected for wrong labels" in corrected
    assert "Corrected for the wrong labels that reviewed cases show it is 82% (" in corrected
    uncorrected = " ".join(key_findings(ShownCells(tabulate(study_frame, pooled)), facts)[0][1])
    assert "No estimate corrected for wrong labels can be given: there are no reviewed cases" in uncorrected


def test_a_withheld_figure_appears_in_sentences_as_its_shorthand_only(cells, consort, facts):
    hidden = cells.with_columns(
        shown=pl.when(pl.col("table") == 12).then(pl.lit("[c]")).otherwise("shown"),
        status=pl.when(pl.col("table") == 12).then(pl.lit("[c]")).otherwise("status"),
    )
    page = report_html(hidden, consort, facts)
    assert "[c] of requirements linked to structured treatment were followed by a reconviction" in page
    assert "42% of requirements" not in page and "Some figures are withheld and not drawn ([c])" in page


def test_a_step_that_removed_fewer_than_the_threshold_is_shown_with_the_next(consort):
    steps = shown_steps(consort, 5).filter(pl.col("stream") == "requirements")
    assert steps.rows() == [("requirements", "in Wales; without a length", 500, 60, 440)]


def test_the_last_step_that_removed_too_few_is_shown_with_the_one_before(consort):
    late = pl.DataFrame([(5, "requirements", "of both types", 440, 2, 438)], schema=consort.schema, orient="row")
    steps = shown_steps(pl.concat([consort, late]), 5).filter(pl.col("stream") == "requirements")
    assert steps.rows() == [("requirements", "in Wales; without a length; of both types", 500, 62, 438)]


def test_the_consort_diagram_says_in_words_what_it_draws(consort, facts):
    figure = consort_diagram(consort, facts)
    assert "500 requirements in nDelius; 60 in Wales; without a length, leaving 440" in figure.alt
    assert "440" in figure.svg and ">3 " not in figure.svg


def test_the_consort_diagram_counts_requirements_and_people_in_lanes_of_their_own(consort, facts):
    figure = consort_diagram(consort, facts)
    assert "400 people with an ATR or DRR; 40 no requirement left after: without a length, leaving 360" in figure.alt
    for words in ("requirements analysed", "people with an analysed requirement"):
        assert figure.svg.count(f">{words}<") == 1


def test_files_of_a_publication_are_listed_with_size_and_hash(tmp_path):
    files = PublicationFolder(root=str(tmp_path)).write("2023Q1", {"tables.ods": b"x", "report.html": b"yy"})
    assert files.select("file", "bytes").rows() == [("report.html", 2), ("tables.ods", 1)]
    assert (tmp_path / "publication" / "2023Q1" / "report.html").read_bytes() == b"yy"
    assert not list(tmp_path.rglob("*.partial"))
