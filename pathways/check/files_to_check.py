"""Which files a check looks at: those of a quarter's folder, of one system in it, or one file.

Belongs here: what a name on the command line means. Does not belong here: what is looked at in a file (check.py).
"""

import difflib
from collections.abc import Sequence
from pathlib import Path

from contracts.extracts import ALL_EXTRACTS, EXTRACT_BY_NAME, JUSTICE_EXTRACT_BY_NAME, JUSTICE_EXTRACTS
from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_reader import ReadExtract, not_sent
from resources.extracts.extract_rules import ExtractError
from resources.extracts.files.extract_file import find_extract, is_not_sent
from resources.zone.partitions import QUARTER_NAMES

BY_NAME = EXTRACT_BY_NAME | JUSTICE_EXTRACT_BY_NAME
Found = Path | ExtractError | ReadExtract


class NoSuchTable(ValueError):
    """The name is not that of an extract table; the message lists what is."""


def quarter_of(folder: Path) -> str | None:
    """The quarter that the folder, or one above it, is named after."""
    return next((part for part in reversed(folder.absolute().parts) if part in QUARTER_NAMES), None)


def files_to_check(folder: Path, table: str | None) -> list[tuple[Extract, Found]]:
    """Each table to check and its file, what is wrong with finding it, or, where it may be absent and is, no row.

    Raises ExtractError where the folder cannot be meant, NoSuchTable for an unknown `table`.
    """
    if table is not None:
        return [_one_table(folder, _declared(table))]
    if _is_extract(folder):
        if folder.stem not in BY_NAME:
            raise ExtractError(folder, "this is a file", "Name the folder of a quarter, or say which --table it is.")
        return [(BY_NAME[folder.stem], folder)]
    if not folder.is_dir():
        remedy = "Name the folder of a quarter, e.g. var/extracts/2023Q1."
        raise ExtractError(folder, "the folder does not exist", remedy)
    extracts = _study_of(folder)
    systems = {extract.system for extract in extracts}
    if folder.name in systems:
        return [_located(folder.parent, extract) for extract in extracts if extract.system == folder.name]
    if not any((folder / system).exists() for system in systems):
        inside = [entry.name for entry in sorted(folder.iterdir()) if entry.name in QUARTER_NAMES]
        remedy = f"Name one of the quarters in it: {', '.join(inside)}." if inside else "Name the folder of a quarter."
        raise ExtractError(folder, f"none of the folders {', '.join(sorted(systems))} is in this folder", remedy)
    return [_located(folder, extract) for extract in extracts]


def _study_of(folder: Path) -> Sequence[Extract]:
    """The extracts that a folder is meant to hold: of the linking of justice records where a system of theirs is there,
    else of the study.
    """
    systems = {extract.system for extract in JUSTICE_EXTRACTS}
    of_justice = folder.name in systems or any((folder / system).exists() for system in systems)
    return JUSTICE_EXTRACTS if of_justice else ALL_EXTRACTS


def _is_extract(path: Path) -> bool:
    """Whether a path is meant as one extract: anything that is no folder, or a folder with the ending of a file."""
    there = path.exists() or path.is_symlink()  # a link to nothing is there too
    return there and (not path.is_dir() or path.suffix.lower() in (".csv", ".parquet"))


def _declared(table: str) -> Extract:
    if table not in BY_NAME:
        close = difflib.get_close_matches(table.lower(), BY_NAME, 1)
        guess = f" Is it {close[0]}?" if close else ""
        raise NoSuchTable(f"There is no table of that name.{guess} Tables: {', '.join(BY_NAME)}.")
    return BY_NAME[table]


def _one_table(folder: Path, extract: Extract) -> tuple[Extract, Found]:
    if _is_extract(folder):
        return extract, folder
    if (folder / extract.system).exists():
        return _located(folder, extract)
    here = [path for ending in (".csv", ".parquet") if (path := folder / f"{extract.name}{ending}").exists()]
    if len(here) == 1:
        return extract, here[0]
    return _located(folder.parent if folder.name == extract.system else folder, extract)


def _located(folder: Path, extract: Extract) -> tuple[Extract, Found]:
    if is_not_sent(folder, extract):
        return extract, not_sent(folder, extract)
    try:
        return extract, find_extract(folder, extract)
    except ExtractError as error:
        return extract, error
