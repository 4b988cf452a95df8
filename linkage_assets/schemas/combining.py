"""The tables of combining, from treatment journeys to what crosses to the other zones.

Belongs here: declarations of tables. Does not belong here: how they are made (steps/).
"""

import pandera.polars as pa
import polars as pl

from contracts.crossings import (
    LENGTH_BANDS,
    REGIONS,
    SUBSTANCE_GROUPS,
    TERMINATION_REASONS,
    TIME_BANDS,
    TREATMENT_STATUSES,
    AnonymisedRequirements,
    ConsortCounts,
    NoteRequest,
)
from resources.schema_check import Table

# Why a requirement is left out of the analysis, in the order in which the reasons are tried.
OUTSIDE_WINDOW = "sentenced outside the cohort's dates"
DUPLICATE = "recorded twice for the same order"
NO_PERSON = "probation's record of the person deleted or missing"
NO_LENGTH = "without a length"
BOTH_TYPES = "order has both an ATR and a DRR"
OTHER_REGION = "in a probation region that is not studied"
NOT_LINKABLE = "person without enough identifiers to be linked"
EXCLUSIONS = [OUTSIDE_WINDOW, DUPLICATE, NO_PERSON, NO_LENGTH, BOTH_TYPES, OTHER_REGION, NOT_LINKABLE]


class TreatmentJourneys(Table):
    """One row per structured journey of an NDTMS client and per CJIT contact, as at the end of observation."""

    client_id: str = pa.Field(description="NDTMS client")
    kind: str = pa.Field(isin=["structured", "cjit"], description="structured community treatment, or a CJIT contact")
    start_date: pl.Date = pa.Field(description="first triage; day of contact for CJIT")
    end_date: pl.Date = pa.Field(nullable=True, description="last discharge or closure; empty while open")
    outcome: str = pa.Field(
        isin=[*TREATMENT_STATUSES, "Transferred"], nullable=True, description="how it ended; empty for CJIT",
    )
    substance_group: str = pa.Field(
        isin=SUBSTANCE_GROUPS, nullable=True, description="NDTMS group over all episodes; empty for CJIT",
    )
    spells: pl.Int32 = pa.Field(ge=1, description="episodes joined in it")


class CourtAppearances(Table):
    """One row per court result and CRN it belongs to, sorted by both."""

    result_id: str = pa.Field(description="result key")
    crn: str = pa.Field(description="person on probation")
    matched_by: str = pa.Field(isin=["crn", "pnc", "cro", "details"], description="how the defendant was found")
    case_id: str = pa.Field(description="court case")
    court_type: str = pa.Field(isin=["crown", "magistrates", "youth"], nullable=True, description="kind of court")
    offence_date: pl.Date = pa.Field(nullable=True, description="date of the offence, if known")
    offence_code: str = pa.Field(nullable=True, description="Home Office offence code")
    appearance_date: pl.Date = pa.Field(description="date of the appearance")
    listed_outcome: bool = pa.Field(description="outcome is one of the published 70 (methodology table 2)")
    conviction_outcome: bool = pa.Field(description="of these, one that follows a conviction (our classification)")

    class Config(Table.Config):
        unique = ["result_id", "crn"]


class AnalysedRequirements(Table):
    """One row per requirement that is analysed, with identifiers, sorted by requirement_id."""

    requirement_id: str = pa.Field(unique=True, description="requirement key")
    crn: str = pa.Field(description="person on probation")
    cluster_id: str = pa.Field(nullable=True, description="person; empty when the record is deleted or missing")
    linkable: bool = pa.Field(nullable=True, description="the person had enough identifiers to be linked")
    event_id: str = pa.Field(description="event sentenced")
    disposal_id: str = pa.Field(description="order")
    disposal_date: pl.Date = pa.Field(description="date of sentence")
    start_date: pl.Date = pa.Field(description="date the requirement was imposed")
    termination_date: pl.Date = pa.Field(nullable=True, description="date it ended, as received")
    requirement_type: str = pa.Field(isin=["ATR", "DRR"], description="type")
    disposal_type: str = pa.Field(isin=["Community order", "Suspended sentence order"], description="order")
    sentence_year: pl.Int32 = pa.Field(description="calendar year of sentence")
    length_months: float = pa.Field(nullable=True, gt=0, description="length in months; empty when not recorded")
    length_band: str = pa.Field(isin=LENGTH_BANDS, nullable=True, description="band of the length")
    court_type: str = pa.Field(isin=["Magistrates", "Crown"], nullable=True, description="sentencing court")
    region: str = pa.Field(isin=[*REGIONS, "Wales"], description="probation region at sentence")
    accommodation: str = pa.Field(
        isin=["Settled", "Bail or probation accommodation", "Other housed", "No fixed address", "Rough sleeping"],
        nullable=True, description="accommodation on the disposal date",
    )
    age_band: str = pa.Field(
        isin=["18 to 29", "30 to 39", "40 to 49", "50 and over"], nullable=True, description="age at sentence",
    )
    sex: str = pa.Field(isin=["Male", "Female"], nullable=True, description="sex as probation recorded it")
    ethnic_group: str = pa.Field(
        isin=["White", "Asian", "Black", "Mixed", "Other"], nullable=True,
        description="ethnic group as probation recorded it",
    )
    offence_group: str = pa.Field(nullable=True, description="Home Office group of the main offence")
    drink_driving: bool = pa.Field(nullable=True, description="main offence is drink driving")
    ogrs_band: str = pa.Field(
        isin=["Low", "Medium", "High", "Very high"], nullable=True, description="OGRS3 two-year band",
    )
    rsr_band: str = pa.Field(isin=["Low", "Medium", "High"], nullable=True, description="RSR band")
    psr_type: str = pa.Field(
        isin=["Fast", "Oral", "Standard"], nullable=True, description="pre-sentence report delivered",
    )
    linked_any: bool = pa.Field(description="person linked to any NDTMS record")
    linked_structured: bool = pa.Field(description="a structured journey answers for the requirement")
    linked_cjit: bool = pa.Field(description="not structured, but a CJIT contact at or after disposal")
    treatment_status: str = pa.Field(isin=TREATMENT_STATUSES, nullable=True, description="state of the journey")
    time_band: str = pa.Field(isin=TIME_BANDS, nullable=True, description="time from disposal to the journey")
    days_to_treatment: pl.Int32 = pa.Field(nullable=True, ge=0, description="days from disposal to the journey")
    substance_group: str = pa.Field(isin=SUBSTANCE_GROUPS, nullable=True, description="substances of the journey")
    prison_12m: bool = pa.Field(description="received into prison within the months after disposal")
    termination_reason: str = pa.Field(
        isin=TERMINATION_REASONS, nullable=True, description="how it ended; empty while active",
    )
    reconvicted: bool = pa.Field(description="reconvicted within the months after disposal, a minimum estimate")
    followed_in_full: bool = pa.Field(description="all these months lie within the observation")


class CombinedRequirements(AnalysedRequirements):
    """One row per ATR or DRR received, with identifiers and the reason it is left out, sorted by requirement_id."""

    exclusion: str = pa.Field(
        isin=EXCLUSIONS, nullable=True, description="first reason it is left out; empty when analysed",
    )


class RequirementPseudonyms(Table):
    """Which pseudonyms stand for which requirement and person. Never leaves the zone."""

    requirement_id: str = pa.Field(unique=True, description="requirement key")
    requirement_key: str = pa.Field(unique=True, description="random pseudonym of the requirement")
    cluster_id: str = pa.Field(description="person")
    person_key: str = pa.Field(description="random pseudonym of the person")


TABLES = {
    "treatment_journeys": TreatmentJourneys,
    "court_appearances": CourtAppearances,
    "combined_requirements": CombinedRequirements,
    "analysed_requirements": AnalysedRequirements,
    "requirement_pseudonyms": RequirementPseudonyms,
    "consort_counts": ConsortCounts,
    "note_request": NoteRequest,
    "anonymised_requirements": AnonymisedRequirements,
}
