"""Finds the sentences of a note that speak of treatment: those with a keyword, with their neighbours.

Belongs here: which part of a note is looked at by engines that do not read all of it. Does not belong here: which notes
are kept at all (filter_notes.py).
"""

import re
from functools import cache

from nlp_assets.steps.notes.filter_notes import treatment_keywords
from nlp_assets.steps.notes.window_notes import SENTENCE_END

NEIGHBOURS = 1


def sentences(note_text: str) -> list[str]:
    """The sentences of a note, in order, without blank ones; curly apostrophes are straight ones."""
    plain = note_text.replace("\u2019", "'")
    return [sentence.strip() for sentence in SENTENCE_END.split(plain) if sentence.strip()]


def keyword_sentences(note_text: str, neighbours: int = NEIGHBOURS) -> list[str]:
    """Sentences with a treatment keyword and `neighbours` on each side, in order; all of them when none has one.

    Keywords in capitals throughout count in capitals only, as in the filter.
    """
    every = sentences(note_text)
    with_keyword = [number for number, sentence in enumerate(every) if has_keyword(sentence)]
    if not with_keyword:
        return every
    near = {number + step for number in with_keyword for step in range(-neighbours, neighbours + 1)}
    return [sentence for number, sentence in enumerate(every) if number in near]


def has_keyword(sentence: str) -> bool:
    """Whether a treatment keyword is in the sentence."""
    capitals, others = _patterns()
    return bool(capitals.search(sentence) or others.search(sentence))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    keywords = treatment_keywords()
    capitals = "|".join(re.escape(keyword) for keyword in keywords if keyword.isupper())
    others = "|".join(re.escape(keyword) for keyword in keywords if not keyword.isupper())
    return re.compile(rf"\b(?:{capitals})\b"), re.compile(rf"\b(?:{others})\b", re.IGNORECASE)
