"""What groups a record belongs to, by which the quality of links is told apart."""

import polars as pl

DECADE = 10


def describe_records(persons: pl.LazyFrame) -> pl.DataFrame:
    """source, sex, ethnicity (group of five) and birth decade of every record, in the order of standardised persons.

    How names are given (Welsh, South Asian, ...) is recorded nowhere, so it is no group here.
    """
    return (
        persons.filter(pl.col("name_form") == 0)
        .select(
            "source",
            "sex",
            ethnicity=pl.col("ethnicity").str.slice(0, 1),
            birth_decade=(pl.col("birth_date").dt.year() // DECADE * DECADE).cast(pl.String),
        )
        .collect()
    )
