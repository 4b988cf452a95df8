"""Gathers signed decisions into findings, on disk as figures and as a page.

Belongs here: which signed files count, findings on disk, where the second sample goes. Does not belong here: estimates
(linkage_assets/steps/review/evaluate_review.py), the look of the page (report.py).
"""

import json
from hashlib import sha256

import numpy as np
import polars as pl

from linkage_assets.steps.review.evaluate_review import evaluate_review, first_disagreement, matches
from linkage_assets.steps.review.sample_review_pairs import describe_strata, weigh
from pathways.review.pairs.draw import draw_second_sample, require_same_pairs
from pathways.review.pairs.folder import STAGES, PairsFolder
from pathways.review.pairs.report import findings_page
from pathways.review.shared.folder import ReviewNotPossible, write_private
from pathways.review.shared.signing import signed_on, signed_scores
from resources.settings.study_settings import Linkage

MOST_REVIEWERS = 2


def evaluate(folder: PairsFolder, settings: Linkage) -> dict:
    """Findings from the signed decisions of every stage that is drawn; written as review_findings.json and .html.

    Raises ReviewNotPossible when a reviewer who began has not signed, SignatureWrong when a file was changed.
    """
    findings = make_findings(folder, settings)
    write_private(folder.findings, findings_text(findings))
    write_private(folder.findings.with_suffix(".html"), findings_page(findings))
    return findings


def findings_text(findings: dict) -> str:
    """Findings as they stand in the file: the same findings, the same text."""
    return json.dumps(findings, indent=1) + "\n"


def make_findings(folder: PairsFolder, settings: Linkage) -> dict:
    """Findings, from files that are checked on the way; nothing is written. Raises as `evaluate`."""
    folder.stage()
    stages = [stage for stage in STAGES if folder.sample(stage).exists()]
    reviewers = _reviewers(folder)
    require_same_pairs(folder, stages[-1])
    pairs, edges = folder.table("person_pairs"), folder.receipt(stages[-1])["edges_bits"]
    sample, scores = _gather(folder, stages, reviewers)
    sample = weigh(sample, pairs, edges)
    return {
        "title": "Clerical review of pairs of people",
        "quarter": folder.quarter,
        "synthetic_extracts": folder.synthetic,
        "simulated_reviewers": folder.simulated,
        "stages": stages,
        **evaluate_review(sample, scores, pairs, settings),
        "strata": describe_strata(sample, pairs, edges),
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


def sample_near_disagreement(folder: PairsFolder, settings: Linkage) -> dict:
    """Draw the second sample from what reviewers signed of the first, and return its receipt.

    Near the first disagreement; near linkage.threshold when reviewers call every pair of the first sample a match.
    """
    require_same_pairs(folder, "first")
    sample, scores = _gather(folder, ["first"], _reviewers(folder))
    match = matches(scores, settings.review.match_score)
    found = first_disagreement(sample, match, folder.table("person_pairs"))
    centre = found["bits"] if found else float(np.log2(settings.threshold / (1 - settings.threshold)))
    return draw_second_sample(folder, settings.review, centre)


def _reviewers(folder: PairsFolder) -> list[str]:
    names = folder.reviewers("first")
    if not names:
        raise ReviewNotPossible("Nobody has judged a pair. Begin with `pathways review serve`.")
    if len(names) > MOST_REVIEWERS:
        raise ReviewNotPossible(
            f"{len(names)} reviewers have begun; findings are made for one or two. Move the others' folders away from "
            f"{folder.path.name}/reviewers."
        )
    return names


def _gather(folder: PairsFolder, stages: list[str], reviewers: list[str]) -> tuple[pl.DataFrame, np.ndarray]:
    """All judged pairs, and their scores as pairs x reviewers."""
    samples, scores = [], []
    for stage in stages:
        folder.receipt(stage)
        samples.append(folder.sampled(stage, "review_sample"))
        given = [signed_scores(folder, stage, name) for name in reviewers]
        scores.append(np.array([[one[pair] for one in given] for pair in samples[-1]["pair"]], dtype=float))
    return pl.concat(samples), np.concatenate(scores)


def _hash_of_scores(scores: dict[int, float]) -> str:
    return sha256(json.dumps(sorted(scores.items())).encode()).hexdigest()
