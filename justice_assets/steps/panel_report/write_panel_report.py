"""Writes the report for the user panel: each of its questions with what these data say of it.

Belongs here: the values that its templates name. Does not belong here: prose (templates/panel_report), which cells
answer which question (answers.py).

The questions are those of appendix 2 of the report of the meeting of 31 January 2022 (ADR UK, Data First User
Representation Panel).
"""

from pathlib import Path

import polars as pl

from justice_assets.catalogue.view_tables import VIEW_TABLES
from justice_assets.steps.panel_report.answers import figures, grids
from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.panel_report.shown_views import SHORTHAND, ShownViews
from publishing.documents.document import Bullets, Document
from publishing.documents.fill_template import Value
from publishing.documents.make_document import make_document
from publishing.documents.render_document import document_html
from resources.settings.justice_settings import JusticeViews
from resources.settings.study_settings import Publication

DOCUMENT = "panel_report"
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def panel_report_html(cells: pl.DataFrame, facts: PanelFacts, views: JusticeViews, publication: Publication) -> str:
    """The page panel_report.html. `cells`: published_views."""
    return document_html(panel_report(cells, facts, views, publication), facts)


def panel_report(cells: pl.DataFrame, facts: PanelFacts, views: JusticeViews, publication: Publication) -> Document:
    """The report as a document."""
    return make_document(DOCUMENT, panel_values(cells, facts, views, publication), facts, TEMPLATES)


def panel_values(
    cells: pl.DataFrame, facts: PanelFacts, views: JusticeViews, publication: Publication
) -> dict[str, Value]:
    """What the templates of the report name."""
    mark = f" [{facts.synthetic_mark}]" if facts.synthetic else ""
    shown = ShownViews(cells, mark)
    used = {mark for mark in SHORTHAND if (cells["shown"] == mark).any()}
    whole_until = views.court_records_whole_until
    return {
        **grids(shown),
        **figures(shown, mark),
        "title": facts.title,
        "quarter": facts.quarter,
        "synthetic": facts.synthetic,
        "tables": len(VIEW_TABLES),
        "threshold": publication.disclosure_threshold,
        "minimum_base": publication.minimum_base,
        "gate_days": views.gate_days,
        "gate_from": f"{views.through_the_gate_from.day} {views.through_the_gate_from:%B %Y}",
        "courts_until": f"{whole_until.day} {whole_until:%B %Y}",
        "shorthand": [Bullets([f"{mark}: {meaning}" for mark, meaning in SHORTHAND.items() if mark in used])],
        "reached_by_ethnic_group": shown.beside("people_reached", "ethnic_group", "Started a service"),
        "reached_by_sex": shown.beside("people_reached", "sex", "Started a service"),
        "people": shown.count("people_reached", "all"),
        "custody_by_sex": shown.beside("court_outcomes", "sex", "Immediate custody"),
        "custody_by_ethnic_group": shown.beside("court_outcomes", "ethnic_group", "Immediate custody"),
        "recall_all": shown.percent("recall", "all", "Yes"),
        "recall_by_length": shown.beside("recall", "length_band", "Yes"),
        "recall_by_support": shown.beside("recall", "support_in_custody", "Yes"),
        "recall_by_gate": shown.beside("recall", "through_the_gate", "Yes"),
        "recall_by_licence": shown.beside("recall", "licence_band", "Yes"),
        "recall_by_conditions": shown.beside("recall", "conditions", "Yes"),
        "type_not_recorded": shown.percent("recall_types", "all", "Not recorded"),
        "again_by_kind": shown.beside("reconvictions", "kind", "Yes"),
        "completed": shown.percent("orders_ended", "all", "Completed"),
        "completed_by_report": shown.beside("orders_ended", "report", "Completed"),
        "no_contact_in_custody": shown.beside("contacts_in_custody", "length_band", "Under 1 a month"),
        "one_officer": shown.beside("officers", "sentence", "One"),
        "standard_given": shown.percent("reports_delivered", "asked/Standard", "Standard"),
        "standard_of_all": shown.percent("reports_delivered", "all", "Standard"),
        "followed_by_type": shown.beside("concordance", "delivered", "Yes"),
        "gate_never_started": shown.percent("services", "service/Through the Gate", "Referred, never started"),
    }
