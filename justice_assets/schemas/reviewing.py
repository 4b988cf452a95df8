"""Tables of clerical review of justice links: which pairs people look at, and what they see of them. Full names.

Does not belong here: the links themselves (linking.py).
"""

import pandera.polars as pa
import polars as pl

from contracts.sources.justice.codes import JUSTICE_SOURCES
from resources.zone.schema_check import Table

STRATA = ("below_low", "low_to_medium", "medium_to_high", "above_high", "one_group")
SIDES = ("first", "second")


class LinkReviewSample(Table):
    """One row per sampled pair of records, in the order of its number, which is drawn at random."""

    pair: pl.Int32 = pa.Field(unique=True, ge=1, description="number of the pair in the review; decisions quote it")
    l: pl.UInt64 = pa.Field(description="identity of the first record")  # noqa: E741
    r: pl.UInt64 = pa.Field(description="identity of the second record")
    source: str = pa.Field(isin=JUSTICE_SOURCES, description="whose record the first is")
    record_key: str = pa.Field(description="its key")
    other_source: str = pa.Field(isin=JUSTICE_SOURCES, description="whose record the second is")
    other_record_key: str = pa.Field(description="its key")
    match_weight: float = pa.Field(description="the model's, in bits; never shown to a reviewer")
    band: str = pa.Field(isin=STRATA, description="band of match weight, or held as one group, that it was drawn from")
    stratum: pl.Int32 = pa.Field(ge=0, description="number of the band")
    population: pl.Int64 = pa.Field(ge=1, description="scored pairs of identities in that band")
    sampled: pl.Int64 = pa.Field(ge=1, description="how many of them were sampled")
    sampling_weight: float = pa.Field(ge=1, description="pairs that this one stands for: population / sampled")


class LinkReviewRecords(Table):
    """Two rows per sampled pair: what a reviewer sees of each record, as it was when the sample was drawn."""

    pair: pl.Int32 = pa.Field(ge=1, description="number of the pair in the review")
    side: str = pa.Field(isin=SIDES, description="which of the two records")
    source: str = pa.Field(isin=JUSTICE_SOURCES, description="whose record it is")
    forename: str = pa.Field(nullable=True, description="first forename")
    middle_names: str = pa.Field(nullable=True, description="further forenames")
    surname: str = pa.Field(nullable=True, description="surname")
    birth_date: str = pa.Field(nullable=True, description="date of birth, ISO")
    sex: str = pa.Field(nullable=True, description="in words")
    postcode: str = pa.Field(nullable=True, description="one postcode of the record")
    pnc: str = pa.Field(nullable=True, description="police number")
    cro: str = pa.Field(nullable=True, description="criminal record number")
    prison_number: str = pa.Field(nullable=True, description="prison number")
    crn: str = pa.Field(nullable=True, description="Case Reference Number of probation")
    other_names: str = pa.Field(nullable=True, description="further names of the record")
    other_postcodes: str = pa.Field(nullable=True, description="further postcodes of the record")


TABLES: dict[str, type[Table]] = {
    "link_review_sample": LinkReviewSample,
    "link_review_records": LinkReviewRecords,
}
