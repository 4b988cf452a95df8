"""What groups a record belongs to, by which the quality of links is told apart."""

import polars as pl

from contracts.vocabulary import NOT_RECORDED
from justice_assets.steps.quality.tell_name_traditions import tradition_of_names
from justice_assets.steps.views.bands import age_band

DECADE, FIRST, LAST = 10, 1940, 2000  # few are older or younger: they are counted with those next to them


def describe_records(persons: pl.LazyFrame, dated: pl.LazyFrame) -> pl.DataFrame:
    """source, pnc, cro, sex, ethnicity (group of five), age (in bands, on the day that the record is of), birth_decade
    and name_tradition of every record, in the order of standardised persons. The first decade is of all who are older,
    the last of all who are younger.

    dated: as date_records gives it; a record that it lacks has no age.
    """
    decade = (pl.col("birth_date").dt.year() // DECADE * DECADE).clip(FIRST, LAST)
    records = persons.filter(pl.col("name_form") == 0).join(
        dated, on=["source", "record_key"], how="left", maintain_order="left"
    )
    return (
        tradition_of_names(records)
        .select(
            "source",
            "pnc",
            "cro",
            "sex",
            "name_tradition",
            ethnicity=pl.col("ethnicity").str.slice(0, 1),
            age=age_band("birth_date", "recorded_on").replace(NOT_RECORDED, None),
            birth_decade=decade.cast(pl.String),
        )
        .collect()
    )
