"""Draws each sample of a review once, and keeps with it what it was drawn from.

Belongs here: sample, shown records and receipt on disk. Does not belong here: which pairs are drawn
(linkage_assets/steps/review/sample_review_pairs.py).
"""

import json
from hashlib import sha256

import polars as pl

from linkage_assets.schemas.reviewing import TABLES
from linkage_assets.steps.review.review_records import review_records
from linkage_assets.steps.review.sample_review_pairs import describe_strata, sample_first, sample_second, stratum_edges
from pathways.review.pairs.folder import PairsFolder
from pathways.review.shared.folder import ReviewNotPossible, write_private
from resources.receipts.receipts import file_hash
from resources.settings.study_settings import Review
from resources.zone.schema_check import check_frame


def draw_first_sample(folder: PairsFolder, settings: Review) -> dict:
    """Draw the first sample once and return its receipt; one that is drawn from the same pairs is kept."""
    if folder.sample("first").exists():
        require_same_pairs(folder, "first")
        return folder.receipt("first")
    pairs = folder.table("person_pairs")
    folder.require_current("person_pairs", "linkage_model")
    sample, edges = sample_first(pairs, settings), stratum_edges(pairs, settings)
    return _store(folder, "first", sample, edges, describe_strata(sample, pairs, edges), settings)


def draw_second_sample(folder: PairsFolder, settings: Review, centre_bits: float) -> dict:
    """Draw the second sample once, near `centre_bits` (match weight), and return its receipt."""
    if folder.sample("second").exists():
        require_same_pairs(folder, "second")
        return folder.receipt("second")
    require_same_pairs(folder, "first")
    pairs, first = folder.table("person_pairs"), folder.sampled("first", "review_sample")
    sample, edges = sample_second(pairs, first, centre_bits, settings)
    if sample.is_empty():
        raise ReviewNotPossible("Every pair near the first disagreement is in the first sample: no second is needed.")
    both = pl.concat([first, sample])
    return _store(folder, "second", sample, edges, describe_strata(both, pairs, edges), settings)


def require_same_pairs(folder: PairsFolder, stage: str) -> None:
    """Raise ReviewNotPossible when person_pairs is no longer the table that a sample was drawn from."""
    folder.table("person_pairs")
    if folder.receipt(stage)["made_from"]["person_pairs"] != file_hash(folder.zone / "person_pairs.parquet"):
        raise ReviewNotPossible(
            f"The {stage} sample was drawn from other pairs than the quarter has now. Move the folder "
            f"{folder.path.name} away to keep that review, and begin a new one."
        )


def _store(
    folder: PairsFolder, stage: str, sample: pl.DataFrame, edges: list[float], strata: list[dict], settings: Review
) -> dict:
    records = review_records(sample, folder.table("standardised_offenders"), folder.table("standardised_clients"))
    folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    hashes = {}
    for name, frame in (("review_sample", sample), ("review_records", records)):
        path = folder.path / f"{stage}_{name}.parquet"
        check_frame(frame, TABLES[name], name).write_parquet(path)
        path.chmod(0o600)
        hashes[name] = file_hash(path)
    folder.table("linkage_model")
    receipt = {
        "stage": stage,
        "quarter": folder.quarter,
        "synthetic_extracts": folder.synthetic,
        "simulated_reviewers": folder.simulated,
        "pairs": sample.height,
        "edges_bits": edges,
        "strata": strata,
        "settings": sha256(settings.model_dump_json().encode()).hexdigest()[:16],
        "made_from": {name: file_hash(folder.zone / f"{name}.parquet") for name in ("person_pairs", "linkage_model")},
        "sha256": hashes,
    }
    write_private(folder.sample(stage), json.dumps(receipt, indent=1, sort_keys=True))
    return receipt
