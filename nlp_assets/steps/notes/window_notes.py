"""Cuts a note that is too long for one prompt into windows of whole sentences. Does not belong here: labelling them.

A cut prompt would lose its role and examples, and the end of the note with them: so a long note is read in windows,
and one window that says engaged is enough.
"""

import re
from collections.abc import Callable, Sequence

MAXIMUM_WINDOWS = 64
SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")


def window_note(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Windows of consecutive sentences of `text`, each as long as `fits` allows, in order; [text] when it fits whole.

    A sentence that does not fit alone is cut between words, a word that does not fit alone between letters.
    Returns [] when the note needs more than 64 windows, or when not even one letter fits.
    """
    if fits(text):
        return [text]
    windows: list[str] = []
    pieces = [piece for piece in SENTENCE_END.split(text) if piece.strip()]
    while pieces:
        if len(windows) == MAXIMUM_WINDOWS:
            return []
        count = _most_that_fit(pieces, " ".join, fits)
        if count:
            windows.append(" ".join(pieces[:count]))
            pieces = pieces[count:]
        elif len(pieces[0]) > 1:
            pieces[:1] = _cut(pieces[0], fits)
        else:
            return []
    return windows


def _cut(sentence: str, fits: Callable[[str], bool]) -> list[str]:
    words = sentence.split()
    count = _most_that_fit(words, " ".join, fits)
    if count:
        return [" ".join(words[:count]), " ".join(words[count:])]
    letters = _most_that_fit(words[0], "".join, fits) or 1
    return [part for part in (words[0][:letters], " ".join([words[0][letters:], *words[1:]]).strip()) if part]


def _most_that_fit(parts: Sequence[str], join: Callable[[Sequence[str]], str], fits: Callable[[str], bool]) -> int:
    """How many of the first `parts` fit together.

    Doubled until too many, then halved: asking may cost a request to the tokenizer, and a long text costs more.
    """
    low, high = 0, min(1, len(parts))
    while high < len(parts) and fits(join(parts[:high])):
        low, high = high, min(2 * high, len(parts))
    while low < high:
        middle = (low + high + 1) // 2
        if fits(join(parts[:middle])):
            low = middle
        else:
            high = middle - 1
    return low
