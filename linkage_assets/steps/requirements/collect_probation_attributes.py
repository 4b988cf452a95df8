"""Collects what probation recorded of each requirement, and puts it under pseudonyms.

Belongs here: probation's identifiers and attributes in, attributes without identifiers out. Does not belong here: how
each attribute is found (steps/combining/describe_requirements.py), nor what prison, courts and treatment say.
"""

import polars as pl

from linkage_assets.schemas.combining import ProbationAttributes
from linkage_assets.steps.requirements.combining_code_lists import COURTS, pre_sentence_report_types
from linkage_assets.steps.requirements.describe_authority import describe_authority
from linkage_assets.steps.requirements.describe_requirements import (
    describe_accommodation,
    describe_offences,
    describe_people,
    describe_requirement_rows,
)
from resources.settings.study_settings import StudySettings


def collect_probation_attributes(
    requirement: pl.DataFrame,
    offender: pl.DataFrame,
    offender_address: pl.DataFrame,
    event_disposal: pl.DataFrame,
    main_offence: pl.DataFrame,
    risk: pl.DataFrame,
    requirement_pseudonyms: pl.DataFrame,
    probation_pseudonyms: pl.DataFrame,
    settings: StudySettings,
) -> pl.DataFrame:
    """One row per requirement of the types studied, as schemas/combining.py ProbationAttributes; the extracts are as
    declared in contracts/sources.

    person_pseudonym and linkable are null when probation's record of the person is deleted or missing. copy_number
    orders requirements of one type on one order by probation's id, so that the choice among them stays the same from
    one release to the next.
    """
    studied = requirement.filter(pl.col("requirement_type").is_in(settings.study.requirement_types))
    same_type = ("disposal_id", "requirement_type")
    mental_health = requirement.filter(requirement_type="MHTR")["disposal_id"].unique()
    addresses = describe_accommodation(studied, offender_address, settings.linkage.no_fixed_abode_postcodes)
    parts = [
        describe_requirement_rows(studied, settings.study.last_day_observed),
        describe_people(studied, offender, settings.linkage),
        describe_offences(studied, main_offence, risk),
        addresses.drop("postcode"),
        describe_authority(studied, addresses, settings.linkage),
        requirement_pseudonyms.select("requirement_id", "requirement_pseudonym", "order_pseudonym"),
    ]
    rows = studied.with_columns(
        copy_number=pl.col("requirement_id").rank("ordinal").over(same_type).cast(pl.Int32),
        mental_health_order=pl.col("disposal_id").is_in(mental_health.implode()),
    )
    for part in parts:
        # What is described replaces what was received under the same name, such as the type of the order.
        rows = rows.drop([name for name in part.columns if name != "requirement_id"], strict=False).join(
            part, on="requirement_id", how="left", validate="1:1"
        )
    courts = event_disposal.unique("event_id", keep="first", maintain_order=True)
    offences = main_offence.unique("event_id", keep="first", maintain_order=True)
    people = probation_pseudonyms.select("crn", "person_pseudonym", "linkable")
    court = pl.col("sentencing_court_type").replace_strict(COURTS, default=None, return_dtype=pl.String)
    return (
        rows.join(people, on="crn", how="left")
        .join(courts.select("event_id", recorded_court=court), on="event_id", how="left")
        .join(offences.select("event_id", "offence_date", "offence_code"), on="event_id", how="left")
        .select(list(ProbationAttributes.to_schema().columns))
        .sort("requirement_pseudonym")
    )


def collect_pre_sentence_reports(
    requirement: pl.DataFrame, pre_sentence_report: pl.DataFrame, requirement_pseudonyms: pl.DataFrame
) -> pl.DataFrame:
    """Reports delivered for the event of each requirement: requirement_pseudonym, report_number (by the date
    requested, then by probation's id), psr_type, completed_date, sent_to_court_date; sorted by the first two."""
    delivered = pl.col("type_delivered").replace_strict(
        pre_sentence_report_types(), default=None, return_dtype=pl.String
    )
    return (
        requirement.select("requirement_id", "event_id")
        .join(requirement_pseudonyms.select("requirement_id", "requirement_pseudonym"), on="requirement_id")
        .join(pre_sentence_report.with_columns(psr_type=delivered).drop_nulls("psr_type"), on="event_id")
        .sort("requirement_pseudonym", "date_requested", "report_id")
        .with_columns(report_number=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("requirement_pseudonym"))
        .select("requirement_pseudonym", "report_number", "psr_type", "completed_date", "sent_to_court_date")
    )
