"""Adopts a threshold: writes it into study.toml with who decided, when and on what evidence. Never done by itself.

Belongs here: the act and its record. Does not belong here: which threshold is recommended (linkage_assets/steps).
"""

import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import tomlkit

from pathways.review.pairs.evaluate import make_findings
from pathways.review.pairs.folder import PairsFolder
from pathways.review.shared.folder import ReviewNotPossible
from pathways.review.shared.gathered import findings_text
from resources.settings.study_settings import StudySettings, load_study_settings


def adopt(folder: PairsFolder, settings_file: Path, by: str, today: date, threshold: float | None = None) -> float:
    """Write linkage.threshold and its decision into `settings_file`, keeping its comments; returns the threshold.

    `threshold`: None for the recommended one, or another of the findings. Findings must be what the signed decisions
    give, which is computed again. Raises ReviewNotPossible; StudySettingsError when the file would not be valid.
    """
    if not by.strip():
        raise ReviewNotPossible("Say who decides: --by NAME.")
    if not folder.findings.exists():
        raise ReviewNotPossible("There are no findings. Make them: `pathways review evaluate`.")
    settings = load_study_settings(settings_file)
    findings, text = make_findings(folder, settings.linkage), folder.findings.read_text(encoding="utf-8")
    if text != findings_text(findings):
        raise ReviewNotPossible(
            "The findings are not what the signed decisions give under the settings of today. Run `pathways review "
            "evaluate` and read them again."
        )
    chosen = _chosen(findings, threshold)
    _write(settings_file, settings, chosen, by.strip(), today, _basis(folder), sha256(text.encode()).hexdigest())
    return chosen


def _chosen(findings: dict, threshold: float | None) -> float:
    if threshold is None:
        if findings["recommended_threshold"] is None:
            raise ReviewNotPossible(
                f"No threshold is recommended: at none is precision surely {findings['target_precision']}. Review more "
                "pairs, or name one of the findings' thresholds with --threshold."
            )
        return findings["recommended_threshold"]["threshold"]
    if threshold not in {row["threshold"] for row in findings["thresholds"]}:
        raise ReviewNotPossible("The findings say nothing of that threshold. Name one that their table has.")
    return threshold


def _basis(folder: PairsFolder) -> str:
    if folder.simulated:
        return "simulated_review_of_synthetic_extracts"
    return "clerical_review_of_synthetic_extracts" if folder.synthetic else "clerical_review"


def _write(
    path: Path, settings: StudySettings, threshold: float, by: str, today: date, basis: str, evidence: str
) -> None:
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    linkage = document["linkage"]
    linkage["threshold"] = threshold  # type: ignore[index]
    decision = {
        "threshold": threshold,
        "decided_on": today,
        "decided_by": by,
        "basis": basis,
        "evidence": evidence,
    }
    for name in type(settings.linkage.threshold_decision).model_fields:
        linkage["threshold_decision"][name] = decision[name]  # type: ignore[index]
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(tomlkit.dumps(document), encoding="utf-8")
    shutil.copymode(path, partial)  # study.toml is read by other users
    try:
        load_study_settings(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
