"""Scoring a second quarter that adds 5 % of new people on either side, against scoring all of it, in one run.

    python benchmarks/linkage_second_quarter.py [--scale 0.2] [--seed 1]

Prints one JSON line: seconds of both, their ratio, and whether the results are the same. Records are of SYNTHETIC
extracts, kept in var/bench; the first quarter is the second one without a twentieth of its people.
"""

import argparse
import json
from dataclasses import replace
from time import perf_counter

import numpy as np
import polars as pl
from linkage_against_plain_splink import KEY, QUARTER, standardised

from linkage_assets.steps.links.score_pairs import EarlierScoring, score_pairs
from linkage_assets.steps.model.train_linkage_model import train_linkage_model
from resources.data_root import data_root
from resources.partitions import quarter_end
from resources.splink_backend import SplinkBackend
from resources.study_settings import load_study_settings

NEW_SHARE = 0.05
REPEATS = 3


def without_new_people(records: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Records of all but a twentieth of the people."""
    people = records["person_id"].unique().sort()
    stays = np.random.default_rng(seed).random(people.len()) >= NEW_SHARE
    return records.filter(pl.col("person_id").is_in(people.filter(pl.Series(stays)).implode()))


def main() -> None:
    """Time both ways and print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = data_root() / "bench" / f"linkage_scale_{given.scale:g}_seed_{given.seed}"
    standardised(folder, given.scale, given.seed)
    settings = load_study_settings().for_quarter(quarter_end(QUARTER)).linkage
    offenders, clients = (
        pl.read_parquet(folder / f"{name}.parquet").drop("latitude", "longitude") for name in ("offenders", "clients")
    )
    backend = SplinkBackend.from_settings(settings.backend)
    model = train_linkage_model(offenders, clients, backend, settings, {"quarter": QUARTER, "synthetic": {}}, KEY)
    model = replace(model, sessions=[], unlinkables=[])
    before = [without_new_people(records, given.seed) for records in (offenders, clients)]
    old_offenders, old_clients = before
    scored = score_pairs(old_offenders, old_clients, model, KEY, backend, settings)
    earlier = EarlierScoring(old_offenders, old_clients, scored)
    seconds = {"all records": [], "new and changed records": []}
    results = {}
    for _ in range(REPEATS):
        for way, given_earlier in zip(seconds, (None, earlier), strict=True):
            started = perf_counter()
            results[way] = score_pairs(offenders, clients, model, KEY, backend, settings, given_earlier)
            seconds[way].append(perf_counter() - started)
    best = {way: round(min(taken), 2) for way, taken in seconds.items()}
    everything, added = results.values()
    print(json.dumps({
        "benchmark": "linkage_second_quarter",
        "extracts": "synthetic",
        "scale": given.scale,
        "records": [offenders.height, clients.height],
        "new_records": [records.height - old.height for records, old in zip((offenders, clients), before, strict=True)],
        "pairs": everything.height,
        "same_result": everything.equals(added),
        "seconds": best,
        "ratio": round(best["new and changed records"] / best["all records"], 3),
    }))


if __name__ == "__main__":
    main()
