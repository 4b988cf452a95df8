"""Writes the statistical release as one self-contained web page.

Belongs here: putting sentences, figures and fixed text together. Does not belong here: any of the three.
"""

import polars as pl

from modelling_assets.steps.charts import Figure
from modelling_assets.steps.consort_diagram import consort_diagram
from modelling_assets.steps.declared_table import KIND_LABELS, TYPES
from modelling_assets.steps.note_text import identification_text, notes_text, termination_text, uncertainty_text
from modelling_assets.steps.render_page import render_page
from modelling_assets.steps.report_figures import MODEL_TITLES, report_figures
from modelling_assets.steps.report_text import (
    key_findings,
    model_text,
    outcome_text,
    reconviction_text,
    status_text,
)  # fmt: skip
from modelling_assets.steps.run_facts import RunFacts, words
from modelling_assets.steps.shown_cells import ShownCells
from modelling_assets.steps.table_notes import SHORTHAND
from modelling_assets.steps.write_workbook import table_title


def report_html(cells: pl.DataFrame, consort_counts: pl.DataFrame, facts: RunFacts) -> str:
    """The page report.html. `cells` is published_tables, `consort_counts` the crossing table; nothing outside it is
    loaded."""
    shown = ShownCells(cells)
    figures = report_figures(shown, facts)
    return render_page(
        "report.html.j2",
        facts=facts,
        observation_end=words(facts.observation_end),
        findings=key_findings(shown, facts),
        consort=consort_diagram(consort_counts, facts),
        figures=figures,
        identification=identification_text(shown),
        outcomes={kind: outcome_text(shown, kind) for kind in TYPES},
        uncertainty=[uncertainty_text(shown, noun) for noun in KIND_LABELS.values()],
        notes=notes_text(shown),
        terminations=termination_text(shown),
        reconvictions={kind: reconviction_text(shown, kind, facts) for kind in TYPES},
        status=status_text(shown),
        models=_models(shown, figures),
        tables=[table_title(number, facts) for number in sorted(shown.tables)],
        shorthand=SHORTHAND,
    )


def _models(shown: ShownCells, figures: dict[str, Figure]) -> list[tuple[Figure, str]]:
    return [(figures[f"T{table}"], model_text(shown, table)) for table in MODEL_TITLES if table in shown.tables]
