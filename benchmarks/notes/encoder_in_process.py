"""Labelling a file of notes with the encoder in our own process, beside the same encoder served by vLLM, in one run.

    python benchmarks/notes/encoder_in_process.py [--notes 768] [--rounds 3]

Prints one JSON line: notes per CPU second and per second of each (median of rounds), their ratios (median of the ratios
of a round), seconds and CPU seconds until the first note is read, and how far the two differ: labels that are not the
same, and the largest difference of probabilities. CPU seconds are of our process and all that it started; they say the
same on a machine that others use too. Labelling is what `pathways label` does with a file: read, filter, look for
sentences, embed, commit, write JSON lines. Both read the same SYNTHETIC notes, others in every round, in turning order.
"""

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter

import polars as pl
from label_throughput import distinct_notes  # the script beside this one

from nlp_assets.engines.open_engine import open_engine
from nlp_assets.serving.serving import Serving
from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.labels.note_engine import NoteEngine
from pathways.notes.label import write_labelled
from pathways.notes.read_notes import open_notes
from resources.process.child_processes import descendants
from resources.process.data_root import data_root
from resources.settings.study_settings import Notes, load_study_settings

ENGINES = {"in_process": "encoder", "served": "served_encoder"}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """Seconds and CPU seconds of something that was done."""

    seconds: float
    cpu_seconds: float


class Clock:
    """Time and CPU time since it was made, of this process and all that it started."""

    def __init__(self):
        self._started, self._cpu = perf_counter(), _cpu_seconds()

    def spent(self) -> Spent:
        """Since it was made."""
        return Spent(perf_counter() - self._started, _cpu_seconds() - self._cpu)


def _cpu_seconds() -> float:
    total = 0
    for process in {os.getpid(), *descendants()}:
        try:
            stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:  # it ended meanwhile
            continue
        total += sum(map(int, stat.rpartition(")")[2].split()[11:15]))  # with children that have ended
    return total / TICKS


def started(engine: NoteEngine) -> Spent:
    """Load or start what reads, and read one note."""
    clock = Clock()
    engine.read(["Attended the session today."])
    return clock.spent()


def labelled(engine: NoteEngine, folder: Path, settings: Notes) -> Spent:
    """Label notes.csv of `folder` into labelled.jsonl, with a new store."""
    for path in folder.glob("labels.sqlite*"):
        path.unlink()
    clock = Clock()
    with LabelStore(folder / "labels.sqlite", bytes(32)) as store, (folder / "labelled.jsonl").open("wb") as output:
        write_labelled(open_notes(folder / "notes.csv"), output, True, settings, engine, store, lambda *_: None)
    return clock.spent()


def one_round(
    names: list[str], engines: dict[str, NoteEngine], notes: list[str], folder: Path, settings: Notes
) -> tuple[dict[str, Spent], int, float]:
    """What each spent on the same notes; how many labels differ, and by how much probabilities do at most."""
    pl.DataFrame({"id": range(len(notes)), "text": notes}).write_csv(folder / "notes.csv")
    spent, read = {}, {}
    for name in names:
        spent[name] = labelled(engines[name], folder, settings)
        read[name] = pl.read_ndjson(folder / "labelled.jsonl")
        assert set(read[name]["status"]) == {"ok"}, read[name]["status"].value_counts()
    ours, theirs = (read[name] for name in ENGINES)
    furthest = (ours["p1"] - theirs["p1"]).abs().to_numpy().max()
    return spent, int((ours["label"] != theirs["label"]).sum()), float(furthest)


def hold(engines: dict[str, NoteEngine], unread: Iterator[str], notes: int, rounds: int, folder: Path) -> dict:
    """Start both, then have both label the same notes in every round."""
    settings, names = load_study_settings().notes, list(ENGINES)
    starts = {name: started(engine) for name, engine in engines.items()}
    held = [
        one_round(names[number % 2 :] + names[: number % 2], engines, list(islice(unread, notes)), folder, settings)
        for number in range(rounds)
    ]

    def rate(name: str, of: str) -> float:
        return round(median(notes / getattr(spent[name], of) for spent, _, _ in held), 1)

    def ratio(of: str) -> float:
        return round(median(getattr(spent["served"], of) / getattr(spent["in_process"], of) for spent, _, _ in held), 2)

    return {
        "notes_per_cpu_second": {name: rate(name, "cpu_seconds") for name in names},
        "notes_per_second": {name: rate(name, "seconds") for name in names},
        "ratio": {"per_cpu_second": ratio("cpu_seconds"), "per_second": ratio("seconds")},
        "until_first_note": {
            name: {"seconds": round(of.seconds, 1), "cpu_seconds": round(of.cpu_seconds, 1)}
            for name, of in starts.items()
        },
        "labels_that_differ": sum(labels for _, labels, _ in held),
        "largest_difference_of_p1": round(max(most for _, _, most in held), 6),
    }


def main() -> None:
    """Hold the contest and print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=768, help="a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = data_root() / "bench" / "encoder_in_process"
    folder.mkdir(parents=True, exist_ok=True)
    labels, serving = load_study_settings().notes.labels, Serving.of(os.environ)
    with ExitStack() as stack:
        engines = {
            name: stack.enter_context(open_engine(engine, labels, folder, serving)) for name, engine in ENGINES.items()
        }
        line = hold(engines, distinct_notes(given.seed), given.notes, given.rounds, folder)
    print(
        json.dumps(
            {
                "benchmark": "encoder_in_process",
                "notes": given.notes,
                "rounds": given.rounds,
                "threads": labels.encoder_threads,
                **line,
            }
        )
    )


if __name__ == "__main__":
    main()
