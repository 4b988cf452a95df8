"""Labels notes for the zone's tables with the engine that is due, or refuses to.

Belongs here: which engines may make tables of which extracts. Does not belong here: labelling (steps/label_notes.py)
and opening engines (open_engine.py).
"""

import polars as pl

from nlp_assets.engines.engine_quality import engine_quality
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
    notes: pl.DataFrame, labels: Labels, folder: LabelFolder, quarter: str, serving: Serving
) -> pl.DataFrame:
    """schemas.notes.NoteLabels of `notes` (columns note_hash, note_text), read by the engine that is due.

    Says what reads and how well, once a run, and progress. Raises EngineRefused, and what open_engine and label_notes
    raise.
    """
    require_instruct_model(labels, folder.is_synthetic(quarter), quarter, serving)
    name = default_engine_name(labels, serving)

    def introduced() -> NoteEngine:
        engine = open_engine(name, labels, folder.path, serving)
        require_fit(engine.identity, labels, folder.is_synthetic(quarter), quarter)
        for line in engine_quality(engine.identity):
            say(line)
        return engine

    engine = folder.kept_open(name, introduced)
    with LabelStore(folder.labels_file) as store:
        return label_notes(notes, labels, engine, store, say_progress)


def require_instruct_model(labels: Labels, is_synthetic: bool, quarter: str, serving: Serving) -> None:
    """Raise EngineRefused unless an instruct model is due, the extracts are synthetic, or study.toml says why not.

    Asks no server and reads nothing: for before a refresh, and before notes are taken.
    """
    name = default_engine_name(labels, serving)
    if name not in INSTRUCT:
        _require_reason(f"the {name} of this repository", labels, is_synthetic, quarter)


def require_fit(identity: EngineIdentity, labels: Labels, is_synthetic: bool, quarter: str) -> None:
    """Raise EngineRefused for a baseline, and for the fixture, whoever serves it, on extracts that are not synthetic
    unless study.toml gives a reason.
    """
    if identity.kind == "baseline":
        raise EngineRefused(
            f"{identity.model} is a baseline and makes no table that is published. Use it with `pathways label` or "
            "`pathways compare-models`."
        )
    if identity.kind == "fixture":
        _require_reason("the fixture model", labels, is_synthetic, quarter)


def _require_reason(reader: str, labels: Labels, is_synthetic: bool, quarter: str) -> None:
    if not is_synthetic and not labels.without_instruct_model_because.strip():
        raise EngineRefused(
            f"The extracts of {quarter} are not synthetic, and {reader} was trained on invented notes: an instruct "
            "model has to read them. Set VLLM_BASE_URL to a server of the model named in study.toml, or "
            "PATHWAYS_MODEL_DIR to its folder. To read them without one, write the reason into "
            "notes.labels.without_instruct_model_because in study.toml: it is published with the figures."
        )


def say_progress(done: int, total: int, per_second: float) -> None:
    """One line of progress. Counts only."""
    say(f"labelled {done:,} of {total:,} notes, {per_second:.0f} a second")
