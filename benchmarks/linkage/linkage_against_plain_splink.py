"""Our linkage against the same linkage written plainly with Splink, on the same synthetic extracts, in one run.

    python benchmarks/linkage/linkage_against_plain_splink.py [--scale 0.2] [--seed 1]

From standardised records to person key; each side in a process of its own, one after the other. Prints one JSON line:
seconds, processor seconds (which other work on the machine changes less), peak memory, and precision and recall against
the synthetic truth. The extracts are SYNTHETIC. They are written to var/bench and kept. Three ratios, each of seconds
and of processor seconds: with training on both sides, without it on both, and a refresh, which scores with the approved
model, against the plain script, which trains each time.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time

import duckdb
import polars as pl

from contracts.extracts import EXTRACT_BY_NAME
from linkage_assets.steps.links.key_people import key_people
from linkage_assets.steps.links.link_pairs import link_pairs
from linkage_assets.steps.links.pair_people import pair_people
from linkage_assets.steps.links.score_pairs import score_pairs
from linkage_assets.steps.model.linkage_specification import BLOCKING_RULES
from linkage_assets.steps.model.train_linkage_model import train_linkage_model
from linkage_assets.steps.people.find_duplicates import cluster_clients, cluster_offenders
from linkage_assets.steps.people.standardise_people import standardise_clients, standardise_offenders
from pathways.bench.linkage.measure import measure_score
from record_linkage.specification import same
from record_linkage.splink_backend import SplinkBackend
from resources.extracts.extract_reader import read_extract
from resources.process.data_root import REPOSITORY, data_root
from resources.receipts.code_fingerprint import code_fingerprint
from resources.settings.study_settings import Linkage, load_study_settings
from resources.zone.partitions import quarter_end

QUARTER = "2023Q1"
KEY = bytes(32)  # of the model's values: nothing is kept
MEASURED = ("seconds", "processor_seconds")
NDTMS = ["adult_community", "yp_community", "adult_secure", "yp_secure", "cjit"]


def ours(
    offenders: pl.DataFrame, clients: pl.DataFrame, settings: Linkage
) -> tuple[dict[str, tuple[float, float]], pl.DataFrame, pl.DataFrame]:
    """Our stages: seconds and processor seconds of each, the key (crn, client_id), the scores (crn, client_id, weight,
    normalised)."""
    backend = SplinkBackend.from_settings(settings.backend)
    seconds: dict[str, tuple[float, float]] = {}

    def timed(stage: str, step, *given):
        started, used = perf_counter(), process_time()
        result = step(*given)
        seconds[stage] = perf_counter() - started, process_time() - used
        return result

    offender_clusters = timed("find_duplicate_offenders", cluster_offenders, offenders, backend, settings)
    client_clusters = timed("find_duplicate_clients", cluster_clients, clients, backend, settings)
    model = timed("train", train_linkage_model, offenders, clients, backend, settings, {"synthetic": True}, KEY)
    pairs = timed("score", score_pairs, offenders, clients, model, KEY, backend, settings)

    def key() -> tuple[pl.DataFrame, pl.DataFrame]:
        people = pair_people(pairs, offender_clusters, client_clusters)
        return people, key_people(link_pairs(people, settings, synthetic=True), clients)

    people, links = timed("key", key)
    crns, client_ids = offender_clusters.select("crn", "cluster_id"), client_clusters
    odds = pl.col("normalised_probability").clip(1e-12, 1 - 1e-12)
    normalised = people.select("cluster_id", "client_cluster_id", normalised=(odds / (1 - odds)).log(2))
    scores = (
        pairs.group_by("crn", "client_id")
        .agg(weight=pl.col("match_weight").max())
        .join(crns, on="crn")
        .join(client_ids, on="client_id")
        .join(normalised, on=["cluster_id", "client_cluster_id"], how="left")
        .select("crn", "client_id", "weight", "normalised")
    )
    expanded = links.join(crns, on="cluster_id").join(client_ids, on="client_cluster_id").select("crn", "client_id")
    return seconds, expanded, scores


def run_ours(folder: Path, side: str) -> None:
    """In a process of its own: link, and write what was found and what it cost to folder/side."""
    settings = load_study_settings().for_quarter(quarter_end(QUARTER)).linkage
    if side == "study_levels":
        settings = settings.model_copy(update={"term_frequencies": []})
    offenders, clients = (
        pl.read_parquet(folder / f"{name}.parquet").drop("latitude", "longitude") for name in ("offenders", "clients")
    )
    seconds, key, scores = ours(offenders, clients, settings)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    (folder / side).mkdir(exist_ok=True)
    key.write_parquet(folder / side / "key.parquet")
    scores.write_parquet(folder / side / "scores.parquet")
    rules = [same(BLOCKING_RULES[name]) for name in settings.blocking_rules]
    report = {"seconds": seconds, "peak_mb": peak, "rules": rules}
    (folder / side / "report.json").write_text(json.dumps(report), encoding="utf-8")


def standardised(folder: Path, scale: float, seed: int) -> None:
    """Write synthetic extracts and standardise them, unless the same code has done so before."""
    made_by = folder / "made_by"
    version = f"{scale} {seed} {code_fingerprint('synthetic_extracts', 'linkage_assets')}"
    if made_by.exists() and made_by.read_text(encoding="utf-8") == version:
        return
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "pathways",
        "extracts",
        "--quarter",
        QUARTER,
        "--scale",
        str(scale),
        "--seed",
        str(seed),
    ]
    subprocess.run(
        command, env={**os.environ, "PATHWAYS_VAR": str(folder)}, cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL
    )
    settings = load_study_settings().for_quarter(quarter_end(QUARTER)).linkage

    def read(name: str) -> pl.DataFrame:
        return read_extract(folder / "extracts" / QUARTER, EXTRACT_BY_NAME[name], quarter_end(QUARTER)).frame

    offenders = standardise_offenders(read("offender"), read("offender_address"), read("requirement"), settings)
    _with_coordinates(offenders).write_parquet(folder / "offenders.parquet")
    clients = standardise_clients(*(read(name) for name in NDTMS), settings=settings)
    _with_coordinates(clients).write_parquet(folder / "clients.parquet")
    made_by.write_text(version, encoding="utf-8")


def _with_coordinates(records: pl.DataFrame) -> pl.DataFrame:
    # Splink's distances want degrees. A plain inverse of the grid keeps distances of a few km, which is what matters.
    latitude = 49.0 + (pl.col("northing") + 100_000) / 111_200
    return records.with_columns(
        latitude=latitude,
        longitude=-2.0 + (pl.col("easting") - 400_000) / (111_320 * (latitude * math.pi / 180).cos()),
    )


def true_pairs(folder: Path) -> pl.DataFrame:
    """Pairs that are one person and could be linked: crn and client_id, both with enough identifiers."""
    truth = folder / "truth" / QUARTER
    linkable = [
        pl.read_parquet(folder / f"{name}.parquet").filter("linkable").select(id="person_id").unique()["id"].implode()
        for name in ("offenders", "clients")
    ]
    people = pl.read_parquet(truth / "person_truth.parquet").filter(pl.col("crn").is_in(linkable[0]))
    clients = pl.read_parquet(truth / "client_truth.parquet").rename({"CLIENTID": "client_id"})
    clients = clients.filter(pl.col("client_id").is_in(linkable[1]))
    return people.join(clients, on="true_person_id").select("crn", "client_id").unique()


def blocking_recall(folder: Path, rules: list[str], pairs: pl.DataFrame) -> float:
    """Share of the true pairs that some rule looks at, in any of their records."""
    offenders, clients = (pl.read_parquet(folder / f"{name}.parquet") for name in ("offenders", "clients"))
    with duckdb.connect() as database:
        for name, frame in (("pairs", pairs), ("offenders", offenders), ("clients", clients)):
            database.register(name, frame.to_arrow())
        found = (
            database.sql(f"""
            SELECT count(DISTINCT (p.crn, p.client_id)) AS pairs FROM pairs p
            JOIN offenders l ON l.person_id = p.crn JOIN clients r ON r.person_id = p.client_id
            WHERE {" OR ".join(f"({rule})" for rule in rules)}""")
            .pl()["pairs"]
            .item()
        )
    return round(found / pairs.height, 4)


def findings(folder: Path, side: str, pairs: pl.DataFrame) -> dict:
    """Cost and rightness of one side."""
    report = json.loads((folder / side / "report.json").read_text(encoding="utf-8"))
    key = pl.read_parquet(folder / side / "key.parquet")
    right = key.join(pairs, on=["crn", "client_id"], how="semi").height
    scores = pl.read_parquet(folder / side / "scores.parquet")
    scores = scores.join(pairs.with_columns(right=pl.lit(True)), on=["crn", "client_id"], how="left")
    scores = scores.with_columns(pl.col("right").fill_null(False))
    found = {
        **{
            name: {stage: round(taken[place], 2) for stage, taken in report["seconds"].items()}
            for place, name in enumerate(MEASURED)
        },
        "peak_mb": report["peak_mb"],
        "precision": round(right / max(key.height, 1), 4),
        "recall": round(right / pairs.height, 4),
        "blocking_recall": blocking_recall(folder, report["rules"], pairs),
    }
    for name, column in (("raw", "weight"), ("normalised", "normalised")):
        if column in scores.columns:
            measured = measure_score(scores[column], scores["right"], pairs.height, 0.985)
            found[f"recall_at_precision_0.99_{name}"] = measured["recall_at_precision_0.99"]
    return found


def totals(found: dict[str, dict], measured: str) -> dict[str, float]:
    """Seconds or processor seconds of both sides, with and without training, and their ratios."""
    (ours, our_refresh), (peer, peer_refresh) = (
        (sum(stages.values()), sum(stages.values()) - stages["train"])
        for stages in (found[side][measured] for side in ("ours", "peer"))
    )
    return {
        "ours": round(ours, 1),
        "peer": round(peer, 1),
        "ratio": round(ours / peer, 3),
        "ours_without_training": round(our_refresh, 1),
        "peer_without_training": round(peer_refresh, 1),
        "ratio_without_training": round(our_refresh / peer_refresh, 3),
        "ratio_refresh_to_plain_script": round(our_refresh / peer, 3),
    }


def main() -> None:
    """Run both sides and print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side", nargs=2, metavar=("FOLDER", "SIDE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        run_ours(Path(given.side[0]), given.side[1])
        return
    folder = data_root() / "bench" / f"linkage_scale_{given.scale:g}_seed_{given.seed}"
    standardised(folder, given.scale, given.seed)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    peer = [str(REPOSITORY / "benchmarks" / "peers" / "plain_splink.py"), str(folder)]
    sides = {side: [__file__, "--side", str(folder), side] for side in ("ours", "study_levels")} | {"peer": peer}
    for command in sides.values():
        done = subprocess.run(
            [sys.executable, *command], env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(done.stderr)
    pairs = true_pairs(folder)
    found = {side: findings(folder, side, pairs) for side in sides}
    print(
        json.dumps(
            {
                "benchmark": "linkage_against_plain_splink",
                "extracts": "synthetic",
                "scale": given.scale,
                "records": [
                    pl.scan_parquet(folder / f"{name}.parquet").select(pl.len()).collect().item()
                    for name in ("offenders", "clients")
                ],
                "true_pairs": pairs.height,
                **{f"total_{measured}": totals(found, measured) for measured in MEASURED},
                **found,
            }
        )
    )


if __name__ == "__main__":
    main()
