"""A release says what it is, who answers for it and what is not given; and what has changed since the last one."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from contracts.vocabulary import TYPES
from publication_assets.steps.documents.run_facts import months, run_facts
from publication_assets.steps.quality.linkage_quality_text import decision
from publication_assets.steps.release.release_entries import left_open, release_entries
from publication_assets.steps.release.what_changed import LastRelease, changes_values, headlines_grid, years_grid
from publication_assets.steps.report.write_report import report
from publishing.documents.document import Box, Grid, text_of
from publishing.documents.render_document import document_html
from resources.settings.release_settings import (
    AccessibilityStatement,
    ImpactWords,
    RecordWords,
    Release,
    Statistician,
    Transparency,
)

TOLD = RecordWords(**dict.fromkeys(RecordWords.model_fields, "Told."))
GIVEN = Release(
    title="Pathways",
    contact="statistics@example.org",
    publisher="Department of Examples",
    licence="Open Government Licence v3.0",
    status="Official Statistics",
    published_on=date(2026, 3, 24),
    next_release="September 2026",
    statistician=Statistician(name="N. Nobody", post="Head of Examples"),
    revisions_policy="Figures are revised every quarter.",
    pre_release_access=["Minister of Examples"],
    accessibility=AccessibilityStatement(contact="formats@example.org", prepared_on=date(2026, 1, 31)),
    transparency=Transparency(
        team="Examples",
        senior_responsible_owner="Head of Examples",
        website="gov.uk/examples",
        linkage_model=TOLD,
        note_classifier=TOLD,
        impact_assessment=ImpactWords(**dict.fromkeys(ImpactWords.model_fields, "Told.")),
    ),
)


def with_release(facts, release: Release, synthetic: bool = False):
    return replace(facts, about=release_entries(release, synthetic), synthetic=synthetic)


def boxes(document) -> dict[str, list]:
    return {block.heading: block.items for block in document.blocks() if isinstance(block, Box)}


def test_a_release_of_which_everything_is_given_leaves_nothing_open(facts, cells, consort):
    complete = with_release(facts, GIVEN)
    page = document_html(report(cells, consort, complete), complete)
    assert not left_open(complete.about)
    assert "Not given" not in page
    for said in ("24 March 2026", "September 2026", "N. Nobody, Head of Examples", "Minister of Examples"):
        assert said in page


def test_what_is_not_given_stands_in_one_box_by_name_and_on_the_cover(facts, cells, consort):
    bare = with_release(facts, Release(title="Pathways", contact="statistics@example.org"))
    listed = boxes(report(cells, consort, bare))["Not given in this release"]
    assert listed == [
        "Publisher",
        "Publication date",
        "Next release",
        "Status",
        "Responsible statistician",
        "Licence",
        "Revisions policy",
        "Pre-release access",
        "Other formats",
        "Accessibility statement",
        "Transparency records",
    ]
    assert bare.release == (("Not given", f"{', '.join(listed)}."),)


def test_that_nobody_had_access_is_given(facts):
    nobody = GIVEN.model_copy(update={"pre_release_access": []})
    assert not left_open(release_entries(nobody, synthetic=False))


def test_a_synthetic_release_names_no_mailbox_and_is_no_official_statistics(study_frame, settings, cells, consort):
    made_up = run_facts(study_frame.with_columns(synthetic=True), "2023Q1", settings)
    page = document_html(report(cells, consort, made_up), made_up)
    assert "mailto:" not in page
    assert "@" not in page.split("<body>")[1]
    assert "None, because this release is synthetic" in page
    assert "It is not Official Statistics." in page


def test_title_and_footer_say_the_period_and_the_edition(facts, release):
    assert release.title.endswith(", sentences August 2018 to March 2023")
    assert release.subtitle.startswith("Edition 2023Q1 (January to March 2023).")
    footer = document_html(release, facts).split("<footer>")[1]
    assert release.title in footer
    assert "2023Q1" in footer


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2018, 8, 1), date(2023, 3, 31), "August 2018 to March 2023"),
        (date(2018, 8, 2), date(2023, 3, 31), "2 August 2018 to 31 March 2023"),
        (date(2018, 8, 1), date(2023, 2, 28), "August 2018 to February 2023"),
        (date(2018, 8, 1), date(2024, 2, 28), "1 August 2018 to 28 February 2024"),
    ],
)
def test_a_period_is_said_in_months_where_it_is_one_of_months(start, end, said):
    assert months(start, end) == said


def test_without_the_last_quarter_a_release_says_that_it_is_taken_as_the_first(facts, cells, consort):
    page = document_html(report(cells, consort, facts, LastRelease("2022Q4", None)), facts)
    assert "There are no tables of the last quarter, 2022Q4, to compare with." in page
    assert "This is treated as the first release." in page


def test_two_releases_alike_show_no_change(cells):
    grid = headlines_grid(cells, LastRelease("2022Q4", cells), "2023Q1")
    assert {row[3] for row in grid.rows} <= {"0", "0.0", "not available"}
    assert changes_values(cells, LastRelease("2022Q4", cells), "2023Q1")["more_requirements"] == (
        "as many requirements as"
    )


def test_what_one_release_shows_and_the_other_withholds_has_no_change(cells):
    linked = (pl.col("quantity") == "ATR/linked").fill_null(False)
    withheld = cells.with_columns(value=pl.when(~linked).then("value"))
    rows = {text_of(row[0]): row[1:] for row in headlines_grid(cells, LastRelease("2022Q4", withheld), "2023Q1").rows}
    last, this, change = map(text_of, rows["ATRs: linked to structured treatment"])
    assert (last, change) == ("not available", "not available")
    assert this.endswith("%")


def test_revisions_by_year_show_no_small_change(cells):
    of_year = pl.col("quantity").str.contains("/sentence_year/").fill_null(False)
    fewer = cells.with_columns(value=pl.when(of_year).then(pl.col("value") - 2).otherwise("value"))
    grid = years_grid(cells, LastRelease("2022Q4", fewer), "2023Q1")
    assert len(grid.rows) == len(TYPES)
    changes = {text_of(row[3]).lstrip("+\N{MINUS SIGN}") for row in grid.rows}
    assert not changes & {"1", "2", "3", "4"}


def test_a_year_that_the_last_release_had_nobody_of_is_all_new(cells):
    none = cells.filter(~pl.col("quantity").str.contains("/sentence_year/").fill_null(False))
    grid = years_grid(cells, LastRelease("2022Q4", none), "2023Q1")
    assert isinstance(grid, Grid)
    assert all(row[1] == "0" and row[3] == f"+{row[2]}" and row[4] == "not available" for row in grid.rows)


def test_the_published_threshold_has_no_date_of_decision(settings):
    said = decision(settings.linkage)
    assert "is that of the published study" in said
    assert "decided on" not in said
