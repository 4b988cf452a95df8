"""Assets: what probation recorded of each requirement, under pseudonyms. How is in steps/combining."""

import dagster as dg
import polars as pl

from linkage_assets.steps.requirements.collect_probation_attributes import (
    collect_pre_sentence_reports,
    collect_probation_attributes,
)
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="separating", deps=["extract_fit"])
def probation_attributes(
    context: dg.AssetExecutionContext,
    requirement: pl.DataFrame,
    offender: pl.DataFrame,
    offender_address: pl.DataFrame,
    event_disposal: pl.DataFrame,
    main_offence: pl.DataFrame,
    risk: pl.DataFrame,
    requirement_pseudonyms: pl.DataFrame,
    probation_pseudonyms: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """One row per ATR or DRR as probation recorded it, without identifiers (methodology 2.5.1, 3)."""
    return collect_probation_attributes(
        requirement,
        offender,
        offender_address,
        event_disposal,
        main_offence,
        risk,
        requirement_pseudonyms,
        probation_pseudonyms,
        study.settings(context.partition_key),
    )


@zone_asset(group_name="separating", deps=["extract_fit"])
def pre_sentence_reports(
    requirement: pl.DataFrame, pre_sentence_report: pl.DataFrame, requirement_pseudonyms: pl.DataFrame
) -> pl.DataFrame:
    """Pre-sentence reports delivered for the event of each requirement, without identifiers (methodology 2.5.4)."""
    return collect_pre_sentence_reports(requirement, pre_sentence_report, requirement_pseudonyms)
