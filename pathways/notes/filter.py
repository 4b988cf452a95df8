"""Says of every note of a file which treatment keywords it holds: JSON lines.

Belongs here: `pathways filter`. Does not belong here: reading files (read_notes.py) and the filter
(nlp_assets/steps/notes/filter_notes.py).
"""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import BinaryIO

import polars as pl

from nlp_assets.steps.notes.filter_notes import find_keywords, treatment_keywords
from pathways.notes.lines_output import lines_output
from pathways.notes.read_notes import NotesFile, NotesFileError, open_notes
from resources.settings.study_settings import KeywordFilter, StudySettingsError, load_study_settings


def filter_command(notes: Path, output: Path | None) -> int:
    """Run `pathways filter`; the exit code. No message holds note text or an id."""
    try:
        settings = load_study_settings().notes.filter
        file = open_notes(notes)
        with lines_output(output) as target:
            counts = write_filtered(file, target, settings)
    except BrokenPipeError:
        # Who reads the lines has seen enough. Python would try to flush them once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (NotesFileError, StudySettingsError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for remark in file.remarks():
        print(remark, file=sys.stderr)
    print(", ".join(f"{status} {number:,}" for status, number in sorted(counts.items())), file=sys.stderr)
    return 1 if file.rows_left_out else 0


def write_filtered(file: NotesFile, output: BinaryIO, settings: KeywordFilter) -> Counter[str]:
    """Write a JSON line per note of `file`; how many are kept and excluded. Raises NotesFileError as it reads."""
    keywords, counts = treatment_keywords(), Counter(kept=0, excluded=0)
    for batch in file.batches():
        lines = filter_lines(batch, keywords, settings)
        lines.write_ndjson(output)
        counts.update(dict(lines["status"].value_counts().iter_rows()))
    return counts


def filter_lines(frame: pl.DataFrame, keywords: list[str], settings: KeywordFilter) -> pl.DataFrame:
    """Columns id, kept, keywords (list), label, p1, status of notes given as id and text, in their order."""
    found = find_keywords(frame["text"], keywords, settings)
    return frame.select(
        "id",
        kept=found.is_not_null(),
        keywords=found.str.split("|").fill_null(pl.Series([[]], dtype=pl.List(pl.String))),
        label=pl.lit(None, dtype=pl.Int8),
        p1=pl.lit(None, dtype=pl.Float64),
        status=pl.when(found.is_not_null()).then(pl.lit("kept")).otherwise(pl.lit("excluded")),
    )
