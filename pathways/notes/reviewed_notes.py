"""Notes whose labels people gave: from any CSV file, or from the signed review of a quarter.

Belongs here: reading them and refusing what cannot be used. Does not belong here: comparing (compare.py). No message
holds an id or anything that a note says.
"""

from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes

import polars as pl

from contracts.extracts import NOTES_EXTRACTS
from nlp_assets.steps.notes.note_hash import note_hash
from nlp_assets.steps.quality.evaluate_labels import NOTE_KEYS, decide_together
from nlp_assets.steps.quality.reading_quality import read_reviewed_cases
from pathways.notes.read_notes import ROW_NUMBERS_SHOWN, NotesFileError
from pathways.refresh.receipts_of_run import believed_table
from resources.extracts.extract_rules import ExtractError
from resources.extracts.files.extract_parts import Part
from resources.extracts.synthetic_mark import synthetic_mark
from resources.settings.study_settings import load_study_settings
from resources.zone.table_file import open_table

NEEDED = ("id", "text", "label")
KNOWN = (*NEEDED, "requirement_id", "meaning", "held_out")
YES, NO = ("1", "true", "yes"), ("0", "false", "no")


class NoReviewedCases(Exception):
    """A quarter has no reviewed cases, or lacks the notes they are of; says what to do."""


@dataclass(frozen=True)
class ReviewedNotes:
    """`notes`: requirement_key (empty when unknown), note_hash, note_text, truth (0, 1; empty: not decided), meaning,
    held_out (both may be empty). `requirements`: requirement_key, engaged. `origin`: where they come from, in words.
    """

    notes: pl.DataFrame
    requirements: pl.DataFrame
    origin: str


def reviewed_file(path: Path) -> ReviewedNotes:
    """A CSV file with columns id, text, label (0 or 1), and where known requirement_id, meaning, held_out.

    A requirement is engaged when one of its notes is. Raises NotesFileError: file, column, rule, rows, what to do.
    """
    frame = _columns(path)
    faults = {
        "id": ("is empty", frame["id"].str.strip_chars().fill_null("").eq("").sum()),
        "id ": ("is there before", frame.height - frame["id"].n_unique()),
        "label": ("is neither 0 nor 1", (~frame["label"].is_in(["0", "1"])).fill_null(True).sum()),
        "held_out": ("is neither 1, true, yes nor 0, false, no", (~frame["held_out"].is_in([*YES, *NO])).sum()),
    }
    for column, (rule, rows) in faults.items():
        if rows:
            raise NotesFileError(
                path, f"column {column.strip()} {rule} in {rows:,} of {frame.height:,} row(s)", "Correct those rows."
            )
    texts = frame["text"].fill_null("")
    notes = frame.select(
        requirement_key="requirement_id",
        note_hash=note_hash(texts, token_bytes()),  # only told apart here: nothing is kept
        note_text=texts,
        truth=pl.col("label").cast(pl.Int8),
        meaning="meaning",
        held_out=pl.col("held_out").is_in(YES),
    )
    engaged = notes.drop_nulls("requirement_key").group_by("requirement_key").agg(engaged=(pl.col("truth") == 1).any())
    return ReviewedNotes(notes, engaged.sort("requirement_key"), f"file {path.name}")


def reviewed_quarter(root: Path, quarter: str) -> ReviewedNotes:
    """What reviewers signed of a quarter's notes (pathways review-notes). Raises NoReviewedCases, TableNotUsable."""
    synthetic = synthetic_mark(root / "extracts" / quarter, NOTES_EXTRACTS) is not None
    filtered = root / "nlp" / quarter / "filtered_notes.parquet"
    cases = read_reviewed_cases(root, quarter, synthetic)
    if cases is None or not filtered.exists():
        raise NoReviewedCases(
            f"{quarter} has no reviewed notes. Begin with `pathways review-notes sample --quarter {quarter}`."
        )
    whole = decide_together(cases.filter(pl.col("contact_id").is_null()), "requirement_key")
    of_notes = decide_together(cases.filter(pl.col("contact_id").is_not_null()), *NOTE_KEYS)
    notes = believed_table(root, "nlp", "filtered_notes", quarter)
    notes = notes.join(whole.select("requirement_key"), on="requirement_key", how="semi")
    people = "SIMULATED reviewers" if cases["simulated"].any() else "reviewers"
    return ReviewedNotes(
        notes.join(of_notes, on=NOTE_KEYS, how="left").select(
            "requirement_key",
            "note_hash",
            "note_text",
            truth=pl.col("engaged").cast(pl.Int8),
            meaning="phenomenon",
            held_out=pl.lit(None, pl.Boolean),
        ),
        whole.select("requirement_key", "engaged").sort("requirement_key"),
        f"{people} of {'SYNTHETIC ' if synthetic else ''}notes of {quarter}",
    )


def _columns(path: Path) -> pl.DataFrame:
    """Every column of KNOWN, as text; one that the file lacks is empty."""
    if not path.is_file():
        raise NotesFileError(path, "there is no such file", f"Give a CSV file with the columns {', '.join(NEEDED)}.")
    header, body = _read(path)
    for name in NEEDED:
        if name not in header:
            raise NotesFileError(path, f"column {name} is missing", f"It needs the columns {', '.join(NEEDED)}.")
    if twice := sorted({name for name in KNOWN if header.count(name) > 1}):
        raise NotesFileError(path, f"column {', '.join(twice)} stands twice in the header", "Keep one of them.")
    frame = body.select(pl.col(str(header.index(name))).alias(name) for name in KNOWN if name in header)
    frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    if frame.is_empty():
        raise NotesFileError(path, "there is no row", "Put one reviewed note in each row.")
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in KNOWN if name not in frame.columns)
    return frame.select(KNOWN).with_columns(
        pl.col("label").str.strip_chars(), pl.col("held_out").str.strip_chars().str.to_lowercase()
    )


def _read(path: Path) -> tuple[list[str], pl.DataFrame]:
    """Names of the columns in small letters, and all of them as text by place. Raises NotesFileError."""
    try:
        part = Part(path, path.stat().st_size)
        table = open_table(path, part, load_study_settings().extracts.largest_file_mb)
        read = table.read([place for place in range(len(table.header)) if table.has_text(place)])
    except ExtractError as error:
        raise NotesFileError(path, error.problem, error.remedy) from None
    if read.faulty:
        shown = ", ".join(map(str, sorted(read.faulty)[:ROW_NUMBERS_SHOWN]))
        raise NotesFileError(
            path,
            f"{len(read.faulty):,} row(s) cannot be told apart, the first of them data rows {shown}",
            "Put quotes around texts with commas, quotes or line breaks in them.",
        )
    return [name.lower() for name in table.header], read.frame
