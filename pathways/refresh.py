"""The quarterly refresh: checks the extracts, runs the zones in order, each in a process of its own, writes the manifest."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from time import time

from pathways.check import check_extracts, render_reports, would_start
from pathways.manifest import summary_lines, write_manifest
from pathways.run_zone import ZONES
from resources.zone_definitions import REPOSITORY, data_root


class RefreshStopped(Exception):
    """The refresh cannot go on; the message has been shown where it arose."""


def prepare_dagster_home(root: Path) -> Path:
    """Folder of Dagster's own records under `root`, with telemetry off."""
    home = root / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(REPOSITORY / "deploy" / "dagster.local.yaml", home / "dagster.yaml")
    return home


def refresh(quarter: str) -> Path:
    """Run every zone for a quarter and write its manifest. Returns the publication folder.

    Raises RefreshStopped when the extracts are rejected or a zone fails; what was computed is kept.
    """
    started, root = time(), data_root()
    folder = root / "extracts" / quarter
    print(f"Checking the extracts of {quarter}", flush=True)
    reports = check_extracts(folder, quarter, None)
    if not would_start(reports):
        render_reports([report for report in reports if report.status == "rejected"], stream=sys.stderr)
        raise RefreshStopped("The extracts cannot be used; nothing was written.")
    environment = {
        **os.environ,
        "PATHWAYS_VAR": str(root),
        "DAGSTER_HOME": str(prepare_dagster_home(root)),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "POLARS_MAX_THREADS": os.environ.get("POLARS_MAX_THREADS", str(os.cpu_count() or 1)),
    }
    for zone in ZONES:
        command = [sys.executable, "-m", "pathways.run_zone", zone, quarter]
        if subprocess.run(command, env=environment, cwd=REPOSITORY).returncode != 0:
            raise RefreshStopped(f"{zone} did not finish; see the message above.")
    manifest = write_manifest(root, quarter)
    for line in summary_lines(manifest):
        print(line, flush=True)
    publication = root / "publication" / quarter
    print(f"\nDone in {time() - started:.0f} s. The publication is in {publication}", flush=True)
    return publication
