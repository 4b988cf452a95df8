"""The linkage quality report: accessible, self-contained, from the crossing tables alone."""

import re
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from contracts.crossings import QUALITY_SECTIONS
from linkage_assets.steps.quality.compare_choices import ALL_IDENTIFIERS, IDENTIFIERS_NEEDED, choices
from publication_assets.steps.comparison.choices import said_of
from publication_assets.steps.comparison.other_settings import DEFINITIONS
from publication_assets.steps.quality.court_coverage_text import court_coverage
from publication_assets.steps.quality.linkage_quality_text import decision, differences
from publication_assets.steps.quality.write_linkage_quality import (
    linkage_quality_html,
    linkage_quality_report,
    linkage_quality_values,
)
from publication_assets.steps.tables.estimates.quality_tables import QualityTables, in_words
from publishing.documents.document import Grid, Link
from resources.zone.gates import Acceptance
from tests.page_outline import Outline


@pytest.fixture(scope="module")
def quality(linkage_tables):
    return linkage_tables


@pytest.fixture(scope="module")
def page(quality, consort, facts, settings):
    return linkage_quality_html(quality, consort, facts, settings)


@pytest.fixture(scope="module")
def outline(page):
    return Outline(page)


def test_the_page_loads_nothing_from_anywhere(page, outline):
    assert outline.loads == []
    assert "url(http" not in page and "@import" not in page


def test_headings_descend_one_level_at_a_time_and_every_link_inside_leads_somewhere(outline):
    assert outline.leads_through_the_page()


def test_every_table_has_a_caption_and_every_header_a_scope(page, outline):
    assert page.count("<table>") == page.count("<caption>") > 10
    assert set(outline.headers) == {"col", "row"}


def test_every_picture_has_a_text_alternative(outline):
    assert len(outline.pictures) == 10  # the flow diagram and four charts, for a wide page and for a phone
    assert all(picture["role"] == "img" and len(picture["aria-label"]) > 40 for picture in outline.pictures)


def test_synthetic_data_is_named_in_title_banner_and_every_caption(quality, consort, facts, settings, page):
    assert "SYNTHETIC" not in page and 'class="banner"' not in page
    marked = linkage_quality_html(quality, consort, replace(facts, synthetic=True), settings)
    assert "(synthetic data)</title>" in marked and 'class="banner"' in marked
    captions = re.findall("<caption>(.*?)</caption>", marked)
    unmarked = [caption for caption in captions if caption.count("[SYNTHETIC DATA]") != 1]
    assert unmarked == ["Where each item is answered"]


def test_the_same_figures_make_the_same_page(quality, consort, facts, settings, page):
    assert linkage_quality_html(quality, consort, facts, settings) == page


def test_every_reporting_item_is_answered_in_a_part_of_the_page(quality, consort, facts, settings):
    report = linkage_quality_report(quality, consort, facts, settings)
    (items,) = (block for block in report.sections[-1].blocks if isinstance(block, Grid))
    titles = [section.title for section in report.sections]
    assert len(items.rows) == 25 and {str(row[0]).split()[0] for row in items.rows} == {"GUILD", "RECORD"}
    for *_, (link,) in items.rows:
        assert isinstance(link, Link) and any(title.split(" ")[0] == link.text.split(" ")[0] for title in titles)


def test_every_value_that_the_report_is_given_stands_in_a_template(quality, consort, facts, settings, unused):
    assert unused("linkage_quality_page", linkage_quality_values(quality, consort, facts, settings)) == set()


def test_a_part_that_was_not_made_is_said_to_be_missing(page):
    assert "There is no clerical review of this run." in page
    assert "There is no comparison with the training data or the last quarter." in page


def test_the_move_of_courts_and_quarters_with_too_few_results_are_said(page, quality):
    assert "Of the court results of 2019Q4, 0.0% are on Common Platform; of those of 2023Q1, 79.9%." in page
    assert "more than 15% below the mean of the four quarters before, in 2020Q2." in page
    whole = quality.filter((pl.col("section") != "court coverage") | (pl.col("row_label") != "2020Q2"))
    _first, second = court_coverage(QualityTables(whole), 0.15)
    assert second.startswith("In no quarter")
    assert court_coverage(QualityTables(whole.filter(pl.col("section") != "court coverage")), 0.15) == []


def test_every_section_that_may_cross_has_a_place_on_the_page(quality, consort, facts, settings, quality_of):
    groups = {
        "review": "Design",
        "choices": "combining.prison_months",
        "drift": "Probation, shares",
        "near threshold patterns": "Links",
    }
    optional = [(section, group, f"row of {section}", "m", "count", 10.0) for section, group in groups.items()]
    extra = quality_of(optional).with_columns(pl.col("order") + quality.height)
    review = quality_of(
        [
            ("review", "Results", "Precision of links", f"{end} (%)", "percent", 99.0)
            for end in ("Estimate", "Lower limit", "Upper limit")
        ]
    )
    both = pl.concat([quality, extra, review.with_columns(pl.col("order") + quality.height + extra.height)])
    assert set(both["section"]) == set(QUALITY_SECTIONS)
    text = linkage_quality_html(both, consort, facts, settings)
    assert all(f"row of {section}" in text for section in groups)
    assert "By clerical review, 99.0% of links are correct (interval 99.0% to 99.0%)." in text


def test_a_setting_that_changes_no_figure_is_listed_and_has_no_table(quality, consort, facts, settings, quality_of):
    rows = [
        ("choices", "combining.prison_months", "Any headline figure", "24", "words", "no change"),
        ("choices", "linkage.minimum_identifiers", "Requirements analysed", "3", "count", 1100.0),
        ("choices", "combining.journey_gap_days", "Requirements analysed", "42", "count", 1200.0),
    ]
    extra = quality_of(rows).with_columns(pl.col("order") + quality.height)
    text = linkage_quality_html(pl.concat([quality, extra]), consort, facts, settings)
    assert "<li>How long after sentence a prison reception is looked for</li>" in text
    assert "<caption>The longest gap between episodes of one treatment journey" in text and ">42 days<" in text
    assert ">All 3<" in text
    assert "no change" not in text


def test_groups_are_compared_without_those_withheld_or_not_recorded(quality):
    """Of 375 women and 1,575 men: neither share has limits that leave out the share of all."""
    assert differences(QualityTables(quality), 0.95) == [
        "Sex: no group is linked clearly more or less often than all people (62.6%)."
    ]
    many = pl.when(pl.col("row_group") == "Sex", pl.col("unit") == "count").then(pl.col("value") * 10)
    told = differences(QualityTables(quality.with_columns(value=many.otherwise("value"))), 0.95)
    assert told == [
        "Sex: linked more often in Female (66.7%) and less often in Male (61.8%), compared with 62.6% of all people. "
        "More links are expected to be missed in Female (9.4%) and fewer in Male (6.8%), compared with 7.3% of all."
    ]


def test_the_threshold_stands_with_its_decision_record(settings, page):
    record = settings.linkage.threshold_decision.model_copy(update={"basis": "simulated_review_of_synthetic_extracts"})
    assert "no person looked at a pair" in decision(settings.linkage.model_copy(update={"threshold_decision": record}))
    assert decision(settings.linkage) in page


def test_the_studys_threshold_is_said_to_be_reviewed_on_scores_without_term_frequencies(settings):
    said = decision(settings.linkage)
    assert "No term frequencies are documented for those scores" in said
    assert "this run uses them (initials, birth date, ethnicity and location), which moves scores" in said
    assert "has to be reviewed on scores of this model" in said
    without = decision(settings.linkage.model_copy(update={"term_frequencies": []}))
    assert "has to be reviewed on scores of this model" in without and "frequencies" not in without
    record = settings.linkage.threshold_decision.model_copy(update={"basis": "clerical_review"})
    assert "pathways review" not in decision(settings.linkage.model_copy(update={"threshold_decision": record}))


@pytest.mark.parametrize(
    ("unit", "value", "status", "written"),
    [
        ("count", 1285.0, "shown", "1,285"),
        ("percent", 62.64, "shown", "62.6"),
        ("percent", 0.02, "shown", "[low]"),
        ("percent", 0.0, "shown", "0.0"),
        ("percent", None, "[u]", "[u]"),
        ("bits", -6.15, "shown", "\N{MINUS SIGN}6.15"),
        ("difference", -0.001, "shown", "0.00"),
        ("probability", 0.0000954, "shown", "0.00954"),
        ("number", 42050.0, "shown", "42,050"),
    ],
)
def test_a_figure_is_written_by_its_unit(unit, value, status, written):
    assert in_words({"unit": unit, "value": value, "words": None, "status": status}) == written


def test_decisions_to_go_on_against_a_check_are_shown_with_who_when_and_why_but_no_value(
    quality, consort, facts, settings, page
):
    assert "No check was overridden by a decision in this quarter." in page
    decision = Acceptance(
        quarter="2023Q1",
        check="quarter_resembles_training",
        measure="stability index",
        value=7.2431,
        by="A. Person",
        on=date(2026, 11, 28),
        reason="A new supplier, <b>agreed</b>.",
    )
    text = linkage_quality_html(quality, consort, facts, settings, [decision])
    shown = ("quarter resembles training", "stability index", "A. Person", "28 November 2026", "A new supplier")
    assert all(words in text for words in shown)
    assert "<b>agreed" not in text and "7.24" not in text


def test_every_choice_that_is_compared_has_words_for_each_value(settings):
    tried = [(setting, value) for setting, value, _ in choices(settings)]
    tried += [(each.setting, each.published) for each in DEFINITIONS]
    tried += [(IDENTIFIERS_NEEDED, value) for value in (settings.linkage.minimum_identifiers, ALL_IDENTIFIERS)]
    said = {(setting, str(value)): said_of(setting, value) for setting, value in tried}
    raw = re.compile(r"_|^\d+$|^(true|false|none)$", re.IGNORECASE)
    assert len(said) > 50 and [key for key, words in said.items() if raw.search(words)] == []
