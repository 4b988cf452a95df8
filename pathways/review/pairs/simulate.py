"""Plays reviewers with stated error rates through a whole review of pairs, for demonstration and tests.

Belongs here: the truth of a pair. Does not belong here: what simulated reviewers say (shared/simulated_pairs.py), any
step of the review itself: samples, decisions, signatures and findings are made by the code that people's reviews go
through.

The truth is known of synthetic extracts only; on anything else a simulation is refused.
"""

import shutil
from pathlib import Path

import polars as pl

from pathways.review.pairs.draw import draw_first_sample
from pathways.review.pairs.evaluate import evaluate, sample_near_disagreement
from pathways.review.pairs.folder import PairsFolder
from pathways.review.shared.folder import ReviewNotPossible
from pathways.review.shared.simulated_pairs import Played, play
from pathways.review.shared.simulated_reviewers import require_synthetic
from resources.settings.study_settings import Linkage

TRUTHS = ("person_truth.parquet", "client_truth.parquet")
PEOPLE = "Real pairs are reviewed by people: `pathways review serve`."


def simulate(
    root: Path, quarter: str, settings: Linkage, reviewers: int, miss_rate: float, false_rate: float
) -> tuple[PairsFolder, dict]:
    """Play both samples with `reviewers` (1 or 2), sign, judge; returns the folder and the findings.

    miss_rate: share of true matches that a reviewer calls none; false_rate: share of others called a match. An earlier
    simulation is replaced; people's reviews lie elsewhere and are not touched. Raises SimulationRefused.
    """
    folder = PairsFolder(root, quarter, simulated=True)
    played, seed = Played(reviewers, miss_rate, false_rate), settings.review.seed
    require_synthetic(folder, TRUTHS, PEOPLE)
    if folder.path.exists():
        shutil.rmtree(folder.path)
    draw_first_sample(folder, settings.review)
    play(folder, "first", true_matches(folder, "first"), seed, played)
    findings = evaluate(folder, settings)
    try:
        sample_near_disagreement(folder, settings)
    except ReviewNotPossible:  # a small quarter: every pair near it is judged already
        return folder, findings
    play(folder, "second", true_matches(folder, "second"), seed, played)
    return folder, evaluate(folder, settings)


def true_matches(folder: PairsFolder, stage: str) -> dict[int, bool]:
    """Whether each sampled pair is truly one person, by number of the pair."""
    people = pl.read_parquet(folder.truth / TRUTHS[0]).select("crn", pl.col("true_person_id").alias("person"))
    clients = pl.read_parquet(folder.truth / TRUTHS[1]).select(
        pl.col("CLIENTID").alias("client_id"), pl.col("true_person_id").alias("client")
    )
    pairs = folder.sampled(stage, "review_sample").join(people, on="crn", how="left")
    pairs = pairs.join(clients, on="client_id", how="left").sort("pair")
    return dict(pairs.select("pair", (pl.col("person") == pl.col("client")).fill_null(False)).iter_rows())
