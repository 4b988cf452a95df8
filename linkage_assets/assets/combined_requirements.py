"""Asset: one row per requirement received. Does not belong here: how its columns are found (steps/)."""

import dagster as dg
import polars as pl

from linkage_assets.steps.combine_requirements import combine_requirements
from linkage_assets.steps.exclude_requirements import mark_exclusions
from resources.dagster_resources import StudyResource
from resources.zone_asset import zone_asset


@zone_asset(group_name="combining")
def combined_requirements(
    context: dg.AssetExecutionContext,
    requirement: pl.DataFrame,
    offender: pl.DataFrame,
    offender_address: pl.DataFrame,
    event_disposal: pl.DataFrame,
    main_offence: pl.DataFrame,
    risk: pl.DataFrame,
    pre_sentence_report: pl.DataFrame,
    prison_spell: pl.DataFrame,
    court_appearances: pl.DataFrame,
    treatment_journeys: pl.DataFrame,
    offender_clusters: pl.DataFrame,
    person_key: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """One row per ATR or DRR with treatment, prison and courts, and why it is left out (methodology 2.5.4)."""
    settings = study.settings(context.partition_key)
    combined = combine_requirements(
        requirement, offender, offender_address, event_disposal, main_offence, risk, pre_sentence_report, prison_spell,
        court_appearances, treatment_journeys, offender_clusters, person_key, settings,
    )
    return mark_exclusions(combined, settings)
