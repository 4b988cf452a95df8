"""Reads notes with an encoder: embeddings of the sentences that speak of treatment, and a logistic head on them.

Belongs here: what of a note is embedded, and how its embeddings become a probability. Does not belong here: embedding,
which is done in this process (embedded_encoder.py) or by vLLM (served_encoder.py); files (encoder_files.py); training
(note_encoder/train.py).
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol, Self

import numpy as np
from tokenizers import Tokenizer

from nlp_assets.engines.encoder_files import MAXIMUM_TOKENS, EncoderFiles, Head
from nlp_assets.steps.keyword_sentences import NEIGHBOURS, has_keyword, keyword_sentences
from nlp_assets.steps.note_engine import EngineIdentity, Reading, reading_of_windows
from nlp_assets.steps.window_notes import window_note

MODEL = "all-MiniLM-L6-v2, tuned, with a logistic head"
# What besides the files decides which texts are embedded.
SETTINGS = {"maximum_tokens": MAXIMUM_TOKENS, "neighbours": NEIGHBOURS, "windows": "keyword sentences"}
# No text has longer tokens on average: a longer one is not given to the tokenizer whole.
BYTES_PER_TOKEN = 16
# Two tokens stand around every text, and no other has less than a byte: a text of so few bytes fits.
BYTES_THAT_FIT = MAXIMUM_TOKENS - 2


class Embedder(Protocol):
    """What turns texts into vectors. Nothing is started or loaded before the first text."""

    def __enter__(self) -> object: ...

    def __exit__(self, *error) -> None: ...

    def embed(self, texts: list[str]) -> list[np.ndarray | None]:
        """A vector (float32, length 1) per text, in order; None for a text that is refused. Safe in several threads.

        Raises ServerUnavailable: call `recover`, then ask again.
        """
        ...

    def recover(self) -> None:
        """Bring back what went away. Raises ServerUnavailable when it stays away."""
        ...


class EncoderEngine:
    """A NoteEngine (steps/note_engine.py). `identify`: its identity, asked for when it is needed.

    Many notes have the same sentence with a keyword: what its embedding says is kept for as long as the engine is open.
    """

    def __init__(self, files: EncoderFiles, embedder: Embedder, identify: Callable[[], EngineIdentity]):
        self._files, self._embedder, self._identify = files, embedder, identify
        self._said_alone: dict[str, tuple[float, float]] = {}

    @property
    def identity(self) -> EngineIdentity:
        """See NoteEngine. Raises EncoderNotUsable when a file of the encoder is not there or another one."""
        return self._identify()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error) -> None:
        self._embedder.__exit__(*error)
        self._said_alone.clear()

    def recover(self) -> None:
        """See NoteEngine."""
        self._embedder.recover()

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """See NoteEngine. A note is one window unless the sentences looked at are longer than the model reads."""
        notes = [note_windows(text, self._fits) for text in texts]
        windows = [window for of_note in notes for window in of_note]
        said = self._said_of(list(dict.fromkeys(text for window in windows for text in window)))
        kept = {alone: found for alone, _ in windows if (found := said[alone]) is not None}
        self._said_alone.update(kept)
        return [reading_of_windows([_reading(window, said, self._head) for window in of_note]) for of_note in notes]

    def _said_of(self, texts: list[str]) -> dict[str, tuple[float, float] | None]:
        """What the embedding of each text adds to the log-odds (Head.parts); None for a text that was refused."""
        said: dict[str, tuple[float, float] | None] = {text: self._said_alone.get(text) for text in texts}
        new = [text for text, known in said.items() if known is None]
        for text, vector in zip(new, self._embedder.embed(new) if new else [], strict=True):
            said[text] = None if vector is None else self._head.parts(vector)
        return said

    @cached_property
    def _head(self) -> Head:
        return self._files.head()

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return self._files.tokenizer()

    def _fits(self, text: str) -> bool:
        size = len(text.encode())
        if size <= BYTES_THAT_FIT:
            return True
        return size <= BYTES_PER_TOKEN * MAXIMUM_TOKENS and len(self._tokenizer.encode(text).ids) <= MAXIMUM_TOKENS


def note_windows(note_text: str, fits: Callable[[str], bool]) -> list[tuple[str, str]]:
    """What is embedded of a note: the sentences with a keyword, and the same with their neighbours.

    One such pair when the longer text fits, else one for each window of whole sentences with a keyword in it. Of a note
    without a keyword: all sentences, twice. [] for more than 64 windows.
    """
    windows = window_note(" ".join(keyword_sentences(note_text)), fits)
    if has_keyword(note_text):
        windows = [window for window in windows if has_keyword(window)]
    return [(" ".join(keyword_sentences(window, neighbours=0)), window) for window in windows]


def _reading(window: tuple[str, str], said: dict[str, tuple[float, float] | None], head: Head) -> Reading:
    alone, near = said[window[0]], said[window[1]]
    if alone is None or near is None:
        return Reading("rejected")
    return Reading("scored", head.p1(alone[0], near[1]), 0.0)
