"""Reads notes with an encoder: embeddings of the tokens around what speaks of treatment, and a logistic head on them.

Belongs here: how embeddings become the reading of a note. Does not belong here: what of a note is embedded
(encoder_text.py); embedding, which is done in this process (embedded_encoder.py) or by vLLM (served_encoder.py); files
(encoder_files.py); training (note_models/encoder/train.py).
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol, Self

import numpy as np
from tokenizers import Tokenizer

from nlp_assets.engines.encoder.encoder_files import MAXIMUM_TOKENS, EncoderFiles, Head
from nlp_assets.engines.encoder.encoder_text import NEIGHBOURS, TokenText, note_windows, token_text
from nlp_assets.steps.labels.note_engine import EngineIdentity, Reading, reading_of_windows

MODEL = "all-MiniLM-L6-v2, tuned, with a logistic head"
# What besides the files decides which texts are embedded and what of them is looked at.
SETTINGS = {
    "maximum_tokens": MAXIMUM_TOKENS,
    "neighbours": NEIGHBOURS,
    "windows": "keyword sentences",
    "means": "tokens of keyword sentences, all tokens",
}
# No text has longer tokens on average: a longer one is not given to the tokenizer whole.
BYTES_PER_TOKEN = 16
# Two tokens stand around every text, and no other has less than a byte: a text of so few bytes fits.
BYTES_THAT_FIT = MAXIMUM_TOKENS - 2


class Embedder(Protocol):
    """What turns texts into vectors. Nothing is started or loaded before the first text."""

    def __enter__(self) -> object: ...

    def __exit__(self, *error) -> None: ...

    def embed(self, texts: list[TokenText]) -> list[np.ndarray | None]:
        """The two means of each text (encoder_text.two_means), in order; None for a text that is refused.

        Safe in several threads. Raises ServerUnavailable: call `recover`, then ask again.
        """
        ...

    def recover(self) -> None:
        """Bring back what went away. Raises ServerUnavailable when it stays away."""
        ...


class EncoderEngine:
    """A NoteEngine (steps/labels/note_engine.py). `identify`: its identity, asked for when it is needed."""

    def __init__(self, files: EncoderFiles, embedder: Embedder, identify: Callable[[], EngineIdentity]):
        self._files, self._embedder, self._identify = files, embedder, identify

    @property
    def identity(self) -> EngineIdentity:
        """See NoteEngine. Raises EncoderNotUsable when a file of the encoder is not there or another one."""
        return self._identify()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error) -> None:
        self._embedder.__exit__(*error)

    def recover(self) -> None:
        """See NoteEngine."""
        self._embedder.recover()

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """See NoteEngine. A note is one window unless the sentences looked at are longer than the model reads."""
        notes = [note_windows(text, self._fits) for text in texts]
        distinct = list(dict.fromkeys(window for windows in notes for window in windows))
        means = self._embedder.embed([token_text(window, self._tokenizer) for window in distinct]) if distinct else []
        readings = {window: self._reading(of) for window, of in zip(distinct, means, strict=True)}
        return [reading_of_windows([readings[window] for window in windows]) for windows in notes]

    def _reading(self, means: np.ndarray | None) -> Reading:
        return Reading("rejected") if means is None else Reading("scored", self._head.p1(means), 0.0)

    @cached_property
    def _head(self) -> Head:
        return self._files.head()

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return self._files.tokenizer()

    def _fits(self, text: str) -> bool:
        return fits(text, self._tokenizer)


def fits(text: str, tokenizer: Tokenizer) -> bool:
    """Whether a text has no more tokens than the model reads."""
    size = len(text.encode())
    if size <= BYTES_THAT_FIT:
        return True
    return size <= BYTES_PER_TOKEN * MAXIMUM_TOKENS and len(tokenizer.encode(text).ids) <= MAXIMUM_TOKENS
