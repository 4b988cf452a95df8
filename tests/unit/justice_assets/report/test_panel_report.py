"""The report for the user panel answers each of its questions from published cells, or says why it cannot."""

import re

import polars as pl
import pytest

from justice_assets.catalogue.view_tables import VIEW_TABLES
from justice_assets.schemas.views import VIEWS
from justice_assets.steps.models.fit_custody import fit_custody
from justice_assets.steps.models.match_sentences import ARMS
from justice_assets.steps.panel_report.answers import GRIDS, OF_MODELS
from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.panel_report.write_panel_report import (
    DOCUMENT,
    TEMPLATES,
    panel_report,
    panel_report_html,
    panel_values,
)
from justice_assets.steps.view_tables.count_view_tables import count_view_tables
from publishing.disclosure.show_cells import published_cells
from publishing.documents.document import Grid
from publishing.documents.fill_template import names_in, templates_of
from resources.settings.study_settings import load_study_settings

SETTINGS = load_study_settings()
FACTS = PanelFacts("2023Q1", synthetic=True)
# Appendix 2 of the report of the panel's meeting: a word of each question, and the heading that answers it.
QUESTIONS = {
    "discrepancy between those who access services and others": "reached",
    "communities more at risk": "risk",
    "different sentences": "sentences",
    "shorter sentences": "length",
    "support in prison": "support",
    "Through the Gate": "gate",
    "community services compared with prison": "community",
    "licence period, conditions, durations": "licence",
    "enablers and barriers": "enablers",
    "effective report": "effective",
    "quality of a report": "quality",
}


@pytest.fixture(scope="module")
def cells() -> pl.DataFrame:
    return published()


def published() -> pl.DataFrame:
    """Cells of made-up views."""
    views = {}
    for name, view in VIEWS.items():
        columns = [column for column in view.to_schema().columns if column != "records"]
        kinds = [table for table in VIEW_TABLES.values() if table.view == name]
        fixed = {column: level for table in kinds for column, level in table.where if column != "phase"}
        rows = []
        for place in range(24):
            row = {**dict.fromkeys(columns, f"Level {place % 3}"), **fixed, "records": 40 + place}
            for table in kinds:
                row[table.parts] = table.shown[0][0] if table.shown and place % 2 else "No"
            row |= {"phase": ["In custody", "In the community"][place % 2]} if "phase" in columns else {}
            row |= {"given": ARMS[place % 2]} if "given" in columns else {}
            rows.append(row)
        rows[0]["records"] = 3
        if name not in ("custody_view", "compared_view"):  # of which the last column is yes or no
            rows[0][columns[-1]] = "Level 9"
        views[name] = pl.DataFrame(rows).group_by(columns).agg(pl.col("records").sum()).sort(columns)
    estimates = fit_custody(views["custody_view"], SETTINGS.justice_views)
    return published_cells(count_view_tables(views, estimates, SETTINGS.publication, SETTINGS.justice_views))


def values(cells: pl.DataFrame) -> dict:
    return panel_values(cells, FACTS, SETTINGS.justice_views, SETTINGS.publication)


def test_every_question_of_the_panel_has_a_heading_with_an_answer(cells):
    report = panel_report(cells, FACTS, SETTINGS.justice_views, SETTINGS.publication)
    anchors = {heading.anchor for section in report.sections for heading in section.headings}
    assert {*QUESTIONS.values()} <= anchors


def test_every_value_is_used_by_a_template_and_every_table_is_in_the_report(cells):
    used = {name for file in templates_of(DOCUMENT, TEMPLATES) for _, name in names_in(file)}
    given = values(cells)
    assert {*given} - used == {"synthetic"}
    assert {table for table, _, _ in (*GRIDS.values(), *OF_MODELS.values())} | {"sentences"} == {*VIEW_TABLES}


def test_tables_show_what_is_published_and_nothing_else(cells):
    published = {*cells["shown"], "[x]"}
    grids = [value for value in values(cells).values() if isinstance(value, Grid)]
    of_population = values(cells)["table_population"]
    assert len(grids) == len(GRIDS) + len(OF_MODELS) + 1
    for grid in grids:
        assert grid == of_population or {str(value) for row in grid.rows for value in row[1:]} <= published
        assert "[SYNTHETIC DATA]" in grid.caption


def test_the_page_stands_alone_and_says_that_the_records_are_made_up(cells):
    page = panel_report_html(cells, FACTS, SETTINGS.justice_views, SETTINGS.publication)
    assert "Synthetic data: every record was made up by a program." in page
    assert not re.search(r'(src|href)="(http|//)', page)
    assert page.count("<figure") == 16 and page.count('role="img"') == 32


def test_a_report_of_real_records_does_not_say_that_they_are_made_up(cells):
    page = panel_report_html(cells, PanelFacts("2023Q1", synthetic=False), SETTINGS.justice_views, SETTINGS.publication)
    assert "ynthetic" not in page and "SYNTHETIC" not in page


def test_the_report_says_for_how_long_people_are_followed_as_settings_have_it(cells):
    views = SETTINGS.justice_views.model_copy(update={"recall_days": 183, "reconviction_days": 200})
    page = panel_report_html(cells, FACTS, views, SETTINGS.publication)
    assert "Recalled within 6 months" in page and "convicted again within 200 days" in page.lower()
    assert not re.search(r"(?i)(recalled|again|recall) within 12 months", page)
