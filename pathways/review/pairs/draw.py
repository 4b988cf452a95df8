"""Draws each sample of a review once, and keeps with it what it was drawn from.

Belongs here: when a sample is drawn. Does not belong here: which pairs are drawn
(linkage_assets/steps/review/sample_review_pairs.py), the files (PairsFolder.store).
"""

import polars as pl

from linkage_assets.steps.review.review_records import review_records
from linkage_assets.steps.review.sample_review_pairs import describe_strata, sample_first, sample_second, stratum_edges
from pathways.review.pairs.folder import PairsFolder
from pathways.review.shared.folder import ReviewNotPossible
from resources.settings.study_settings import Review


def draw_first_sample(folder: PairsFolder, settings: Review) -> dict:
    """Draw the first sample once and return its receipt; one that is drawn from the same pairs is kept."""
    if folder.sample("first").exists():
        folder.require_same_pairs("first")
        return folder.receipt("first")
    pairs = folder.table("person_pairs")
    folder.require_current("person_pairs", "linkage_model")
    sample, edges = sample_first(pairs, settings), stratum_edges(pairs, settings)
    return _store(folder, "first", sample, edges, describe_strata(sample, pairs, edges), settings)


def draw_second_sample(folder: PairsFolder, settings: Review, centre_bits: float) -> dict:
    """Draw the second sample once, near `centre_bits` (match weight), and return its receipt."""
    if folder.sample("second").exists():
        folder.require_same_pairs("second")
        return folder.receipt("second")
    folder.require_same_pairs("first")
    pairs, first = folder.table("person_pairs"), folder.sampled("first", "review_sample")
    sample, edges = sample_second(pairs, first, centre_bits, settings)
    if sample.is_empty():
        raise ReviewNotPossible("Every pair near the first disagreement is in the first sample: no second is needed.")
    both = pl.concat([first, sample])
    return _store(folder, "second", sample, edges, describe_strata(both, pairs, edges), settings)


def _store(
    folder: PairsFolder, stage: str, sample: pl.DataFrame, edges: list[float], strata: list[dict], settings: Review
) -> dict:
    records = review_records(sample, folder.table("standardised_offenders"), folder.table("standardised_clients"))
    return folder.store(stage, sample, records, {"edges_bits": edges, "strata": strata}, settings)
