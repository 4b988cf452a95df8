"""Tables of the linking: which records are one person. Does not belong here: what is released (schemas/release.py)."""

import pandera.polars as pa
import polars as pl

from contracts.sources.justice.codes import JUSTICE_SOURCES
from resources.zone.schema_check import Table

LEVELS = ["high", "medium", "low"]


class LinkageOverrides(Table):
    """One row per decision of people about two records."""

    source: str = pa.Field(isin=JUSTICE_SOURCES, description="whose record one is")
    record_key: str = pa.Field(description="its key")
    other_source: str = pa.Field(isin=JUSTICE_SOURCES, description="whose record the other is")
    other_record_key: str = pa.Field(description="its key")
    same: bool = pa.Field(description="whether they are one person")


class TrainedJusticeModel(Table):
    """One row per level of a model that was trained on the quarter."""

    comparison: str = pa.Field(description="what is compared")
    level: str = pa.Field(description="how far it agrees")
    m: float = pa.Field(gt=0, le=1, description="probability of the level when both are one person")
    u: float = pa.Field(gt=0, le=1, description="probability of the level when they are not")
    match_weight: float = pa.Field(description="log2 of m over u, bits")
    usual: bool = pa.Field(description="not seen in training: has the usual probabilities of the specification")


class JusticeIdentities(Table):
    """One row per identity, sorted: records that are the same in all that is compared."""

    identity: pl.UInt64 = pa.Field(unique=True, description="hash of the columns that follow")
    forename: str = pa.Field(nullable=True, description="first forename")
    middle_names: str = pa.Field(nullable=True, description="further forenames")
    surname: str = pa.Field(nullable=True, description="surname")
    birth_date: pl.Date = pa.Field(nullable=True, description="date of birth")
    sex: str = pa.Field(nullable=True, isin=["M", "F"], description="sex as recorded")
    postcode: str = pa.Field(nullable=True, description="one postcode of the record")
    pnc: str = pa.Field(nullable=True, description="police number")
    cro: str = pa.Field(nullable=True, description="criminal record number")
    prison_number: str = pa.Field(nullable=True, description="prison number")
    crn: str = pa.Field(nullable=True, description="Case Reference Number of probation")
    records: pl.UInt32 = pa.Field(gt=0, description="how many forms of records it stands for")


class IdentityCodes(Table):
    """One row per identity, in their order: a number for each value, 0 for none. The same value has the same number."""

    forename: pl.UInt32 = pa.Field(description="first forename")
    middle_names: pl.UInt32 = pa.Field(description="further forenames")
    surname: pl.UInt32 = pa.Field(description="surname")
    birth_date: pl.UInt32 = pa.Field(description="date of birth")
    postcode: pl.UInt32 = pa.Field(description="postcode")
    pnc: pl.UInt32 = pa.Field(description="police number")
    cro: pl.UInt32 = pa.Field(description="criminal record number")
    prison_number: pl.UInt32 = pa.Field(description="prison number")
    crn: pl.UInt32 = pa.Field(description="Case Reference Number of probation")
    dob: pl.UInt32 = pa.Field(description="date of birth as text")
    swapped: pl.UInt32 = pa.Field(description="date of birth with day and month in each other's place")
    month_day: pl.UInt32 = pa.Field(description="month and day of birth")
    birth_year: pl.UInt32 = pa.Field(description="year of birth")
    birth_decade: pl.UInt32 = pa.Field(description="decade of birth")
    year_of_decade: pl.UInt32 = pa.Field(description="last digit of the year of birth")
    forename_sounding: pl.UInt32 = pa.Field(description="what the forename sounds like")
    surname_sounding: pl.UInt32 = pa.Field(description="what the surname sounds like")
    forename_initial: pl.UInt32 = pa.Field(description="first letter of the forename")
    surname_initial: pl.UInt32 = pa.Field(description="first letter of the surname")
    sector: pl.UInt32 = pa.Field(description="postcode sector")
    outcode: pl.UInt32 = pa.Field(description="first part of the postcode")
    female: pl.UInt32 = pa.Field(description="whether sex is female")
    middle_initial: pl.UInt32 = pa.Field(description="first letter of the further forenames")
    doubtful: bool = pa.Field(description="whether it is left to pairs: never one person with another beyond doubt")


class JusticeMembers(Table):
    """One row per form of a record, a name with a place, in the order of standardised_persons."""

    source: str = pa.Field(isin=JUSTICE_SOURCES, description="whose record it is")
    record_key: str = pa.Field(description="key of the record in its source")
    identity: pl.UInt64 = pa.Field(description="identity of this form")


class JusticeLinkageModel(Table):
    """One row: the model that weighs pairs."""

    name: str = pa.Field(description="name in study.toml")
    sha256: str = pa.Field(str_length=64, description="digest of the model")
    model_json: str = pa.Field(description="the model as record_linkage describes it")


class ScoredIdentities(Table):
    """One row per pair of identities: equal records among themselves, one group beyond doubt, and groups compared."""

    l: pl.UInt64 = pa.Field(description="identity")  # noqa: E741
    r: pl.UInt64 = pa.Field(description="identity, the same one for equal records among themselves")
    match_weight: float = pa.Field(
        description="log2 of the odds that both are one person; in a group, what they are at least"
    )
    kind: pl.UInt8 = pa.Field(
        isin=[0, 1, 2, 3],
        description="0: equal records; 1: equal records, at least; 2: a group beyond doubt; 3: two groups compared",
    )


class PersonClusters(Table):
    """One row per record, sorted: equal numbers are one person at that threshold."""

    source: str = pa.Field(isin=JUSTICE_SOURCES, description="whose record it is")
    record_key: str = pa.Field(description="key of the record in its source")
    cluster_high: pl.Int64 = pa.Field(ge=0, description="person at the strictest threshold")
    cluster_medium: pl.Int64 = pa.Field(ge=0, description="person at the middle threshold")
    cluster_low: pl.Int64 = pa.Field(ge=0, description="person at the widest threshold")


class ClusterSizes(Table):
    """One row per threshold and band of size: people, and how many of them somebody should look at."""

    threshold: str = pa.Field(isin=LEVELS, description="which of the three thresholds")
    size_from: pl.Int64 = pa.Field(ge=1, description="records of a person, from this many to the next band")
    clusters: pl.Int64 = pa.Field(ge=0, description="people")
    records: pl.Int64 = pa.Field(ge=0, description="their records")
    held_by_one_pair: pl.Int64 = pa.Field(ge=0, description="people of two parts that one comparison alone joins")
    too_large: pl.Int64 = pa.Field(ge=0, description="people with more records than justice.linkage.largest_cluster")


TABLES: dict[str, type[Table]] = {
    "linkage_overrides": LinkageOverrides,
    "justice_identities": JusticeIdentities,
    "identity_codes": IdentityCodes,
    "trained_justice_model": TrainedJusticeModel,
    "justice_members": JusticeMembers,
    "justice_linkage_model": JusticeLinkageModel,
    "scored_identities": ScoredIdentities,
    "person_clusters": PersonClusters,
    "cluster_sizes": ClusterSizes,
}
