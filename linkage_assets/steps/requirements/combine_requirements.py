"""Combines probation, treatment, prison and court attributes into one row per requirement (methodology 2.5.4).

Belongs here: joining tables of attributes through the key. Does not belong here: identifiers, of which none may be
read here; how each column is found (the join_, choose_ and follow_ steps); and which requirements are left out
(steps/combining/exclude_requirements.py).
"""

import polars as pl

from linkage_assets.schemas.combining import AnalysedRequirements
from linkage_assets.steps.requirements.exclude_requirements import mark_exclusions
from linkage_assets.steps.requirements.follow_requirements import find_prison, find_reconvictions
from linkage_assets.steps.treatment.choose_journeys import choose_journeys
from linkage_assets.steps.treatment.follow_treatment import follow_treatment
from linkage_assets.steps.treatment.join_same_date_records import join_same_date_records
from resources.settings.study_settings import Combining, StudySettings


def combine_requirements(
    probation_attributes: pl.DataFrame,
    pre_sentence_reports: pl.DataFrame,
    prison_receptions: pl.DataFrame,
    court_appearances: pl.DataFrame,
    treatment_journeys: pl.DataFrame,
    person_key: pl.DataFrame,
    settings: StudySettings,
) -> pl.DataFrame:
    """One row per requirement of the types studied, as schemas/combining.py CombinedRequirements, sorted by
    requirement_pseudonym: its attributes, treatment, prison and reconviction, and why it is left out.

    The tables are as declared there; `person_key` is the only bond between treatment and the rest.
    """
    combining, observation_end = settings.combining, settings.study.last_day_observed
    court_appearances = trusted_appearances(court_appearances, combining)
    parts = [
        join_same_date_records(
            probation_attributes, pre_sentence_reports, court_appearances, combining.same_date_tolerance_days
        ),
        choose_journeys(probation_attributes, treatment_journeys, person_key, combining, observation_end),
        follow_treatment(probation_attributes, treatment_journeys, person_key, combining, observation_end),
        find_prison(probation_attributes, prison_receptions, combining),
        find_reconvictions(probation_attributes, court_appearances, combining, observation_end),
    ]
    combined = probation_attributes
    for part in parts:
        combined = combined.join(part, on="requirement_pseudonym", how="left", validate="1:1")
    ordered = combined.select(list(AnalysedRequirements.to_schema().columns)).sort("requirement_pseudonym")
    return mark_exclusions(ordered, settings)


def trusted_appearances(court_appearances: pl.DataFrame, settings: Combining) -> pl.DataFrame:
    """Court appearances, without those whose defendant was found by details where `court_match_by_details` says so."""
    if settings.court_match_by_details:
        return court_appearances
    return court_appearances.filter(pl.col("matched_by") != "details")
