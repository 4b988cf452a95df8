"""Asks a vLLM server of a pooling model for the embeddings of all tokens of a list of texts.

Belongs here: what is asked of /pooling and how its answers are verified. Does not belong here: HTTP
(nlp_assets/serving/json_client.py), starting a server, retrying, notes, tokens.

A server that is asked for one thing and answers another would change labels without a sign: so model, number, order,
length and numbers of the answers are looked at in every one. Texts are sent as numbers of tokens: the server cannot cut
them into others.
"""

import base64
from collections.abc import Sequence

import numpy as np

from nlp_assets.serving.endpoint import Endpoint
from nlp_assets.serving.json_client import JsonClient, ServerRefuses, read_answer

REFUSED = (400, 413, 422)
PATH = "/pooling"


class EmbeddingsClient:
    """A server at an address without or with a final /v1 that embeds with `model`; safe to use from several threads.

    `dimension`: numbers for each token.
    """

    def __init__(self, endpoint: Endpoint, model: str, dimension: int):
        self._server = JsonClient(endpoint.http_client(endpoint.path.removesuffix("/v1")))
        self._model = model
        self._dimension = dimension

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def counters(self) -> str:
        """See JsonClient."""
        return self._server.counters()

    def require_model(self, tokens: int) -> None:
        """Raise ServerRefuses unless the server serves the model and takes texts of `tokens` tokens."""
        answer = self._server.answer(self._server.send("GET", "/v1/models"))
        served = read_answer(
            lambda models: {entry["id"]: int(entry.get("max_model_len") or 0) for entry in models["data"]},
            answer,
            "/v1/models",
        )
        if served.get(self._model, 0) < tokens:
            raise ServerRefuses(f"The server does not serve {self._model} with texts of {tokens} tokens.")

    def embed(self, texts: Sequence[Sequence[int]]) -> list[np.ndarray | None]:
        """The embeddings of a text's tokens, float32 [tokens, dimension], in order; None for a text that is refused.

        `texts`: the tokens of each. One refused text makes the server refuse the whole list: the list is then halved
        until it stands alone. Raises ServerUnavailable, ServerRefuses.
        """
        request = {
            "model": self._model,
            "task": "token_embed",
            "input": [list(tokens) for tokens in texts],
            "encoding_format": "base64",
            "endianness": "little",
            "use_activation": False,
        }
        response = self._server.send("POST", PATH, request)
        if response.status_code in REFUSED:
            if len(texts) == 1:
                return [None]
            middle = len(texts) // 2
            return self.embed(texts[:middle]) + self.embed(texts[middle:])
        answer = self._server.answer(response)
        return list(read_answer(lambda it: self._read_embeddings(it, texts), answer, PATH))

    def _read_embeddings(self, answer: dict, texts: Sequence[Sequence[int]]) -> list[np.ndarray]:
        if answer["model"] != self._model:
            raise ServerRefuses(f"The server was asked for {self._model} and answers as another model.")
        rows = sorted(answer["data"], key=lambda row: row["index"])
        if [row["index"] for row in rows] != list(range(len(texts))):
            raise ServerRefuses(f"The server gave {len(rows)} rows for {len(texts)} texts, or numbered them wrongly.")
        numbers = [np.frombuffer(base64.b64decode(row["data"], validate=True), dtype="<f4") for row in rows]
        if any(len(of) != len(tokens) * self._dimension for of, tokens in zip(numbers, texts, strict=True)):
            raise ServerRefuses(f"The server does not give {self._dimension} numbers of {self._model} for each token.")
        if not all(np.isfinite(of).all() for of in numbers):
            raise ServerRefuses(f"The server gives numbers for {self._model} that are none.")
        return [of.reshape(-1, self._dimension) for of in numbers]
