"""Reads the small JSON files that runs leave for later ones: what is damaged is said in one message, never a traceback.

Belongs here: opening such a file and seeing that it has the form it was written in. Does not belong here: what is in
it, and files that are simply made again when they are damaged (receipts.py).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast


class KeptFileDamaged(Exception):
    """A file that a run left is empty, cut short or of another form; names the file and what to do, no content."""


def read_kept(path: Path, form: Mapping[str, type | tuple[type, ...]], remedy: str) -> dict[str, Any]:
    """The object in a JSON file, which has at least the keys of `form` with values of these types.

    Raises KeptFileDamaged with `remedy`; FileNotFoundError as open does.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:  # also bytes that are no UTF-8
        raise KeptFileDamaged(f"{path} is damaged: {_what_is_wrong(path)}. {remedy}") from None
    if not isinstance(content, dict):
        raise KeptFileDamaged(f"{path} is damaged: it is not the object that was written. {remedy}")
    kept = cast("dict[str, Any]", content)
    wrong = [name for name, kind in form.items() if not isinstance(kept.get(name), kind)]
    if wrong:
        raise KeptFileDamaged(f"{path} is damaged: {', '.join(wrong)} missing or of another kind. {remedy}")
    return kept


def _what_is_wrong(path: Path) -> str:
    return "it is empty" if not path.stat().st_size else "it is cut short or no JSON"
