"""Writes the linkage quality report as one self-contained web page.

Belongs here: the values of its templates: sentences, charts and tables. Does not belong here: prose
(templates/linkage_quality_page), sentences with figures in them (linkage_quality_text.py), charts (figures).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from publication_assets.steps.comparison.choices import CHOICES
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.documents.write_document import write_document
from publication_assets.steps.figures.of_quality.linkage_quality_charts import (
    court_chart,
    group_chart,
    threshold_chart,
    weight_chart,
)
from publication_assets.steps.figures.of_report.consort_diagram import consort_diagram
from publication_assets.steps.quality.court_coverage_text import court_coverage
from publication_assets.steps.quality.linkage_quality_text import (
    ACCEPTED_HEADERS,
    ALL,
    MAIN_GROUPINGS,
    accepted_rows,
    decision,
    differences,
    review_title,
    simulated_review,
    summary,
)
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from publishing.charts.charts import Figure
from publishing.documents.document import Bullets, Document, Drawing, Grid
from publishing.documents.fill_template import Value
from publishing.documents.render_document import document_html
from resources.settings.study_settings import Linkage, StudySettings
from resources.zone.gates import Acceptance

PEOPLE = {ALL: "People"}
IMPORTANT_DIFFERENCE = 0.1  # standardised; Austin, Statistics in Medicine, 2009
NO_FIGURE = "Any headline figure"  # the only row of a setting whose values change none
# The facts' own warnings speak of statistics; here the warning is of rates of linkage.
SYNTHETIC = (
    "Synthetic data: every record was made up by a program. No figure here describes real people, and no rate or "
    "error here says how well real records can be linked."
)


def linkage_quality_html(
    linkage_quality: pl.DataFrame,
    consort_counts: pl.DataFrame,
    facts: RunFacts,
    settings: StudySettings,
    accepted: Sequence[Acceptance] = (),
) -> str:
    """The page linkage_quality.html, from the two crossing tables, the facts of the run and its settings.

    `accepted`: decisions to go on against a check. The page has no value of theirs, which may be a small count.
    """
    return document_html(linkage_quality_report(linkage_quality, consort_counts, facts, settings, accepted), facts)


def linkage_quality_report(
    linkage_quality: pl.DataFrame,
    consort_counts: pl.DataFrame,
    facts: RunFacts,
    settings: StudySettings,
    accepted: Sequence[Acceptance] = (),
) -> Document:
    """The report as a document."""
    values = linkage_quality_values(linkage_quality, consort_counts, facts, settings, accepted)
    return write_document("linkage_quality_page", values, facts, warnings=[SYNTHETIC] if facts.synthetic else [])


def linkage_quality_values(
    linkage_quality: pl.DataFrame,
    consort_counts: pl.DataFrame,
    facts: RunFacts,
    settings: StudySettings,
    accepted: Sequence[Acceptance] = (),
) -> Mapping[str, Value]:
    """What the templates of the report name."""
    tables = QualityTables(linkage_quality, facts.synthetic_mark)
    decided = Grid(facts.marked("Decisions to go on against a check"), ACCEPTED_HEADERS, accepted_rows(accepted))
    return {
        "summary": summary(tables, settings.linkage.threshold),
        "half_of_rounding": facts.disclosure_threshold // 2,
        "figure_consort": Drawing(consort_diagram(consort_counts, facts)),
        **_linkage_values(settings.linkage),
        **_figures(tables, facts),
        **_tables(tables),
        **_tables_by_group(tables),
        **_choices(tables),
        **_drift(tables),
        "simulated_pair_review": tables.has("review") and simulated_review(tables),
        "differences": differences(tables, facts.level),
        "important_difference": f"{IMPORTANT_DIFFERENCE:g}",
        "sampling_errors": f"{settings.drift.sampling_errors:g}",
        "court_coverage": court_coverage(tables, settings.drift.court_results_fall),
        "table_accepted": [decided] if accepted else [],
    }


def _linkage_values(linkage: Linkage) -> Mapping[str, Value]:
    return {
        "minimum_identifiers": linkage.minimum_identifiers,
        "earliest_birth_date": words(linkage.earliest_birth_date),
        "dedupe_threshold": str(linkage.dedupe_threshold),
        "client_dedupe_threshold": str(linkage.client_dedupe_threshold),
        "lowest_probability": str(linkage.lowest_probability),
        "term_frequencies": bool(linkage.term_frequencies),
        "threshold_decision": decision(linkage),
        "model_name": linkage.model.name,
    }


def _figures(tables: QualityTables, facts: RunFacts) -> Mapping[str, Value]:
    drawn = {
        "weights": ("Match weight of every level of agreement", weight_chart(tables)),
        "thresholds": ("People on probation linked at each threshold", threshold_chart(tables)),
        "groups": ("Share of people linked, by group", group_chart(tables, MAIN_GROUPINGS)),
        "courts": ("Court results by quarter and court system", court_chart(tables)),
    }
    return {
        f"figure_{name}": [Drawing(Figure(str(number), facts.marked(title), "", wide, [], [], narrow=narrow))]
        if wide
        else []
        for number, (name, (title, (wide, narrow))) in enumerate(drawn.items(), 1)
    }


def _tables(tables: QualityTables) -> Mapping[str, Value]:
    return {
        "table_people": tables.grid("people", "Records, identifiers and people", "System"),
        "table_blocking": tables.grid("blocking", "Candidate pairs by blocking rule", "Rule"),
        "table_model": tables.grid("model", "m, u and weight of every level", "Comparison and level"),
        "table_prior": tables.grid("prior", "Prior", "Quantity"),
        "table_contradictions": tables.grid(
            "contradictions", "Links before and after contradictions are resolved", "Item"
        ),
        "table_comparator": tables.grid("comparator", "Pairs of people by linkage method", "Method"),
        "table_errors": tables.grid("errors", "Expected false and missed links", "Probability"),
        "table_review_results": tables.grid(
            "review", f"{review_title(tables)}, at the threshold of this run", "Measure", "Results"
        ),
        "table_review_design": tables.grid("review", "How the review was done", "Item", "Design"),
        "table_near": tables.grid("near threshold", "Pairs by distance from the threshold", "Bits from the threshold"),
        "table_courts": tables.grid("court coverage", "Court results by quarter and court system", "Quarter"),
    }


def _tables_by_group(tables: QualityTables) -> Mapping[str, Value]:
    def each(section: str, caption: Callable[[str], str], row_header: str = "") -> list[Grid]:
        """A table for each group; the rows are named after the group where `row_header` is empty."""
        return [
            grid
            for group in tables.groups(section)
            for grid in tables.grid(section, caption(group), row_header or PEOPLE.get(group, group), group)
        ]

    def errors_by(group: str) -> str:
        return "Linkage and expected errors, " + ("all people" if group == ALL else f"by {group.lower()}")

    return {
        "tables_completeness": each("completeness", "Identifiers recorded, {}".format, "Field"),
        "tables_thresholds": each("thresholds", "Links by threshold, {}".format, "Threshold"),
        "tables_comparator_patterns": each(
            "comparator patterns", lambda group: f"Comparisons that do not agree, {group.lower()}", "Comparison"
        ),
        "tables_groups": each("groups", errors_by),
        "tables_profile": each("profile", lambda group: f"Linked and unlinked people, by {group.lower()}"),
        "tables_near_patterns": each(
            "near threshold patterns", lambda group: f"Comparisons that do not agree: {group.lower()}", "Comparison"
        ),
    }


def _choices(tables: QualityTables) -> Mapping[str, Value]:
    tried = tables.groups("choices")
    without_effect = [setting for setting in tried if tables.labels("choices", setting) == [NO_FIGURE]]
    return {
        "choices": bool(tried),
        "settings_without_effect": [Bullets([CHOICES[setting].decides for setting in without_effect])]
        if without_effect
        else [],
        "tables_choices": [
            replace(grid, headers=[grid.headers[0], *map(CHOICES[setting].header, grid.headers[1:])])
            for setting in tried
            if setting not in without_effect
            for grid in tables.grid("choices", CHOICES[setting].decides, "Headline figure", setting)
        ],
    }


def _drift(tables: QualityTables) -> Mapping[str, Value]:
    return {
        "drift": tables.has("drift"),
        "drift_compared": [
            f"{part}: compared with {tables.text('drift', part, 'Compared with')}." for part in tables.labels("drift")
        ],
        "tables_drift": [
            grid
            for group in tables.groups("drift")
            if group
            for grid in tables.grid("drift", f"{group}: this quarter, training and the last quarter", "Measure", group)
        ],
    }
