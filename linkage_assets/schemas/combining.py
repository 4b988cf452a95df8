"""The tables of combining: attributes under pseudonyms, from what each source says to the analysed requirements.

Belongs here: declarations of tables without identifiers. Does not belong here: how they are made (steps/), the
pseudonyms themselves and the key (schemas/pseudonyms.py), and what is said of the release (schemas/release.py).
"""

from typing import ClassVar

import pandera.polars as pa
import polars as pl

from contracts.crossings import SUBSTANCES
from contracts.sources.courts import COURT_SYSTEMS
from contracts.sources.ndtms import USE_COLUMNS
from contracts.vocabulary import (
    ACCOMMODATION,
    AGE_BANDS,
    COURT_TYPES,
    DISPOSALS,
    ETHNIC_GROUPS,
    FOLLOWED_FOR,
    FORM_STAGES,
    LENGTH_BANDS,
    NOT_STUDIED_REGION,
    OGRS_BANDS,
    PSR_TYPES,
    REGIONS,
    RSR_BANDS,
    SEXES,
    STATUSES_AT_END,
    SUBSTANCE_GROUPS,
    TERMINATION_REASONS,
    TIME_BANDS,
    TREATMENT_STATUSES,
    TYPES,
)
from resources.zone.schema_check import Table

# Why a requirement is left out of the analysis, in the order in which the reasons are tried.
OUTSIDE_WINDOW = "sentenced outside the cohort's dates"
IMPOSED_LATER = "imposed on another day than the sentence"
DUPLICATE = "recorded twice for the same order"
NO_PERSON = "probation's record of the person deleted or missing"
NO_LENGTH = "without a length"
BOTH_TYPES = "on an order with both an ATR and a DRR"
MENTAL_HEALTH = "on an order with a mental health treatment requirement too"
OTHER_REGION = "in a probation region that is not studied"
NOT_LINKABLE = "of a person without enough identifiers to be linked"
EXCLUSIONS = [
    OUTSIDE_WINDOW,
    IMPOSED_LATER,
    DUPLICATE,
    NO_PERSON,
    NO_LENGTH,
    BOTH_TYPES,
    MENTAL_HEALTH,
    OTHER_REGION,
    NOT_LINKABLE,
]

DATA_SETS = ["adult_community", "yp_community", "adult_secure", "yp_secure", "cjit"]
SPELL_TYPES = ["remand", "convicted_unsentenced", "sentenced", "recall", "civil", "immigration"]


class ProbationAttributes(Table):
    """One row per requirement of the types studied, as probation recorded it, sorted by requirement_pseudonym."""

    requirement_pseudonym: str = pa.Field(unique=True, description="the requirement")
    person_pseudonym: str = pa.Field(nullable=True, description="the person; empty when the record is deleted")
    linkable: bool = pa.Field(nullable=True, description="the person had enough identifiers to be linked")
    order_pseudonym: str = pa.Field(description="the order")
    copy_number: pl.Int32 = pa.Field(ge=1, description="place among the requirements of one type on the order")
    disposal_date: pl.Date = pa.Field(description="date of sentence")
    start_date: pl.Date = pa.Field(description="date the requirement was imposed")
    termination_date: pl.Date = pa.Field(nullable=True, description="date it ended, as received")
    requirement_type: str = pa.Field(isin=[*TYPES], description="type")
    disposal_type: str = pa.Field(isin=DISPOSALS, description="order")
    sentence_year: pl.Int32 = pa.Field(description="calendar year of sentence")
    length_months: float = pa.Field(nullable=True, gt=0, description="length in months; empty when not recorded")
    length_band: str = pa.Field(isin=LENGTH_BANDS, nullable=True, description="band of the length")
    mental_health_order: bool = pa.Field(description="the order also has a mental health treatment requirement")
    recorded_court: str = pa.Field(isin=COURT_TYPES, nullable=True, description="court, as recorded")
    region: str = pa.Field(isin=[*REGIONS, NOT_STUDIED_REGION], description="probation region at sentence")
    authority: str = pa.Field(
        nullable=True,
        description="upper tier local authority of the address on the disposal date; empty when not known or outside "
        "the region. Counted by, and on no record that leaves the zone",
    )
    accommodation: str = pa.Field(isin=ACCOMMODATION, nullable=True, description="on the disposal date")
    age_band: str = pa.Field(isin=AGE_BANDS, nullable=True, description="age at sentence")
    sex: str = pa.Field(isin=SEXES, nullable=True, description="sex as probation recorded it")
    ethnic_group: str = pa.Field(isin=ETHNIC_GROUPS, nullable=True, description="as probation recorded it")
    offence_date: pl.Date = pa.Field(nullable=True, description="date of the main offence")
    offence_code: str = pa.Field(nullable=True, description="Home Office code of the main offence")
    offence_group: str = pa.Field(nullable=True, description="Home Office group of the main offence")
    drink_driving: bool = pa.Field(nullable=True, description="main offence is drink driving")
    ogrs_band: str = pa.Field(
        isin=OGRS_BANDS,
        nullable=True,
        description="OGRS3 two-year band",
    )
    rsr_band: str = pa.Field(isin=RSR_BANDS, nullable=True, description="RSR band")
    termination_reason: str = pa.Field(
        isin=TERMINATION_REASONS,
        nullable=True,
        description="how it ended; empty while active",
    )


class PreSentenceReports(Table):
    """One row per requirement and report delivered for its event, sorted by both."""

    requirement_pseudonym: str = pa.Field(description="the requirement")
    report_number: pl.Int32 = pa.Field(ge=1, description="place among the reports, by the date requested")
    psr_type: str = pa.Field(isin=PSR_TYPES, description="type delivered")
    completed_date: pl.Date = pa.Field(nullable=True, description="date completed")
    sent_to_court_date: pl.Date = pa.Field(nullable=True, description="date sent to court")


class PrisonReceptions(Table):
    """One row per reception of a person on probation into prison, sorted."""

    person_pseudonym: str = pa.Field(description="the person")
    reception_date: pl.Date = pa.Field(description="first night in custody")
    spell_type: str = pa.Field(isin=SPELL_TYPES, description="legal status")


class CourtAppearances(Table):
    """One row per court result and person it belongs to, sorted."""

    person_pseudonym: str = pa.Field(description="the person")
    case_pseudonym: str = pa.Field(str_startswith="MC", description="random pseudonym of the court case")
    matched_by: str = pa.Field(isin=["crn", "pnc", "cro", "details"], description="how the defendant was found")
    court_type: str = pa.Field(isin=["crown", "magistrates", "youth"], nullable=True, description="kind of court")
    offence_date: pl.Date = pa.Field(nullable=True, description="date of the offence, if known")
    offence_code: str = pa.Field(nullable=True, description="Home Office offence code")
    appearance_date: pl.Date = pa.Field(description="date of the appearance")
    source_system: str = pa.Field(isin=COURT_SYSTEMS, description="court system that holds the result")
    listed_outcome: bool = pa.Field(description="outcome is one of the published 70 (methodology table 2)")
    conviction_outcome: bool = pa.Field(description="of these, one that follows a conviction (our classification)")


class TreatmentEpisodes(Table):
    """One row per NDTMS episode or CJIT contact as at the end of observation, sorted by person."""

    client_pseudonym: str = pa.Field(description="NDTMS person")
    data_set: str = pa.Field(isin=DATA_SETS, description="NDTMS data set it is from")
    start_date: pl.Date = pa.Field(description="triage; day of contact for CJIT")
    end_date: pl.Date = pa.Field(nullable=True, description="discharge or closure; empty while open")
    outcome: str = pa.Field(
        isin=[*TREATMENT_STATUSES, "Transferred"],
        nullable=True,
        description="how it ended; empty while open, and for CJIT",
    )
    substance_group: str = pa.Field(isin=SUBSTANCE_GROUPS, nullable=True, description="empty for CJIT")


def _days(column: str):
    words = USE_COLUMNS[column].lower()
    return pa.Field(nullable=True, ge=0, le=28, description=f"{words}: days used in the last 28; empty if not answered")


class OutcomeForms(Table):
    """One row per form of the Treatment Outcomes Profile of a treated episode, up to the end of observation, sorted."""

    client_pseudonym: str = pa.Field(description="NDTMS person")
    episode_start: pl.Date = pa.Field(description="triage of the episode that the form belongs to")
    form_date: pl.Date = pa.Field(description="date of the form")
    stage: str = pa.Field(isin=["Start", "Review", "Exit", "After exit"], description="what the form is")
    main_substance: str = pa.Field(isin=SUBSTANCES, nullable=True, description="main problem substance of the episode")
    ALCUSE: pl.Int32 = _days("ALCUSE")
    OPIUSE: pl.Int32 = _days("OPIUSE")
    CRAUSE: pl.Int32 = _days("CRAUSE")
    COCAUSE: pl.Int32 = _days("COCAUSE")
    AMPHUSE: pl.Int32 = _days("AMPHUSE")
    CANNUSE: pl.Int32 = _days("CANNUSE")
    OTDRGUSE: pl.Int32 = _days("OTDRGUSE")


class TreatmentJourneys(Table):
    """One row per structured journey of an NDTMS person and per CJIT contact, as at the end of observation."""

    client_pseudonym: str = pa.Field(description="NDTMS person")
    kind: str = pa.Field(isin=["structured", "cjit"], description="structured treatment, or a CJIT contact")
    start_date: pl.Date = pa.Field(description="first triage; day of contact for CJIT")
    end_date: pl.Date = pa.Field(nullable=True, description="last discharge or closure; empty while open")
    outcome: str = pa.Field(
        isin=[*TREATMENT_STATUSES, "Transferred"],
        nullable=True,
        description="how it ended; empty for CJIT",
    )
    substance_group: str = pa.Field(
        isin=SUBSTANCE_GROUPS,
        nullable=True,
        description="NDTMS group over all episodes; empty for CJIT",
    )
    spells: pl.Int32 = pa.Field(ge=1, description="episodes joined in it")


class AnalysedRequirements(ProbationAttributes):
    """One row per requirement that is analysed, with treatment, prison and courts, sorted by requirement_pseudonym."""

    court_type: str = pa.Field(isin=COURT_TYPES, nullable=True, description="sentencing court")
    psr_type: str = pa.Field(
        isin=PSR_TYPES,
        nullable=True,
        description="pre-sentence report of the day",
    )
    linked_any: bool = pa.Field(description="person linked to any NDTMS record")
    linked_structured: bool = pa.Field(description="a structured journey answers for the requirement")
    linked_cjit: bool = pa.Field(description="not structured, but a CJIT contact at or after disposal")
    treatment_status: str = pa.Field(isin=TREATMENT_STATUSES, nullable=True, description="state of the journey")
    time_band: str = pa.Field(isin=TIME_BANDS, nullable=True, description="time from disposal to the journey")
    days_to_treatment: pl.Int32 = pa.Field(nullable=True, ge=0, description="days from disposal to the journey")
    days_in_treatment: pl.Int32 = pa.Field(
        nullable=True,
        ge=0,
        description="days from its start, or disposal if later, to its end; empty while open",
    )
    followed_in_treatment: str = pa.Field(
        isin=FOLLOWED_FOR,
        nullable=True,
        description="longest time from the same start within the observation",
    )
    in_treatment_at_sentence: bool = pa.Field(description="in structured treatment on the day of disposal")
    in_treatment_after_3_weeks: bool = pa.Field(nullable=True, description="in it 21 days later; empty: not observed")
    in_treatment_after_6_weeks: bool = pa.Field(nullable=True, description="in it 42 days later; empty: not observed")
    in_treatment_after_12_weeks: bool = pa.Field(nullable=True, description="in it 84 days later; empty: not observed")
    in_treatment_after_6_months: bool = pa.Field(nullable=True, description="in it 183 days later; empty: not observed")
    in_treatment_after_12_months: bool = pa.Field(
        nullable=True,
        description="in it 365 days later; empty: not observed",
    )
    status_at_requirement_end: str = pa.Field(
        isin=STATUSES_AT_END,
        nullable=True,
        description="treatment on the day it ended; empty while active",
    )
    substance_group: str = pa.Field(isin=SUBSTANCE_GROUPS, nullable=True, description="substances of the journey")
    prison_12m: bool = pa.Field(description="received into prison within the months after disposal")
    reconvicted: bool = pa.Field(description="of a further offence, within the months after disposal; a minimum")
    convicted_again: bool = pa.Field(description="of those reconvicted, by an outcome that follows a conviction")
    followed_in_full: bool = pa.Field(description="all these months lie within the observation")


class SubstanceChanges(Table):
    """One row per analysed requirement that is linked to structured treatment and substance, sorted by both."""

    requirement_pseudonym: str = pa.Field(description="the requirement")
    substance: str = pa.Field(isin=SUBSTANCES, description="substance that is asked about")
    main_problem: bool = pa.Field(nullable=True, description="main problem substance; empty without a start form")
    days_at_start: pl.Int32 = pa.Field(nullable=True, ge=0, le=28, description="days used in 28 before the start form")
    days_at_last: pl.Int32 = pa.Field(nullable=True, ge=0, le=28, description="the same of the last form after it")
    last_stage: str = pa.Field(isin=FORM_STAGES, nullable=True, description="what the last form is")

    class Config(Table.Config):
        unique: ClassVar = ["requirement_pseudonym", "substance"]


class CombinedRequirements(AnalysedRequirements):
    """One row per requirement of the types studied and the reason it is left out, sorted by requirement_pseudonym."""

    exclusion: str = pa.Field(
        isin=EXCLUSIONS,
        nullable=True,
        description="first reason it is left out; empty when analysed",
    )


class ThresholdLinks(Table):
    """One row per analysed requirement, sorted by requirement_pseudonym: up to which threshold it stays linked."""

    requirement_pseudonym: str = pa.Field(unique=True, description="the requirement")
    linked_up_to_threshold: float = pa.Field(
        nullable=True,
        gt=0,
        lt=1,
        description="highest threshold tried at which a structured journey answers for it; empty when at none",
    )


TABLES = {
    "probation_attributes": ProbationAttributes,
    "pre_sentence_reports": PreSentenceReports,
    "prison_receptions": PrisonReceptions,
    "court_appearances": CourtAppearances,
    "treatment_episodes": TreatmentEpisodes,
    "outcome_forms": OutcomeForms,
    "treatment_journeys": TreatmentJourneys,
    "combined_requirements": CombinedRequirements,
    "analysed_requirements": AnalysedRequirements,
    "substance_changes": SubstanceChanges,
    "threshold_links": ThresholdLinks,
}
