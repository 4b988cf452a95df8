"""What is estimated of the research views. Does not belong here: views (views_of_...), what is published (views.py)."""

import pandera.polars as pa
import polars as pl

from resources.zone.schema_check import Table

STATUSES = ["estimated", "reference", "few", "not estimated"]


class CustodyEstimates(Table):
    """One row per level of each characteristic, and one of the courts: the mixed model of custody."""

    term: str = pa.Field(description="column of custody_view, or between_courts")
    level: str = pa.Field(description="level of it")
    status: str = pa.Field(
        isin=STATUSES,
        description="reference: the others are compared with it; few: left out, as too few had or had not the outcome",
    )
    odds_ratio: pl.Float64 = pa.Field(
        gt=0, nullable=True, description="odds of custody beside the reference; of the courts, the median odds ratio"
    )
    lower: pl.Float64 = pa.Field(gt=0, nullable=True, description="lower limit")
    upper: pl.Float64 = pa.Field(gt=0, nullable=True, description="upper limit")


TABLES: dict[str, type[Table]] = {"custody_estimates": CustodyEstimates}
