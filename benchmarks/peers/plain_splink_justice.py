"""The linking of justice records as Splink's documentation shows it, by a user who knows it: the peer of our own.

    python benchmarks/peers/plain_splink_justice.py PERSONS_FOLDER

Belongs here: comparisons of Splink's own library, rules of `block_on`, default settings, on records as they are. Does
not belong here: identities, aliases. Reads the folder that justice_linkage.py reads and prints a JSON line: pairs
compared and kept, seconds, processor seconds of training and of linking without those of importing and reading, peak
memory, and what is right where persons have the column `person`.
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import polars as pl
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.blocking_analysis import count_comparisons_from_blocking_rules

from pathways.bench.justice.measure_clusters import measure_clusters

SEED, THRESHOLD = 20261130, 0.9998  # about the 12 bits of our middle threshold
NUMBERS = ["pnc", "cro", "prison_number", "crn"]
RULES: list[Any] = [
    *(block_on(name) for name in NUMBERS),
    block_on("surname", "birth_date"),
    block_on("forename", "birth_date"),
    block_on("forename", "surname", "postcode"),
    block_on("forename", "surname", "substr(birth_date, 1, 4)"),
    block_on("birth_date", "postcode"),
]
COMPARISONS = [
    cl.NameComparison("forename"),
    cl.NameComparison("surname"),
    cl.DateOfBirthComparison("birth_date", input_is_string=True),
    cl.PostcodeComparison("postcode"),
    cl.ExactMatch("sex"),
    *(cl.ExactMatch(name) for name in NUMBERS),
]


def main(folder: Path) -> None:
    """Link every record with every other that a rule brings together."""
    persons = pl.concat(pl.read_parquet(file) for file in sorted(folder.glob("*.parquet"))).filter(name_form=0)
    records = persons.with_row_index("unique_id").with_columns(pl.col("birth_date").dt.to_string("%Y-%m-%d"))
    columns = ["unique_id", "forename", "surname", "birth_date", "postcode", "sex", *NUMBERS]
    started, stages = perf_counter(), [process_time()]
    database = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=COMPARISONS,
        blocking_rules_to_generate_predictions=RULES,
        probability_two_random_records_match=1e-6,
    )
    linked = database.register(records.select(columns).to_arrow())
    linker = Linker(linked, settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
    for rule in (block_on("pnc"), block_on("surname", "forename", "birth_date")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    stages.append(process_time())
    predictions = linker.inference.predict(threshold_match_weight=2)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, THRESHOLD)
    found = pl.DataFrame(pl.from_arrow(clusters.as_pyarrow_table())).sort("unique_id")["cluster_id"]
    stages.append(process_time())
    seconds, peak = round(perf_counter() - started, 1), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    compared = count_comparisons_from_blocking_rules(
        linked, blocking_rules=RULES, link_type="dedupe_only", record_sample_proportion=1.0
    )
    print(
        json.dumps(
            {
                "benchmark": "plain_splink_justice",
                "records": records.height,
                "kept": predictions.as_pyarrow_table().num_rows,
                "compared": compared[-1]["cumulative_comparison_count"],
                "seconds": seconds,
                "training_processor_seconds": round(stages[1] - stages[0], 1),
                "linking_processor_seconds": round(stages[2] - stages[1], 1),
                "peak_mb": peak,
                **(measure_clusters(found, persons["person"]) if "person" in persons.columns else {}),
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
