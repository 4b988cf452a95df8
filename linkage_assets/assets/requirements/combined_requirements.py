"""Assets: one row per requirement, and what each choice does to the headline figures. How is in steps/.

Belongs here: tables made of attributes and the key. Does not belong here: anything that reads an identifier.
"""

import dagster as dg
import polars as pl

from linkage_assets.steps.quality.compare_choices import compare_choices
from linkage_assets.steps.requirements.combine_requirements import combine_requirements, trusted_appearances
from linkage_assets.steps.requirements.follow_requirements import count_undated_offences
from resources.records.record_counts import record_counts
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="combining")
def combined_requirements(
    context: dg.AssetExecutionContext,
    probation_attributes: pl.DataFrame,
    pre_sentence_reports: pl.DataFrame,
    prison_receptions: pl.DataFrame,
    court_appearances: pl.DataFrame,
    treatment_journeys: pl.DataFrame,
    person_key: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """One row per ATR or DRR with treatment, prison and courts, and why it is left out (methodology 2.5.4)."""
    settings = study.settings(context.partition_key)
    trusted = trusted_appearances(court_appearances, settings.combining)
    record_counts(context, count_undated_offences(probation_attributes, trusted, settings.combining))
    return combine_requirements(
        probation_attributes,
        pre_sentence_reports,
        prison_receptions,
        court_appearances,
        treatment_journeys,
        person_key,
        settings,
    )


@zone_asset(group_name="combining")
def choice_effects(
    context: dg.AssetExecutionContext,
    probation_attributes: pl.DataFrame,
    pre_sentence_reports: pl.DataFrame,
    prison_receptions: pl.DataFrame,
    court_appearances: pl.DataFrame,
    treatment_episodes: pl.DataFrame,
    person_key: pl.DataFrame,
    complete_people: pl.DataFrame,
    complete_key: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Headline figures under each value of each setting of combining, and with all three identifiers needed, one
    changed at a time: counts and shares."""
    return compare_choices(
        probation_attributes,
        pre_sentence_reports,
        prison_receptions,
        court_appearances,
        treatment_episodes,
        person_key,
        complete_people,
        complete_key,
        study.settings(context.partition_key),
    )
