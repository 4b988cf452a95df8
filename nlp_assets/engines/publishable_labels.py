"""Labels notes for the zone's tables with the engine that is due, or refuses to.

Belongs here: which engines may make tables of which extracts. Does not belong here: labelling (steps/label_notes.py)
and opening engines (open_engine.py).
"""

from pathlib import Path

import polars as pl

from contracts.extracts import NOTES_EXTRACTS
from nlp_assets.engines.engine_quality import ENCODERS, engine_quality
from nlp_assets.engines.open_engine import INSTRUCT, default_engine_name, open_engine
from nlp_assets.steps.label_notes import label_notes
from nlp_assets.steps.label_store import LabelStore
from nlp_assets.steps.note_engine import EngineIdentity, NoteEngine
from resources.label_folder import LabelFolder
from resources.progress import say
from resources.serving import Serving
from resources.study_settings import Labels


class EngineRefused(Exception):
    """An engine was about to make labels that it is not fit for; the message says which and what to do."""


def publishable_labels(
    notes: pl.DataFrame, labels: Labels, folder: LabelFolder, quarter: str, serving: Serving, key: bytes
) -> pl.DataFrame:
    """schemas.notes.NoteLabels of `notes` (columns note_hash by `key`, note_text), read by the engine that is due.

    Says what reads and how well, once a run, and progress. Raises EngineRefused, and what open_engine and label_notes
    raise.
    """
    require_instruct_model(labels, folder.is_synthetic(quarter, NOTES_EXTRACTS), quarter, serving)
    name = default_engine_name(labels, serving)

    def introduced() -> NoteEngine:
        engine = open_engine(name, labels, folder.path, serving)
        require_fit(engine.identity, labels, folder.is_synthetic(quarter, NOTES_EXTRACTS), quarter)
        for line in engine_quality(engine.identity):
            say(line)
        return engine

    engine = folder.kept_open(name, introduced)
    with LabelStore(folder.labels_file, key) as store:
        return label_notes(notes, labels, engine, store, say_progress)


def require_instruct_model(labels: Labels, is_synthetic: bool, quarter: str, serving: Serving) -> None:
    """Raise EngineRefused unless the extracts are synthetic, an instruct model is due, or study.toml says why not.

    The environment says where the model is served; which one reads real notes is said by study.toml, which is
    published. Asks no server and reads nothing: for before a refresh, and before notes are taken.
    """
    if is_synthetic:
        return
    name = default_engine_name(labels, serving)
    if name not in INSTRUCT:
        _require_own_engine(name, labels, quarter)
        return
    asked = serving.model_folder if name == "folder" else serving.model
    if asked and Path(asked).name != Path(labels.model).name:
        raise EngineRefused(
            f"The extracts of {quarter} are not synthetic, and the environment names the model {Path(asked).name}, "
            f"study.toml {labels.model}. Name the model that reads in notes.labels.model: it is published."
        )


def require_fit(identity: EngineIdentity, labels: Labels, is_synthetic: bool, quarter: str) -> None:
    """Raise EngineRefused for a baseline; on extracts that are not synthetic also for the fixture, whoever serves it,
    unless study.toml names it and says why, and for a model with other weights than study.toml states.
    """
    if identity.kind == "baseline":
        raise EngineRefused(
            f"{identity.model} is a baseline and makes no table that is published. Use it with `pathways label` or "
            "`pathways compare-models`."
        )
    if is_synthetic:
        return
    if identity.kind == "fixture":
        _require_own_engine("fixture", labels, quarter)
    elif identity.kind == "model" and labels.weights_sha256 not in ("", identity.weights):
        raise EngineRefused(
            f"The extracts of {quarter} are not synthetic, and the weights of {identity.model} are not those that "
            "notes.labels.weights_sha256 of study.toml states. Serve those, or state the hash of these."
        )


def _require_own_engine(name: str, labels: Labels, quarter: str) -> None:
    """Raise EngineRefused unless study.toml names this engine of the repository, and says why it reads real notes."""
    if not labels.without_instruct_model_because.strip():
        raise EngineRefused(
            f"The extracts of {quarter} are not synthetic, and the {name} of this repository was trained on invented "
            "notes: an instruct model has to read them. Set VLLM_BASE_URL to a server of the model named in "
            "study.toml, or PATHWAYS_MODEL_DIR to its folder. To read them without one, write the reason into "
            "notes.labels.without_instruct_model_because in study.toml: it is published with the figures."
        )
    if name != labels.engine and not {name, labels.engine} <= set(ENCODERS):
        raise EngineRefused(
            f"The extracts of {quarter} are not synthetic, and the {name} would read them. The reason in study.toml is "
            f"given for the {labels.engine} (notes.labels.engine): let that read, or name the other there."
        )


def say_progress(done: int, total: int, per_second: float) -> None:
    """One line of progress. Counts only."""
    say(f"labelled {done:,} of {total:,} notes, {per_second:.0f} a second")
