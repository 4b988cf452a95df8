"""The quarterly refresh: checks extracts, runs the zones in order, each in its own process, writes the manifest."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import time

from nlp_assets.engines.publishable_labels import EngineRefused, require_instruct_model
from pathways.linkage_model import LinkageModelMissing, approval_lines, require_linkage_model, train_linkage_model
from pathways.manifest import summary_lines, write_manifest
from pathways.run_zone import ZONES
from resources.child_processes import run_child
from resources.extract_folder import ExtractFolder
from resources.extract_parts import hashes_under
from resources.json_server import ServerRefuses
from resources.kept_file import KeptFileDamaged, read_kept
from resources.kept_reading import forget_readings
from resources.linkage_models import model_file
from resources.private_files import close_root, only_one
from resources.receipts import file_hash
from resources.serving import Serving
from resources.settings_of_run import settings_of_run
from resources.storage_faults import shown_path
from resources.study_settings import load_study_settings
from resources.synthetic_mark import MARK, is_marked, not_marked, synthetic_mark
from resources.zone_definitions import REPOSITORY, code_fingerprint, data_root

SIMULATED_REVIEWS = {"linkage_assets": ("review", "pairs"), "nlp_assets": ("review-notes", "notes")}


class RefreshStopped(Exception):
    """The refresh cannot go on. Without a message: what stopped it has been said where it arose."""


def prepare_dagster_home(root: Path) -> Path:
    """Folder of Dagster's own records under `root`, with telemetry off; says what in `root` others could read."""
    if closed := close_root(root):
        print(f"{closed:,} files or folders in {root} were open to other users, and are closed now.", flush=True)
    home = root / "dagster"
    home.mkdir(exist_ok=True)
    shutil.copyfile(REPOSITORY / "deploy" / "dagster.local.yaml", home / "dagster.yaml")
    return home


def _require_usable_extracts(root: Path, quarter: str) -> dict[str, str]:
    """Check the extracts as `pathways check` does, unless the same files have passed before; show its warnings.

    In a process of its own, which reads every zone's extracts and ends before any zone starts. Returns the hashes of
    the files that passed (extract_parts.hashes_under).
    """
    folder, passed = root / "extracts" / quarter, root / "dagster" / f"extracts_passed_{quarter}.json"
    decisions = root / "decisions" / f"{quarter}.toml"
    files = hashes_under(folder)
    seen = {
        "code": code_fingerprint("pathways", "linkage_assets"),
        "settings": load_study_settings().fingerprint("study", "extracts", "linkage", "combining", "notes"),
        "decisions": file_hash(decisions) if decisions.is_file() else "",
        "files": files,
    }
    before = _passed_before(passed)
    if before.get("seen") == seen:
        print("".join(f"{warning}\n" for warning in before["warnings"]), end="", flush=True)
        return files
    print(f"Checking the extracts of {quarter}", flush=True)
    command = [sys.executable, "-m", "pathways", "check", "--extracts", str(folder), "--quarter", quarter, "--json",
               "--keep-for", str(root)]
    done = run_child(command, REPOSITORY, read_output=True)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    for report in reports:
        if report["problem"]:
            print(f"{report['file']}: {report['problem']}\n  what to do: {report['remedy']}", file=sys.stderr)
    warnings = [f"  warning: {report['table']}: {warning}" for report in reports for warning in report["warnings"]]
    print("".join(f"{warning}\n" for warning in warnings), end="", flush=True)
    if done.returncode != 0:
        raise RefreshStopped("The extracts cannot be used; nothing was written.")
    set_aside = sum(report["rows_quarantined"] for report in reports)
    files_sent = sum(bool(report["sha256"]) for report in reports)
    print(f"  {files_sent} files accepted, {set_aside:,} rows quarantined (pathways check shows which)", flush=True)
    passed.parent.mkdir(parents=True, exist_ok=True)
    passed.write_text(json.dumps({"seen": seen, "warnings": warnings}), encoding="utf-8")
    return files


def _passed_before(path: Path) -> dict:
    """What passed last time; nothing where the record is missing or damaged: then the extracts are checked again."""
    try:
        return read_kept(path, {"seen": dict, "warnings": list}, "")
    except (KeptFileDamaged, FileNotFoundError):
        return {}


def train(quarter: str, name: str) -> list[str]:
    """Train a linkage model on a quarter's extracts. Returns the lines that say how to approve it.

    Raises LinkageModelMisnamed; RefreshStopped when the extracts are rejected or training fails.
    """
    root = data_root()
    model_file(name)
    home = prepare_dagster_home(root)
    with _only_refresh(home), settings_of_run(root / "settings"):
        _require_usable_extracts(root, quarter)
        if train_linkage_model(root, zone_environment(root, home), quarter, name) != 0:
            raise RefreshStopped("No model was kept; see the message above.")
    return approval_lines(root, name)


def refresh(quarter: str, simulate_review: bool = False) -> Path:
    """Run every zone for a quarter and write its manifest. Returns the publication folder.

    `simulate_review`: let simulated reviewers judge samples of synthetic pairs and notes, for the quality reports.
    Raises RefreshStopped when the extracts are rejected or a zone fails; what was computed is kept.
    """
    started, root = time(), data_root()
    home = prepare_dagster_home(root)
    with _only_refresh(home), settings_of_run(root / "settings") as edited:
        require_note_reader(root, quarter)
        files = _require_usable_extracts(root, quarter)
        environment = zone_environment(root, home)
        try:
            require_linkage_model(root, environment, quarter)
        except (LinkageModelMissing, KeptFileDamaged) as missing:
            raise RefreshStopped(str(missing)) from None
        _run_zones(environment, quarter, simulate_review, files)
        forget_readings(root, quarter)
        manifest = write_manifest(root, quarter)
        changed = edited()
    for line in summary_lines(manifest):
        print(line, flush=True)
    for name in changed:
        print(f"{name} was edited while this ran. This publication has the settings of the start; to use the new ones, "
              f"run it again.", flush=True)
    publication = root / "publication" / quarter
    print(f"\nDone in {time() - started:.0f} s. The publication is in {publication}", flush=True)
    return publication


def require_note_reader(root: Path, quarter: str) -> None:
    """Raise RefreshStopped when what would read the notes may not read those of this quarter's extracts, or not there.

    Hours of linkage come before the notes: so it is asked before any extract is read.
    """
    try:
        folder = ExtractFolder(root=str(root)).folder(quarter)
        is_synthetic = synthetic_mark(folder) is not None
        if not is_synthetic and is_marked(folder):
            others = not_marked(folder)
            print(
                f"{MARK} does not speak of {len(others)} of the files of {quarter} as they are: "
                f"{', '.join(map(shown_path, others))}. All extracts are treated as real.", flush=True,
            )
        serving = Serving.of(os.environ)
        require_instruct_model(load_study_settings().notes.labels, is_synthetic, quarter, serving)
        if serving.where == "elsewhere":
            serving.server()
    except (EngineRefused, KeptFileDamaged, ServerRefuses) as refused:
        raise RefreshStopped(str(refused)) from None


def zone_environment(root: Path, home: Path) -> dict[str, str]:
    """Environment of the processes that run zones."""
    return {
        **os.environ,
        "PATHWAYS_VAR": str(root),
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "POLARS_MAX_THREADS": os.environ.get("POLARS_MAX_THREADS", str(os.cpu_count() or 1)),
    }


def _run_zones(environment: dict[str, str], quarter: str, simulate_review: bool, files: dict[str, str]) -> None:
    for zone in ZONES:
        _run_zone(environment, zone, quarter)
        if simulate_review and zone in SIMULATED_REVIEWS:
            review, judged = SIMULATED_REVIEWS[zone]
            print(f"Simulated reviewers judge a sample of {judged}", flush=True)
            command = [sys.executable, "-m", "pathways", review, "simulate", "--quarter", quarter]
            run_child(command, REPOSITORY, environment)
            _run_zone(environment, zone, quarter)
        _require_same_extracts(data_root(), quarter, files)


def _require_same_extracts(root: Path, quarter: str, files: dict[str, str]) -> None:
    """Raise RefreshStopped when extracts are not those that were checked: a mixture of old and new is no quarter.

    Hidden files, which programs leave where somebody looked into a folder, are part of no extract.
    """
    now = hashes_under(root / "extracts" / quarter)
    differing = sorted(name for name in files.keys() | now.keys() if files.get(name) != now.get(name))
    changed = [name for name in differing if not Path(name).name.startswith(".")]
    if changed:
        named = ", ".join(dict.fromkeys(map(shown_path, changed)))
        raise RefreshStopped(
            f"Extracts of {quarter} changed while this ran: {named}. The publication is not finished. "
            "Run the same command again: it checks them, and makes anew what they touch."
        )


def _run_zone(environment: dict[str, str], zone: str, quarter: str) -> None:
    command = [sys.executable, "-m", "pathways.run_zone", zone, quarter]
    if run_child(command, REPOSITORY, environment).returncode != 0:
        raise RefreshStopped  # the zone has said why


@contextmanager
def _only_refresh(home: Path) -> Iterator[None]:
    """Hold the lock of a data folder: two refreshes at once would write the same tables."""
    with ExitStack() as held:
        try:
            held.enter_context(only_one(home / "refresh.lock", wait=False))
        except BlockingIOError:
            raise RefreshStopped(
                f"Another refresh is running on {home.parent}. Wait until it ends, or stop it, and run this again."
            ) from None
        yield
