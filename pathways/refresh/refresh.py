"""The quarterly refresh: checks extracts, runs the zones in order, each in its own process, and says what was made."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import time

from linkage_assets.models.linkage_model_file import model_file
from nlp_assets.engines.fit_engines import EngineRefused, require_instruct_model
from nlp_assets.serving.json_client import ServerRefuses
from nlp_assets.serving.serving import Serving
from pathways.linkage_model import LinkageModelMissing, approval_lines, require_linkage_model, train_linkage_model
from pathways.refresh.manifest_lines import summary_lines
from pathways.refresh.run_zones import run_zones
from pathways.refresh.settled import keep_seen, nothing_changed, seen_now
from pathways.refresh.stage_costs import CHECK, TRAINING, TRUTH, measured, whole_refresh_measured
from pathways.refresh.stopped import RefreshStopped
from pathways.refresh.usable_extracts import require_usable_extracts
from pathways.refresh.zone_order import ZONE_NAMES
from resources.deletion.deleted_quarters import deleted
from resources.extracts.extract_place import extracts_of
from resources.extracts.kept_reading import forget_readings
from resources.extracts.synthetic_mark import MARK, is_marked, not_marked, synthetic_mark
from resources.operation.quarter_lock import UNDER_LOCK, QuarterIsRun, alone
from resources.process.data_root import REPOSITORY, data_root
from resources.process.storage_faults import shown_path
from resources.secrets.kept_file import KeptFileDamaged
from resources.secrets.private_files import close_root, only_one
from resources.settings.settings_of_run import settings_of_run
from resources.settings.study_settings import load_study_settings

COMPARED = "compared.json"


def prepare_dagster_home(root: Path) -> Path:
    """Folder of Dagster's own records under `root`, with telemetry off; says what in `root` others could read."""
    if closed := close_root(root):
        print(f"{closed:,} files or folders in {root} were open to other users, and are closed now.", flush=True)
    home = root / "dagster"
    home.mkdir(exist_ok=True)
    shutil.copyfile(REPOSITORY / "deploy" / "dagster.local.yaml", home / "dagster.yaml")
    return home


def train(quarter: str, name: str) -> list[str]:
    """Train a linkage model on a quarter's extracts. Returns the lines that say how to approve it.

    Raises LinkageModelMisnamed; RefreshStopped when the extracts are rejected or training fails.
    """
    root = data_root()
    model_file(name)
    home = prepare_dagster_home(root)
    with only_run(home, quarter, "pathways train-linkage"), settings_of_run(root / "settings"):
        require_usable_extracts(root, quarter)
        if train_linkage_model(root, zone_environment(root, home), quarter, name) != 0:
            raise RefreshStopped("No model was kept; see the message above.")
    return approval_lines(root, name)


def refresh(quarter: str, simulate_review: bool = False) -> Path:
    """Run every zone for a quarter, and compare synthetic ones with the truth. Returns the publication folder.

    `simulate_review`: let simulated reviewers judge samples of synthetic pairs and notes, for the quality reports.
    Raises RefreshStopped when the extracts are rejected or a zone fails; what was computed is kept.
    """
    started, root = time(), data_root()
    home = prepare_dagster_home(root)
    with (
        only_run(home, quarter, "pathways refresh"),
        settings_of_run(root / "settings") as edited,
        whole_refresh_measured(root, quarter),
    ):
        if said := deleted(root, quarter):
            raise RefreshStopped(f"{said} Nothing is made of it again.")
        require_note_reader(root, quarter)
        with measured(root, quarter, CHECK):
            files = require_usable_extracts(root, quarter)
        environment = zone_environment(root, home)
        try:
            with measured(root, quarter, TRAINING):
                require_linkage_model(root, environment, quarter)
        except (LinkageModelMissing, KeptFileDamaged) as missing:
            raise RefreshStopped(str(missing)) from None
        started_any = run_zones(environment, quarter, simulate_review, files)
        forget_readings(root, quarter)
        with measured(root, quarter, TRUTH):
            truth = _truth(root, quarter, anew=started_any)
        changed = edited()
    publication = root / "publication" / quarter
    manifest = json.loads((publication / "manifest.json").read_text(encoding="utf-8"))
    for line in summary_lines(manifest, truth):
        print(line, flush=True)
    for name in changed:
        print(
            f"{name} was edited while this ran. This publication has the settings of the start; to use the new ones, "
            f"run it again.",
            flush=True,
        )
    print(f"\nDone in {time() - started:.0f} s. The publication is in {publication}", flush=True)
    return publication


def require_note_reader(root: Path, quarter: str) -> None:
    """Raise RefreshStopped when what would read the notes may not read those of this quarter's extracts, or not there.

    Hours of linkage come before the notes: so it is asked before any extract is read.
    """
    try:
        folder = extracts_of(root, quarter)
        is_synthetic = synthetic_mark(folder) is not None
        if not is_synthetic and is_marked(folder):
            others = not_marked(folder)
            print(
                f"{MARK} does not speak of {len(others)} of the files of {quarter} as they are: "
                f"{', '.join(map(shown_path, others))}. All extracts are treated as real.",
                flush=True,
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


def _truth(root: Path, quarter: str, anew: bool) -> dict[str, float]:
    """How right links and labels of synthetic extracts are, kept beside the truth; nothing of real ones. As it was
    found last where nothing was made since, and nobody has touched it.
    """
    place = f"truth/{quarter}"
    if not (root / place).is_dir() or synthetic_mark(extracts_of(root, quarter)) is None:
        return {}
    if not anew and nothing_changed(root, TRUTH, quarter):
        return json.loads((root / place / COMPARED).read_text(encoding="utf-8"))
    from pathways.refresh.compare_with_truth import compare_with_truth

    found = compare_with_truth(root, quarter)
    (root / place / COMPARED).write_text(json.dumps(found, indent=1), encoding="utf-8")
    keep_seen(root, TRUTH, quarter, seen_now(root, [place]))
    return found


@contextmanager
def only_run(home: Path, quarter: str, command: str, zones: Sequence[str] = ZONE_NAMES) -> Iterator[None]:
    """Hold the lock of a data folder, as two commands at once would write the same files of it; and that of the quarter
    in the store of `zones`, which runs of Dagster hold too. Zones that are started meanwhile run under it.
    """
    root, before = home.parent, os.environ.get(UNDER_LOCK)
    with ExitStack() as held:
        try:
            held.enter_context(only_one(home / "refresh.lock", wait=False))
        except BlockingIOError:
            raise RefreshStopped(
                f"Another refresh is running on {root}. Wait until it ends, or stop it, and run this again."
            ) from None
        try:
            os.environ[UNDER_LOCK] = held.enter_context(alone(root, zones, quarter, command))
        except QuarterIsRun as other:
            raise RefreshStopped(str(other)) from None
        try:
            yield
        finally:
            os.environ.pop(UNDER_LOCK)
            if before is not None:
                os.environ[UNDER_LOCK] = before
