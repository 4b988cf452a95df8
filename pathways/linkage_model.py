"""Training the linkage model, and making sure that a refresh has one.

Belongs here: the command, and what happens on synthetic extracts without a model. Does not belong here: training itself
(linkage_assets) and which model is approved (study.toml).
"""

import json
import sys
from pathlib import Path

from linkage_assets.models.linkage_model_file import is_to_be_trained, model_file
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import synthetic_mark
from resources.process.child_processes import run_child
from resources.process.data_root import REPOSITORY
from resources.settings.study_settings import load_study_settings


class LinkageModelMissing(Exception):
    """There is no approved model for these extracts; says what to do."""


def train_linkage_model(root: Path, environment: dict[str, str], quarter: str, name: str) -> int:
    """Train a model on a quarter in a process of its own and keep it under a name. Returns the exit code."""
    config = json.dumps({"name": name})
    zone = [sys.executable, "-m", "pathways.refresh.run_zone", "linkage_assets", quarter]
    command = [*zone, "--make", "trained_linkage_model", "--config", config]
    return run_child(command, REPOSITORY, environment).returncode


def approval_lines(root: Path, name: str) -> list[str]:
    """What to look at, and the lines of study.toml that approve a model that was trained."""
    from record_linkage.model.trained_model import TrainedModel

    file = root / model_file(name)
    model = TrainedModel.from_json(file.read_text(encoding="utf-8"))
    lines = [
        f"Look at {file.with_name('charts.html')}. It shows the profile of the linkage and of every source of "
        "this quarter, which later quarters are held against ([drift] in study.toml).",
        "To approve the model and this baseline, put into study.toml:",
        "",
        "[linkage.model]",
        f'name = "{name}"',
        f'sha256 = "{model.digest}"',
    ]
    return [*lines, "", "It was trained on SYNTHETIC extracts: real ones refuse it."] if model.is_synthetic else lines


def require_linkage_model(root: Path, environment: dict[str, str], quarter: str) -> None:
    """See that the model which study.toml names is there; on synthetic extracts train it when it is not, or is damaged.

    Raises LinkageModelMissing, KeptFileDamaged.
    """
    name = load_study_settings().linkage.model.name
    if not (root / model_file(name)).is_file() and synthetic_mark(extracts_of(root, quarter)) is None:
        raise LinkageModelMissing(
            f"study.toml names linkage model {name!r}, and none of that name has been trained. Train one, look at "
            f"its charts and approve it: pathways train-linkage --quarter {quarter} --name NAME"
        )
    if not is_to_be_trained(root, quarter, name):
        return
    print(f"Training linkage model {name!r} on the synthetic extracts of {quarter}", flush=True)
    if train_linkage_model(root, environment, quarter, name) != 0:
        raise LinkageModelMissing("The linkage model could not be trained; see the message above.")
