"""Writes the statistical release, as a page and as PDF: the same words and figures in both.

Belongs here: which values it is filled with. Does not belong here: its prose (templates/report), its sentences with
figures (report_*.py), how it looks (render_document.py, typeset_document.py).
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from publication_assets.catalogue.table_words import shorthand_used
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.documents.typeset_document import document_pdf
from publication_assets.steps.documents.write_document import write_document
from publication_assets.steps.figures.of_report.consort_diagram import consort_diagram
from publication_assets.steps.release.release_values import release_values
from publication_assets.steps.release.what_changed import LastRelease, changes_values
from publication_assets.steps.report.assumptions.sensitivity_text import sensitivity_sentences
from publication_assets.steps.report.report_conclusion import conclusion_values
from publication_assets.steps.report.report_figures import OF_SOME_RUNS, report_figures
from publication_assets.steps.report.report_findings import findings_values
from publication_assets.steps.report.report_glossary import glossary_values
from publication_assets.steps.report.report_identification import identification_values
from publication_assets.steps.report.report_linkage import linkage_values
from publication_assets.steps.report.report_overview import overview_values
from publication_assets.steps.report.report_reconviction import reconviction_values
from publication_assets.steps.report.report_substance_use import substance_use_values
from publication_assets.steps.report.report_treatment import staying_values
from publication_assets.steps.tables.shown_cells import ShownCells
from publication_assets.steps.workbook.figure_data import FIGURE_DATA, figure_data_files
from publication_assets.steps.workbook.write_workbook import table_title
from publishing.documents.document import Document, Drawing
from publishing.documents.fill_template import Value
from publishing.documents.render_document import document_html

FIRST = LastRelease("", None)


def report_files(
    cells: pl.DataFrame, consort_counts: pl.DataFrame, facts: RunFacts, last: LastRelease = FIRST
) -> dict[str, bytes]:
    """report.html, report.pdf and the data of the figures. `cells` is published_tables, `consort_counts` crossed."""
    document = report(cells, consort_counts, facts, last)
    pages = {"report.html": document_html(document, facts).encode("utf-8"), "report.pdf": document_pdf(document, facts)}
    return pages | figure_data_files(document, facts)


def report(cells: pl.DataFrame, consort_counts: pl.DataFrame, facts: RunFacts, last: LastRelease = FIRST) -> Document:
    """The release, in the order of the published report."""
    written = write_document("report", report_values(cells, consort_counts, facts, last), facts)
    return replace(written, data_file=FIGURE_DATA)


def report_values(
    cells: pl.DataFrame, consort_counts: pl.DataFrame, facts: RunFacts, last: LastRelease = FIRST
) -> Mapping[str, Value]:
    """What the templates of the release name."""
    shown = ShownCells(cells)
    figures = report_figures(shown, facts) | {"M1": consort_diagram(consort_counts, facts)}
    declared = sorted((TABLES[key] for key in shown.tables), key=lambda table: table.number)
    titles = [table_title(table, facts) for table in declared]
    return {
        **{f"figure_{number.lower()}": [] for number in OF_SOME_RUNS},
        **{figure.anchor.replace("-", "_"): Drawing(figure) for number, figure in figures.items() if number[0] != "T"},
        **{f"uncertainty_of_{headline}": said for headline, said in sensitivity_sentences(shown).items()},
        **overview_values(shown, titles, shorthand_used(cells), facts),
        **findings_values(shown, facts),
        **identification_values(shown),
        **linkage_values(shown, figures),
        **substance_use_values(shown),
        **staying_values(shown),
        **reconviction_values(shown, figures),
        **conclusion_values(shown, facts.level, facts.experimental),
        **glossary_values(facts),
        **release_values(facts),
        **changes_values(cells, last, facts.quarter),
    }
