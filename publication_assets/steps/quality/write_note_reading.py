"""Writes the page on how contact notes were classified as one self-contained web page.

Belongs here: the values of its templates: sentences, figures and tables. Does not belong here: prose
(templates/note_reading), sentences and tables with figures in them (note_reading_text.py).
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from publication_assets.catalogue.notes import SHORTHAND
from publication_assets.steps.comparison.published_study import (
    notes_per_requirement,
    published_figures,
    requirements_not_linked,
)
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.documents.write_document import write_document
from publication_assets.steps.figures.of_quality.note_figures import estimates_figure, termination_figure
from publication_assets.steps.quality import note_reading_text as texts
from publication_assets.steps.report.note_text import keyword_text, termination_text
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.document import Document, Drawing, Grid
from publishing.documents.fill_template import Value
from publishing.documents.render_document import document_html

ENGINE_HEADERS = ["Engine", "Model", "Weights (hash)", "Prompt (hash)", "Software", "Kind"]
IN_USE = " under the rule in use"
# Sections of the crossing table that are shown as they are: section, caption and header of the rows.
SECTIONS = {
    "tables_selection": ("selection", "Contacts during the sampled requirements", "Recorded under"),
    "tables_drift": ("drift", "Notes of this quarter and of the quarter before", "Measure"),
    "tables_statuses": ("statuses", "Notes by status of their label", "Status"),
    "tables_injections": ("injections", "Labels decided by an instruction in the note", "Instruction"),
    "tables_rules": ("requirement rules", "Other rules for a requirement", "Rule"),
    "tables_note_thresholds": ("p1 thresholds", "Other thresholds of the probability of a note", "Threshold"),
    "tables_phenomena": ("errors by phenomenon", "Errors in notes, by what the reviewers found in them", "Phenomenon"),
    "tables_keywords": ("keyword audit", "Notes found by each keyword", "Keyword"),
    "tables_missed": ("missed engagement", "Engagement in notes excluded by the keyword filter", "Excluded notes"),
}


def note_reading_html(cells: pl.DataFrame, note_reading_quality: pl.DataFrame, facts: RunFacts) -> str:
    """The page note_reading.html. `cells` is published_tables; nothing outside the page is loaded."""
    return document_html(note_reading(cells, note_reading_quality, facts), facts)


def note_reading(cells: pl.DataFrame, note_reading_quality: pl.DataFrame, facts: RunFacts) -> Document:
    """The page as a document. It explains the marks that are on it, and no others."""
    values = note_reading_values(cells, note_reading_quality, facts)
    said = str(write_document("note_reading", values, facts))
    used = [f"{mark}: {meaning}" for mark, meaning in SHORTHAND.items() if mark in said]
    return write_document("note_reading", {**values, "shorthand": used}, facts)


def note_reading_values(
    cells: pl.DataFrame, note_reading_quality: pl.DataFrame, facts: RunFacts
) -> Mapping[str, Value]:
    """What the templates of the page name; of the shorthand, none."""
    shown, quality = ShownCells(cells), QualityTables(note_reading_quality, facts.synthetic_mark)
    return {
        "summary": texts.summary(shown, facts),
        "table_engines": _engines(facts),
        "tables_engines_tried": [
            grid
            for group in quality.groups("engine")
            if group
            for grid in quality.grid(
                "engine", "Accuracy of the classifier on requirements with invented notes", "Wordings", group
            )
        ],
        **{name: _by_group(quality, *section) for name, section in SECTIONS.items()},
        "tables_reviewed": [
            quality.measures(
                "reviewed requirements", f"Reviewed requirements{f': {group}' if group else IN_USE}", label, group
            )
            for group in quality.groups("reviewed requirements")
            for label in quality.labels("reviewed requirements", group)
        ],
        "tables_reviewers": [
            quality.measures("reviewer agreement", "Two reviewers of the same requirements", label)
            for label in quality.labels("reviewer agreement")
        ],
        "outside_keywords": keyword_text(shown),
        "missed_in_words": texts.missed_in_words(quality),
        "figure_estimates": Drawing(estimates_figure(shown, facts)),
        "figure_terminations": Drawing(termination_figure(shown, facts)),
        "termination_text": termination_text(shown),
        **_published_values(shown, facts),
        "shorthand": [],
    }


def _published_values(shown: ShownCells, facts: RunFacts) -> Mapping[str, Value]:
    """What stands beside the published study, and what is computed from its figures alone."""
    figures = published_figures()
    of_run = {
        "table_by_basis": texts.estimates_by_basis(shown),
        "table_errors": texts.errors_table(shown),
        "table_beside": texts.estimates_table(shown, figures),
        "table_beside_terminations": texts.terminations_table(shown, figures),
    }
    return {
        **{name: replace(grid, caption=facts.marked(grid.caption)) for name, grid in of_run.items()},
        "table_readings": texts.readings_table(figures),
        "table_reconciliation": texts.reconciliation_table(figures),
        "table_correction": texts.correction_table(figures),
        "table_amplification": texts.amplification_table(figures),
        "engaged_by_hand": texts.reviewed_by_hand(figures),
        "notes_each": f"{notes_per_requirement(figures):.1f}",
        **_numbers(figures),
    }


def _numbers(figures: Mapping[str, float]) -> Mapping[str, Value]:
    """What follows from figures of the published study."""
    requirements, unlinked = figures["F001"], requirements_not_linked(figures)
    by_hand = figures["F037"] + figures["F028"] / 100 * (100 * unlinked / requirements)
    return {
        "any_share_by_hand": f"{by_hand:.0f}",
        "share_of_unlinked": f"{figures['F039'] / 100 * unlinked:,.0f}",
        "any_of_all": f"{figures['F036'] / 100 * requirements:,.1f}",
    }


def _engines(facts: RunFacts) -> list[Grid]:
    rows = [
        [engine.name, engine.model, engine.weights, engine.prompt or "none", engine.version, engine.kind]
        for engine in facts.engines
    ]
    return [Grid(facts.marked("Classifiers of this run"), ENGINE_HEADERS, rows)] if rows else []


def _by_group(quality: QualityTables, section: str, caption: str, row_header: str) -> list[Grid]:
    return [
        grid
        for group in quality.groups(section)
        for grid in quality.grid(section, f"{caption}: {group}" if group else caption, row_header, group)
    ]
