"""Writes the linkage quality report as one self-contained web page.

Belongs here: putting sentences, charts, tables and fixed text together. Does not belong here: any of the four.
"""

from collections.abc import Sequence

import polars as pl
from markupsafe import Markup

from modelling_assets.steps.documents.document import Grid
from modelling_assets.steps.documents.render_page import render_page
from modelling_assets.steps.documents.run_facts import RunFacts, words
from modelling_assets.steps.figures.consort_diagram import consort_diagram
from modelling_assets.steps.figures.linkage_quality_charts import (
    court_chart,
    group_chart,
    threshold_chart,
    weight_chart,
)
from modelling_assets.steps.quality.court_coverage_text import court_coverage
from modelling_assets.steps.quality.linkage_quality_text import (
    ACCEPTED_HEADERS,
    MAIN_GROUPINGS,
    PLACES,
    REPORTING_ITEMS,
    accepted_rows,
    decision,
    differences,
    meaning_of,
    simulated_review,
    summary,
)
from modelling_assets.steps.tables.quality_tables import QualityTables
from resources.gates import Acceptance
from resources.study_settings import StudySettings

NO_FIGURE = "Any headline figure"  # the only row of a setting whose values change none
# The facts' own warnings speak of statistics; here the warning is of rates of linkage.
SYNTHETIC = (
    "Synthetic data: every record was made up by a program. No figure here describes real people, and no rate or "
    "error here says how well real records can be linked."
)


def linkage_quality_html(
    linkage_quality: pl.DataFrame, consort_counts: pl.DataFrame, facts: RunFacts, settings: StudySettings,
    accepted: Sequence[Acceptance] = (),
) -> str:
    """The page linkage_quality.html, from the two crossing tables, the facts of the run and its settings.

    `accepted`: decisions to go on against a check. The page has no value of theirs, which may be a small count.
    """
    tables = QualityTables(linkage_quality)
    tried = tables.groups("choices")
    return render_page(
        "linkage_quality.html.j2",
        facts,
        warnings=[SYNTHETIC] if facts.synthetic else [],
        settings=settings,
        observation_end=words(facts.observation_end),
        earliest_birth_date=words(settings.linkage.earliest_birth_date),
        decision=decision(settings.linkage),
        summary=summary(tables, settings.linkage.threshold),
        differences=differences(tables),
        consort=consort_diagram(consort_counts, facts),
        charts={
            "thresholds": Markup(threshold_chart(tables)),
            "weights": Markup(weight_chart(tables)),
            "groups": Markup(group_chart(tables, MAIN_GROUPINGS)),
            "courts": Markup(court_chart(tables)),
        },
        tables=tables,
        court_coverage=court_coverage(tables, settings.drift.court_results_fall),
        unchanging=[setting for setting in tried if tables.labels("choices", setting) == [NO_FIGURE]],
        meaning_of=meaning_of,
        simulated=simulated_review(tables),
        accepted=accepted_rows(accepted),
        items=REPORTING_ITEMS,
        places=PLACES,
        accepted_headers=ACCEPTED_HEADERS,
        quality_table=Grid,
    )
