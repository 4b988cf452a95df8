"""How hard the prose of a page is to read: length of sentences, and a reading age.

Belongs here: measuring a page as it is published. Does not belong here: which limit a document is held to (its test).

The reading age is the school grade of Flesch and Kincaid (1975) plus five years. It knows only the length of words and
sentences, so it finds prose that is too hard and does not prove that prose is clear.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

PROSE = {"p", "li", "dd", "h3"}
NOT_PROSE = {"style", "svg", "table", "details", "nav", "footer", "figcaption", "header", "script"}
END, WORD = re.compile(r"(?<=[.!?])\s+"), re.compile(r"[A-Za-z][A-Za-z'\N{RIGHT SINGLE QUOTATION MARK}-]*")
VOWELS, SILENT = re.compile(r"[aeiouy]+"), re.compile(r"(?:[^aeiouy]e|[^aeioutd]ed|[^aeiouysxzc]es)$")
GRADE_TO_AGE = 5
LONG = 25  # the GOV.UK style guide splits longer sentences


@dataclass(frozen=True)
class Readability:
    """Of the prose of a page: sentences, words, sentences of more than LONG words, words per sentence, and reading age.

    Numbers are no words."""

    sentences: int
    words: int
    long_sentences: int
    sentence_length: float
    reading_age: float


def readability(page: str) -> Readability:
    """Measures the paragraphs, lists and definitions of a page; tables, figures and contents are left out."""
    prose = _Prose()
    prose.feed(page)
    sentences = [found for text in prose.texts for part in END.split(text) if len(found := WORD.findall(part)) > 1]
    words = [word for sentence in sentences for word in sentence]
    length = len(words) / max(len(sentences), 1)
    weight = sum(map(syllables, words)) / max(len(words), 1)
    grade = 0.39 * length + 11.8 * weight - 15.59 if words else 0.0
    long = sum(len(sentence) > LONG for sentence in sentences)
    return Readability(len(sentences), len(words), long, length, grade + GRADE_TO_AGE)


def syllables(word: str) -> int:
    """Syllables of a word as it is spelled, at least one; of an abbreviation such as ATR, its letters."""
    if word.isupper() or word[:-1].isupper():
        return len(word.rstrip("s"))
    return sum(
        max(1, len(VOWELS.findall(part)) - bool(SILENT.search(part))) for part in word.lower().split("-") if part
    )


class _Prose(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._outside, self._within = 0, False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._outside += tag in NOT_PROSE
        if tag in PROSE and not self._outside:
            self._within = True
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._outside -= tag in NOT_PROSE
        if tag in PROSE:
            self._within = False

    def handle_data(self, data: str) -> None:
        if self._within and not self._outside:
            self.texts[-1] += data
