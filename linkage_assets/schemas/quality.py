"""The tables on how good the linkage is. Does not belong here: the links themselves (schemas/linking.py)."""

import pandera.polars as pa
import polars as pl

from contracts.crossings import LinkageQuality
from resources.drift.quarter_profile import Drift, Profile
from resources.zone.schema_check import Table

PATTERN = "what is not the same in the pair's best records, in words"


class LinkCounts(Table):
    """One row per score and threshold: the links that it would give."""

    score: str = pa.Field(description="the pair probability, or normalised over the person's candidates")
    threshold: float = pa.Field(gt=0, lt=1, description="probability from which a pair would be a link")
    pairs: pl.Int64 = pa.Field(ge=0, description="pairs of people at or above it")
    probation_people: pl.Int64 = pa.Field(ge=0, description="probation people with such a pair")
    ndtms_people: pl.Int64 = pa.Field(ge=0, description="NDTMS people with such a pair")
    studys_rule: bool = pa.Field(description="this score and threshold make the links of this run")


class PairsNearThreshold(Table):
    """One row per bit of match weight near the threshold and comparison pattern."""

    bits_from_threshold: pl.Int32 = pa.Field(description="lower end of the interval of one bit; 0 is just above it")
    pattern: str = pa.Field(description=PATTERN)
    pairs: pl.Int64 = pa.Field(ge=1, description="pairs of people in it")


class DeterministicPairs(Table):
    """One row per pair of people that exact keys find, sorted by both ids."""

    cluster_id: str = pa.Field(description="probation person")
    client_cluster_id: str = pa.Field(description="NDTMS person")
    ambiguous: bool = pa.Field(description="exact keys also pair one of the two with somebody else")


class LinkageComparison(Table):
    """One row per pair of people that the model or exact keys find, sorted by both ids."""

    cluster_id: str = pa.Field(description="probation person")
    client_cluster_id: str = pa.Field(description="NDTMS person")
    found_by: str = pa.Field(isin=["both", "model only", "exact keys only"], description="which linkage found it")
    ambiguous: bool = pa.Field(
        nullable=True,
        description="exact keys also pair one of the two with somebody else; empty without them",
    )
    match_probability: float = pa.Field(nullable=True, ge=0, le=1, description="the model's; empty when not kept")
    match_weight: float = pa.Field(nullable=True, description="the same in bits")
    pattern: str = pa.Field(description=PATTERN)


class EstimatedErrors(Table):
    """One row per score: expected numbers of false and missed links."""

    score: str = pa.Field(description="the pair probability, or normalised over the person's candidates")
    links: pl.Int64 = pa.Field(ge=0, description="links of this run")
    expected_false: float = pa.Field(ge=0, description="sum of 1 - probability over links")
    expected_missed: float = pa.Field(ge=0, description="sum of the probability over candidates that are no link")


class PeopleLinkage(Table):
    """One row per probation person, sorted by pseudonym: whether linked, and the chance that this is wrong."""

    person_pseudonym: str = pa.Field(unique=True, description="probation person")
    linkable: bool = pa.Field(description="has enough identifiers to be linked")
    linked: bool = pa.Field(description="is in the person key")
    expected_false: float = pa.Field(nullable=True, ge=0, le=1, description="chance that no link is right, if linked")
    expected_missed: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="chance that some candidate is right, if not linked",
    )


class CourtCoverage(Table):
    """One row per whole calendar quarter, in order: court results of people with an analysed requirement."""

    quarter: str = pa.Field(unique=True, description="quarter of the appearance, such as 2020Q2")
    xhibit: pl.Int64 = pa.Field(ge=0, description="results held by Xhibit")
    libra: pl.Int64 = pa.Field(ge=0, description="results held by Libra")
    common_platform: pl.Int64 = pa.Field(ge=0, description="results held by Common Platform")
    results: pl.Int64 = pa.Field(ge=0, description="results of all three")
    mean_before: float = pa.Field(nullable=True, ge=0, description="mean of the four quarters before; empty at first")
    too_few: bool = pa.Field(nullable=True, description="fewer results than drift.court_results_fall allows")


class LinkageErrors(Table):
    """One row per group of people and level: link rate and expected errors."""

    grouping: str = pa.Field(description="what people are grouped by")
    level: str = pa.Field(description="group")
    people: pl.Int64 = pa.Field(ge=0, description="people with an analysed requirement, or left out as not linkable")
    linkable: pl.Int64 = pa.Field(ge=0, description="of these, with enough identifiers to be linked")
    linked: pl.Int64 = pa.Field(ge=0, description="of these, linked")
    expected_false: float = pa.Field(ge=0, description="expected number of linked people without a right link")
    expected_missed: float = pa.Field(ge=0, description="expected number of people not linked with a right candidate")
    false_variance: float = pa.Field(ge=0, description="variance of the number without a right link, by chance alone")
    missed_variance: float = pa.Field(ge=0, description="variance of the number missed, by chance alone")


class LinkedProfile(Table):
    """One row per characteristic and level: how linkable people who are linked differ from those who are not."""

    grouping: str = pa.Field(description="characteristic")
    level: str = pa.Field(description="level")
    linked: pl.Int64 = pa.Field(ge=0, description="linked people")
    not_linked: pl.Int64 = pa.Field(ge=0, description="people not linked")
    linked_share: float = pa.Field(nullable=True, description="of all linked people, 0 to 1; empty without any")
    not_linked_share: float = pa.Field(nullable=True, description="of all people not linked, 0 to 1")
    standardised_difference: float = pa.Field(nullable=True, description="of the two shares; empty if neither varies")


TABLES = {
    "source_profile": Profile,
    "source_drift": Drift,
    "link_counts": LinkCounts,
    "pairs_near_threshold": PairsNearThreshold,
    "deterministic_pairs": DeterministicPairs,
    "linkage_comparison": LinkageComparison,
    "estimated_errors": EstimatedErrors,
    "people_linkage": PeopleLinkage,
    "linkage_errors": LinkageErrors,
    "linked_profile": LinkedProfile,
    "court_coverage": CourtCoverage,
    "linkage_quality": LinkageQuality,
}
