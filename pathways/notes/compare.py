"""Labels reviewed notes with several engines and prompts, and compares what they say: `pathways compare-models`.

Belongs here: running engines one after the other, speed and cost. Does not belong here: reading files
(reviewed_notes.py), measures (compare_readings.py), how results are printed (compare_output.py).
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory
from typing import TextIO

import polars as pl

from nlp_assets.engines.open_engine import open_engine
from nlp_assets.engines.prompted.prompt_engine import PromptEngine
from nlp_assets.serving.serving import Serving
from nlp_assets.steps.labels.label_notes import label_notes
from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.labels.note_engine import NoteEngine
from nlp_assets.steps.notes.prompt import load_prompt, render
from nlp_assets.steps.quality.compare_readings import compare_pair, describe_reading
from pathways.notes.compare_output import print_tables
from pathways.notes.reviewed_notes import ReviewedNotes, reviewed_file, reviewed_quarter
from pathways.refresh.ending import said_of
from resources.records.progress import say
from resources.settings.study_settings import Notes, load_study_settings

ON_SERVER = ("server", "chat")
WARM_UP = pl.DataFrame({"note_hash": ["warm up"], "note_text": ["Attended the session today."]})
NOTES_COUNTED = 50  # whose prompt tokens are counted
SECONDS_PER_HOUR = 3600


def compare_command(
    reviewed: Path | None,
    quarter: str | None,
    engines: str,
    prompts: str,
    json_lines: bool,
    root: Path,
    environment: Mapping[str, str],
) -> int:
    """Run `pathways compare-models`; the exit code. `engines`, `prompts`: names with commas between them.

    No message holds note text or an id.
    """
    if (reviewed is None) == (quarter is None):
        print("Give reviewed notes with --reviewed FILE, or with --quarter, and not both.", file=sys.stderr)
        return 1
    try:
        settings = load_study_settings().notes
        notes = reviewed_file(reviewed) if reviewed else reviewed_quarter(root, quarter or "")
    except Exception as error:
        print(said_of(error), file=sys.stderr)
        return 1
    output, of_prompts = sys.stdout, _names(prompts) or [settings.labels.prompt]
    # Servers and progress speak on standard output elsewhere; here it is for the results alone.
    with redirect_stdout(sys.stderr):
        results, failed = compare_engines(notes, _names(engines), of_prompts, settings, root, environment)
    _print(results, json_lines, notes.origin, output)
    return 1 if failed or not results else 0


def compare_engines(
    notes: ReviewedNotes,
    engines: Sequence[str],
    prompts: Sequence[str],
    settings: Notes,
    root: Path,
    environment: Mapping[str, str],
) -> tuple[list[dict], int]:
    """A dict per engine and subset of notes (kind engine), meaning (kind meaning) and pair (kind pair); and how many
    engines failed, each after a message. An engine without a prompt is run once.
    """
    readings: dict[str, pl.DataFrame] = {}
    results, failed, seen = [], 0, set()
    for engine_name in engines:
        for prompt in prompts:
            try:
                labels = settings.labels.model_copy(update={"prompt": prompt})
                with open_engine(engine_name, labels, root, Serving.of(environment)) as engine:
                    if engine.identity.run_id in seen:
                        continue
                    seen.add(engine.identity.run_id)
                    name = f"{engine_name} {prompt}" if engine.identity.prompt_hash else engine_name
                    changed = settings.model_copy(update={"labels": labels})
                    readings[name], cost = read_notes(engine_name, engine, notes, changed)
                    about = {"name": name, "of": notes.origin, "identity": asdict(engine.identity), "cost": cost}
            except Exception as error:
                failed += 1
                print(f"{engine_name} was not compared: {said_of(error)}", file=sys.stderr)
                continue
            read = readings[name]
            results += [{"kind": "engine", **about, **figures} for figures in _by_subset(read, notes, settings)]
            results += [{"kind": "meaning", "name": name, **row} for row in _by_meaning(read)]
    for first, second in combinations(readings, 2):
        pair = compare_pair(readings[first], readings[second], notes.requirements, settings)
        results.append({"kind": "pair", "first": first, "second": second, **pair})
    return results, failed


def read_notes(
    engine_name: str, engine: NoteEngine, notes: ReviewedNotes, settings: Notes
) -> tuple[pl.DataFrame, dict]:
    """The notes with label and p1, read anew; and what it cost, without starting the engine and its first note."""
    distinct = notes.notes.select("note_hash", "note_text")
    with TemporaryDirectory() as folder, LabelStore(Path(folder) / "labels.sqlite", token_bytes()) as store:
        label_notes(WARM_UP, settings.labels, engine, store, _say(engine_name))
        started = time.monotonic()
        labels = label_notes(distinct, settings.labels, engine, store, _say(engine_name))
        seconds = time.monotonic() - started
    read = notes.notes.join(
        labels.select("note_hash", "label", "p1"), on="note_hash", how="left", maintain_order="left"
    )
    comparison, is_remote = settings.comparison, engine_name in ON_SERVER
    price = comparison.server_price_per_hour if is_remote else comparison.cpu_price_per_hour
    per_note = seconds / max(labels.height, 1)
    return read, {
        "distinct_notes": labels.height,
        "seconds": round(seconds, 3),
        "notes_per_second": round(1 / per_note, 2) if per_note else None,
        "seconds_of": "server" if is_remote else "this machine",
        "price_per_hour_gbp": price,
        # A gateway is paid by the token, which it is not asked for.
        "gbp_per_1000_notes": None if engine_name == "chat" else round(1000 * per_note * price / SECONDS_PER_HOUR, 6),
        "prompt_tokens_per_note": _prompt_tokens(engine, notes, settings),
    }


def _prompt_tokens(engine: NoteEngine, notes: ReviewedNotes, settings: Notes) -> float | None:
    """Mean length of the first notes' prompts; None where the engine has no prompt or does not say."""
    if not isinstance(engine, PromptEngine):
        return None
    prompt, texts = load_prompt(settings.labels.prompt), notes.notes["note_text"][:NOTES_COUNTED]
    return round(sum(engine.server.count_tokens(render(prompt, text)) for text in texts) / max(len(texts), 1), 1)


def _by_subset(read: pl.DataFrame, notes: ReviewedNotes, settings: Notes) -> Iterator[dict]:
    """Figures of all notes, and of held-out and known wordings apart where the file says which is which."""
    yield {"subset": "all", **describe_reading(read, notes.requirements, settings)}
    for subset, held_out in (("held_out", True), ("known", False)):
        part = read.filter(pl.col("held_out") == held_out)
        if part.height:
            of = notes.requirements.join(part, on="requirement_key", how="semi").join(
                read.filter(pl.col("held_out") != held_out), on="requirement_key", how="anti"
            )
            yield {"subset": subset, **describe_reading(part, of, settings)}


def _by_meaning(read: pl.DataFrame) -> list[dict]:
    known = read.drop_nulls(["meaning", "truth", "label"])
    return (
        known.group_by("meaning")
        .agg(notes=pl.len(), errors=(pl.col("label") != pl.col("truth")).sum())
        .sort("meaning")
        .to_dicts()
    )


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _say(engine_name: str):
    return lambda done, total, rate: say(f"{engine_name}: {done:,} of {total:,} notes, {rate:.0f} a second")


def _print(results: list[dict], json_lines: bool, origin: str, output: TextIO) -> None:
    if json_lines:
        for result in results:
            print(json.dumps(result), file=output)
    else:
        print_tables(results, origin, output)
