"""Writes the report for the user panel: each of its questions with what these data say of it.

Belongs here: the values that its templates name. Does not belong here: prose (templates/panel_report), which cells
answer which question (answers.py).

The questions are those of appendix 2 of the report of the meeting of 31 January 2022 (ADR UK, Data First User
Representation Panel).
"""

from datetime import date
from pathlib import Path

import polars as pl

from justice_assets.catalogue.view_tables import VIEW_TABLES
from justice_assets.catalogue.wording import phrases
from justice_assets.steps.panel_report.answers import BESIDE, RANGES, SHARES, grids
from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.panel_report.figures import figures
from justice_assets.steps.panel_report.findings import findings
from justice_assets.steps.panel_report.shown_views import SHORTHAND, ShownViews
from justice_assets.steps.views.convictions import first_day_with_history
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
    shown = ShownViews(cells, mark, phrases(views))
    interval = f"{100 * views.confidence_level:g}%"
    used = {mark for mark in SHORTHAND if (cells["shown"] == mark).any()}
    return {
        **grids(shown),
        **figures(shown, mark, interval),
        **findings(shown, mark),
        **{name: shown.beside(*asked) for name, asked in BESIDE.items()},
        **{name: shown.range(*asked) for name, asked in RANGES.items()},
        **{name: shown.percent(*asked) for name, asked in SHARES.items()},
        "people": shown.count("people_reached", "all"),
        **phrases(views),
        "title": facts.title,
        "quarter": facts.quarter,
        "synthetic": facts.synthetic,
        "tables": len(VIEW_TABLES),
        "threshold": publication.disclosure_threshold,
        "minimum_base": publication.minimum_base,
        "gate_days": views.gate_days,
        "gate_from": _in_words(views.through_the_gate_from),
        "courts_until": _in_words(views.court_records_whole_until),
        "known_from": _in_words(first_day_with_history(views)),
        "history_days": views.history_days,
        "fewest_defendants": views.fewest_defendants_of_court,
        "fewest_of_level": views.fewest_of_level,
        "interval": interval,
        "shorthand": [Bullets([f"{mark}: {meaning}" for mark, meaning in SHORTHAND.items() if mark in used])],
    }


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
