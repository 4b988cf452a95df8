"""Links by exact keys, and how they compare with the model's. How is in steps/links and steps/quality."""

import dagster as dg
import polars as pl

from linkage_assets.steps.links.link_deterministically import link_deterministically
from linkage_assets.steps.quality.compare_linkages import compare_linkages
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="quality")
def deterministic_pairs(
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    offender_clusters: pl.DataFrame,
    client_clusters: pl.DataFrame,
) -> pl.DataFrame:
    """Pairs of people that agree exactly on initials, date of birth, sex and authority (methodology 2.4)."""
    return link_deterministically(standardised_offenders, standardised_clients, offender_clusters, client_clusters)


@zone_asset(group_name="quality")
def linkage_comparison(
    context: dg.AssetExecutionContext,
    deterministic_pairs: pl.DataFrame,
    linked_pairs: pl.DataFrame,
    person_pairs: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Pairs of people found by the model, by exact keys or by both, and how their records compare."""
    settings = study.settings(context.partition_key).linkage
    return compare_linkages(deterministic_pairs, linked_pairs, person_pairs, settings)
