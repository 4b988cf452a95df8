"""Runs the zones of a refresh in order, each in a process of its own; none where nothing has changed.

Does not belong here: what a zone does (run_zone.py), and whether anything has changed (settled.py).
"""

import os
import sys
from pathlib import Path

from nlp_assets.engines.open_engine import default_engine_name
from nlp_assets.serving.serving import Serving
from pathways.refresh.settled import nothing_changed
from pathways.refresh.stage_costs import REVIEW, measured
from pathways.refresh.stopped import RefreshStopped
from pathways.refresh.usable_extracts import require_same_extracts
from pathways.refresh.zone_order import ZONES
from resources.process.child_processes import run_child
from resources.process.data_root import REPOSITORY, data_root
from resources.settings.study_settings import load_study_settings
from resources.store.kept_files import STORE

SIMULATED_REVIEWS = {"linkage_assets": ("review", "pairs"), "nlp_assets": ("review-notes", "notes")}


def run_zones(environment: dict[str, str], quarter: str, simulate_review: bool, files: dict[str, str]) -> bool:
    """Run what is not settled, and say whether that was anything."""
    root, started_any = data_root(), False
    for zone in ZONES:
        if not simulate_review and _is_settled(root, zone, quarter):
            print(f"{zone}: 0 tables to make, as nothing has changed", flush=True)
            continue
        started_any = True
        _run_zone(environment, zone, quarter)
        if simulate_review and zone in SIMULATED_REVIEWS:
            review, judged = SIMULATED_REVIEWS[zone]
            print(f"Simulated reviewers judge a sample of {judged}", flush=True)
            command = [sys.executable, "-m", "pathways", review, "simulate", "--quarter", quarter]
            with measured(root, quarter, REVIEW):
                run_child(command, REPOSITORY, environment)
            _run_zone(environment, zone, quarter)
        require_same_extracts(root, quarter, files)
    return started_any


def _is_settled(root: Path, zone: str, quarter: str) -> bool:
    """Whether a zone need not be asked. What is elsewhere, as a bucket, or a server or folder that reads the notes, may
    change without a trace here.
    """
    if os.environ.get(STORE):
        return False
    if zone == "nlp_assets":
        name = default_engine_name(load_study_settings().notes.labels, Serving.of(os.environ))
        if name != "encoder":
            return False
    return nothing_changed(root, zone, quarter)


def _run_zone(environment: dict[str, str], zone: str, quarter: str) -> None:
    command = [sys.executable, "-m", "pathways.refresh.run_zone", zone, quarter]
    with measured(data_root(), quarter, zone):
        if run_child(command, REPOSITORY, environment).returncode != 0:
            raise RefreshStopped  # the zone has said why
