"""Writes the methodology paper of a run, as a page and as PDF: the same words in both.

Belongs here: the order of its sections. Does not belong here: what they say (methodology_*.py), how they look
(render_document.py, typeset_document.py).
"""

from dataclasses import dataclass

import polars as pl

from modelling_assets.steps.documents.document import Document, Link, filled
from modelling_assets.steps.documents.render_document import document_html
from modelling_assets.steps.documents.run_facts import RunFacts
from modelling_assets.steps.documents.typeset_document import document_pdf
from modelling_assets.steps.figures.consort_diagram import consort_diagram
from modelling_assets.steps.figures.imputation_figures import imputation_figures
from modelling_assets.steps.methodology.methodology_appendices import appendices
from modelling_assets.steps.methodology.methodology_data import (
    combining_section,
    data_section,
    introduction,
    linkage_section,
)
from modelling_assets.steps.methodology.methodology_departures import departures_section
from modelling_assets.steps.methodology.methodology_fits import fits_blocks
from modelling_assets.steps.methodology.methodology_governance import governance_section
from modelling_assets.steps.methodology.methodology_models import disclosure_section, limits_section, models_section
from modelling_assets.steps.methodology.methodology_notes import notes_section
from modelling_assets.steps.methodology.study_statements import study_statements
from modelling_assets.steps.tables.quality_tables import QualityTables
from modelling_assets.steps.tables.shown_cells import ShownCells
from resources.study_settings import StudySettings


@dataclass(frozen=True)
class RunRecords:
    """What a run says of itself: three crossing tables, the chains of its imputation, its fits, and what allows it."""

    consort_counts: pl.DataFrame
    linkage_quality: pl.DataFrame
    note_reading_quality: pl.DataFrame
    imputation_convergence: pl.DataFrame
    model_fits: pl.DataFrame
    information_governance: pl.DataFrame


def methodology_files(
    cells: pl.DataFrame, records: RunRecords, facts: RunFacts, settings: StudySettings
) -> dict[str, bytes]:
    """methodology.html and methodology.pdf. `cells` is published_tables, `settings` are those of the run."""
    document = methodology(cells, records, facts, settings)
    page = document_html(document, facts).encode("utf-8")
    return {"methodology.html": page, "methodology.pdf": document_pdf(document, facts)}


def methodology(cells: pl.DataFrame, records: RunRecords, facts: RunFacts, settings: StudySettings) -> Document:
    """The paper, in the order of the published methodology."""
    shown, minimum_base = ShownCells(cells, facts.wording), settings.publication.minimum_base
    linkage, reading = QualityTables(records.linkage_quality), QualityTables(records.note_reading_quality)
    diagnostics = imputation_figures(shown, records.imputation_convergence, settings.modelling, minimum_base, facts)
    paper = Document(
        f"Methodology: {facts.title}",
        f"{facts.title}: methodology",
        f"How the statistics of quarter {facts.quarter} were made, with the parameters of this run.",
        facts.quarter,
        facts.warnings,
        [
            introduction(facts),
            data_section(linkage, consort_diagram(records.consort_counts, facts), facts, settings),
            linkage_section(linkage, facts, settings),
            combining_section(facts, settings),
            notes_section(shown, reading, facts, settings),
            models_section(shown, facts, settings, [*diagnostics.values()], fits_blocks(records.model_fits)),
            disclosure_section(facts),
            limits_section(),
            governance_section(records.information_governance, settings.governance, facts),
            departures_section(study_statements(), linkage, settings),
            *appendices(settings),
        ],
        [(Link("Report", "report.html"),), (Link("methodology as PDF", "methodology.pdf"),)],
    )
    return filled(paper, facts.wording)
