"""Writes the methodology paper of a run, as a page and as PDF: the same words in both.

Belongs here: which values it is filled with. Does not belong here: what it says (templates/methodology), how it looks
(render_document.py, typeset_document.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.documents.typeset_document import document_pdf
from publication_assets.steps.documents.write_document import write_document
from publication_assets.steps.figures.of_quality.imputation_figures import imputation_figures
from publication_assets.steps.figures.of_report.consort_diagram import consort_diagram
from publication_assets.steps.methodology.methodology_appendices import appendix_values
from publication_assets.steps.methodology.methodology_departures import departures_values
from publication_assets.steps.methodology.methodology_fits import fits_blocks
from publication_assets.steps.methodology.methodology_values import (
    combining_values,
    data_values,
    governance_values,
    linkage_values,
    models_values,
    notes_values,
)
from publication_assets.steps.methodology.study_statements import study_statements
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.document import Document
from publishing.documents.fill_template import Value
from publishing.documents.render_document import document_html
from resources.settings.study_settings import StudySettings


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
    return write_document("methodology", methodology_values(cells, records, facts, settings), facts)


def methodology_values(
    cells: pl.DataFrame, records: RunRecords, facts: RunFacts, settings: StudySettings
) -> Mapping[str, Value]:
    """What the templates of the paper name."""
    shown, modelling = ShownCells(cells), settings.modelling
    linkage, reading = QualityTables(records.linkage_quality), QualityTables(records.note_reading_quality)
    diagnostics = imputation_figures(
        shown, records.imputation_convergence, modelling, settings.publication.minimum_base, facts
    )
    fits = fits_blocks(records.model_fits, facts.wording)
    return {
        **data_values(linkage, consort_diagram(records.consort_counts, facts), settings),
        **linkage_values(linkage, settings),
        **combining_values(settings.combining),
        **notes_values(shown, reading, facts, settings.notes, modelling.engagement.bootstrap_replicates),
        **models_values(shown, facts, modelling, [*diagnostics.values()], fits),
        **governance_values(records.information_governance, settings.governance, facts),
        **departures_values(study_statements(), linkage, settings),
        **appendix_values(settings, facts.wording),
    }
