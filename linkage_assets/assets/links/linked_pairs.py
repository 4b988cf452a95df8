"""Pairs of people, and which of them are links. How is in steps/links."""

import dagster as dg
import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.steps.links.link_pairs import link_pairs
from linkage_assets.steps.links.pair_people import pair_people
from resources.extracts.extract_folder import ExtractFolder
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK


@zone_asset(group_name="linking", deps=["linkage_drift"])
def person_pairs(
    scored_pairs: pl.DataFrame, offender_clusters: pl.DataFrame, client_clusters: pl.DataFrame
) -> pl.DataFrame:
    """Best pair of each probation and NDTMS person, with the probability normalised over the person's candidates."""
    return pair_people(scored_pairs, offender_clusters, client_clusters)


@zone_asset(group_name="linking", metadata=READS_MARK)
def linked_pairs(
    context: dg.AssetExecutionContext, person_pairs: pl.DataFrame, study: StudyResource, extracts: ExtractFolder
) -> pl.DataFrame:
    """Pairs of people at or above the threshold (methodology 2.5.3)."""
    quarter = context.partition_key
    synthetic = extracts.synthetic(quarter, LINKAGE_EXTRACTS) is not None
    return link_pairs(person_pairs, study.settings(quarter).linkage, synthetic)
