"""Tables of clerical review: which pairs people look at. Does not belong here: the links themselves (linking.py)."""

import pandera.polars as pa
import polars as pl

from resources.zone.schema_check import Table


class ReviewSample(Table):
    """One row per sampled pair of people, in the order of its number, which is drawn at random (methodology 2.5.3)."""

    pair: pl.Int32 = pa.Field(unique=True, ge=1, description="number of the pair in the review; decisions quote it")
    stage: str = pa.Field(isin=["first", "second"], description="sample that the pair was drawn for")
    cluster_id: str = pa.Field(description="probation person")
    client_cluster_id: str = pa.Field(description="NDTMS person")
    offender_record_id: str = pa.Field(description="nDelius record that is shown")
    client_record_id: str = pa.Field(description="NDTMS record that is shown")
    crn: str = pa.Field(description="probation identifier of the nDelius record")
    client_id: str = pa.Field(description="NDTMS identifier of the NDTMS record")
    match_probability: float = pa.Field(ge=0, le=1, description="the model's; never shown to a reviewer")
    match_weight: float = pa.Field(description="the same in bits")
    stratum: pl.Int32 = pa.Field(ge=0, description="number of the interval of match weight it was drawn from")
    population: pl.Int64 = pa.Field(ge=1, description="pairs of people in that interval")
    sampled: pl.Int64 = pa.Field(ge=1, description="how many of them have been sampled so far")
    sampling_weight: float = pa.Field(ge=1, description="pairs that this one stands for: population / sampled")


class ReviewRecords(Table):
    """Two rows per sampled pair: what a reviewer sees of each side, as it was when the sample was drawn."""

    pair: pl.Int32 = pa.Field(ge=1, description="number of the pair in the review")
    side: str = pa.Field(isin=["probation", "treatment"], description="system the record comes from")
    forename_initial: str = pa.Field(nullable=True, description="first letter of the forename")
    surname_initial: str = pa.Field(nullable=True, description="first letter of the surname")
    dob: str = pa.Field(nullable=True, description="date of birth, ISO")
    sex: str = pa.Field(nullable=True, description="in words")
    ethnicity: str = pa.Field(nullable=True, description="label of the NHS 2001 letter")
    postcode_sector: str = pa.Field(nullable=True, description="postcode sector")
    authority: str = pa.Field(nullable=True, description="name of the upper tier local authority")
    no_fixed_abode: bool = pa.Field(description="recorded as of no fixed abode")
    other_places: str = pa.Field(nullable=True, description="other sectors or authorities recorded for this person")
    easting: float = pa.Field(nullable=True, description="of the sector, metres of the national grid")
    northing: float = pa.Field(nullable=True, description="of the sector, metres of the national grid")


TABLES = {"review_sample": ReviewSample, "review_records": ReviewRecords}
