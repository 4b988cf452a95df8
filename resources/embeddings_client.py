"""Asks a vLLM server of a pooling model for the embeddings of a list of texts.

Belongs here: what is asked of /v1/embeddings and how its answers are verified. Does not belong here: HTTP
(resources/json_server.py), starting a server, retrying, notes.

A server that is asked for one thing and answers another would change labels without a sign: so model, number, order,
dimension and length of the vectors are looked at in every answer.
"""

import base64

import numpy as np

from resources.endpoint import Endpoint
from resources.json_server import JsonServer, ServerRefuses, read_answer

REFUSED = (400, 413, 422)
# Vectors have length 1; float32 sums of a few hundred squares are this exact.
LENGTH_TOLERANCE = 1e-3


class EmbeddingsClient:
    """A server at an address without or with a final /v1 that embeds with `model`; safe to use from several threads.

    `dimension`: numbers in each vector.
    """

    def __init__(self, endpoint: Endpoint, model: str, dimension: int):
        self._server = JsonServer(endpoint.http_client(endpoint.path.removesuffix("/v1")))
        self._model = model
        self._dimension = dimension

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def require_model(self, tokens: int) -> None:
        """Raise ServerRefuses unless the server serves the model and takes texts of `tokens` tokens."""
        answer = self._server.answer(self._server.send("GET", "/v1/models"))
        served = read_answer(
            lambda models: {entry["id"]: int(entry.get("max_model_len") or 0) for entry in models["data"]},
            answer, "/v1/models",
        )
        if served.get(self._model, 0) < tokens:
            raise ServerRefuses(f"The server does not serve {self._model} with texts of {tokens} tokens.")

    def embed(self, texts: list[str]) -> list[np.ndarray | None]:
        """A vector (float32, length 1) per text, in order; None for a text that the server refuses.

        One refused text makes the server refuse the whole list: the list is then halved until it stands alone. Raises
        ServerUnavailable, ServerRefuses.
        """
        request = {"model": self._model, "input": texts, "encoding_format": "base64"}
        response = self._server.send("POST", "/v1/embeddings", request)
        if response.status_code in REFUSED:
            if len(texts) == 1:
                return [None]
            middle = len(texts) // 2
            return self.embed(texts[:middle]) + self.embed(texts[middle:])
        answer = self._server.answer(response)
        return list(read_answer(lambda it: self._read_vectors(it, len(texts)), answer, "/v1/embeddings"))

    def _read_vectors(self, answer: dict, asked: int) -> np.ndarray:
        if answer["model"] != self._model:
            raise ServerRefuses(f"The server was asked for {self._model} and answers as another model.")
        rows = sorted(answer["data"], key=lambda row: row["index"])
        if [row["index"] for row in rows] != list(range(asked)):
            raise ServerRefuses(f"The server gave {len(rows)} vectors for {asked} texts, or numbered them wrongly.")
        vectors = [np.frombuffer(base64.b64decode(row["embedding"], validate=True), dtype="<f4") for row in rows]
        if any(len(vector) != self._dimension for vector in vectors):
            raise ServerRefuses(f"The server's vectors have not the {self._dimension} numbers of {self._model}.")
        lengths = np.linalg.norm(np.stack(vectors), axis=1)
        if not np.allclose(lengths, 1.0, rtol=0, atol=LENGTH_TOLERANCE):  # also when a number is not finite
            raise ServerRefuses(f"The server's vectors have not the length 1 of {self._model}.")
        return np.stack(vectors)
