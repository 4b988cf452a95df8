"""A small quarter made up for review tests: the tables of the linkage zone that a review reads, and their truth."""

import numpy as np
import polars as pl
import pytest

from pathways.review.pairs.folder import PairsFolder
from resources.extracts.synthetic_mark import write_mark

QUARTER = "2023Q1"
PAIRS = 240


def person_pairs(number: int = PAIRS) -> pl.DataFrame:
    """Pairs over the whole range of weights: many sure ones, some middling, some poor."""
    generator = np.random.default_rng(7)
    weight = (
        np.concatenate(
            [
                generator.normal(15, 2, number // 2),
                generator.normal(6, 3, number // 4),
                generator.normal(-3, 2, number - number // 2 - number // 4),
            ]
        )
        .clip(-6.6, 20)
        .round(4)
    )
    ids = [f"{place:06d}" for place in range(number)]
    return pl.DataFrame(
        {
            "offender_record_id": [f"ndelius:X{i}:1" for i in ids],
            "client_record_id": [f"ndtms:C{i}:1" for i in ids],
            "crn": [f"X{i}" for i in ids],
            "client_id": [f"C{i}" for i in ids],
            "match_probability": (1 / (1 + 2.0**-weight)).round(6),
            "match_weight": weight,
            "cluster_id": [f"X{i}" for i in ids],
            "client_cluster_id": [f"C{i}" for i in ids],
        }
    )


def standardised(pairs: pl.DataFrame, person: str, record: str, day: str) -> pl.DataFrame:
    return pairs.select(
        pl.col(record).alias("record_id"),
        pl.col(person).alias("person_id"),
        forename_initial=pl.lit("Q"),
        surname_initial=pl.lit("Z"),
        dob=pl.lit(f"1984-03-{day}"),
        sex=pl.lit("M"),
        ethnicity=pl.lit("A"),
        postcode_sector=pl.lit("LS1 4"),
        utla_code=pl.lit("E08000035"),
        easting=pl.lit(430000.0),
        northing=pl.lit(433000.0),
        no_fixed_abode=pl.lit(False),
    )


@pytest.fixture
def pairs():
    """person_pairs of the made-up quarter."""
    return person_pairs()


@pytest.fixture
def root(tmp_path, pairs, store_table):
    """Data folder of the made-up quarter, synthetic, with its truth: pairs of 4 bits and more are one person."""
    truth, extracts = (tmp_path / part / QUARTER for part in ("truth", "extracts"))
    for folder in (truth, extracts):
        folder.mkdir(parents=True)
    store_table(tmp_path, "linkage", "person_pairs", pairs)
    offenders = standardised(pairs, "crn", "offender_record_id", "07")
    store_table(tmp_path, "linkage", "standardised_offenders", offenders)
    clients = standardised(pairs, "client_id", "client_record_id", "17")
    store_table(tmp_path, "linkage", "standardised_clients", clients)
    store_table(tmp_path, "linkage", "linkage_model", pl.DataFrame({"model_json": ["{}"]}))
    pairs.select("crn", pl.col("cluster_id").alias("true_person_id")).write_parquet(truth / "person_truth.parquet")
    pairs.select(
        pl.col("client_id").alias("CLIENTID"),
        pl.when(pl.col("match_weight") >= 4).then("cluster_id").alias("true_person_id"),
    ).write_parquet(truth / "client_truth.parquet")
    write_mark(extracts, {"scale": 0.02, "seed": 1})
    return tmp_path


@pytest.fixture
def folder(root):
    """Folder of people's review."""
    return PairsFolder(root, QUARTER)


@pytest.fixture
def linkage(settings):
    """Linkage settings with a short review."""
    short = {"first_sample_pairs": 60, "second_sample_pairs": 12, "bootstrap_replicates": 200}
    return settings.linkage.model_copy(update={"review": settings.linkage.review.model_copy(update=short)})
