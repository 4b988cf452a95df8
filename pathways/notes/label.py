"""Labels every note of a file: JSON lines.

Belongs here: `pathways label`. Does not belong here: reading files (read_notes.py), the filter (filter.py), labelling
(nlp_assets/steps/labels/label_notes.py) and which engine there is (nlp_assets/engines).
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import BinaryIO

import polars as pl

from nlp_assets.engines.engine_quality import engine_quality
from nlp_assets.engines.open_engine import default_engine_name, open_engine
from nlp_assets.labels.labels_file import labels_file
from nlp_assets.serving.serving import Serving
from nlp_assets.steps.labels.label_notes import label_notes
from nlp_assets.steps.labels.label_progress import say_progress
from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.labels.note_engine import NoteEngine
from nlp_assets.steps.notes.filter_notes import treatment_keywords
from pathways.notes.filter import filter_lines
from pathways.notes.lines_output import lines_output
from pathways.notes.read_notes import NotesFile, open_notes
from pathways.refresh.ending import said_of
from resources.records.progress import say
from resources.secrets.zone_secrets import notes_secrets
from resources.settings.study_settings import Notes, load_study_settings

Tell = Callable[[int, int, float], None]


def label_command(
    notes: Path,
    engine_name: str | None,
    model: Path | None,
    every_note: bool,
    output: Path | None,
    root: Path,
    environment: Mapping[str, str],
) -> int:
    """Run `pathways label`; the exit code. No message holds note text or an id.

    `root`: folder of everything a run makes, where the label store is.
    """
    if model is not None:
        environment = {**environment, "PATHWAYS_MODEL_DIR": str(model)}
        engine_name = engine_name or "folder"
    try:
        settings = load_study_settings().notes
        file = open_notes(notes)
        name = engine_name or default_engine_name(settings.labels, Serving.of(environment))
        # Servers and progress speak on standard output elsewhere; here it is for the labels alone.
        with ExitStack() as stack:
            lines = stack.enter_context(lines_output(output))
            stack.enter_context(redirect_stdout(sys.stderr))
            engine = stack.enter_context(open_engine(name, settings.labels, root, Serving.of(environment)))
            store = stack.enter_context(LabelStore(labels_file(root), notes_secrets(root).of("note_hash")))
            for line in engine_quality(engine.identity):
                say(line)
            counts = write_labelled(file, lines, every_note, settings, engine, store, say_progress)
    except BrokenPipeError:
        # Who reads the lines has seen enough. Python would try to flush them once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        print(said_of(error), file=sys.stderr)
        return 1
    for remark in file.remarks():
        print(remark, file=sys.stderr)
    print(", ".join(f"{status} {count:,}" for status, count in sorted(counts.items())), file=sys.stderr)
    return 1 if file.rows_left_out else 0


def write_labelled(
    file: NotesFile,
    output: BinaryIO,
    every_note: bool,
    settings: Notes,
    engine: NoteEngine,
    store: LabelStore,
    tell: Tell,
) -> Counter[str]:
    """Write a JSON line per note of `file`; how many have each status. Raises what label_notes raises."""
    counts: Counter[str] = Counter()
    for batch in file.batches():
        lines = label_lines(batch, every_note, settings, engine, store, tell)
        lines.write_ndjson(output)
        output.flush()
        counts.update(dict(lines["status"].value_counts().iter_rows()))
    return counts


def label_lines(
    frame: pl.DataFrame, every_note: bool, settings: Notes, engine: NoteEngine, store: LabelStore, tell: Tell
) -> pl.DataFrame:
    """Columns id, kept, keywords (list), label, p1, status of notes given as id and text, in their order.

    A note without a keyword is `excluded` and has no label, unless `every_note`.
    """
    texts = frame["text"].fill_null("")
    filtered = filter_lines(frame, treatment_keywords(), settings.filter).with_columns(store.hashed(texts))
    is_asked = pl.lit(True) if every_note else pl.col("kept")
    asked = filtered.select("note_hash", texts.alias("note_text"), "kept").filter(is_asked)
    labels = label_notes(asked, settings.labels, engine, store, tell).select("note_hash", "label", "p1", "status")
    return (
        filtered.select("id", "kept", "keywords", "note_hash")
        .join(labels, on="note_hash", how="left", maintain_order="left")
        .select(
            "id",
            "kept",
            "keywords",
            label=pl.when(is_asked).then("label"),
            p1=pl.when(is_asked).then("p1"),
            status=pl.when(is_asked).then("status").otherwise(pl.lit("excluded")),
        )
    )
