"""Reads the wordings: templates of note sentences, with {slots} and [one|of|these] choices, parsed into parts.

Belongs here: reading and parsing wordings/*.toml. Does not belong here: drawing and joining sentences (compose.py).
Standard library only, so that the fixture model is trained in the model's own environment.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "wordings"
ENGAGED_FILE, NOT_ENGAGED_FILE = "engaged.toml", "not_engaged.toml"
TYPES = ("ATR", "DRR")


class WordingError(Exception):
    """A wording cannot be parsed; the message names it."""


@dataclass(frozen=True)
class Slot:
    """A place filled from slots.toml or from the note itself; `capital`: the filling starts a sentence."""

    name: str
    capital: bool


@dataclass(frozen=True)
class Choice:
    """One of several continuations, equally likely."""

    options: tuple[tuple, ...]


@dataclass(frozen=True)
class Wording:
    """A core sentence: what it means, its label (1 engaging with treatment) and whether extracts may use it."""

    wording_id: str
    meaning: str
    label: int
    held_out: bool
    types: tuple[str, ...]
    weight: float
    parts: tuple


@cache
def core_wordings() -> tuple[Wording, ...]:
    """All core sentences in file order; wording_id is `meaning-01` for known, `meaning-h01` for held-out wordings."""
    wordings = []
    for file, label in ((ENGAGED_FILE, 1), (NOT_ENGAGED_FILE, 0)):
        for meaning, entry in _read(file).items():
            for held_out, key, prefix in ((False, "known", ""), (True, "held_out", "h")):
                for number, line in enumerate(entry[key].strip().splitlines(), start=1):
                    types, text = _split_types(line)
                    wordings.append(
                        Wording(
                            f"{meaning}-{prefix}{number:02}",
                            meaning,
                            label,
                            held_out,
                            types,
                            entry["weight"],
                            parse(text),
                        )
                    )
    return tuple(wordings)


@cache
def context_wordings() -> dict[str, tuple[tuple, ...]]:
    """Parsed sentences around the core by group, e.g. `opening.visit`, `middle.lines`, `short.missed`."""
    return {
        f"{section}.{group}": tuple(parse(line) for line in text.strip().splitlines())
        for section, groups in _read("context.toml").items()
        for group, text in groups.items()
    }


@cache
def slots() -> dict:
    """The tables of slots.toml; the values of `each_use` and `by_requirement_type` are parsed."""
    tables = _read("slots.toml")
    tables["each_use"] = {name: tuple(parse(value) for value in values) for name, values in tables["each_use"].items()}
    return tables


def parse(text: str) -> tuple:
    """Parts of a wording: str, Slot or Choice. Raises WordingError for brackets that do not match."""
    return _parse(text, 0, stop="")[0]


def _parse(text: str, start: int, stop: str) -> tuple[tuple, int]:
    parts: list = []
    literal = ""
    position = start
    while position < len(text) and text[position] not in stop:
        sign = text[position]
        if sign in "]|}":
            raise WordingError(f"brackets do not match in wording: {text}")
        if sign not in "{[":
            literal += sign
            position += 1
            continue
        if literal:
            parts.append(literal)
            literal = ""
        if sign == "{":
            end = text.find("}", position)
            if end < 0:
                raise WordingError(f"brackets do not match in wording: {text}")
            parts.append(_slot(text[position + 1 : end]))
            position = end + 1
        else:
            options, position = _options(text, position + 1)
            parts.append(Choice(options))
    if literal:
        parts.append(literal)
    return tuple(parts), position


def _options(text: str, position: int) -> tuple[tuple[tuple, ...], int]:
    options = []
    while True:
        option, position = _parse(text, position, stop="|]")
        options.append(option)
        if position >= len(text):
            raise WordingError(f"brackets do not match in wording: {text}")
        position += 1
        if text[position - 1] == "]":
            return tuple(options), position


def _slot(name: str) -> Slot:
    plain = name.removesuffix("_up")
    return Slot(plain[0].lower() + plain[1:], capital=plain != name or plain[0].isupper())


def _split_types(line: str) -> tuple[tuple[str, ...], str]:
    for requirement_type in TYPES:
        if line.startswith(f"{requirement_type}~ "):
            return (requirement_type,), line[len(requirement_type) + 2 :]
    return TYPES, line


def _read(file: str) -> dict:
    return tomllib.loads((FOLDER / file).read_text(encoding="utf-8"))
