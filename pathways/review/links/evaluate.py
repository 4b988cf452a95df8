"""Makes findings of a review of justice links, on disk.

Does not belong here: which signed files count (shared/gathered.py), estimates
(justice_assets/steps/review/evaluate_links.py), the page that shows them (justice_assets/steps/quality_page).
"""

from typing import Any

from justice_assets.steps.review.evaluate_links import evaluate_links
from pathways.review.links.folder import STAGE, LinksFolder
from pathways.review.shared.folder import ReviewNotPossible, write_private
from pathways.review.shared.gathered import findings_text, gather, origin, origin_of, reviewers_of
from resources.settings.justice_settings import Justice


def evaluate(folder: LinksFolder, settings: Justice) -> dict[str, Any]:
    """Findings from the signed decisions, written as review_findings.json.

    Raises ReviewNotPossible when a reviewer who began has not signed or thresholds have changed since the sample was
    drawn, SignatureWrong when a file was changed.
    """
    folder.stage()
    reviewers = reviewers_of(folder)
    folder.require_same_pairs(STAGE)
    receipt = folder.receipt(STAGE)
    if receipt["thresholds_bits"] != settings.linkage.by_name:
        raise ReviewNotPossible(
            "The sample was drawn around other thresholds than study.toml has now. Move the folder "
            f"{folder.path.name} away to keep that review, and begin a new one."
        )
    sample, scores = gather(folder, [STAGE], reviewers)
    findings = {
        "title": "Clerical review of justice links",
        "quarter": folder.quarter,
        "synthetic_extracts": folder.synthetic,
        "simulated_reviewers": folder.simulated,
        **evaluate_links(sample, scores, receipt["pairs_at"], settings.linkage, settings.review),
        "strata": receipt["strata"],
        **origin_of(folder, [STAGE], reviewers),
    }
    write_private(folder.findings, findings_text(findings))
    return findings


def summary_lines(findings: dict[str, Any]) -> list[str]:
    """What a person reads after judging: what it rests on, agreement, precision at each threshold, what lies below."""
    lines = [f"Clerical review of justice links {findings['quarter']}: {origin(findings)}"]
    lines.append(f"  {findings['pairs_judged']:,} pairs judged by {findings['reviewers']}")
    if findings["agreement"]:
        kappa = findings["agreement"]["kappa"]
        lines.append(f"  kappa {_interval(kappa['value'], kappa['low'], kappa['high'])}")
    for row in findings["thresholds"]:
        precision, recall = (_interval_of(row, name) for name in ("precision", "recall"))
        lines.append(
            f"  {row['threshold']} threshold, {row['bits']:g} bits: {row['pairs']:,} pairs, precision {precision}, "
            f"recall among kept pairs {recall}"
        )
    below = _interval_of(findings["below_lowest"], "share")
    return [*lines, f"  of kept pairs below the lowest threshold, one person: {below}"]


def _interval_of(row: dict[str, Any], name: str) -> str:
    return _interval(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _interval(value: float | None, low: float | None, high: float | None) -> str:
    return "-" if value is None else f"{value:.3f} ({low:.3f} to {high:.3f})"
