"""The keyword filter on a file of notes, against a plain filter with one regular expression, in one run.

    python benchmarks/notes/notes_filter.py [--notes 500000]       the claim of one minute and 2 GB is about 5000000

Prints a JSON line per way, each run in a process of its own, with seconds, processor seconds, peak memory (MB) and
notes a second. `times_as_fast`: as the peer that compares best, one expression in polars, which does not say which
keywords a note holds; `re` is measured on the first notes only. Notes are SYNTHETIC: two hundred thousand texts, a
fifth of them with a keyword and a tenth with a character outside ASCII, repeated with another reference number. They
are written into a temporary folder.
"""

import argparse
import json
import os
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from nlp_assets.steps.notes.filter_notes import filter_notes, treatment_keywords
from pathways.notes.filter import filter_command
from resources.settings.study_settings import load_study_settings
from synthetic_extracts.notes.calibration import CONTACT_KINDS
from synthetic_extracts.notes.compose import compose_notes
from synthetic_extracts.notes.subjects import draw_subjects

DISTINCT = 200_000
KEYWORD_SHARE, OUTSIDE_ASCII_SHARE = 0.2, 0.1
PARTS = (0, 1, 2, 3)  # further passages of a note, none with a keyword
RE_NOTES = 50_000


def compose_texts(size: int, seed: int) -> list[str]:
    """Texts of 30 to 900 characters, most of them 100 to 450."""
    rng = np.random.default_rng(seed)
    subjects = draw_subjects(rng, rng.integers(0, 2, size), rng.random(size) < 0.15)
    kind = rng.integers(0, len(CONTACT_KINDS), size)
    label = np.where(rng.random(size) < KEYWORD_SHARE, rng.integers(0, 2, size), -1)
    first = compose_notes(rng, subjects, label, kind).text
    more = compose_notes(rng, subjects, np.full(size, -1), kind).text
    parts, mark = rng.choice(PARTS, size), np.where(rng.random(size) < OUTSIDE_ASCII_SHARE, " It’s £5.", "")
    return [
        "\n".join([text, *(more[(7 * number + step) % size] for step in range(parts[number]))]) + mark[number]
        for number, text in enumerate(first)
    ]


def write_notes(folder: Path, notes: int, seed: int) -> list[Path]:
    """notes.parquet and notes.csv with `notes` rows; the columns that a stored table has are in the first."""
    texts = pl.Series("note_text", compose_texts(min(DISTINCT, notes), seed))
    paths = [folder / "notes.parquet", folder / "notes.csv"]
    writer = None
    with paths[1].open("wb") as csv_file:
        for start in range(0, notes, texts.len()):
            part = (
                pl.DataFrame(texts[: notes - start])
                .with_row_index("number", offset=start)
                .select(
                    pl.col("number").cast(pl.String).alias("contact_id"),
                    pl.format("{} Ref {}.", "note_text", "number").alias("note_text"),
                )
            )
            part.write_csv(csv_file, include_header=start == 0)
            table = part.with_columns(
                requirement_key=pl.lit("R1"), contact_date=pl.date(2022, 5, 1), before_termination=False
            ).to_arrow()
            writer = writer or ParquetWriter(paths[0], table.schema, compression="zstd")
            writer.write_table(pa.Table.from_batches(table.to_batches()))
    if writer:
        writer.close()
    return paths


def plain_expression() -> str:
    """All keywords in one expression, as one would write it, with the boundaries and the case of the filter."""
    either = "|".join(
        re.escape(word) if word.isupper() else f"(?i:{re.escape(word)})"
        for word in sorted(treatment_keywords(), key=len, reverse=True)
    )
    return rf"\b(?:{either})\b"


def filter_stored_table(parquet: Path) -> int:
    """As the asset does: the table is scanned, and what is kept comes back."""
    settings, key = load_study_settings().notes.filter, bytes(32)
    return filter_notes(pl.scan_parquet(parquet), treatment_keywords(), settings, key).height


def polars_expression(parquet: Path) -> int:
    """The peer: kept or not, with one expression over all notes in memory."""
    return (
        pl.read_parquet(parquet, columns=["note_text"])
        .filter(pl.col("note_text").str.contains(plain_expression()))
        .height
    )


def re_expression(parquet: Path) -> int:
    """The other peer: `re` over the first notes."""
    search = re.compile(plain_expression()).search
    notes = pl.scan_parquet(parquet).select("note_text").head(RE_NOTES).collect()["note_text"]
    return sum(search(text) is not None for text in notes)


def command(notes: Path) -> int:
    """As `pathways filter` does, a JSON line per note into a file."""
    return filter_command(notes, notes.with_suffix(".jsonl"))


WAYS = {
    "pathways filter, Parquet": (command, 0),
    "pathways filter, CSV": (command, 1),
    "asset, stored table": (filter_stored_table, 0),
    "one polars expression": (polars_expression, 0),
    "one re expression": (re_expression, 0),
}


def measure(way: str, path: Path) -> dict:
    """Seconds and processor seconds without imports and start, and peak MB, of one way in a process of its own."""
    reader, writer = os.pipe()
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, __file__, "--way", way, "--file", str(path), "--report", str(writer)],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, writer, writer)],
    )
    os.close(writer)
    with os.fdopen(reader) as report:
        line = report.read()
    if os.waitpid(child, 0)[1]:
        raise SystemExit(f"{way} failed")
    return json.loads(line)


def report_way(way: str, path: Path, target: int) -> None:
    """In the child: run one way and write what it took."""
    started, processor = perf_counter(), sum(os.times()[:2])
    WAYS[way][0](path)
    # Not the kernel's ru_maxrss, which a child takes over from its parent.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    took = {
        "seconds": round(perf_counter() - started, 2),
        "processor_seconds": round(sum(os.times()[:2]) - processor, 2),
        "peak_mb": int(status["VmHWM"].split()[0]) // 1024,
    }
    os.write(target, json.dumps(took).encode())


def main() -> None:
    """Write the notes, measure every way and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--report", type=int)
    given = parser.parse_args()
    if given.way:
        report_way(given.way, given.file, given.report)
        return
    with TemporaryDirectory() as folder:
        paths = write_notes(Path(folder), given.notes, given.seed)
        megabytes = paths[1].stat().st_size // 1_000_000
        taken = {way: measure(way, paths[place]) for way, (_, place) in WAYS.items()}
    peer = given.notes / taken["one polars expression"]["seconds"]
    for way, took in taken.items():
        notes = min(RE_NOTES, given.notes) if way == "one re expression" else given.notes
        speed = notes / took["seconds"]
        print(
            json.dumps(
                {
                    "benchmark": "notes_filter",
                    "way": way,
                    "notes": notes,
                    "csv_mb": megabytes,
                    **took,
                    "notes_per_second": round(speed),
                    "times_as_fast": round(speed / peer, 3),
                    "synthetic": True,
                }
            )
        )


if __name__ == "__main__":
    main()
