"""Gathers signed decisions into findings, on disk as figures and as a page.

Belongs here: findings on disk, where the second sample goes. Does not belong here: which signed files count
(shared/gathered.py), estimates (linkage_assets/steps/review/evaluate_review.py), the look of the page (report.py).
"""

import numpy as np

from linkage_assets.steps.review.evaluate_review import evaluate_review, first_disagreement
from linkage_assets.steps.review.sample_review_pairs import describe_strata, weigh
from pathways.review.pairs.draw import draw_second_sample
from pathways.review.pairs.folder import STAGES, PairsFolder
from pathways.review.pairs.report import findings_page
from pathways.review.shared.folder import write_private
from pathways.review.shared.gathered import findings_text, gather, origin_of, reviewers_of
from resources.review.review_curves import matches
from resources.settings.study_settings import Linkage


def evaluate(folder: PairsFolder, settings: Linkage) -> dict:
    """Findings from the signed decisions of every stage that is drawn; written as review_findings.json and .html.

    Raises ReviewNotPossible when a reviewer who began has not signed, SignatureWrong when a file was changed.
    """
    findings = make_findings(folder, settings)
    write_private(folder.findings, findings_text(findings))
    write_private(folder.findings.with_suffix(".html"), findings_page(findings))
    return findings


def make_findings(folder: PairsFolder, settings: Linkage) -> dict:
    """Findings, from files that are checked on the way; nothing is written. Raises as `evaluate`."""
    folder.stage()
    stages = [stage for stage in STAGES if folder.sample(stage).exists()]
    reviewers = reviewers_of(folder)
    folder.require_same_pairs(stages[-1])
    pairs, edges = folder.table("person_pairs"), folder.receipt(stages[-1])["edges_bits"]
    sample, scores = gather(folder, stages, reviewers)
    sample = weigh(sample, pairs, edges)
    return {
        "title": "Clerical review of pairs of people",
        "quarter": folder.quarter,
        "synthetic_extracts": folder.synthetic,
        "simulated_reviewers": folder.simulated,
        "stages": stages,
        **evaluate_review(sample, scores, pairs, settings),
        "strata": describe_strata(sample, pairs, edges),
        **origin_of(folder, stages, reviewers),
    }


def sample_near_disagreement(folder: PairsFolder, settings: Linkage) -> dict:
    """Draw the second sample from what reviewers signed of the first, and return its receipt.

    Near the first disagreement; near linkage.threshold when reviewers call every pair of the first sample a match.
    """
    folder.require_same_pairs("first")
    sample, scores = gather(folder, ["first"], reviewers_of(folder))
    match = matches(scores, settings.review.match_score)
    found = first_disagreement(sample, match, folder.table("person_pairs"))
    centre = found["bits"] if found else float(np.log2(settings.threshold / (1 - settings.threshold)))
    return draw_second_sample(folder, settings.review, centre)
