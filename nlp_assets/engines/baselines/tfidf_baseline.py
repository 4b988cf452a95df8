"""Baseline: reads notes by the words in them (TF-IDF and logistic regression). Compared with models, never published.

Belongs here: features of a note and the use of the trained weights. Does not belong here: training
(note_models/baselines/train.py).
"""

import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Self

from nlp_assets.steps.labels.note_engine import EngineIdentity, Reading
from nlp_assets.steps.notes.keyword_sentences import keyword_sentences

WEIGHTS_FILE = Path(__file__).resolve().parents[3] / "note_models" / "baselines" / "tfidf.json"
_TOKEN = re.compile(r"[a-z]+(?:n't)?|0+")
_DIGIT = re.compile(r"\d")


class TfidfBaseline:
    """A NoteEngine (steps/labels/note_engine.py)."""

    @property
    def identity(self) -> EngineIdentity:
        """See NoteEngine."""
        digest = sha256(WEIGHTS_FILE.read_bytes()).hexdigest()
        return EngineIdentity("tfidf", "TF-IDF and logistic regression", digest, "", "1", "{}", "baseline")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        pass

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """See NoteEngine."""
        return [Reading("scored", self._p1(text), 0.0) for text in texts]

    def recover(self) -> None:
        """See NoteEngine. Nothing can go away."""

    @cached_property
    def _weights(self) -> dict:
        return json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))

    def _p1(self, text: str) -> float:
        """Logistic of the weighted terms, each counted as 1 + log(count), the whole scaled to length 1."""
        terms = self._weights["terms"]
        values = {
            term: (1 + math.log(count)) * terms[term][0] for term, count in term_counts(text).items() if term in terms
        }
        length = math.sqrt(sum(value * value for value in values.values())) or 1.0
        log_odds = self._weights["intercept"] + sum(value / length * terms[term][1] for term, value in values.items())
        return 1 / (1 + math.exp(-log_odds))


def term_counts(note_text: str) -> Counter[str]:
    """Words and pairs of words of the keyword sentences and their neighbours; every digit is a 0."""
    counts: Counter[str] = Counter()
    for sentence in keyword_sentences(note_text):
        words = _TOKEN.findall(_DIGIT.sub("0", sentence.lower()))
        counts.update(words)
        counts.update(f"{first} {second}" for first, second in itertools.pairwise(words))
    return counts
