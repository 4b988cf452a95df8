"""Asks an OpenAI-compatible vLLM server to choose between "0" and "1" for a list of prompts.

Belongs here: what is asked of /v1/completions and how its answers are read. Does not belong here: HTTP
(nlp_assets/serving/json_client.py), starting a server, retrying, prompts and notes.

The token is constrained with `allowed_token_ids`, which leaves the log-probabilities of the free choice visible:
so an answer carries how much the model wanted to say something else (`structured_outputs` would hide it).
A server that does not know a field ignores it and answers 200: the constraint is tried before any note is sent.
"""

import math
from dataclasses import dataclass

import httpx2

from contracts.vocabulary import NOTE_LABELS
from nlp_assets.serving.endpoint import Endpoint
from nlp_assets.serving.json_client import JsonClient, ServerRefuses, ServerUnavailable, read_answer

__all__ = ["CompletionsClient", "Score", "ServedModel", "ServerRefuses", "ServerUnavailable"]


@dataclass(frozen=True)
class Score:
    """How the model chose. `p1`: probability of "1" against "0"; `off_choice`: probability of saying neither.

    `chosen` is "0", "1" or "" when the server let another token through.
    """

    chosen: str
    p1: float
    off_choice: float


@dataclass(frozen=True)
class ServedModel:
    """One model a server serves: the name to ask for, where its weights came from, tokens of prompt and answer."""

    name: str
    root: str
    maximum_tokens: int


class CompletionsClient:
    """A server at an address without or with a final /v1, safe to use from several threads."""

    def __init__(self, endpoint: Endpoint):
        self._server = JsonClient(endpoint.http_client(endpoint.path.removesuffix("/v1")))
        self._model = ""
        self._choice_ids: list[int] = []

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def served_models(self) -> list[ServedModel]:
        """The models the server serves."""
        answer = self._server.answer(self._server.send("GET", "/v1/models"))
        return read_answer(
            lambda models: [
                ServedModel(entry["id"], str(entry.get("root") or ""), int(entry.get("max_model_len") or 0))
                for entry in models["data"]
            ],
            answer,
            "/v1/models",
        )

    def version(self) -> str:
        """What the server says it is, e.g. "0.32.0"; "" when it does not say."""
        response = self._server.send("GET", "/version")
        if response.status_code != 200:
            return ""
        try:
            return str(response.json().get("version") or "")[:40]
        except (ValueError, AttributeError):
            return ""

    def counters(self) -> str:
        """See JsonClient."""
        return self._server.counters()

    def choose_model(self, name: str) -> None:
        """Ask for `name` from now on. Raises ServerRefuses when "0" or "1" is not one token of its vocabulary."""
        self._model = name
        tokens = {choice: self._tokens(choice) for choice in NOTE_LABELS}
        if any(len(found) != 1 for found in tokens.values()) or tokens["0"] == tokens["1"]:
            raise ServerRefuses(f"{name} does not write 0 and 1 as one token each. Use a model of the Qwen2.5 family.")
        self._choice_ids = [tokens[choice][0] for choice in NOTE_LABELS]

    def check_constraint(self, prompt: str) -> None:
        """Raise ServerRefuses unless a prompt constrained to one token answers with that token, for both tokens."""
        for token in self._choice_ids:
            answer = self._server.answer(self._complete([prompt], [token]))
            said = read_answer(lambda it: it["choices"][0]["logprobs"]["tokens"], answer, "/v1/completions")
            if said != [f"token_id:{token}"]:
                raise ServerRefuses("The server ignores allowed_token_ids: its labels mean nothing. Use a newer vLLM.")

    def count_tokens(self, text: str) -> int:
        """Length of a prompt in tokens."""
        return len(self._tokens(text))

    def tokens_of(self, model: str, text: str) -> list[int]:
        """Tokens of a text in a model's vocabulary; none where the server does not say."""
        body = {"model": model, "prompt": text, "add_special_tokens": False}
        try:
            return self._read_tokens(self._server.send("POST", "/tokenize", body))
        except (ServerRefuses, ServerUnavailable):
            return []

    def score(self, prompts: list[str]) -> list[Score | None]:
        """A score per prompt, in order; None for a prompt that the server refuses (HTTP 400, 413 or 422).

        One refused prompt makes the server refuse the whole list: the list is then halved until it stands alone.
        Raises ServerUnavailable, ServerRefuses.
        """
        response = self._complete(prompts, self._choice_ids)
        if response.status_code in (400, 413, 422):
            if len(prompts) == 1:
                return [None]
            middle = len(prompts) // 2
            return self.score(prompts[:middle]) + self.score(prompts[middle:])
        answer = self._server.answer(response)
        return read_answer(lambda it: self._read_scores(it, len(prompts)), answer, "/v1/completions")

    def _complete(self, prompts: list[str], allowed: list[int]) -> httpx2.Response:
        # logprob_token_ids returns the log-probabilities of exactly the two choices; a server too old to know it
        # falls back on the five likeliest tokens, which logprobs=5 asks for.
        return self._server.send(
            "POST",
            "/v1/completions",
            {
                "model": self._model,
                "prompt": prompts,
                "max_tokens": 1,
                "temperature": 0,
                "add_special_tokens": False,
                "allowed_token_ids": allowed,
                "logprobs": 5,
                "logprob_token_ids": self._choice_ids,
                "return_tokens_as_token_ids": True,
            },
        )

    def _read_scores(self, answer: dict, asked: int) -> list[Score | None]:
        if answer.get("model", self._model) != self._model:
            raise ServerRefuses(f"The server was asked for {self._model} and answers as another model.")
        answers = sorted(answer["choices"], key=lambda choice: choice["index"])
        if [choice["index"] for choice in answers] != list(range(asked)):
            raise ServerRefuses(f"The server gave {len(answers)} answers to {asked} prompts, or numbered them wrongly.")
        return [self._read_score(choice["logprobs"]) for choice in answers]

    def _read_score(self, logprobs: dict) -> Score:
        names = [f"token_id:{token}" for token in self._choice_ids]
        chosen = dict(zip(names, NOTE_LABELS, strict=True)).get(logprobs["tokens"][0], "")
        zero, one = (math.exp(logprobs["top_logprobs"][0].get(name, -math.inf)) for name in names)
        total = zero + one
        if not 0 < total < math.inf:
            return Score(chosen="", p1=0.0, off_choice=1.0)
        return Score(chosen, p1=one / total, off_choice=min(1.0, max(0.0, 1.0 - total)))

    def _tokens(self, text: str) -> list[int]:
        request = {"model": self._model, "prompt": text, "add_special_tokens": False}
        return self._read_tokens(self._server.send("POST", "/tokenize", request))

    def _read_tokens(self, response: httpx2.Response) -> list[int]:
        return read_answer(lambda it: list(it["tokens"]), self._server.answer(response), "/tokenize")
