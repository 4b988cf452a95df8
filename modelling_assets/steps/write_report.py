"""Writes the statistical release as one self-contained web page.

Belongs here: putting sentences, figures and fixed text together. Does not belong here: any of the three.
"""

from pathlib import Path

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from modelling_assets.steps.charts import Figure
from modelling_assets.steps.consort_diagram import consort_diagram
from modelling_assets.steps.declared_table import TYPES
from modelling_assets.steps.report_figures import MODEL_TITLES, report_figures
from modelling_assets.steps.report_text import (
    identification_text,
    key_findings,
    model_text,
    notes_text,
    outcome_text,
    reconviction_text,
    status_text,
)  # fmt: skip
from modelling_assets.steps.run_facts import RunFacts, words
from modelling_assets.steps.shown_cells import ShownCells
from modelling_assets.steps.table_list import SHORTHAND
from modelling_assets.steps.write_workbook import table_title

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def report_html(cells: pl.DataFrame, consort_counts: pl.DataFrame, facts: RunFacts) -> str:
    """The page report.html. `cells` is published_tables, `consort_counts` the crossing table; nothing outside it is
    loaded."""
    shown = ShownCells(cells)
    figures = report_figures(shown, facts)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True,
                              trim_blocks=True, lstrip_blocks=True)  # fmt: skip
    environment.filters["svg"] = lambda figure: Markup(figure.svg)
    return environment.get_template("report.html.j2").render(
        facts=facts,
        observation_end=words(facts.observation_end),
        findings=key_findings(shown, facts),
        consort=consort_diagram(consort_counts, facts),
        figures=figures,
        identification=identification_text(shown),
        outcomes={kind: outcome_text(shown, kind) for kind in TYPES},
        notes=notes_text(shown),
        reconvictions={kind: reconviction_text(shown, kind, facts) for kind in TYPES},
        status=status_text(shown),
        models=_models(shown, figures),
        tables=[table_title(number, facts) for number in sorted(shown.tables)],
        shorthand=SHORTHAND,
    )


def _models(shown: ShownCells, figures: dict[str, Figure]) -> list[tuple[Figure, str]]:
    return [(figures[f"T{table}"], model_text(shown, table)) for table in MODEL_TITLES if table in shown.tables]
