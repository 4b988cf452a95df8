"""Writes the page on how contact notes were read as one self-contained web page.

Belongs here: putting sentences, figures, tables and fixed text together. Does not belong here: any of the four.
"""

from typing import Any

import polars as pl

from modelling_assets.steps.comparison.published_study import notes_per_requirement, published_figures
from modelling_assets.steps.documents.document import Grid
from modelling_assets.steps.documents.render_page import render_page
from modelling_assets.steps.documents.run_facts import RunFacts
from modelling_assets.steps.figures.note_figures import estimates_figure, termination_figure
from modelling_assets.steps.quality import note_reading_text as texts
from modelling_assets.steps.report.note_text import termination_text
from modelling_assets.steps.tables.quality_tables import QualityTables
from modelling_assets.steps.tables.shown_cells import ShownCells
from modelling_assets.steps.tables.table_notes import SHORTHAND


def note_reading_html(cells: pl.DataFrame, note_reading_quality: pl.DataFrame, facts: RunFacts) -> str:
    """The page note_reading.html. `cells` is published_tables; nothing outside the page is loaded."""
    shown, figures = ShownCells(cells, facts.wording), published_figures()
    said: dict[str, Any] = {
        "summary": texts.summary(shown, facts),
        "engines": _engines(facts),
        "quality": QualityTables(note_reading_quality),
        "estimates": estimates_figure(shown, facts),
        "terminations": termination_figure(shown, facts),
        "termination_text": termination_text(shown),
        "by_basis": texts.estimates_by_basis(shown),
        "errors": texts.errors_table(shown),
        "manual": texts.reviewed_by_hand(figures),
        "beside": texts.estimates_table(shown, figures),
        "beside_terminations": texts.terminations_table(shown, figures),
        "readings": texts.readings_table(figures),
        "reconciliation": texts.reconciliation_table(figures),
        "correction": texts.correction_table(figures),
        "amplification": texts.amplification_table(figures),
        "published": figures,
        "notes_each": notes_per_requirement(figures),
    }
    # The page explains the marks that are on it, and no others.
    without = render_page("note_reading.html.j2", facts, **said, shorthand={})
    used = {mark: meaning for mark, meaning in SHORTHAND.items() if mark in without}
    return render_page("note_reading.html.j2", facts, **said, shorthand=used)


def _engines(facts: RunFacts) -> Grid:
    rows = [
        [engine.name, engine.model, engine.weights, engine.prompt or "none", engine.version, engine.kind]
        for engine in facts.engines
    ]
    headers = ["Engine", "Model", "Weights (hash)", "Prompt (hash)", "Software", "Kind"]
    return Grid("What read the contact notes", headers, rows)
