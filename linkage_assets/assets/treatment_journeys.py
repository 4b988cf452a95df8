"""Asset: treatment journeys of NDTMS clients. Does not belong here: how they are built (steps/build_journeys.py)."""

import dagster as dg
import polars as pl

from linkage_assets.steps.build_journeys import build_journeys, count_unusual_episodes
from resources.dagster_resources import StudyResource
from resources.zone_asset import zone_asset


@zone_asset(group_name="combining")
def treatment_journeys(
    context: dg.AssetExecutionContext,
    adult_community: pl.DataFrame,
    yp_community: pl.DataFrame,
    cjit: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Episodes of each client joined to journeys, and CJIT contacts, at the end of observation (methodology 2.6)."""
    settings = study.settings(context.partition_key)
    end = settings.study.last_day_observed
    context.add_output_metadata(count_unusual_episodes(adult_community, yp_community, end))
    return build_journeys(adult_community, yp_community, cjit, settings.combining.journey_gap_days, end)
