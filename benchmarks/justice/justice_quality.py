"""How right the links of synthetic justice records are: by group, the hold-out estimate beside the truth, and journeys.

    python benchmarks/justice/justice_quality.py FOLDER OUT_FOLDER

FOLDER as persons_at_size.py wrote it, OUT_FOLDER as justice_linkage.py did. Prints a JSON line for each. SYNTHETIC.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl

from contracts.extracts import JUSTICE_EXTRACTS
from justice_assets.steps.journeys.match_crown_cases import match_crown_cases
from justice_assets.steps.linking.score_justice_pairs import justice_scoring
from justice_assets.steps.linking.score_parts import LastRelease
from justice_assets.steps.quality.date_records import date_records
from justice_assets.steps.quality.describe_records import describe_records
from justice_assets.steps.quality.hold_out_numbers import SOURCES, hold_out_numbers
from justice_assets.steps.quality.link_without_numbers import link_without_numbers
from pathways.bench.justice.measure_clusters import measure_clusters
from record_linkage.model.trained_model import TrainedModel
from record_linkage.splink_backend import SplinkBackend
from resources.extracts.extract_reader import read_extract
from resources.settings.study_settings import load_study_settings
from resources.zone.partitions import quarter_end

QUARTER, KEY = "2023Q1", bytes(32)
GROUPS = ("source", "name_tradition", "sex", "ethnicity", "hard")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    sources = given.folder / "justice_sources"
    persons = pl.concat(pl.scan_parquet(file) for file in sorted((given.folder / "persons").glob("*.parquet")))
    keys = persons.filter(pl.col("name_form") == 0).select("source", "record_key").collect()
    people = pl.read_parquet(sources / "truth" / QUARTER / "justice_people.parquet")
    truth = keys.join(people, on=["source", "record_key"], how="left", maintain_order="left")
    clusters = pl.concat([keys, pl.read_parquet(given.out / "clusters.parquet")], how="horizontal")
    medium = truth.with_columns(cluster=clusters["cluster_medium"])
    for kind in GROUPS:
        rows = {
            str(group): measure_clusters(some["cluster"], some["person_id"]) | {"records": some.height}
            for (group,), some in medium.sort(kind).group_by(kind, maintain_order=True)
        }
        print(json.dumps({"benchmark": "justice_quality", "by": kind, "groups": rows}))

    def read(name: str) -> pl.DataFrame:
        declared = next(extract for extract in JUSTICE_EXTRACTS if extract.name == name)
        return read_extract(sources / "extracts" / QUARTER, declared, quarter_end(QUARTER)).frame

    found = match_crown_cases(read("crown_defendant_case"), read("magistrates_defendant_case"), clusters)
    true = pl.read_parquet(sources / "truth" / QUARTER / "justice_cases.parquet").drop_nulls()
    pairs = ["crown_record_key", "magistrates_record_key"]
    right = found.drop_nulls("magistrates_record_key").join(true, on=pairs, how="semi").height
    named = found["magistrates_record_key"].count()
    journeys = {"precision": round(right / max(named, 1), 5), "recall": round(right / max(true.height, 1), 5)}
    # Rates by group of made-up records, no row of any.
    print(json.dumps({"benchmark": "justice_quality", "mags_crown_journey": journeys | {"true": true.height}}))
    print(json.dumps({"benchmark": "justice_quality", **hold_out_beside_truth(given.out, persons, truth, read)}))


def hold_out_beside_truth(
    out: Path, persons: pl.LazyFrame, truth: pl.DataFrame, read: Callable[[str], pl.DataFrame]
) -> dict:
    """What the hold-out of identity numbers estimates, beside what is true of the same links, and by group.

    True: of all records of the people that were drawn, with a number or without.
    """
    members = pl.read_parquet(out / "members.parquet")
    release = LastRelease(*(pl.scan_parquet(out / f"{name}.parquet") for name in ("identities", "codes", "scored")))
    model = TrainedModel.from_json((out / "model.json").read_text(encoding="utf-8"))
    settings = load_study_settings().justice
    scoring = justice_scoring(model, KEY, SplinkBackend.from_settings(settings.linkage.backend), settings.linkage)
    tables = ("probation_disposal", "custodial_journey", "crown_defendant_case", "magistrates_defendant_case")
    dated = date_records(*(read(name).lazy() for name in tables))
    linked = link_without_numbers(release, members, scoring, settings)
    held = hold_out_numbers(describe_records(persons, dated), linked)
    true = truth.select("source", pnc="person_id", cro=pl.lit(None, pl.String))
    drawn = true.filter(linked["held_out"])["pnc"].unique()
    of_drawn = linked.with_columns(held_out=true["pnc"].is_in(drawn.implode()))
    beside = {"estimated": overall(held), "truth": overall(hold_out_numbers(true, of_drawn))}
    return {"hold_out": beside | {"records": int(linked["held_out"].sum())}, "by": held.to_dicts()}


def overall(held: pl.DataFrame) -> dict[str, float]:
    """Recall and precision of pairs of all sources, by police number."""
    counts = held.filter(number="pnc", kind=SOURCES).select(pl.col("true_pairs", "found_pairs", "linked_pairs").sum())
    shares = {
        "recall": pl.col("found_pairs") / pl.col("true_pairs"),
        "precision": pl.col("found_pairs") / pl.col("linked_pairs"),
    }
    return counts.select(**shares).row(0, named=True)


if __name__ == "__main__":
    main()
