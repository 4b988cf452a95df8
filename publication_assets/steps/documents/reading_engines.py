"""What read the contact notes, in words that a publication can use.

Belongs here: naming the engine of a run, as the notes zone states it. Does not belong here: how well it reads
(label_errors.py), other facts of the run (run_facts.py).
"""

import re
from dataclasses import dataclass
from typing import Literal

import polars as pl

HASH, HASH_SHOWN = re.compile("[0-9a-f]{16,}"), 12
NOBODY = "no model: no notes were requested"
Kind = Literal["fixture", "encoder", "model"]
MARKS = {"fixture": "NOTES READ BY A TEST MODEL", "encoder": "NOTES READ BY A SMALL CLASSIFIER"}
PLAIN_WORDS: dict[Kind, str] = {
    "fixture": "a fixture model fit for tests only",
    "encoder": "a sentence encoder with a classifier trained on invented notes",
    "model": "a language model",
}
WARNINGS = {
    "fixture": "Test model: the contact notes were read by a small fixture model that is no classifier of treatment. "
    "They show that the software works and nothing else.",
    "encoder": "Small classifier: the contact notes were read by a sentence encoder whose classifier was trained on "
    "invented notes, not by the language model of the published study. How often it is wrong on real notes can be "
    "known only from cases that people review.",
}


class BaselineCannotBePublished(Exception):
    """Labels come from a baseline, which is for comparison only. Names the engine."""


@dataclass(frozen=True)
class ReadingEngine:
    """One engine that made labels. weights: first characters of the hash of its weights, or who states them.

    reason: why it read notes of real people although it is no instruct model; else empty.
    """

    name: str
    model: str
    weights: str
    prompt: str
    version: str
    kind: Kind
    reason: str = ""

    @property
    def words(self) -> str:
        """What it is, for a reader."""
        return f"{PLAIN_WORDS[self.kind]} ({self.model}, weights {self.weights or 'not stated'})"

    @property
    def plain_words(self) -> str:
        """What it is, without its weights: only a language model has a name that readers know."""
        return f"{PLAIN_WORDS[self.kind]} ({self.model})" if self.kind == "model" else PLAIN_WORDS[self.kind]

    @property
    def mark(self) -> str:
        """What titles of figures from contact notes say; empty for a language model."""
        return MARKS.get(self.kind, "")

    @property
    def warning(self) -> str:
        """What a reader must know first; empty for a language model."""
        warning = WARNINGS.get(self.kind, "")
        return f"{warning} No instruct model read them, for this reason: {self.reason}" if self.reason else warning


def reading_engines(note_reading_quality: pl.DataFrame) -> tuple[ReadingEngine, ...]:
    """The engines whose labels a run has, sorted; none when no note was labelled.

    Raises BaselineCannotBePublished for labels of a baseline.
    """
    stated = note_reading_quality.filter((pl.col("section") == "engine") & (pl.col("row_group") == ""))
    engines = []
    for (label, _), rows in stated.sort("order").group_by("row_label", _occurrence(), maintain_order=True):
        said = {measure: words or "" for measure, words in rows.select("measure", "words").iter_rows()}
        engines.append(
            ReadingEngine(
                str(label),
                said["model"],
                _short(said["weights"]),
                _short(said["prompt hash"]),
                said["engine version"],
                _kind(str(label), said["engine kind"]),
                said.get("without an instruct model because", ""),
            )
        )
    return tuple(sorted(engines, key=lambda engine: (engine.name, engine.model, engine.weights)))


def _occurrence() -> pl.Expr:
    """Engines of one name are told apart by how often a measure has come before."""
    return pl.int_range(pl.len()).over("row_label", "measure").alias("occurrence")


def _short(stated: str) -> str:
    return stated[:HASH_SHOWN] if HASH.fullmatch(stated) else stated


def _kind(name: str, stated: str) -> Kind:
    if stated == "baseline":
        raise BaselineCannotBePublished(
            f"The labels of this quarter come from {name}, a baseline for comparison. Label the notes with a model, "
            "then run the modelling zone again."
        )
    if stated == "fixture":
        return "fixture"
    return "encoder" if "encoder" in name else "model"
