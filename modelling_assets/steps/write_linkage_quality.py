"""Writes the linkage quality report as one self-contained web page.

Belongs here: putting sentences, charts, tables and fixed text together. Does not belong here: any of the four.
"""

from pathlib import Path

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from modelling_assets.steps.consort_diagram import consort_diagram
from modelling_assets.steps.linkage_quality_charts import group_chart, threshold_chart, weight_chart
from modelling_assets.steps.linkage_quality_text import (
    MAIN_GROUPINGS,
    PLACES,
    REPORTING_ITEMS,
    decision,
    differences,
    meaning_of,
    simulated_review,
    summary,
)
from modelling_assets.steps.quality_tables import QualityTable, QualityTables
from modelling_assets.steps.run_facts import RunFacts, words
from resources.study_settings import StudySettings

NO_FIGURE = "Any headline figure"  # the only row of a setting whose values change none
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def linkage_quality_html(
    linkage_quality: pl.DataFrame, consort_counts: pl.DataFrame, facts: RunFacts, settings: StudySettings
) -> str:
    """The page linkage_quality.html, from the two crossing tables, the facts of the run and its settings."""
    tables = QualityTables(linkage_quality)
    tried = tables.groups("choices")
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True,
                              trim_blocks=True, lstrip_blocks=True)  # fmt: skip
    return environment.get_template("linkage_quality.html.j2").render(
        facts=facts,
        settings=settings,
        observation_end=words(facts.observation_end),
        decision=decision(settings.linkage.threshold_decision),
        summary=summary(tables, settings.linkage.threshold),
        differences=differences(tables),
        consort=consort_diagram(consort_counts, facts),
        charts={
            "thresholds": Markup(threshold_chart(tables)),
            "weights": Markup(weight_chart(tables)),
            "groups": Markup(group_chart(tables, MAIN_GROUPINGS)),
        },
        tables=tables,
        unchanging=[setting for setting in tried if tables.labels("choices", setting) == [NO_FIGURE]],
        meaning_of=meaning_of,
        simulated=simulated_review(tables),
        items=REPORTING_ITEMS,
        places=PLACES,
        quality_table=QualityTable,
        is_number=_is_number,
    )


def _is_number(text: str) -> bool:
    return text[:1].isdigit() or text[:1] in ("+", "\N{MINUS SIGN}", "[")
