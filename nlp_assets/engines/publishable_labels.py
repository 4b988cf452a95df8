"""Labels notes for the zone's tables with the engine that is due, or refuses to.

Belongs here: which engines may make tables of which extracts. Does not belong here: labelling (steps/label_notes.py)
and opening engines (open_engine.py).
"""

from collections.abc import Mapping

import polars as pl

from nlp_assets.engines.engine_quality import engine_quality
from nlp_assets.engines.open_engine import default_engine_name, open_engine
from nlp_assets.steps.label_notes import label_notes
from nlp_assets.steps.label_store import LabelStore
from nlp_assets.steps.note_engine import EngineIdentity, NoteEngine
from resources.label_folder import LabelFolder
from resources.progress import say
from resources.study_settings import Labels

ALLOW_FIXTURE = "PATHWAYS_ALLOW_FIXTURE_ON_REAL"


class EngineRefused(Exception):
    """An engine was about to make labels that it is not fit for; the message says which and what to do."""


def publishable_labels(
    notes: pl.DataFrame, labels: Labels, folder: LabelFolder, quarter: str, environment: Mapping[str, str]
) -> pl.DataFrame:
    """schemas.notes.NoteLabels of `notes` (columns note_hash, note_text), read by the engine that is due.

    Says what reads and how well, once a run, and progress. Raises EngineRefused, and what open_engine and label_notes
    raise.
    """
    name = default_engine_name(labels, environment)

    def introduced() -> NoteEngine:
        engine = open_engine(name, labels, folder.path, environment)
        require_fit(engine.identity, folder.is_synthetic(quarter), quarter, environment)
        for line in engine_quality(engine.identity):
            say(line)
        return engine

    engine = folder.kept_open(name, introduced)
    with LabelStore(folder.labels_file) as store:
        return label_notes(notes, labels, engine, store, say_progress)


def require_fit(identity: EngineIdentity, is_synthetic: bool, quarter: str, environment: Mapping[str, str]) -> None:
    """Raise EngineRefused for a baseline, and for the fixture on extracts that are not synthetic.

    PATHWAYS_ALLOW_FIXTURE_ON_REAL=1 allows the latter, for trying.
    """
    if identity.kind == "baseline":
        raise EngineRefused(
            f"{identity.model} is a baseline and makes no table that is published. Use it with `pathways label` or "
            "`pathways compare-models`."
        )
    if identity.kind == "fixture" and not is_synthetic and environment.get(ALLOW_FIXTURE) != "1":
        raise EngineRefused(
            f"The extracts of {quarter} are not synthetic, and the fixture model classifies too poorly for real notes. "
            "Set VLLM_BASE_URL to a server of the model named in study.toml, or PATHWAYS_MODEL_DIR to its folder, or "
            f'notes.labels.engine = "encoder", or {ALLOW_FIXTURE}=1 to try.'
        )


def say_progress(done: int, total: int, per_second: float) -> None:
    """One line of progress. Counts only."""
    say(f"labelled {done:,} of {total:,} notes, {per_second:.0f} a second")
