"""A server of a pooling model on this machine, started with the first text.

Belongs here: connecting. Does not belong here: bringing it back (connection.py), HTTP (embeddings_client.py), processes
(vllm_process.py), notes.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np

from nlp_assets.serving.connection import Connection
from nlp_assets.serving.embeddings_client import EmbeddingsClient
from nlp_assets.serving.server_metrics import SERVED
from nlp_assets.serving.vllm.vllm_process import VllmProcess
from resources.records.progress import say


class EmbeddingsServer:
    """Embeds the tokens of texts of at most `tokens` into `dimension` numbers each. Use it in a `with` block."""

    def __init__(self, process: VllmProcess, dimension: int, tokens: int):
        self._process = process
        self._dimension, self._tokens = dimension, tokens
        self._connection = Connection(f"embeddings server of {process.served_name}", self._connect)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        SERVED.leave()
        if client := self._connection.left():
            client.close()
        self._process.stop()

    def embed(self, texts: Sequence[Sequence[int]]) -> list[np.ndarray | None]:
        """The embeddings of each text's tokens (EmbeddingsClient.embed). Safe in several threads.

        Raises ServerUnavailable: call `recover`, then ask again.
        """
        embeddings = self._connection.reached().embed(texts)
        self._connection.answered()
        return embeddings

    def recover(self) -> None:
        """Bring the server back, waiting longer each time. Not for several threads at once.

        Raises ServerUnavailable after five attempts without one answered request between them.
        """
        self._connection.recover()

    def _connect(self, before: EmbeddingsClient | None) -> EmbeddingsClient:
        if before is not None:
            SERVED.away()
            before.close()
        if not self._process.is_healthy():
            self._process.start(say)
        process = self._process
        client = EmbeddingsClient(process.endpoint, process.served_name, self._dimension)
        try:
            client.require_model(self._tokens)
        except Exception:  # whatever it is, the connection is closed and the error goes on
            client.close()
            raise
        SERVED.follow(client.counters)
        return client
