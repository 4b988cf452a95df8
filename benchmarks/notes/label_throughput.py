"""Labelling a file of notes, end to end, against the bare engine and against one note a request, in one run.

    python benchmarks/notes/label_throughput.py [--notes 768] [--rounds 5]

Prints one JSON line: notes a second (median of rounds) of each and their ratios (median of the ratios of a round); and
CPU milliseconds a note of client and server, which say the same on a machine that others use too.
One vLLM serves all: the FIXTURE model on this CPU, notes are SYNTHETIC and distinct. Every contestant has other
notes of the same kind in every round, and the order turns, so that no prompt is found in the cache but the shared one.

- ours: what `pathways label` does with a file: read, filter, dedupe, template, send, verify, commit, write JSON lines
- bare engine (peers/bare_label_server.py): ready prompts, one token, nothing verified; the best of several batch sizes
- one note a request (peers/one_note_per_request.py): five at a time, an answer in JSON to parse; and, to tell what the
  JSON costs from what the requests cost, the same with a single token for an answer
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import polars as pl

from nlp_assets.engines.open_engine import open_engine
from nlp_assets.engines.prompted.prompt_engine import PromptEngine
from nlp_assets.serving.label_client import LabelClient
from nlp_assets.serving.serving import Serving
from nlp_assets.serving.vllm.vllm_process import VllmProcess
from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.notes.prompt import load_prompt, render
from pathways.notes.label import write_labelled
from pathways.notes.read_notes import open_notes
from resources.process.data_root import data_root
from resources.settings.study_settings import Notes, load_study_settings
from synthetic_extracts.notes.compose import evaluation_texts

PEERS = Path(__file__).resolve().parents[1] / "peers"
BATCHES_TRIED = ((64, 2), (128, 2), (256, 2), (128, 4), (256, 4))
SHARE_ONE_A_REQUEST = 8  # it is slow: it gets this part of the notes


@dataclass(frozen=True)
class Timed:
    """One contestant in one round."""

    notes_per_second: float
    client_cpu_ms: float
    server_cpu_ms: float


class Contest:
    """One server, and ever new notes for whoever is timed on it."""

    def __init__(self, folder: Path, engine: PromptEngine, settings: Notes, process: VllmProcess, seed: int):
        self._folder, self._engine, self._settings = folder, engine, settings
        self._prompt = load_prompt(settings.labels.prompt)
        self._environment = {
            **os.environ,
            "LABEL_SERVER_SOCKET": process.endpoint.socket,
            "LABEL_SERVER_KEY": process.endpoint.api_key,
        }
        self._unread = distinct_notes(seed)
        self._process = process

    def ours(self, count: int) -> Timed:
        """From the file on disk to its lines on disk, with a store of its own."""
        texts = self._take(count)
        file, store = self._folder / "notes.csv", self._folder / "labels.sqlite"
        pl.DataFrame({"id": [f"note-{number}" for number in range(count)], "text": texts}).write_csv(file)
        for path in self._folder.glob("labels.sqlite*"):
            path.unlink()
        server, started, cpu = self._server_cpu_seconds(), perf_counter(), process_time()
        with LabelStore(store, bytes(32)) as labels, (self._folder / "labelled.jsonl").open("wb") as output:
            counts = write_labelled(
                open_notes(file), output, True, self._settings, self._engine, labels, lambda *_: None
            )
        seconds, cpu_seconds = perf_counter() - started, process_time() - cpu
        assert counts == {"ok": count}, counts
        return self._timed(count, seconds, cpu_seconds, server)

    def peer(self, script: str, count: int, *options: str) -> Timed:
        """A peer, by its own clock, which starts when it has its prompts in memory."""
        file = self._folder / "prompts.json"
        file.write_text(json.dumps([render(self._prompt, text) for text in self._take(count)]), encoding="utf-8")
        command = [sys.executable, str(PEERS / script), str(file), *options]
        server = self._server_cpu_seconds()
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=True)
        said = json.loads(done.stdout)
        assert not said.get("failures"), said
        return self._timed(count, said["seconds"], said["cpu_seconds"], server)

    def bare(self, count: int, batch: tuple[int, int]) -> Timed:
        """The bare engine with so many notes a request and so many requests at a time."""
        options = "--notes-per-request", str(batch[0]), "--requests-in-flight", str(batch[1])
        return self.peer("bare_label_server.py", count, *options)

    def one_a_request(self, count: int, answer: str) -> Timed:
        """One note a request, five at a time; `answer`: json or number."""
        return self.peer("one_note_per_request.py", count, "--answer", answer)

    def _take(self, count: int) -> list[str]:
        return [next(self._unread) for _ in range(count)]

    def _timed(self, count: int, seconds: float, client: float, server_before: float) -> Timed:
        server = self._server_cpu_seconds() - server_before
        return Timed(count / seconds, 1000 * client / count, 1000 * server / count)

    def _server_cpu_seconds(self) -> float:
        """User and system time of the vLLM behind its guard, all its threads."""
        running = self._process._process
        assert running is not None
        guard = running.pid
        (server,) = Path(f"/proc/{guard}/task/{guard}/children").read_text(encoding="utf-8").split()
        after_name = Path(f"/proc/{server}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def distinct_notes(seed: int) -> Iterator[str]:
    """Synthetic notes without end, no text twice."""
    seen = set()
    while True:
        for text in evaluation_texts(seed, 5000, held_out=False)[0].tolist():
            if text not in seen:
                seen.add(text)
                yield text
        seed += 1


def hold(contest: Contest, notes: int, rounds: int) -> dict:
    """Tune the bare engine, then time everybody in every round, in turning order."""
    contest.ours(notes // 2)  # warms the server and the shared prompt
    tried = {batch: contest.bare(max(notes // 2, batch[0] * batch[1]), batch) for batch in BATCHES_TRIED}
    best = max(tried, key=lambda batch: tried[batch].notes_per_second)
    runs: dict[str, Callable[[], Timed]] = {
        "ours": lambda: contest.ours(notes),
        "bare_engine": lambda: contest.bare(notes, best),
        "one_note_a_request": lambda: contest.one_a_request(notes // SHARE_ONE_A_REQUEST, "json"),
        "one_note_a_request_one_token": lambda: contest.one_a_request(notes // SHARE_ONE_A_REQUEST, "number"),
    }
    names = list(runs)
    timed: dict[str, list[Timed]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            timed[name].append(runs[name]())
    ratios = {
        f"ours_to_{name}": [
            ours.notes_per_second / other.notes_per_second
            for ours, other in zip(timed["ours"], timed[name], strict=True)
        ]
        for name in names[1:]
    }
    return {
        "notes_per_second": {name: round(median(one.notes_per_second for one in of), 1) for name, of in timed.items()},
        "ratio": {name: round(median(of), 3) for name, of in ratios.items()},
        "ratio_of_rounds": {name: [round(value, 2) for value in of] for name, of in ratios.items()},
        "cpu_ms_per_note": {
            name: {
                "client": round(median(one.client_cpu_ms for one in of), 2),
                "server": round(median(one.server_cpu_ms for one in of), 2),
            }
            for name, of in timed.items()
        },
        "bare_engine_tried": {
            f"{size}x{at_a_time}": round(one.notes_per_second, 1) for (size, at_a_time), one in tried.items()
        },
    }


def main() -> None:
    """Serve the fixture, hold the contest and print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=768, help="a contestant and round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--notes-per-request", type=int, help="of ours; default: as in study.toml")
    parser.add_argument("--requests-in-flight", type=int, help="of ours; default: as in study.toml")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    settings = load_study_settings().notes
    changed = {
        name: value
        for name in ("notes_per_request", "requests_in_flight")
        if (value := getattr(given, name)) is not None
    }
    settings = settings.model_copy(update={"labels": settings.labels.model_copy(update=changed)})
    folder = data_root() / "bench" / "label_throughput"
    folder.mkdir(parents=True, exist_ok=True)
    with open_engine("fixture", settings.labels, folder, Serving.of(os.environ)) as engine:
        assert isinstance(engine, PromptEngine) and isinstance(engine.server, LabelClient)
        assert isinstance(engine.server.server, VllmProcess)
        engine.read(["Started the server."])
        line = hold(Contest(folder, engine, settings, engine.server.server, given.seed), given.notes, given.rounds)
    print(
        json.dumps(
            {
                "benchmark": "label_throughput",
                "model": "fixture",
                "notes": given.notes,
                "rounds": given.rounds,
                "notes_per_request": settings.labels.notes_per_request,
                "requests_in_flight": settings.labels.requests_in_flight,
                **line,
            }
        )
    )


if __name__ == "__main__":
    main()
