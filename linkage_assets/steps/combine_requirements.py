"""Combines probation, treatment, prison and court data into one row per requirement (methodology 2.5.4).

Belongs here: which requirements are studied, and putting their columns together. Does not belong here: how each
column is found (the describe_, choose_ and follow_ steps), and which requirements are left out
(steps/exclude_requirements.py).
"""

import polars as pl

from linkage_assets.steps.choose_journeys import TREATMENT_COLUMNS, choose_journeys
from linkage_assets.steps.describe_requirements import (
    describe_accommodation,
    describe_courts,
    describe_offences,
    describe_people,
    describe_requirement_rows,
)
from linkage_assets.steps.follow_requirements import find_prison, find_reconvictions
from resources.study_settings import StudySettings

IDENTIFIERS = ["requirement_id", "crn", "cluster_id", "linkable", "event_id", "disposal_id"]
DATES = ["disposal_date", "start_date", "termination_date"]
ATTRIBUTES = [
    "requirement_type", "disposal_type", "sentence_year", "length_months", "length_band", "court_type", "region",
    "accommodation", "age_band", "sex", "ethnic_group", "offence_group", "drink_driving", "ogrs_band", "rsr_band",
    "psr_type",
]
OUTCOMES = [*TREATMENT_COLUMNS, "prison_12m", "termination_reason", "reconvicted", "followed_in_full"]


def combine_requirements(
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
    settings: StudySettings,
) -> pl.DataFrame:
    """One row per requirement of the types studied, sorted by requirement_id, with IDENTIFIERS, DATES, ATTRIBUTES and
    OUTCOMES; the extracts are as declared in contracts/extracts.py.

    A person is a cluster: cluster_id is null when probation's record of the person is deleted or missing, and linkable
    is whether any CRN of the cluster went into linkage. Prison and courts are followed for all CRNs of a cluster.
    """
    study, combining, observation_end = settings.study, settings.combining, settings.study.last_day_observed
    people = _people(offender, offender_clusters)
    person_of_crn = people.select("crn", person="cluster_id")
    studied = requirement.filter(pl.col("requirement_type").is_in(study.requirement_types)).join(
        people, on="crn", how="left", maintain_order="left"
    )
    index = studied.join(
        main_offence.unique("event_id", keep="first", maintain_order=True), on="event_id", how="left",
        maintain_order="left",
    ).select("requirement_id", "disposal_date", "offence_date", "offence_code", person="cluster_id")
    parts = [
        describe_requirement_rows(studied, observation_end),
        describe_people(studied, offender, settings.linkage),
        describe_offences(studied, main_offence, risk),
        describe_courts(studied, event_disposal, pre_sentence_report, court_appearances),
        describe_accommodation(studied, offender_address, settings.linkage.no_fixed_abode_postcodes),
        choose_journeys(studied, treatment_journeys, person_key, combining, observation_end),
        find_prison(index, offender, person_of_crn, prison_spell, combining, observation_end),
        find_reconvictions(index, person_of_crn, court_appearances, combining, observation_end),
    ]
    combined = studied.select(*IDENTIFIERS, *DATES, "requirement_type")
    for part in parts:
        combined = combined.join(part, on="requirement_id", how="left", maintain_order="left", validate="1:1")
    return combined.select(*IDENTIFIERS, *DATES, *ATTRIBUTES, *OUTCOMES).sort("requirement_id")


def _people(offender: pl.DataFrame, offender_clusters: pl.DataFrame) -> pl.DataFrame:
    """crn, cluster_id and linkable of every person whose record stands."""
    standing = offender.filter(pl.col("soft_deleted") == "0").select("crn")
    clusters = standing.join(offender_clusters.select("crn", "cluster_id", "linkable"), on="crn", how="left")
    return clusters.with_columns(pl.coalesce("cluster_id", "crn"), pl.col("linkable").fill_null(False)).with_columns(
        pl.col("linkable").any().over("cluster_id")
    )
