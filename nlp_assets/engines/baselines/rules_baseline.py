"""Baseline: reads notes by rules in the manner of ConText. Compared with models, never published.

Belongs here: applying the cues and triggers of context_rules.toml. Does not belong here: the lists themselves.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Self

from nlp_assets.steps.labels.note_engine import EngineIdentity, Reading
from nlp_assets.steps.notes.keyword_sentences import NEIGHBOURS, has_keyword, sentences

RULES_FILE = Path(__file__).with_name("context_rules.toml")
# A rule gives no probability: these two say yes and no to any threshold between them.
ENGAGED, NOT_ENGAGED = 0.9, 0.1


class RulesBaseline:
    """A NoteEngine (note_engine.py). A note says engaged when a clause that speaks of treatment holds a cue which
    no trigger of negation, hypothesis, history or somebody else reaches.
    """

    @property
    def identity(self) -> EngineIdentity:
        """See NoteEngine."""
        return EngineIdentity(
            "rules", "ConText rules", sha256(RULES_FILE.read_bytes()).hexdigest(), "", "1", "{}", "baseline"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        pass

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """See NoteEngine."""
        return [Reading("scored", ENGAGED if says_engaged(text) else NOT_ENGAGED, 0.0) for text in texts]

    def recover(self) -> None:
        """See NoteEngine. Nothing can go away."""


def says_engaged(note_text: str) -> bool:
    """Whether a cue stands in a sentence with a keyword, or next to one, and no trigger reaches it."""
    every = sentences(note_text)
    spoken_of = {number for number, sentence in enumerate(every) if has_keyword(sentence)}
    near = {number + step for number in spoken_of for step in range(-NEIGHBOURS, NEIGHBOURS + 1)}
    return any(
        _clause_says_engaged(clause)
        for number, sentence in enumerate(every)
        if number in near and (number in spoken_of or _of_treatment(sentence))
        for clause in _rules()["ends"].split(sentence)
    )


def _of_treatment(sentence: str) -> bool:
    """A sentence without keyword beside one with: it counts when it names what the keyword sentence spoke of."""
    return bool(_TREATMENT_WORDS.search(sentence))


_TREATMENT_WORDS = re.compile(
    r"\b(?:groups?|sessions?|meetings?|scripts?|prescription|treatment|service|(?:key|recovery|drug|alcohol) ?workers?|"
    r"detox\w*|sponsor|dose|pharmacy|chemist)\b",
    re.IGNORECASE,
)


def _clause_says_engaged(clause: str) -> bool:
    rules = _rules()
    from_here = [match.start() for match in rules["forward"].finditer(clause)]
    up_to_here = [match.end() for match in rules["backward"].finditer(clause)]
    return any(
        not any(place <= cue.start() for place in from_here) and not any(place >= cue.end() for place in up_to_here)
        for cue in rules["cues"].finditer(clause)
    )


@cache
def _rules() -> dict[str, re.Pattern]:
    entry = tomllib.loads(RULES_FILE.read_text(encoding="utf-8"))
    return {
        "cues": _any_of(entry["cues"]),
        "forward": _any_of([trigger for triggers in entry["forward"].values() for trigger in triggers]),
        "backward": _any_of([trigger for triggers in entry["backward"].values() for trigger in triggers]),
        "ends": _any_of(entry["clause"]["ends"]),
    }


def _any_of(patterns: list[str]) -> re.Pattern:
    # "n't" is the end of a word: it has no boundary before it.
    return re.compile("|".join(p if p == "n't" else rf"\b(?:{p})\b" for p in patterns), re.IGNORECASE)
