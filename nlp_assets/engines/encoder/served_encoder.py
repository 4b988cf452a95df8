"""The encoder served by vLLM on this machine's CPU.

Belongs here: building what is served, and the process. Does not belong here: HTTP and recovery
(nlp_assets/serving/vllm/embeddings_server.py), what is embedded (encoder_text.py).
"""

import json
import threading
from pathlib import Path
from typing import Self

import numpy as np

from nlp_assets.engines.encoder.encoder_engine import MODEL, SETTINGS, EncoderEngine
from nlp_assets.engines.encoder.encoder_files import DIMENSION, MAXIMUM_TOKENS, EncoderFiles
from nlp_assets.engines.encoder.encoder_text import TokenText, two_means
from nlp_assets.serving.serving import Serving
from nlp_assets.serving.vllm.embeddings_server import EmbeddingsServer
from nlp_assets.serving.vllm.vllm_process import DTYPE, VllmProcess, vllm_version
from nlp_assets.steps.labels.note_engine import EngineIdentity

NAME, SERVED_NAME = "served_encoder", "pathways-encoder"
TEXTS_PER_REQUEST = 64


def served_encoder(root: Path, serving: Serving) -> EncoderEngine:
    """The engine that has vLLM embed. `root`: folder of everything a run makes. Nothing is built or started yet.

    Raises EncoderNotUsable when the pretrained model is not installed; its identity raises VllmCannotStart when vLLM is
    not.
    """
    files = EncoderFiles.of()

    def identify() -> EngineIdentity:
        running = f"{vllm_version(serving.python)} {DTYPE}"
        return EngineIdentity(NAME, MODEL, files.sha256, "", running, json.dumps(SETTINGS, sort_keys=True), "model")

    return EncoderEngine(files, ServedEncoder(files, root / "nlp", serving), identify)


class ServedEncoder:
    """An Embedder (encoder_engine.py). `folder`: where the served model is built and the server's log is written."""

    def __init__(self, files: EncoderFiles, folder: Path, serving: Serving):
        self._files, self._folder, self._serving = files, folder, serving
        self._server: EmbeddingsServer | None = None
        # Several threads may bring the first texts: one of them builds.
        self._building = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error) -> None:
        if self._server is not None:
            self._server.__exit__(*error)
            self._server = None

    def recover(self) -> None:
        """See Embedder."""
        self._started().recover()

    def embed(self, texts: list[TokenText]) -> list[np.ndarray | None]:
        """See Embedder."""
        server = self._started()
        asked = [texts[start : start + TEXTS_PER_REQUEST] for start in range(0, len(texts), TEXTS_PER_REQUEST)]
        states = [of for part in asked for of in server.embed([text.tokens for text in part])]
        return [None if of is None else two_means(of, text.of_keyword) for text, of in zip(texts, states, strict=True)]

    def _started(self) -> EmbeddingsServer:
        with self._building:
            if self._server is None:
                process = VllmProcess(
                    self._serving.python,
                    self._files.built(self._folder / "encoder"),
                    SERVED_NAME,
                    self._folder / "encoder.log",
                    pooling_tokens=MAXIMUM_TOKENS,
                    start_seconds=self._serving.start_seconds,
                    answer_seconds=self._serving.answer_seconds,
                )
                self._server = EmbeddingsServer(process, DIMENSION, MAXIMUM_TOKENS)
            return self._server
