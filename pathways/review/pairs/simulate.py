"""Plays reviewers with stated error rates through a whole review, for demonstration and tests.

Belongs here: what a simulated reviewer says of a pair. Does not belong here: any step of the review itself: samples,
decisions, signatures and findings are made by the code that people's reviews go through.

The truth is known of synthetic extracts only; on anything else a simulation is refused.
"""

import shutil
from pathlib import Path

import numpy as np
import polars as pl

from pathways.review.pairs.draw import draw_first_sample
from pathways.review.pairs.evaluate import evaluate, sample_near_disagreement
from pathways.review.pairs.folder import PairsFolder
from pathways.review.pairs.session import ReviewSession
from pathways.review.shared.folder import ReviewNotPossible
from pathways.review.shared.signing import sign
from pathways.review.shared.simulated_reviewers import NAMES, SimulationRefused, generator_for, stated_times
from resources.settings.study_settings import Linkage

SECONDS_PER_PAIR = 20
SURE_TENTHS = 4  # a match is scored 0.7 to 1, a non-match 0 to 0.3


def simulate(
    root: Path, quarter: str, settings: Linkage, reviewers: int, miss_rate: float, false_rate: float
) -> tuple[PairsFolder, dict]:
    """Play both samples with `reviewers` (1 or 2), sign, judge; returns the folder and the findings.

    miss_rate: share of true matches that a reviewer calls none; false_rate: share of others called a match. An earlier
    simulation is replaced; people's reviews lie elsewhere and are not touched. Raises SimulationRefused.
    """
    folder = PairsFolder(root, quarter, simulated=True)
    truth = root / "truth" / quarter
    needed = [truth / "person_truth.parquet", truth / "client_truth.parquet"]
    if not folder.synthetic or not all(path.exists() for path in needed):
        raise SimulationRefused(
            f"Reviewers are simulated from the truth of synthetic extracts only, and {quarter} has none. "
            "Real pairs are reviewed by people: `pathways review serve`."
        )
    if folder.path.exists():
        shutil.rmtree(folder.path)
    draw_first_sample(folder, settings.review)
    findings = _play(folder, "first", settings, reviewers, miss_rate, false_rate)
    try:
        sample_near_disagreement(folder, settings)
    except ReviewNotPossible:  # a small quarter: every pair near it is judged already
        return folder, findings
    return folder, _play(folder, "second", settings, reviewers, miss_rate, false_rate)


def _play(
    folder: PairsFolder, stage: str, settings: Linkage, reviewers: int, miss_rate: float, false_rate: float
) -> dict:
    truth = true_matches(folder, stage)
    for name in NAMES[:reviewers]:
        seed = settings.review.seed
        draws = generator_for(seed, name, stage), generator_for(seed, stage)
        scores = simulated_scores(truth, miss_rate, false_rate, *draws)
        clock = stated_times(folder.quarter, SECONDS_PER_PAIR)
        session = ReviewSession(folder, stage, name, settings.review, clock)
        while (pair := session.current) is not None:
            session.save(pair, scores[pair])
        session.close()
        sign(folder, stage, name, clock)
    return evaluate(folder, settings)


def simulated_scores(
    truth: dict[int, bool],
    miss_rate: float,
    false_rate: float,
    reviewer: np.random.Generator,
    pairs: np.random.Generator,
) -> dict[int, float]:
    """A score in tenths for each pair. `reviewer` draws the mistakes, at the stated rates; `pairs` how clear a pair is,
    which is the same to every reviewer."""
    wrong = reviewer.random(len(truth)) < np.where(list(truth.values()), miss_rate, false_rate)
    doubt = pairs.integers(0, SURE_TENTHS, len(truth))
    says = np.array(list(truth.values())) ^ wrong
    tenths = np.where(says, 10 - doubt, doubt)
    return {pair: int(tenth) / 10 for pair, tenth in zip(truth, tenths, strict=True)}


def true_matches(folder: PairsFolder, stage: str) -> dict[int, bool]:
    """Whether each sampled pair is truly one person, by number of the pair."""
    truth = folder.root / "truth" / folder.quarter
    people = pl.read_parquet(truth / "person_truth.parquet").select("crn", pl.col("true_person_id").alias("person"))
    clients = pl.read_parquet(truth / "client_truth.parquet").select(
        pl.col("CLIENTID").alias("client_id"), pl.col("true_person_id").alias("client")
    )
    pairs = folder.sampled(stage, "review_sample").join(people, on="crn", how="left")
    pairs = pairs.join(clients, on="client_id", how="left").sort("pair")
    return dict(pairs.select("pair", (pl.col("person") == pl.col("client")).fill_null(False)).iter_rows())
