"""Tables of the linking stage: who is who. Does not belong here: journeys and requirements (schemas/combining.py)."""

import pandera.polars as pa
import polars as pl

from resources.drift.quarter_profile import Drift, Profile
from resources.zone.schema_check import Table

LETTER = r"^[A-Z]$"
SECTOR = r"^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9]$"
ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
ETHNICITIES = list("ABCDEFGHJKLMNPRS")
GROUPS = ["White", "Mixed", "Asian", "Black", "Other"]


class LinkageView(Table):
    """One row per person and place, sorted by person_id; all that the linkage may compare (methodology 2.3)."""

    source: str = pa.Field(isin=["ndelius", "ndtms"], description="system the record comes from")
    record_id: str = pa.Field(unique=True, description="source, person and number of the place")
    person_id: str = pa.Field(description="CRN, or pseudonym of the person in NDTMS")
    forename_initial: str = pa.Field(nullable=True, str_matches=LETTER, description="first letter of the forename")
    surname_initial: str = pa.Field(nullable=True, str_matches=LETTER, description="first letter of the surname")
    initials: str = pa.Field(nullable=True, description="both letters; empty unless both are known")
    dob: str = pa.Field(nullable=True, str_matches=ISO_DATE, description="date of birth; placeholders are empty")
    dob_swapped: str = pa.Field(nullable=True, description="date of birth, day and month swapped, where that is a date")
    dob_month_day: str = pa.Field(nullable=True, description="month and day of birth")
    dob_year: pl.Int32 = pa.Field(nullable=True, ge=1903, description="year of birth")
    dob_year_month: str = pa.Field(nullable=True, description="year and month of birth")
    sex: str = pa.Field(nullable=True, isin=["M", "F"], description="male or female; anything else is empty")
    ethnicity: str = pa.Field(nullable=True, isin=ETHNICITIES, description="NHS 2001 letter; not stated is empty")
    ethnic_group5: str = pa.Field(nullable=True, isin=GROUPS, description="group of the ethnicity")
    postcode_sector: str = pa.Field(nullable=True, str_matches=SECTOR, description="postcode sector that exists")
    utla_code: str = pa.Field(nullable=True, description="upper tier local authority of the sector, else as recorded")
    easting: float = pa.Field(nullable=True, description="of the sector, metres of the national grid")
    northing: float = pa.Field(nullable=True, description="of the sector, metres of the national grid")
    no_fixed_abode: bool = pa.Field(description="recorded as of no fixed abode")
    linkable: bool = pa.Field(description="has enough of initials, date of birth and place to be linked (2.5.1)")


class OffenderClusters(Table):
    """One row per probation identifier, sorted by crn (methodology 2.5.1)."""

    crn: str = pa.Field(unique=True, description="probation identifier")
    cluster_id: str = pa.Field(description="the person: smallest crn of those that are one person")
    linkable: bool = pa.Field(description="a record of this identifier has enough identifiers to be linked")


class ClientClusters(Table):
    """One row per NDTMS identifier, sorted by client_id (methodology 2.5.1)."""

    client_id: str = pa.Field(unique=True, description="pseudonym of the person in NDTMS")
    client_cluster_id: str = pa.Field(description="the person: smallest client_id of those that are one person")


class LinkageModel(Table):
    """One row: the approved model (methodology 2.4.1)."""

    name: str = pa.Field(description="name in study.toml")
    sha256: str = pa.Field(str_length=64, description="digest of the model")
    model_json: str = pa.Field(description="the model as steps/model describes it")


class TrainedLinkageModel(Table):
    """One row per level of a model that was trained on the quarter (methodology 2.4.1)."""

    comparison: str = pa.Field(description="what is compared")
    level: str = pa.Field(description="how far it agrees")
    m: float = pa.Field(gt=0, le=1, description="probability of the level when both are one person")
    u: float = pa.Field(gt=0, le=1, description="probability of the level when they are not")
    match_weight: float = pa.Field(description="log2 of m over u, bits")
    usual: bool = pa.Field(description="not seen in training: has the usual probabilities of steps/model")


class ScoredPairs(Table):
    """One row per candidate pair of records, sorted by both record ids (methodology 2.5.2)."""

    offender_record_id: str = pa.Field(description="nDelius record")
    client_record_id: str = pa.Field(description="NDTMS record")
    crn: str = pa.Field(description="probation identifier of the nDelius record")
    client_id: str = pa.Field(description="NDTMS person of the NDTMS record")
    match_probability: float = pa.Field(ge=0, le=1, description="probability that both are one person")
    match_weight: float = pa.Field(description="the same in bits: log2 of the odds")
    gamma_initials: pl.Int8 = pa.Field(ge=-1, le=3, description="3 both, 2 forename, 1 surname, 0 neither, -1 missing")
    gamma_birth_date: pl.Int8 = pa.Field(
        ge=-1,
        le=4,
        description="4 same, 3 one character, 2 day and month swapped, 1 years apart, 0 else, -1 missing",
    )
    gamma_sex: pl.Int8 = pa.Field(ge=-1, le=1, description="1 same, 0 else, -1 missing")
    gamma_ethnicity: pl.Int8 = pa.Field(ge=-1, le=2, description="2 same, 1 either mixed or other, 0 else, -1 missing")
    gamma_location: pl.Int8 = pa.Field(
        ge=-1,
        description="highest same sector, each distance, same authority, 1 both of no fixed abode, 0 else, -1 missing",
    )
    blocking_rule: str = pa.Field(description="first rule that found the pair, see steps/model")


class PersonPairs(ScoredPairs):
    """The best pair of records of each probation person and NDTMS person, sorted by both (methodology 2.5.2)."""

    cluster_id: str = pa.Field(description="probation person")
    client_cluster_id: str = pa.Field(description="NDTMS person")
    normalised_probability: float = pa.Field(
        ge=0, le=1, description="the same probability when the probation person can be one NDTMS person only"
    )


class LinkedPairs(PersonPairs):
    """The pairs of people at or above the threshold (methodology 2.5.3)."""


TABLES = {
    "standardised_offenders": LinkageView,
    "standardised_clients": LinkageView,
    "offender_clusters": OffenderClusters,
    "client_clusters": ClientClusters,
    "linkage_model": LinkageModel,
    "trained_linkage_model": TrainedLinkageModel,
    "scored_pairs": ScoredPairs,
    "linkage_profile": Profile,
    "linkage_drift": Drift,
    "person_pairs": PersonPairs,
    "linked_pairs": LinkedPairs,
}
