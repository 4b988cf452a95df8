"""What groups a record belongs to, by which the quality of links is told apart."""

import polars as pl

from justice_assets.steps.quality.tell_name_traditions import tradition_of_names

DECADE, FIRST, LAST = 10, 1940, 2000  # few are older or younger: they are counted with those next to them


def describe_records(persons: pl.LazyFrame) -> pl.DataFrame:
    """source, sex, ethnicity (group of five), birth_decade and name_tradition of every record, in the order of
    standardised persons. The first decade is of all who are older, the last of all who are younger.
    """
    decade = (pl.col("birth_date").dt.year() // DECADE * DECADE).clip(FIRST, LAST)
    return (
        tradition_of_names(persons.filter(pl.col("name_form") == 0))
        .select(
            "source",
            "sex",
            "name_tradition",
            ethnicity=pl.col("ethnicity").str.slice(0, 1),
            birth_decade=decade.cast(pl.String),
        )
        .collect()
    )
