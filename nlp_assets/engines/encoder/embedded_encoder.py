"""The encoder in this process: onnxruntime embeds texts, without a server and without another environment.

Belongs here: the session and batches. Does not belong here: the graph (note_models/encoder/graph.py), weights
(encoder_weights.py), what is embedded and which tokens are averaged (encoder_text.py).

A text's vector is the same to the last bit whatever is embedded with it and by how many threads: texts of a batch have
the same number of tokens, so that none is padded, and every batch is computed by one thread. Several batches are
computed at the same time instead.
"""

import json
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from typing import Any, Self

import numpy as np

from nlp_assets.engines.encoder.encoder_engine import MODEL, SETTINGS, EncoderEngine
from nlp_assets.engines.encoder.encoder_files import MAXIMUM_TOKENS, EncoderFiles, EncoderNotUsable
from nlp_assets.engines.encoder.encoder_text import TokenText, two_means
from nlp_assets.steps.labels.note_engine import EngineIdentity

NAME = "encoder"
RUNTIME = "onnxruntime"
# The runtime's own call comes too late: imported without this, it has named the machine and looked for its makers.
NO_TELEMETRY = "ORT_DISABLE_TELEMETRY"
TOKENS_PER_BATCH = 2048  # more is no faster, and takes more memory
ERRORS_ONLY = 3
PARTS = ("embeddings.", "encoder.")  # tensors of the graph; the file has others, of a part that is not used


def embedded_encoder(threads: int) -> EncoderEngine:
    """The engine that reads in this process, with so many batches at a time. Nothing is loaded yet.

    Raises EncoderNotUsable when the pretrained model is not installed.
    """
    files = EncoderFiles.of()

    def identify() -> EngineIdentity:
        settings = json.dumps({**SETTINGS, "graph": files.graph_sha256[:16]}, sort_keys=True)
        return EngineIdentity(NAME, MODEL, files.sha256, "", f"{RUNTIME} {_version()} float32", settings, "model")

    return EncoderEngine(files, EmbeddedEncoder(files, threads), identify)


class EmbeddedEncoder:
    """An Embedder (encoder_engine.py). Use it in a `with` block."""

    def __init__(self, files: EncoderFiles, threads: int):
        self._files = files
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="encoder")
        self._loaded: Any = None
        # Several threads may bring the first texts: one of them loads.
        self._loading = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._loaded = None

    def recover(self) -> None:
        """See Embedder. Nothing here goes away."""

    def embed(self, texts: list[TokenText]) -> list[np.ndarray | None]:
        """See Embedder. A text of more than MAXIMUM_TOKENS is refused.

        Raises EncoderNotUsable when the encoder cannot be loaded or fails.
        """
        session = self._session()
        batches = batches_of_one_length([len(text.tokens) for text in texts])

        def means_of(batch: list[int]) -> list[np.ndarray]:
            states = _states(session, np.array([texts[place].tokens for place in batch], dtype=np.int64))
            return [two_means(of, texts[place].of_keyword) for place, of in zip(batch, states, strict=True)]

        means: list[np.ndarray | None] = [None] * len(texts)
        for batch, found in zip(batches, self._pool.map(means_of, batches), strict=True):
            for place, of_text in zip(batch, found, strict=True):
                means[place] = of_text
        return means

    def _session(self) -> Any:
        with self._loading:
            if self._loaded is None:
                self._loaded = load_session(self._files)
            return self._loaded


def batches_of_one_length(lengths: Sequence[int]) -> list[list[int]]:
    """Places of the texts of each batch, longest texts first; those of more than MAXIMUM_TOKENS are in none.

    A batch has at most TOKENS_PER_BATCH tokens.
    """
    places = [place for place, length in enumerate(lengths) if length <= MAXIMUM_TOKENS]
    batches = []
    for length, of_length in groupby(sorted(places, key=lambda place: -lengths[place]), key=lengths.__getitem__):
        alike, size = list(of_length), TOKENS_PER_BATCH // length
        batches += [alike[start : start + size] for start in range(0, len(alike), size)]
    return batches


def load_session(files: EncoderFiles) -> Any:
    """An onnxruntime session of the graph with the encoder's weights.

    Raises EncoderNotUsable, with what to do, for whatever is wrong with files or packages.
    """
    os.environ[NO_TELEMETRY] = "1"
    try:
        import onnxruntime as runtime  # only here: whoever reads with a server needs nothing of it
    except ImportError:
        raise EncoderNotUsable("onnxruntime is not installed. Run `make install`.") from None
    weights = {
        name: _oriented(name, tensor)
        for name, tensor in files.weights().items()
        if name.startswith(PARTS) and tensor.dtype == np.float32
    }
    try:
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = ERRORS_ONLY
        options.add_external_initializers(
            list(weights), [runtime.OrtValue.ortvalue_from_numpy(tensor) for tensor in weights.values()]
        )
        return runtime.InferenceSession(files.graph.read_bytes(), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # of the runtime, which has a class for every fault and no common one
        raise EncoderNotUsable(
            f"The encoder could not be loaded: {error} Restore note_models/encoder from the repository, remove .venv "
            "and run `make install`."
        ) from None


def _oriented(name: str, tensor: np.ndarray) -> np.ndarray:
    """Matrices of the layers lie as [outputs, inputs] in the file; the graph multiplies from the right."""
    return np.ascontiguousarray(tensor.T) if name.startswith("encoder.") and tensor.ndim == 2 else tensor


def _states(session: Any, tokens: np.ndarray) -> np.ndarray:
    """The last layer's output for texts of one length, [texts, tokens, DIMENSION]."""
    try:
        return session.run(None, {"tokens": tokens})[0]
    except Exception as error:
        raise EncoderNotUsable(
            f"The encoder failed on {tokens.size} tokens ({type(error).__name__}). Free memory and run this again."
        ) from None


def _version() -> str:
    try:
        return version(RUNTIME)
    except PackageNotFoundError:
        raise EncoderNotUsable("onnxruntime is not installed. Run `make install`.") from None
