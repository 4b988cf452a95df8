"""Writes the statistical release, as a page and as PDF: the same words and figures in both.

Belongs here: the order of its sections. Does not belong here: what they say (report_*.py), how they look
(render_document.py, typeset_document.py).
"""

import polars as pl

from modelling_assets.steps.documents.document import (
    Document,
    Heading,
    Link,
    Paragraph,
    Section,
    Strong,
    Words,
    filled,
)
from modelling_assets.steps.documents.render_document import document_html
from modelling_assets.steps.documents.run_facts import RunFacts
from modelling_assets.steps.documents.typeset_document import document_pdf
from modelling_assets.steps.figures.consort_diagram import consort_diagram
from modelling_assets.steps.report.report_background import enquiries_section, information_section
from modelling_assets.steps.report.report_conclusion import conclusion_in_short, conclusion_section
from modelling_assets.steps.report.report_figures import report_figures
from modelling_assets.steps.report.report_findings import key_findings
from modelling_assets.steps.report.report_glossary import glossary_section
from modelling_assets.steps.report.report_identification import identification_section
from modelling_assets.steps.report.report_introduction import introduction_section
from modelling_assets.steps.report.report_linkage import linkage_section
from modelling_assets.steps.report.report_publications import improvements_section, publications_section
from modelling_assets.steps.report.report_questions import reader_questions
from modelling_assets.steps.report.report_reconviction import reconviction_section
from modelling_assets.steps.report.sensitivity_text import sensitivity_sentences
from modelling_assets.steps.tables.shown_cells import ShownCells
from modelling_assets.steps.tables.table_list import shorthand_used
from modelling_assets.steps.workbook.write_workbook import table_title

MADE_UP = "From synthetic data: these sentences show what a release would say. They describe nobody."
RELATED: list[Words] = [
    (Link("Data tables", "tables.ods"), " (OpenDocument)"),
    (Link("report as PDF", "report.pdf"),),
    (Link("methodology", "methodology.html"),),
    (Link("linkage quality", "linkage_quality.html"),),
    (Link("how contact notes were read", "note_reading.html"),),
    (Link("against the published study", "against_published.html"),),
]


def report_files(cells: pl.DataFrame, consort_counts: pl.DataFrame, facts: RunFacts) -> dict[str, bytes]:
    """report.html and report.pdf. `cells` is published_tables, `consort_counts` the crossing table."""
    document = report(cells, consort_counts, facts)
    return {"report.html": document_html(document, facts).encode("utf-8"), "report.pdf": document_pdf(document, facts)}


def report(cells: pl.DataFrame, consort_counts: pl.DataFrame, facts: RunFacts) -> Document:
    """The release, in the order of the published report."""
    shown = ShownCells(cells, facts.wording)
    figures, doubts = report_figures(shown, facts), sensitivity_sentences(shown)
    titles = [table_title(number, facts) for number in sorted(shown.tables)]
    release = Document(
        facts.title,
        facts.title,
        f"ATRs and DRRs of sentences from {facts.period}, England. Data of quarter {facts.quarter}.",
        facts.quarter,
        facts.warnings,
        [
            _summary(shown, facts),
            introduction_section(shown, consort_diagram(consort_counts, facts), facts),
            identification_section(shown, figures, facts, doubts),
            linkage_section(shown, figures, doubts),
            reconviction_section(shown, figures, facts, doubts),
            conclusion_section(shown, facts),
            improvements_section(shown),
            publications_section(),
            glossary_section(facts),
            information_section(titles, shorthand_used(cells), facts),
            enquiries_section(reader_questions(shown, facts), facts),
        ],
        RELATED,
    )
    return filled(release, facts.wording)


def _summary(shown: ShownCells, facts: RunFacts) -> Section:
    made_up = [Paragraph((Strong(MADE_UP),))] if facts.synthetic else []
    return Section(
        "summary",
        "Executive summary",
        [
            *made_up,
            Heading("key-findings", "Key findings"),
            *key_findings(shown, facts),
            Heading("in-short", "Conclusion"),
            conclusion_in_short(shown),
        ],
    )
