"""Gathers what reviewers signed of pairs: their scores side by side, and which signed files findings rest on.

Belongs here: which signed files count, findings as text. Does not belong here: estimates (resources/review), what else
findings say (pairs/evaluate.py, links/evaluate.py).
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl

from pathways.review.shared.folder import ReviewNotPossible
from pathways.review.shared.pairs_folder import ScoredPairsFolder
from pathways.review.shared.signing import signed_on, signed_scores

MOST_REVIEWERS = 2


def reviewers_of(folder: ScoredPairsFolder) -> list[str]:
    """Who began the first sample, one or two. Raises ReviewNotPossible."""
    names = folder.reviewers(folder.stages[0])
    if not names:
        raise ReviewNotPossible(f"Nobody has judged a pair. Begin with `{folder.command} serve`.")
    if len(names) > MOST_REVIEWERS:
        raise ReviewNotPossible(
            f"{len(names)} reviewers have begun; findings are made for one or two. Move the others' folders away from "
            f"{folder.path.name}/reviewers."
        )
    return names


def gather(
    folder: ScoredPairsFolder, stages: Sequence[str], reviewers: Sequence[str]
) -> tuple[pl.DataFrame, np.ndarray]:
    """All judged pairs, and their scores as pairs x reviewers. Raises as signed_scores."""
    samples, scores = [], []
    for stage in stages:
        folder.receipt(stage)
        samples.append(folder.sampled(stage, folder.sample_table))
        given = [signed_scores(folder, stage, name) for name in reviewers]
        scores.append(np.array([[one[pair] for one in given] for pair in samples[-1]["pair"]], dtype=float))
    return pl.concat(samples), np.concatenate(scores)


def origin_of(folder: ScoredPairsFolder, stages: Sequence[str], reviewers: Sequence[str]) -> dict[str, Any]:
    """What findings rest on: made_from, and decisions by reviewer and stage, without a name."""
    return {
        "made_from": folder.receipt(stages[-1])["made_from"],
        "decisions": [
            {
                "reviewer": number,
                "stage": stage,
                "signed_on": signed_on(folder, stage, name),
                "sample": folder.sample_hash(stage),
                "scores": _hash_of_scores(signed_scores(folder, stage, name)),
            }
            for number, name in enumerate(reviewers, 1)
            for stage in stages
        ],
    }


def findings_text(findings: dict[str, Any]) -> str:
    """Findings as they stand in the file: the same findings, the same text."""
    return json.dumps(findings, indent=1) + "\n"


def origin(findings: dict[str, Any]) -> str:
    """What kind of records and reviewers findings come from."""
    records = "SYNTHETIC records" if findings["synthetic_extracts"] else "records"
    return f"{'SIMULATED reviewers' if findings['simulated_reviewers'] else 'reviewers'} of {records}"


def _hash_of_scores(scores: dict[int, float]) -> str:
    return sha256(json.dumps(sorted(scores.items())).encode()).hexdigest()
