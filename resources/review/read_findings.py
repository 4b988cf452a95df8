"""Reads what a clerical review of pairs found. Does not belong here: making findings (pathways/review)."""

from pathlib import Path
from typing import Any

from resources.secrets.kept_file import read_kept

REMEDY = "Make it again: {command} evaluate."
FOLDERS = {"review": False, "review_simulated": True}  # whether reviewers were simulated
FINDINGS = "review_findings.json"


def findings_files(zone: str) -> list[str]:
    """Where findings of a zone's quarter lie below the data root: of people, and of simulated reviewers."""
    return [f"{zone}/{{quarter}}/{folder}/{FINDINGS}" for folder in FOLDERS]


def read_review_findings(zone_folder: Path, synthetic: bool, command: str = "pathways review") -> dict[str, Any] | None:
    """Findings of the quarter's clerical review, made by `command`, with `simulated` added; None without any.

    A simulated review counts on synthetic extracts only, and only where people reviewed nothing.
    Raises KeptFileDamaged.
    """
    for folder, simulated in FOLDERS.items():
        path = zone_folder / folder / FINDINGS
        if path.is_file() and (synthetic or not simulated):
            return {**read_kept(path, {"reviewers": int}, REMEDY.format(command=command)), "simulated": simulated}
    return None
