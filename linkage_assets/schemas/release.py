"""What leaves the zone, and what is said about it: the crossing tables, the choices behind them, the anonymity of the
release.

Belongs here: declarations of tables. Does not belong here: how they are made (steps/), and the meaning of what crosses
(contracts/crossings.py).
"""

from typing import ClassVar

import pandera.polars as pa
import polars as pl

from contracts.crossings import (
    AnonymisedRequirements,
    ConsortCounts,
    NoteRequest,
    RequirementCounts,
    SubstanceUse,
    ZoneReceipts,
)
from contracts.vocabulary import ALL, TYPES
from resources.zone.schema_check import Table


class ChoiceEffects(Table):
    """One row per setting, value of it, figure and requirement type: what each choice does to the headline figures."""

    setting: str = pa.Field(description="name in study.toml")
    value: str = pa.Field(description="value of the setting; every other setting is as in study.toml")
    is_default: bool = pa.Field(description="the value in study.toml, which the release is made with")
    figure: str = pa.Field(description="what is counted, in words")
    requirement_type: str = pa.Field(isin=[ALL, *TYPES], description="requirements counted")
    unit: str = pa.Field(isin=["count", "per cent"], description="unit of amount and difference")
    amount: float = pa.Field(nullable=True, ge=0, description="the figure; empty when there is nothing to divide by")
    difference: float = pa.Field(nullable=True, description="amount less the amount under the value in study.toml")

    class Config(Table.Config):
        unique: ClassVar = ["setting", "value", "figure", "requirement_type"]


class ReleaseAnonymity(Table):
    """One row per set of quasi-identifiers: how many records of the release share each combination. Counts only."""

    quasi_identifiers: str = pa.Field(unique=True, description="columns that somebody might know of a person")
    columns: pl.Int32 = pa.Field(ge=1, description="how many columns these are")
    k: pl.Int32 = pa.Field(ge=2, description="records that a combination should have at least")
    classes: pl.Int32 = pa.Field(ge=0, description="combinations that occur")
    records: pl.Int32 = pa.Field(ge=0, description="records of the release")
    smallest_class: pl.Int32 = pa.Field(ge=0, description="records of the rarest combination")
    classes_below_k: pl.Int32 = pa.Field(ge=0, description="combinations with fewer than k records")
    records_below_k: pl.Int32 = pa.Field(ge=0, description="records in these")
    unique_records: pl.Int32 = pa.Field(ge=0, description="records that are the only one of their combination")
    smallest_class_people: pl.Int32 = pa.Field(ge=0, description="people of the combination with fewest people")
    people_below_k: pl.Int32 = pa.Field(ge=0, description="people in combinations with fewer than k people")
    classes_one_reconvicted: pl.Int32 = pa.Field(
        ge=0,
        description="of k or more records, combinations where all or none are reconvicted: l = 1",
    )
    records_one_reconvicted: pl.Int32 = pa.Field(ge=0, description="records in these")
    classes_one_status: pl.Int32 = pa.Field(
        ge=0,
        description="of k or more records, combinations with one treatment status only: l = 1",
    )
    records_one_status: pl.Int32 = pa.Field(ge=0, description="records in these")


TABLES = {
    "choice_effects": ChoiceEffects,
    "consort_counts": ConsortCounts,
    "note_request": NoteRequest,
    "anonymised_requirements": AnonymisedRequirements,
    "substance_use": SubstanceUse,
    "requirement_counts": RequirementCounts,
    "linkage_receipts": ZoneReceipts,
    "release_anonymity": ReleaseAnonymity,
}
