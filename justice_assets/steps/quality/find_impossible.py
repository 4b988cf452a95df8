"""What cannot be, counted: people who cannot be one person, and cases that must have come from somewhere.

Belongs here: lower bounds of false and of missed links. Does not belong here: estimates of them (hold_out_numbers.py).
"""

import polars as pl

from justice_assets.steps.clusters.cluster_persons import CONTRADICTING, LEVELS

SCHEMA = {"threshold": pl.String, "measure": pl.String, "bounds": pl.String, "found": pl.Int64, "of": pl.Int64}
FALSE, MISSED = "false links", "missed links"


def find_impossible(
    clusters: pl.DataFrame,
    numbers: pl.DataFrame,
    journeys: pl.DataFrame,
    deaths: pl.DataFrame,
    sentences: pl.DataFrame,
    cases: pl.DataFrame,
) -> pl.DataFrame:
    """schemas/quality.py ImpossiblePeople, one row per measure and threshold. Counts only.

    clusters: source, record_key and the cluster at each level. numbers: the same two and pnc, cro. journeys:
    prison_number, establishment_code, reception_date, release_date. deaths: source, record_key, died_on. sentences:
    source, record_key, sentence_date. cases: MagsCrownJourney.
    """
    rows: list[tuple[str, str, str, int, int]] = []
    for level in LEVELS:
        people = clusters.select("source", "record_key", person=f"cluster_{level}")
        of = people["person"].n_unique()
        for name in CONTRADICTING:
            held = people.join(numbers.drop_nulls(name), on=["source", "record_key"]).group_by("person")
            several = held.agg(pl.col(name).n_unique()).filter(pl.col(name) > 1).height
            rows.append((level, f"people with two valid numbers: {name}", FALSE, several, of))
        rows.append((level, "people in two prisons one night", FALSE, _in_two_prisons(people, journeys), of))
        rows.append((level, "people sentenced after their death", FALSE, _after_death(people, deaths, sentences), of))
    alone = cases["magistrates_record_key"].null_count()
    rows.append(("medium", "Crown Court cases without a magistrates' case", MISSED, alone, cases.height))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _in_two_prisons(people: pl.DataFrame, journeys: pl.DataFrame) -> int:
    of_prison = people.filter(source="prison").select("person", prison_number="record_key")
    nights = journeys.join(of_prison, on="prison_number").with_columns(
        last=pl.col("release_date").fill_null(pl.date(9999, 1, 1))
    )
    # Sorted by their first night: one that begins before an earlier one of another number ended is the second.
    ordered = nights.sort("person", "reception_date", "prison_number")
    before = pl.col("last").cum_max().shift(1).over("person")
    other = (pl.col("prison_number") != pl.col("prison_number").shift(1)).over("person")
    elsewhere = (pl.col("establishment_code") != pl.col("establishment_code").shift(1)).over("person")
    twice = ordered.filter((pl.col("reception_date") < before) & other & elsewhere)
    return twice["person"].n_unique()


def _after_death(people: pl.DataFrame, deaths: pl.DataFrame, sentences: pl.DataFrame) -> int:
    died = (
        people.join(deaths.drop_nulls("died_on"), on=["source", "record_key"])
        .group_by("person")
        .agg(pl.col("died_on").min())
    )
    # Few have died: the records of all others are not looked at.
    sentenced = people.join(died, on="person").join(sentences, on=["source", "record_key"])
    return sentenced.filter(pl.col("sentence_date") > pl.col("died_on"))["person"].n_unique()
