"""What the justice zone releases: lookups without any attribute. Does not belong here: how records were linked."""

from typing import ClassVar

import pandera.polars as pa
import polars as pl

from contracts.sources.justice.codes import JUSTICE_SOURCES
from justice_assets.schemas.linking import LEVELS
from resources.zone.schema_check import Table

PERSON = r"^[A-Z2-7]{12}$"


class PersonLink(Table):
    """One row per record, sorted by source and record: which person it is, at three nested thresholds."""

    source: str = pa.Field(isin=JUSTICE_SOURCES, description="whose record it is")
    record_key: str = pa.Field(description="key of the record in its source")
    person_high: str = pa.Field(str_matches=PERSON, description="random id of the person, strictest threshold")
    person_medium: str = pa.Field(str_matches=PERSON, description="random id of the person, middle threshold")
    person_low: str = pa.Field(str_matches=PERSON, description="random id of the person, widest threshold")
    run: str = pa.Field(description="which linkage made it: the quarter")
    model: str = pa.Field(str_length=16, description="first digits of the digest of the model that weighed pairs")

    class Config(Table.Config):
        unique: ClassVar = ["source", "record_key"]


class MagsCrownJourney(Table):
    """One row per Crown Court defendant case, sorted: the magistrates' case it came from, empty where none fits."""

    crown_record_key: str = pa.Field(unique=True, description="defendant on case in the Crown Court")
    crown_case_id: str = pa.Field(description="its case")
    magistrates_record_key: str = pa.Field(nullable=True, description="defendant on case in a magistrates' court")
    magistrates_case_id: str = pa.Field(nullable=True, description="its case")
    match_weight: float = pa.Field(nullable=True, description="bits of evidence that one came from the other")
    match_probability: float = pa.Field(ge=0, le=1, description="the same as a probability; 0 where none fits")


class IdChanges(Table):
    """One row per id of the last release that did not stay as it was, and id that its records have now."""

    threshold: str = pa.Field(isin=LEVELS, description="which of the three thresholds")
    change: str = pa.Field(isin=["merged", "split"], description="merged with another id, or split into several")
    last_id: str = pa.Field(str_matches=PERSON, description="id in the last release")
    person_id: str = pa.Field(str_matches=PERSON, description="id in this release")
    records: pl.Int64 = pa.Field(ge=1, description="records of both")


class IdChangeCounts(Table):
    """One row per threshold and change since the last release."""

    threshold: str = pa.Field(isin=LEVELS, description="which of the three thresholds")
    change: str = pa.Field(isin=["kept", "merged", "new", "split"], description="what became of ids, or new people")
    people: pl.Int64 = pa.Field(ge=0, description="ids of the last release, or new people")
    records: pl.Int64 = pa.Field(ge=0, description="their records")


class JusticeFiles(Table):
    """One row per file that is released, sorted by file."""

    file: str = pa.Field(unique=True, description="name in the folder of the quarter, with the folder it is in")
    bytes: pl.Int64 = pa.Field(ge=0, description="size of the file")
    sha256: str = pa.Field(str_length=64, description="SHA-256 of the file")


TABLES: dict[str, type[Table]] = {
    "person_link": PersonLink,
    "mags_crown_journey": MagsCrownJourney,
    "justice_release": JusticeFiles,
    "panel_report": JusticeFiles,
    "justice_quality_report": JusticeFiles,
    "id_changes": IdChanges,
    "id_change_counts": IdChangeCounts,
}
