"""Labels every distinct note with a language model (methodology 2.7.2-2.7.4).

Belongs here: which notes still need a score, and what a score means for the label. Does not belong here: how the model
is asked (score_notes.py) and where scores are kept (label_store.py).
"""

from collections.abc import Callable

import polars as pl

from nlp_assets.steps.label_store import Engine, LabelStore
from nlp_assets.steps.prompt import Prompt, render
from nlp_assets.steps.score_notes import score_notes
from resources.label_engine import LabelEngine
from resources.study_settings import Labels

COLUMNS = ["note_hash", "label", "p1", "off_choice", "status", "model_id", "prompt_hash", "is_fixture"]


def label_notes(
    filtered_notes: pl.DataFrame, prompt: Prompt, settings: Labels, label_engine: LabelEngine, store: LabelStore,
    say: Callable[[int, int, float], None],
) -> pl.DataFrame:
    """One row per distinct note text of `filtered_notes`, sorted by hash: schemas.notes.NoteLabels.

    Notes whose score is in `store` are not sent again; when none is left, the engine is not started. A blank note is
    `empty` without being sent. `say` is told notes done, total, notes per second. Raises what score_notes raises.
    """
    engine = Engine(label_engine.model_id, prompt.hash, settings.maximum_prompt_tokens)
    notes = filtered_notes.select("note_hash", "note_text").unique("note_hash").sort("note_hash")
    blank_prompt = render(prompt, "")
    blank = [render(prompt, text) == blank_prompt for text in notes["note_text"]]
    is_blank = pl.Series("blank", blank, dtype=pl.Boolean)
    pending = notes.filter(~is_blank).join(store.scores(engine), on="note_hash", how="anti", maintain_order="left")
    if pending.height:
        score_notes(pending.rows(), prompt, settings, label_engine, store, engine, say)
    scores = store.scores(engine)
    return (
        notes.select("note_hash", is_blank)
        .join(scores, on="note_hash", how="left", maintain_order="left")
        .with_columns(status=_status(settings))
        .with_columns(
            label=pl.when(pl.col("status") == "ok").then((pl.col("p1") >= settings.label_threshold).cast(pl.Int8)),
            model_id=pl.lit(engine.model_id),
            prompt_hash=pl.lit(engine.prompt_hash),
            is_fixture=pl.lit(label_engine.is_fixture),
        )
        .select(COLUMNS)
    )


def _status(settings: Labels) -> pl.Expr:
    return (
        pl.when("blank").then(pl.lit("empty"))
        .when(pl.col("outcome") != "scored").then("outcome")
        .when(pl.col("off_choice") > settings.maximum_off_choice).then(pl.lit("off_choice"))
        .when(pl.col("p1").is_not_null()).then(pl.lit("ok"))
    )


def count_statuses(note_labels: pl.DataFrame) -> dict[str, int]:
    """How many notes have each status, and how many of those labelled are 1: counts for metadata."""
    counts = dict(note_labels["status"].value_counts(name="notes").sort("status").iter_rows())
    return {**counts, "engaged": int((note_labels["label"] == 1).sum())}
