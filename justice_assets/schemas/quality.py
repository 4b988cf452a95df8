"""How good the justice links are: counts, without truth. Does not belong here: the links (linking.py, release.py)."""

import pandera.polars as pa
import polars as pl

from justice_assets.schemas.linking import LEVELS
from resources.drift.quarter_profile import Drift, Profile
from resources.zone.schema_check import Table


class HoldOut(Table):
    """One row per held out number and group: people linked without it, held against it, at the middle threshold."""

    number: str = pa.Field(isin=["pnc", "cro"], description="identity number that was held out")
    kind: str = pa.Field(
        description="pair of sources, sex, ethnicity, age on the day of the record, decade of birth, name tradition"
    )
    group: str = pa.Field(description="the group")
    true_pairs: pl.Int64 = pa.Field(ge=0, description="pairs of records with the same number, which was held out")
    found_pairs: pl.Int64 = pa.Field(ge=0, description="those of them that are one person in the linkage")
    recall: float = pa.Field(nullable=True, ge=0, le=1, description="found of true pairs")
    linked_pairs: pl.Int64 = pa.Field(
        ge=0,
        description="pairs of one person where both have a number; where that of one was held out, half of them",
    )
    precision: float = pa.Field(nullable=True, ge=0, le=1, description="found of linked pairs")


class ImpossiblePeople(Table):
    """One row per measure and threshold: what cannot be, a lower bound of wrong or missed links."""

    threshold: str = pa.Field(isin=LEVELS, description="which of the three thresholds")
    measure: str = pa.Field(description="what cannot be")
    bounds: str = pa.Field(isin=["false links", "missed links"], description="what it is a lower bound of")
    found: pl.Int64 = pa.Field(ge=0, description="how many")
    of: pl.Int64 = pa.Field(ge=0, description="of how many people or cases")


class ViewAnonymity(Table):
    """One row per research view, sorted: k-anonymity of its year and bands."""

    view: str = pa.Field(unique=True, description="the view")
    k: pl.Int64 = pa.Field(ge=1, description="records that must have a combination in common")
    columns: pl.Int64 = pa.Field(ge=1, description="year and bands that a record could be known by")
    combinations: pl.Int64 = pa.Field(ge=0, description="combinations of them")
    combinations_under_k: pl.Int64 = pa.Field(ge=0, description="those that fewer records have")
    records: pl.Int64 = pa.Field(ge=0, description="records of the view")
    records_under_k: pl.Int64 = pa.Field(ge=0, description="records in those combinations")
    smallest: pl.Int64 = pa.Field(nullable=True, ge=1, description="records of the smallest combination")


TABLES: dict[str, type[Table]] = {
    "hold_out": HoldOut,
    "impossible_people": ImpossiblePeople,
    "view_anonymity": ViewAnonymity,
    "justice_source_profile": Profile,
    "justice_source_drift": Drift,
    "justice_linkage_profile": Profile,
    "justice_linkage_drift": Drift,
}
