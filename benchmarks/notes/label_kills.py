"""Labelling a file while its process and its vLLM are killed at random, against a run that nobody disturbs.

    python benchmarks/notes/label_kills.py [--kills 6] [--seed 1]

Prints one JSON line: where the kills landed (rows in the store), and whether the two files of labels are the same to
the byte. Every kill is a kill -9 of a process: of the client, whose server then ends too, or of vLLM, which the client
starts again; either costs a start of vLLM, half a minute on two quiet cores. The FIXTURE model reads SYNTHETIC notes.
tests/faults/test_labelling_survives_kills.py has fifty kills in two minutes, most of them cheaper ones.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import polars as pl

from nlp_assets.engines.open_engine import open_engine
from nlp_assets.labels.labels_file import labels_file
from nlp_assets.serving.serving import Serving
from nlp_assets.steps.labels.label_store import LabelStore
from pathways.notes.label import write_labelled
from pathways.notes.read_notes import open_notes
from resources.process.data_root import data_root
from resources.settings.study_settings import load_study_settings
from synthetic_extracts.notes.compose import evaluation_texts

NOTES_PER_KILL = 100
SMALL_BATCHES = {"notes_per_request": 8, "requests_in_flight": 2, "notes_per_chunk": 16}
SECONDS_UNTIL_KILLED = 0.5  # at most, after the first labels since the last kill
PATIENCE_SECONDS = 900


def label(folder: Path, small_batches: bool) -> None:
    """What the client process does: label notes.csv of `folder` with the store there, into labelled.jsonl."""
    settings = load_study_settings().notes
    if small_batches:
        settings = settings.model_copy(update={"labels": settings.labels.model_copy(update=SMALL_BATCHES)})
    with (
        open_engine("fixture", settings.labels, folder, Serving.of(os.environ)) as engine,
        LabelStore(labels_file(folder), bytes(32)) as store,
        (folder / "labelled.jsonl").open("wb") as output,
    ):
        write_labelled(open_notes(folder / "notes.csv"), output, True, settings, engine, store, lambda *_: None)


class KilledRun:
    """One labelling run in `folder`, continued by one client process after another."""

    def __init__(self, folder: Path, draw: random.Random):
        self.folder, self.rows_at_kill = folder, []
        self._draw = draw
        self._client = self._start()

    def kill(self, kind: str) -> None:
        """Wait until labels have been committed since the last kill and a random moment longer, then kill `kind`."""
        before = self._rows()
        self._wait(lambda: self._rows() > before)
        sleep(self._draw.uniform(0, SECONDS_UNTIL_KILLED))
        if kind == "client":
            self._client.kill()
            self._client.wait()
        else:
            os.killpg(self._server(), signal.SIGKILL)
        self.rows_at_kill.append(self._rows())
        if kind == "client":
            self._client = self._start()

    def finish(self) -> int:
        """Let the last client finish; the rows in the store."""
        assert self._client.wait() == 0, "The labelling failed."
        return self._rows()

    def _start(self) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, __file__, "--label", str(self.folder)], stdout=subprocess.DEVNULL)

    def _rows(self) -> int:
        if not labels_file(self.folder).exists():
            return 0
        with closing(sqlite3.connect(labels_file(self.folder), timeout=60)) as file:
            try:
                return file.execute("SELECT count(*) FROM keyed_score").fetchone()[0]
            except sqlite3.OperationalError:  # killed, or looked at, before there was a table
                return 0

    def _server(self) -> int:
        """The vLLM behind the guard behind the client."""
        (guard,) = _children(self._client.pid)
        (server,) = _children(guard)
        return server

    def _wait(self, done: Callable[[], bool]) -> None:
        started = monotonic()
        while not done():
            assert self._client.poll() is None, "The run ended before its last kill: raise NOTES_PER_KILL."
            assert monotonic() - started < PATIENCE_SECONDS, "The run does not go on."
            sleep(0.05)


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text(encoding="utf-8").split()]


def main() -> None:
    """Run both ways and print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--label", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.label:
        label(given.label, small_batches=True)
        return
    started = monotonic()
    draw = random.Random(given.seed)
    folders = [data_root() / "bench" / "label_kills" / name for name in ("undisturbed", "killed")]
    texts = evaluation_texts(given.seed, NOTES_PER_KILL * (given.kills + 1), held_out=False)[0]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        pl.DataFrame({"id": range(len(texts)), "text": texts.tolist()}).write_csv(folder / "notes.csv")
    label(folders[0], small_batches=False)
    kinds = [draw.choice(("client", "server")) for _ in range(given.kills)]
    run = KilledRun(folders[1], draw)
    for kind in kinds:
        run.kill(kind)
    rows = run.finish()
    undisturbed, killed = ((folder / "labelled.jsonl").read_bytes() for folder in folders)
    distinct = len(set(texts))
    print(
        json.dumps(
            {
                "benchmark": "label_kills",
                "model": "fixture",
                "notes": "synthetic",
                "distinct_notes": distinct,
                "kills": Counter(kinds),
                "rows_at_kill": run.rows_at_kill,
                "rows_at_end": rows,
                "none_lost_none_doubled": rows == distinct,
                "same_labels": killed == undisturbed,
                "seconds": round(monotonic() - started),
            }
        )
    )
    if rows != distinct or killed != undisturbed:
        sys.exit(1)


if __name__ == "__main__":
    main()
