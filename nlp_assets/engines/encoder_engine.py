"""Reads notes with an encoder: embeddings of the sentences that speak of treatment, and a logistic head on them.

Belongs here: what of a note is embedded, and how its embedding becomes a probability. Does not belong here: the model
that is served (note_encoder/served_model.py), its training (note_encoder/train.py), HTTP and recovery
(resources/embeddings_server.py).
"""

import json
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from tokenizers import Tokenizer

from nlp_assets.engines.encoder_files import DIMENSION, MAXIMUM_TOKENS, EncoderFiles, Head
from nlp_assets.steps.keyword_sentences import NEIGHBOURS, has_keyword, keyword_sentences
from nlp_assets.steps.note_engine import EngineIdentity, Reading, reading_of_windows
from nlp_assets.steps.window_notes import window_note
from resources.embeddings_server import EmbeddingsServer
from resources.serving import Serving
from resources.vllm_process import DTYPE, VllmProcess, vllm_version

NAME, SERVED_NAME = "encoder", "pathways-encoder"
MODEL = "all-MiniLM-L6-v2, tuned, with a logistic head"
TEXTS_PER_REQUEST = 64
# No text has longer tokens on average: a longer one is not given to the tokenizer whole.
BYTES_PER_TOKEN = 16


class Embedder(Protocol):
    """What resources/embeddings_server.py offers; tests offer less."""

    def __enter__(self) -> object: ...

    def __exit__(self, *error) -> None: ...

    def embed(self, texts: list[str]) -> list[np.ndarray | None]: ...

    def recover(self) -> None: ...


class EncoderEngine:
    """A NoteEngine (steps/note_engine.py). `root`: folder of everything a run makes; the served model is built there.

    Equal settings beside the weights: which sentences are embedded and how long a window may be.
    """

    def __init__(
        self, root: Path, serving: Serving, files: EncoderFiles | None = None,
        server: Embedder | None = None,
    ):
        self._python, self._serving_by = serving.python, serving
        self._files = files or EncoderFiles.of(self._python)
        self._root = root
        self._server = server
        # Several threads may read the first notes: one of them builds and starts what is served.
        self._starting = threading.Lock()

    @property
    def identity(self) -> EngineIdentity:
        """See NoteEngine. Raises VllmCannotStart when vLLM or the pinned model is not installed."""
        return self._identity

    @cached_property
    def _identity(self) -> EngineIdentity:
        settings = {"maximum_tokens": MAXIMUM_TOKENS, "neighbours": NEIGHBOURS, "windows": "keyword sentences"}
        version = f"{vllm_version(self._python)} {DTYPE}"
        return EngineIdentity(
            NAME, MODEL, self._files.sha256, "", version, json.dumps(settings, sort_keys=True), "model"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error) -> None:
        if self._server is not None:
            self._server.__exit__(*error)
            self._server = None

    def recover(self) -> None:
        """See NoteEngine."""
        self._serving().recover()

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """See NoteEngine. A note is one window unless the sentences looked at are longer than the model reads."""
        notes = [note_windows(text, self._fits) for text in texts]
        distinct = list(dict.fromkeys(text for windows in notes for window in windows for text in window))
        asked = [distinct[start : start + TEXTS_PER_REQUEST] for start in range(0, len(distinct), TEXTS_PER_REQUEST)]
        vectors = [vector for part in asked for vector in self._serving().embed(part)]
        vector_of = dict(zip(distinct, vectors, strict=True))
        return [
            reading_of_windows([_reading([vector_of[text] for text in window], self._head) for window in windows])
            for windows in notes
        ]

    @cached_property
    def _head(self) -> Head:
        return self._files.head()

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(self._files.package / "tokenizer.json"))
        tokenizer.no_truncation()  # the package's own setting would hide how long a text is
        return tokenizer

    def _fits(self, text: str) -> bool:
        if len(text.encode()) > BYTES_PER_TOKEN * MAXIMUM_TOKENS:
            return False
        return len(self._tokenizer.encode(text).ids) <= MAXIMUM_TOKENS

    def _serving(self) -> Embedder:
        with self._starting:
            if self._server is None:
                weights = self._files.build(self._python, self._root / "nlp" / "encoder")
                log = self._root / "nlp" / "encoder.log"
                process = VllmProcess(
                    self._python, weights, SERVED_NAME, log, pooling_tokens=MAXIMUM_TOKENS,
                    start_seconds=self._serving_by.start_seconds, answer_seconds=self._serving_by.answer_seconds,
                )
                self._server = EmbeddingsServer(process, DIMENSION, MAXIMUM_TOKENS)
            return self._server


def note_windows(note_text: str, fits: Callable[[str], bool]) -> list[tuple[str, str]]:
    """What is embedded of a note: the sentences with a keyword, and the same with their neighbours.

    One such pair when the longer text fits, else one for each window of whole sentences with a keyword in it. Of a note
    without a keyword: all sentences, twice. [] for more than 64 windows.
    """
    windows = window_note(" ".join(keyword_sentences(note_text)), fits)
    if has_keyword(note_text):
        windows = [window for window in windows if has_keyword(window)]
    return [(" ".join(keyword_sentences(window, neighbours=0)), window) for window in windows]


def _reading(vectors: Sequence[np.ndarray | None], head: Head) -> Reading:
    known = [vector for vector in vectors if vector is not None]
    if len(known) < len(vectors):
        return Reading("rejected")
    return Reading("scored", head.p1(np.concatenate(known)), 0.0)
