"""Labels notes for the zone's tables with the engine that is due, or refuses to.

Does not belong here: which engine may (fit_engines.py), labelling (steps/labels/label_notes.py) and opening engines
(open_engine.py).
"""

import polars as pl

from contracts.extracts import NOTES_EXTRACTS
from nlp_assets.engines.engine_quality import engine_quality
from nlp_assets.engines.fit_engines import require_fit, require_instruct_model
from nlp_assets.engines.open_engine import default_engine_name, open_engine
from nlp_assets.labels.label_folder import LabelFolder
from nlp_assets.serving.server_counters import COUNTED
from nlp_assets.serving.server_metrics import SERVED
from nlp_assets.serving.serving import Serving
from nlp_assets.steps.labels.label_notes import label_notes
from nlp_assets.steps.labels.label_progress import progress_with_metrics, say_server_counts, say_server_metrics
from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.labels.note_engine import NoteEngine
from resources.records.progress import say
from resources.records.shown_counts import counts_base
from resources.settings.study_settings import Labels


def publishable_labels(
    notes: pl.DataFrame, labels: Labels, folder: LabelFolder, quarter: str, serving: Serving, key: bytes
) -> pl.DataFrame:
    """schemas.notes.NoteLabels of `notes` (columns note_hash by `key`, note_text), read by the engine that is due.

    Says what reads and how well, once a run, progress, and what the server counts. Raises EngineRefused, and what
    open_engine and label_notes raise.
    """
    require_instruct_model(labels, folder.is_synthetic(quarter, NOTES_EXTRACTS), quarter, serving)
    name = default_engine_name(labels, serving)

    def introduced() -> NoteEngine:
        engine = open_engine(name, labels, folder.path, serving)
        require_fit(engine.identity, labels, folder.is_synthetic(quarter, NOTES_EXTRACTS), quarter)
        for line in engine_quality(engine.identity):
            say(line)
        return engine

    engine, base = folder.kept_open(name, introduced), counts_base()
    SERVED.begin()
    COUNTED.taken()
    with LabelStore(folder.labels_file, key) as store:
        try:
            return label_notes(notes, labels, engine, store, progress_with_metrics(SERVED.so_far, base))
        finally:
            say_server_counts(COUNTED.taken(), base)
            say_server_metrics(SERVED.so_far(), base)


def label_server_counts() -> dict[str, int | float]:
    """What vLLM counted while the last table was labelled, for its metadata; empty where no server was asked."""
    return {f"label_server_{name}": told for name, told in SERVED.told().items()}
