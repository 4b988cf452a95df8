"""What of a note the encoder reads, as tokens, and what of their embeddings its head sees.

Belongs here: windows of a note, which tokens are of sentences with a keyword, the two means. Does not belong here:
embedding (embedded_encoder.py, served_encoder.py), the head (encoder_files.py), training (train.py, which
reads notes by the same functions).

A note is embedded once: the sentences with a treatment keyword and their neighbours. Every token's embedding knows the
others: so the mean over the tokens of keyword sentences says what those mean where they stand, and the mean over all
tokens what is said around them.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from tokenizers import Tokenizer

from nlp_assets.steps.notes.keyword_sentences import has_keyword, keyword_sentences
from nlp_assets.steps.notes.window_notes import SENTENCE_END, window_note

NEIGHBOURS = 2


class TokenText(NamedTuple):
    """A text as the encoder is given it: the numbers of its tokens, and which are of a sentence with a keyword.

    All are when no sentence has one.
    """

    tokens: tuple[int, ...]
    of_keyword: tuple[bool, ...]


def note_windows(note_text: str, fits: Callable[[str], bool]) -> list[str]:
    """What is read of a note: the sentences with a keyword and `NEIGHBOURS` on each side; without a keyword, all.

    One text when it fits, else one for each window of whole sentences with a keyword in it. [] for more than 64.
    """
    windows = window_note(" ".join(keyword_sentences(note_text, NEIGHBOURS)), fits)
    return [window for window in windows if has_keyword(window)] if has_keyword(note_text) else windows


def token_text(text: str, tokenizer: Tokenizer) -> TokenText:
    """The tokens of a window of a note, with the two that stand around every text."""
    encoding = tokenizer.encode(text)
    spans = _keyword_spans(text)
    of_keyword = tuple(
        start < end and any(first <= start and end <= last for first, last in spans) for start, end in encoding.offsets
    )
    return TokenText(tuple(encoding.ids), of_keyword if any(of_keyword) else (True,) * len(of_keyword))


def two_means(states: np.ndarray, of_keyword: tuple[bool, ...]) -> np.ndarray:
    """Means over the tokens of keyword sentences, and over all tokens, each scaled to length 1: float64 [2, numbers].

    `states`: embeddings of a text's tokens, [tokens, numbers]. Each text is added up by itself and in order: the same
    to the last bit whatever else was embedded.
    """
    exact = states.astype(np.float64)
    means = np.stack([exact[np.array(of_keyword)].mean(axis=0), exact.mean(axis=0)])
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def _keyword_spans(text: str) -> list[tuple[int, int]]:
    """First and last character of each sentence with a keyword."""
    starts, ends = [0], []
    for between in SENTENCE_END.finditer(text):
        ends.append(between.start())
        starts.append(between.end())
    spans = zip(starts, [*ends, len(text)], strict=True)
    return [(start, end) for start, end in spans if has_keyword(text[start:end])]
