"""Collects what the linkage quality report says: the crossing table linkage_quality (contracts/crossings.py).

Belongs here: which parts there are and in which order. Does not belong here: their layout (linkage_quality_sections.py,
linkage_error_sections.py), disclosure control (quality_cells.py), and any word of the page (modelling zone).
"""

from typing import Any

import polars as pl

from linkage_assets.steps.quality.court_coverage_section import add_court_coverage
from linkage_assets.steps.quality.linkage_error_sections import (
    add_choices,
    add_drift,
    add_errors,
    add_groups,
    add_near_threshold,
    add_profile,
    add_review,
)
from linkage_assets.steps.quality.linkage_quality_sections import (
    add_blocking,
    add_comparator,
    add_completeness,
    add_contradictions,
    add_model,
    add_people,
    add_thresholds,
)
from linkage_assets.steps.quality.quality_cells import QualityCells
from resources.settings.study_settings import StudySettings


def collect_linkage_quality(
    tables: dict[str, pl.DataFrame], review_findings: dict[str, Any] | None, settings: StudySettings, synthetic: bool
) -> pl.DataFrame:
    """The figures of the report after disclosure control, in its order, as contracts/crossings.py LinkageQuality.

    `tables`: tables of the zone by name. `review_findings`: of the clerical review, if there was one. `synthetic`:
    the extracts were made up.
    """
    cells = QualityCells(settings.publication.disclosure_threshold, settings.publication.minimum_base)
    offenders, clients = tables["standardised_offenders"], tables["standardised_clients"]
    pairs, links = tables["person_pairs"], tables["linked_pairs"]
    add_completeness(cells, offenders, clients)
    add_people(cells, offenders, clients, tables["offender_clusters"], tables["client_clusters"])
    add_blocking(cells, pairs, links, settings.linkage)
    add_model(cells, tables["linkage_model"])
    add_thresholds(cells, tables["link_counts"])
    add_contradictions(cells, links, tables["person_key"], tables["consort_counts"])
    add_comparator(cells, tables["linkage_comparison"])
    add_errors(cells, tables["estimated_errors"])
    add_review(cells, review_findings, pairs.height)
    add_groups(cells, tables["linkage_errors"], settings.modelling.confidence_level)
    add_profile(cells, tables["linked_profile"])
    add_near_threshold(cells, tables["pairs_near_threshold"])
    add_choices(cells, tables["choice_effects"])
    add_drift(cells, tables["linkage_drift"], tables["source_drift"])
    add_court_coverage(cells, tables["court_coverage"])
    return cells.frame(synthetic)
