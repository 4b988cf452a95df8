"""What is known of how well an engine of this repository reads: said with every run that uses it.

Belongs here: the figures that its training wrote, as sentences. Does not belong here: evaluation on reviewed cases.
"""

import json
from pathlib import Path

from nlp_assets.serving.vllm.vllm_process import REPOSITORY
from nlp_assets.steps.labels.note_engine import EngineIdentity

METRICS = {
    "fixture": REPOSITORY / "note_models/fixture" / "metrics.json",
    "encoder": REPOSITORY / "note_models/encoder" / "metrics.json",
}
ENCODERS = ("encoder", "served_encoder")  # the same weights
WORDINGS = {"known_wordings": "known wordings", "held_out_wordings": "held-out wordings"}


def engine_quality(identity: EngineIdentity, metrics: dict[str, Path] | None = None) -> list[str]:
    """Lines to print with a run: what the engine is, and its sensitivity and specificity on synthetic notes.

    For the fixture and the encoder, per note and per requirement, wordings it was trained on apart from those it was
    not; a figure that was not recorded is said to be missing. One line for any other engine.
    """
    key = "fixture" if identity.kind == "fixture" else "encoder" if identity.engine in ENCODERS else ""
    lines = [f"notes are read by {identity.engine}: {identity.model}, {identity.version}"]
    if identity.kind == "baseline":
        return [*lines, "a BASELINE: its labels are compared with those of models and never published"]
    if not key:
        return lines
    lines.append(
        "the FIXTURE model: it shows and tests the path and is no classifier of real notes"
        if key == "fixture"
        else "the encoder was trained on invented notes only: its labels of real notes need reviewed cases"
    )
    figures = _read((metrics or METRICS)[key])
    for level, where in (("note", figures), ("requirement", figures.get("requirement_level"))):
        for name, words in WORDINGS.items():
            lines.append(f"{key} per {level}, synthetic notes of {words}: {_figures(where, name)}")
    return lines


def _read(path: Path) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _figures(where: object, name: str) -> str:
    of_wordings = where.get(name) if isinstance(where, dict) else None
    if not isinstance(of_wordings, dict) or not {"sensitivity", "specificity"} <= set(of_wordings):
        return "not recorded"
    return f"sensitivity {of_wordings['sensitivity']:.3f}, specificity {of_wordings['specificity']:.3f}"
