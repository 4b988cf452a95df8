"""A server of a pooling model on this machine: started with the first text, and brought back when it goes away.

Belongs here: connecting and recovering. Does not belong here: HTTP (nlp_assets/serving/embeddings_client.py), processes
(nlp_assets/serving/vllm/vllm_process.py), notes.
"""

import threading
from collections.abc import Sequence
from typing import Self

import numpy as np

from nlp_assets.serving.attempts import Attempts
from nlp_assets.serving.embeddings_client import EmbeddingsClient
from nlp_assets.serving.vllm.vllm_process import VllmProcess
from resources.records.progress import say


class EmbeddingsServer:
    """Embeds the tokens of texts of at most `tokens` into `dimension` numbers each. Use it in a `with` block."""

    def __init__(self, process: VllmProcess, dimension: int, tokens: int):
        self._process = process
        self._dimension, self._tokens = dimension, tokens
        self._client: EmbeddingsClient | None = None
        self._attempts = Attempts(f"embeddings server of {process.served_name}")
        # Several threads may send the first text: one of them connects.
        self._connecting = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self._disconnect()
        self._process.stop()

    def embed(self, texts: Sequence[Sequence[int]]) -> list[np.ndarray | None]:
        """The embeddings of each text's tokens (EmbeddingsClient.embed). Safe in several threads.

        Raises ServerUnavailable: call `recover`, then ask again.
        """
        embeddings = self._connected().embed(texts)
        self._attempts.answered()
        return embeddings

    def recover(self) -> None:
        """Bring the server back, waiting longer each time. Not for several threads at once.

        Raises ServerUnavailable after five attempts without one answered request between them.
        """
        self._attempts.connect(self._connect)

    def _connected(self) -> EmbeddingsClient:
        with self._connecting:
            if self._client is None:
                self.recover()
            assert self._client is not None
            return self._client

    def _connect(self) -> None:
        self._disconnect()
        if not self._process.is_healthy():
            self._process.start(say)
        process = self._process
        client = EmbeddingsClient(process.endpoint, process.served_name, self._dimension)
        try:
            client.require_model(self._tokens)
        except Exception:  # whatever it is, the connection is closed and the error goes on
            client.close()
            raise
        self._client = client

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
