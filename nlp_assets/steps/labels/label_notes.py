"""Labels every distinct note with an engine that reads notes (methodology 2.7.2-2.7.4).

Belongs here: which notes still need a reading, the order of asking, and what a reading means for the label. Does not
belong here: how an engine reads (nlp_assets/engines) and where readings are kept (label_store.py). No error and no
progress line holds note text.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import polars as pl

from nlp_assets.serving.json_client import ServerUnavailable
from nlp_assets.steps.labels.label_store import NOT_KEPT, SCHEMA, LabelStore
from nlp_assets.steps.labels.note_engine import EngineIdentity, NoteEngine, Reading
from nlp_assets.steps.notes.readable_text import has_words, readable
from resources.settings.study_settings import Labels

IDENTITY_COLUMNS = ["engine", "model", "weights", "prompt_hash", "engine_version", "settings", "engine_kind"]
COLUMNS = ["note_hash", "label", "p1", "off_choice", "status", *IDENTITY_COLUMNS]
# The same note in another batch differs in the seventh decimal at most: rounding makes reruns agree.
DECIMALS = 4

# A batch that a server went away over is asked again in halves, so that a note which ends the server, or makes it fail,
# is found; such a note is given up before the server is.
FAILURES_UNTIL_HALVED, FAILURES_UNTIL_REJECTED = 2, 4

Notes = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class _Batch:
    """Notes as (hash, text) that are read together, and how often the server went away over them."""

    notes: Notes
    failures: int = 0


Read = Future[list[tuple[str, Reading]]]


def label_notes(
    notes: pl.DataFrame,
    labels: Labels,
    engine: NoteEngine,
    store: LabelStore,
    say: Callable[[int, int, float], None],
) -> pl.DataFrame:
    """One row per distinct text of `notes` (columns note_hash, note_text), sorted by hash: schemas.notes.NoteLabels.

    Notes whose reading is in `store` are not read again; when none is left, the engine is not started. A note without
    a letter or digit is `empty` without being read. `say` is told notes done, notes to read, notes per second after
    each chunk of `labels.notes_per_chunk`. Raises ServerUnavailable when the engine stays away, ServerRefuses when it
    will not do; what was read until then is kept. A note that the server fails over again and again is `rejected`.
    """
    distinct = notes.select("note_hash", pl.col("note_text").fill_null("")).unique("note_hash").sort("note_hash")
    texts = [readable(text) for text in distinct["note_text"]]
    blank = pl.Series("blank", [not has_words(text) for text in texts], dtype=pl.Boolean)
    to_read = distinct.select("note_hash", pl.Series("note_text", texts, dtype=pl.String)).filter(~blank)
    identity = engine.identity
    known = store.readings(identity, to_read["note_hash"].to_list())
    # Notes of one length are read together: an engine that pads nothing has fuller batches of them.
    by_length = to_read.sort(pl.col("note_text").str.len_bytes(), "note_hash")
    pending = by_length.join(known, on="note_hash", how="anti", maintain_order="left").rows()
    unread = _read_all(pending, labels, engine, identity, store, say) if pending else []
    readings = pl.concat(
        [
            store.readings(identity, to_read["note_hash"].to_list()) if pending else known,
            pl.DataFrame(
                [(note_hash, outcome, None, None) for note_hash, outcome in unread], schema=SCHEMA, orient="row"
            ),
        ]
    )
    return (
        distinct.select("note_hash", blank)
        .join(readings, on="note_hash", how="left", maintain_order="left")
        .with_columns(status=_status(labels))
        .with_columns(
            label=pl.when(pl.col("status") == "ok").then((pl.col("p1") >= labels.label_threshold).cast(pl.Int8)),
            engine=pl.lit(identity.engine),
            model=pl.lit(identity.model),
            weights=pl.lit(identity.weights),
            prompt_hash=pl.lit(identity.prompt_hash),
            engine_version=pl.lit(identity.version),
            settings=pl.lit(identity.settings),
            engine_kind=pl.lit(identity.kind),
        )
        .select(COLUMNS)
    )


def count_statuses(note_labels: pl.DataFrame) -> dict[str, int]:
    """How many notes have each status, and how many of those labelled are 1: counts for metadata."""
    counts = dict(note_labels["status"].value_counts(name="notes").sort("status").iter_rows())
    return {**counts, "engaged": int((note_labels["label"] == 1).sum())}


def _status(labels: Labels) -> pl.Expr:
    return (
        pl.when("blank")
        .then(pl.lit("empty"))
        .when(pl.col("outcome") != "scored")
        .then("outcome")
        .when(pl.col("off_choice") > labels.maximum_off_choice)
        .then(pl.lit("off_choice"))
        .when(pl.col("p1").is_not_null())
        .then(pl.lit("ok"))
    )


def _read_all(
    pending: Notes,
    labels: Labels,
    engine: NoteEngine,
    identity: EngineIdentity,
    store: LabelStore,
    say: Callable[[int, int, float], None],
) -> list[tuple[str, str]]:
    """Have notes given as (hash, text) read and their readings stored; hash and outcome of those that are not kept.

    `requests_in_flight` batches of `notes_per_request` notes are read at a time; when the engine goes away, what was in
    its hands is asked again.
    """
    size = labels.notes_per_request
    waiting = deque(_Batch(pending[start : start + size]) for start in range(0, len(pending), size))
    in_flight: dict[Read, _Batch] = {}
    finished: list[tuple[str, Reading]] = []
    unread: list[tuple[str, str]] = []
    done, started = 0, time.monotonic()
    with ThreadPoolExecutor(labels.requests_in_flight) as pool:
        try:
            while waiting or in_flight:
                while waiting and len(in_flight) < labels.requests_in_flight:
                    batch = waiting.popleft()
                    in_flight[pool.submit(_read_batch, engine, batch.notes)] = batch
                answered = wait(in_flight, return_when=FIRST_COMPLETED).done
                went_away = any(isinstance(future.exception(), ServerUnavailable) for future in answered)
                if went_away:
                    answered = wait(in_flight).done
                _collect(answered, in_flight, waiting, finished)
                if went_away:
                    engine.recover()
                if len(finished) >= labels.notes_per_chunk:
                    store.add(identity, finished)
                    done += len(finished)
                    unread += _not_kept(finished)
                    finished = []
                    say(done, len(pending), done / (time.monotonic() - started))
        finally:
            store.add(identity, finished)
    if finished:
        say(done + len(finished), len(pending), len(pending) / (time.monotonic() - started))
    return unread + _not_kept(finished)


def _collect(
    answered: Iterable[Read],
    in_flight: dict[Read, _Batch],
    waiting: deque[_Batch],
    finished: list[tuple[str, Reading]],
) -> None:
    """Move the readings of answered batches to `finished`, and what a server did not answer back to those waiting."""
    faults: list[BaseException] = []
    for future in answered:
        batch, fault = in_flight.pop(future), future.exception()
        if fault is None:
            finished += future.result()
        elif not isinstance(fault, ServerUnavailable):
            faults.append(fault)
        elif len(batch.notes) == 1 and batch.failures + 1 >= FAILURES_UNTIL_REJECTED:
            finished.append((batch.notes[0][0], Reading("rejected")))
        else:
            waiting.extend(_once_more(batch))
    if faults:
        raise faults[0]


def _once_more(batch: _Batch) -> list[_Batch]:
    """The batch again, or its halves: asked after all others, so that answers in between show that the server lives."""
    failures, middle = batch.failures + 1, len(batch.notes) // 2
    if middle and failures >= FAILURES_UNTIL_HALVED:
        return [_Batch(batch.notes[:middle]), _Batch(batch.notes[middle:])]
    return [_Batch(batch.notes, failures)]


def _read_batch(engine: NoteEngine, notes: Notes) -> list[tuple[str, Reading]]:
    readings = engine.read([text for _, text in notes])
    return [(note_hash, _rounded(reading)) for (note_hash, _), reading in zip(notes, readings, strict=True)]


def _rounded(reading: Reading) -> Reading:
    if reading.p1 is None or reading.off_choice is None:
        return reading
    return Reading(reading.outcome, round(reading.p1, DECIMALS), round(reading.off_choice, DECIMALS))


def _not_kept(finished: list[tuple[str, Reading]]) -> list[tuple[str, str]]:
    return [(note_hash, reading.outcome) for note_hash, reading in finished if reading.outcome in NOT_KEPT]
