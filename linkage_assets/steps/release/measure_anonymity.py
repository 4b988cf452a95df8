"""Measures the anonymity of the release: k-anonymity over quasi-identifiers, l-diversity of the outcomes.

Belongs here: counts of records that share what somebody might know of a person. Does not belong here: changing or
withholding records; the tables that are published have their own disclosure control.
"""

from itertools import combinations

import polars as pl

from contracts.vocabulary import FOLLOWED_FOR, HORIZONS

QUASI_IDENTIFIERS = ["region", "age_band", "sex", "ethnic_group", "requirement_type", "sentence_year", "observed_for"]
NOT_LINKED = "Not linked"
ON_DAYS = [f"in_treatment_after_{label.replace(' ', '_')}" for label in HORIZONS]


def measure_anonymity(anonymised_requirements: pl.DataFrame, k: int) -> pl.DataFrame:
    """schemas/release.py ReleaseAnonymity: one row per set of one or more QUASI_IDENTIFIERS, all of them first.

    A class is the records with the same values; an empty value is a value of its own. As one person can have several
    requirements, classes are counted in people too: five records of one person hide nobody. A class of k or more
    records in which everybody has the same outcome tells that outcome of whoever is known to be in it; smaller classes
    are counted as such and not again. Counts only.
    """
    # How long somebody was observed is not released, but said by which of these columns are empty.
    times_observed = pl.sum_horizontal(pl.col(name).is_not_null() for name in ON_DAYS)
    records = anonymised_requirements.with_columns(
        pl.col("treatment_status").fill_null(NOT_LINKED),
        observed_for=times_observed.replace_strict(dict(enumerate(FOLLOWED_FOR)), return_dtype=pl.String),
    )
    sets = [
        list(names) for size in range(len(QUASI_IDENTIFIERS), 0, -1) for names in combinations(QUASI_IDENTIFIERS, size)
    ]
    return pl.concat([_measure(records, names, k) for names in sets])


def _measure(records: pl.DataFrame, names: list[str], k: int) -> pl.DataFrame:
    classes = records.group_by(names).agg(
        size=pl.len(),
        people=pl.col("person_key").n_unique(),
        reconvicted=pl.col("reconvicted").n_unique(),
        statuses=pl.col("treatment_status").n_unique(),
    )
    size, people = pl.col("size"), pl.col("people")
    large = size >= k
    one_reconvicted, one_status = large & (pl.col("reconvicted") == 1), large & (pl.col("statuses") == 1)
    return classes.select(
        pl.lit(", ".join(names)).alias("quasi_identifiers"),
        columns=pl.lit(len(names)),
        k=pl.lit(k),
        classes=pl.len(),
        records=size.sum(),
        smallest_class=size.min().fill_null(0),
        classes_below_k=(size < k).sum(),
        records_below_k=size.filter(size < k).sum(),
        unique_records=(size == 1).sum(),
        smallest_class_people=people.min().fill_null(0),
        people_below_k=people.filter(people < k).sum(),
        classes_one_reconvicted=one_reconvicted.sum(),
        records_one_reconvicted=size.filter(one_reconvicted).sum(),
        classes_one_status=one_status.sum(),
        records_one_status=size.filter(one_status).sum(),
    ).with_columns(pl.exclude("quasi_identifiers").cast(pl.Int32))
