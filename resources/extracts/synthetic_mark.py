"""The mark of synthetic extracts: SYNTHETIC.json, which names the files that the generator wrote, each by its hash.

Belongs here: writing it, and whether it speaks of the files that are there. Does not belong here: what follows from it.

Extracts are synthetic only while every file is one that was written. A real extract beside them, or in the place of
one, makes all of them real ones, for which stricter rules hold. Whoever can write into the folder can write a mark as
well: it guards against mistakes, and against a mark that was left behind.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from resources.extracts.extract_declaration import Extract
from resources.extracts.files.extract_parts import files_under, hash_under, is_read
from resources.secrets.kept_file import read_kept

MARK = "SYNTHETIC.json"
FORM = {"scale": (int, float), "seed": int, "files": dict}
REMEDY = "It says that the extracts are synthetic. Restore it, or write the extracts again: pathways extracts."


def write_mark(folder: Path, facts: dict[str, Any]) -> None:
    """Mark the files of a folder, as they are, as written by the generator. `facts`: scale, seed and the like."""
    mark = {"synthetic": True, **facts, "files": {name: hash_under(folder, name) for name in _files(folder)}}
    (folder / MARK).write_text(json.dumps(mark, indent=2) + "\n", encoding="utf-8")


def is_marked(folder: Path) -> bool:
    """Whether a mark lies in a folder, whatever it speaks of."""
    return (folder / MARK).is_file()


def written_with(folder: Path, remedy: str = REMEDY) -> dict[str, Any]:
    """What the generator wrote in the mark of a folder: scale, seed and the like, be the files still those or not.

    Raises KeptFileDamaged with `remedy`; FileNotFoundError where there is no mark.
    """
    return {name: said for name, said in read_kept(folder / MARK, FORM, remedy).items() if name != "files"}


def synthetic_mark(folder: Path, of: Iterable[Extract] | None = None) -> dict[str, Any] | None:
    """What the generator says of the extracts in a folder; None where there is no mark, or a file it does not speak of.

    `of`: the extracts whose content is compared, which are those that a zone may read; of others the names alone. All
    without it. Raises KeptFileDamaged: a damaged mark must not make synthetic extracts real ones.
    """
    if not is_marked(folder) or not_marked(folder, of):
        return None
    return written_with(folder)


def not_marked(folder: Path, of: Iterable[Extract] | None = None) -> list[str]:
    """Files of a folder that its mark does not speak of, or that are not as they were written. As synthetic_mark."""
    marked = read_kept(folder / MARK, FORM, REMEDY)["files"]
    compared = ("",) if of is None else tuple(f"{extract.system}/{extract.name}." for extract in of)
    return [
        name
        for name in _files(folder)
        if name not in marked or (name.startswith(compared) and hash_under(folder, name) != marked[name])
    ]


def _files(folder: Path) -> list[str]:
    return [name for name in files_under(folder) if name != MARK and is_read(name)]
