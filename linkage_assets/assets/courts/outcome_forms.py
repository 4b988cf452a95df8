"""Asset: the forms that say how many days people in treatment used a substance, under pseudonyms. How is in
steps/combining. Does not belong here: what crosses of them (assets/substance_use.py).
"""

import dagster as dg
import polars as pl

from linkage_assets.steps.courts.read_outcome_forms import count_outcome_forms, read_outcome_forms
from resources.records.record_counts import record_counts
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="separating")
def outcome_forms(
    context: dg.AssetExecutionContext,
    outcome_profile: pl.DataFrame,
    adult_community: pl.DataFrame,
    yp_community: pl.DataFrame,
    adult_secure: pl.DataFrame,
    yp_secure: pl.DataFrame,
    treatment_pseudonyms: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Forms of the Treatment Outcomes Profile of treated episodes, without identifiers; none where none were sent."""
    data_sets = {
        "adult_community": adult_community,
        "yp_community": yp_community,
        "adult_secure": adult_secure,
        "yp_secure": yp_secure,
    }
    settings = study.settings(context.partition_key)
    forms = read_outcome_forms(
        outcome_profile, data_sets, treatment_pseudonyms, settings.combining, settings.study.last_day_observed
    )
    record_counts(context, count_outcome_forms(outcome_profile, forms))
    return forms
