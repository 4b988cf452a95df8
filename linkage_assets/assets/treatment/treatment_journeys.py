"""Assets: treatment episodes and journeys of NDTMS people, under pseudonyms. Does not belong here: how they are read
and joined (steps/combining).
"""

import dagster as dg
import polars as pl

from linkage_assets.steps.treatment.build_journeys import build_journeys
from linkage_assets.steps.treatment.read_episodes import count_unusual_episodes, read_episodes
from resources.records.record_counts import record_counts
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="separating")
def treatment_episodes(
    context: dg.AssetExecutionContext,
    adult_community: pl.DataFrame,
    yp_community: pl.DataFrame,
    adult_secure: pl.DataFrame,
    yp_secure: pl.DataFrame,
    cjit: pl.DataFrame,
    treatment_pseudonyms: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Episodes of all NDTMS data sets at the end of observation, without identifiers (methodology 2.1, 3)."""
    data_sets = {
        "adult_community": adult_community,
        "yp_community": yp_community,
        "adult_secure": adult_secure,
        "yp_secure": yp_secure,
    }
    end = study.settings(context.partition_key).study.last_day_observed
    record_counts(context, count_unusual_episodes(data_sets, end))
    return read_episodes(data_sets, cjit, treatment_pseudonyms, end)


@zone_asset(group_name="combining")
def treatment_journeys(
    context: dg.AssetExecutionContext, treatment_episodes: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """Episodes of each NDTMS person joined to journeys, and CJIT contacts (methodology 2.6)."""
    return build_journeys(treatment_episodes, study.settings(context.partition_key).combining)
