"""Plays reviewers of justice links with stated error rates, for demonstration and tests.

Belongs here: the truth of a pair. Does not belong here: what simulated reviewers say (shared/simulated_pairs.py), any
step of the review itself.

The truth is known of synthetic extracts only; on anything else a simulation is refused.
"""

import shutil
from pathlib import Path
from typing import Any

import polars as pl

from pathways.review.links.draw import draw_sample
from pathways.review.links.evaluate import evaluate
from pathways.review.links.folder import STAGE, LinksFolder
from pathways.review.shared.simulated_pairs import Played, play
from pathways.review.shared.simulated_reviewers import require_synthetic
from resources.settings.justice_settings import Justice

TRUTH = "justice_people.parquet"
PEOPLE = "Real pairs are reviewed by people: `pathways review links serve`."


def simulate(root: Path, quarter: str, settings: Justice, played: Played) -> tuple[LinksFolder, dict[str, Any]]:
    """Play the sample, sign, judge; returns the folder and the findings.

    An earlier simulation is replaced; people's reviews lie elsewhere and are not touched. Raises SimulationRefused.
    """
    folder = LinksFolder(root, quarter, simulated=True)
    require_synthetic(folder, [TRUTH], PEOPLE)
    if folder.path.exists():
        shutil.rmtree(folder.path)
    draw_sample(folder, settings)
    play(folder, STAGE, true_links(folder), settings.review.seed, played)
    return folder, evaluate(folder, settings)


def true_links(folder: LinksFolder) -> dict[int, bool]:
    """Whether each sampled pair is truly one person, by number of the pair."""
    people = pl.scan_parquet(folder.truth / TRUTH).select("source", "record_key", "person_id")
    pairs = folder.sampled(STAGE, folder.sample_table).lazy().join(people, on=["source", "record_key"], how="left")
    others = people.rename({"source": "other_source", "record_key": "other_record_key", "person_id": "other_person_id"})
    both = pairs.join(others, on=["other_source", "other_record_key"], how="left").sort("pair")
    same = (pl.col("person_id") == pl.col("other_person_id")).fill_null(False)
    return dict(both.select("pair", same).collect().iter_rows())
