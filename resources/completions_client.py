"""Asks an OpenAI-compatible vLLM server to choose between "0" and "1" for a list of prompts.

Belongs here: HTTP requests and the reading of their answers. Does not belong here: starting a server, retrying,
prompts and notes. Prompts hold note text: no error and no log line quotes a request or an answer.

The token is constrained with `allowed_token_ids`, which leaves the log-probabilities of the free choice visible:
so an answer carries how much the model wanted to say something else (`structured_outputs` would hide it).
A server that does not know a field ignores it and answers 200: the constraint is tried before any note is sent.
"""

import math
from dataclasses import dataclass

import httpx2

CHOICES = ("0", "1")
TIMEOUT = httpx2.Timeout(300, connect=10)


class ServerUnavailable(Exception):
    """The server did not answer, or answered that it cannot just now: worth asking again."""


class ServerRefuses(Exception):
    """The server answers, but not as labelling needs; asking again will not help. The message says what to do."""


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
    """A server at `base_url` (without or with a final /v1), safe to use from several threads."""

    def __init__(self, base_url: str, api_key: str, trust_environment: bool):
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._http = httpx2.Client(
            base_url=base_url.rstrip("/").removesuffix("/v1"), headers=headers, timeout=TIMEOUT,
            trust_env=trust_environment,
        )
        self._model = ""
        self._choice_ids: list[int] = []

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def served_models(self) -> list[ServedModel]:
        """The models the server serves."""
        answer = self._answer(self._send("GET", "/v1/models"))
        return [
            ServedModel(entry["id"], str(entry.get("root") or ""), int(entry.get("max_model_len") or 0))
            for entry in answer["data"]
        ]

    def choose_model(self, name: str) -> None:
        """Ask for `name` from now on. Raises ServerRefuses when "0" or "1" is not one token of its vocabulary."""
        self._model = name
        tokens = {choice: self._tokens(choice) for choice in CHOICES}
        if any(len(found) != 1 for found in tokens.values()):
            raise ServerRefuses(f"{name} does not write 0 and 1 as one token each. Use a model of the Qwen2.5 family.")
        self._choice_ids = [tokens[choice][0] for choice in CHOICES]

    def check_constraint(self, prompt: str) -> None:
        """Raise ServerRefuses unless a prompt constrained to one token answers with that token, for both tokens."""
        for token in self._choice_ids:
            answer = self._answer(self._complete([prompt], [token]))
            if answer["choices"][0]["logprobs"]["tokens"] != [f"token_id:{token}"]:
                raise ServerRefuses("The server ignores allowed_token_ids: its labels mean nothing. Use a newer vLLM.")

    def count_tokens(self, text: str) -> int:
        """Length of a prompt in tokens."""
        return len(self._tokens(text))

    def score(self, prompts: list[str]) -> list[Score | None]:
        """A score per prompt, in order; None for a prompt that the server refuses (HTTP 400).

        One refused prompt makes the server refuse the whole list: the list is then halved until it stands alone.
        Raises ServerUnavailable, ServerRefuses.
        """
        response = self._complete(prompts, self._choice_ids)
        if response.status_code == 400:
            if len(prompts) == 1:
                return [None]
            middle = len(prompts) // 2
            return self.score(prompts[:middle]) + self.score(prompts[middle:])
        answers = sorted(self._answer(response)["choices"], key=lambda answer: answer["index"])
        if len(answers) != len(prompts):
            raise ServerRefuses(f"The server gave {len(answers)} answers to {len(prompts)} prompts.")
        return [self._read_score(answer["logprobs"]) for answer in answers]

    def _complete(self, prompts: list[str], allowed: list[int]) -> httpx2.Response:
        # logprob_token_ids returns the log-probabilities of exactly the two choices; a server too old to know it
        # falls back on the five likeliest tokens, which logprobs=5 asks for.
        return self._send("POST", "/v1/completions", {
            "model": self._model, "prompt": prompts, "max_tokens": 1, "temperature": 0, "add_special_tokens": False,
            "allowed_token_ids": allowed, "logprobs": 5, "logprob_token_ids": self._choice_ids,
            "return_tokens_as_token_ids": True,
        })

    def _read_score(self, logprobs: dict) -> Score:
        names = [f"token_id:{token}" for token in self._choice_ids]
        chosen = dict(zip(names, CHOICES, strict=True)).get(logprobs["tokens"][0], "")
        zero, one = (math.exp(logprobs["top_logprobs"][0].get(name, -math.inf)) for name in names)
        if zero + one == 0:
            return Score(chosen="", p1=0.0, off_choice=1.0)
        return Score(chosen, p1=one / (zero + one), off_choice=max(0.0, 1.0 - zero - one))

    def _tokens(self, text: str) -> list[int]:
        request = {"model": self._model, "prompt": text, "add_special_tokens": False}
        return self._answer(self._send("POST", "/tokenize", request))["tokens"]

    def _send(self, method: str, path: str, body: dict | None = None) -> httpx2.Response:
        fault = ""
        try:
            response = self._http.request(method, path, json=body)
        except httpx2.HTTPError as error:
            fault = type(error).__name__
        else:
            if response.status_code < 500 and response.status_code not in (408, 429):
                return response
            fault = f"HTTP {response.status_code}"
        raise ServerUnavailable(f"{path}: {fault}")

    def _answer(self, response: httpx2.Response) -> dict:
        if response.status_code in (401, 403):
            raise ServerRefuses("The server refuses the key. Set VLLM_API_KEY.")
        if response.status_code != 200:
            raise ServerRefuses(f"The server answers {response.request.url.path} with HTTP {response.status_code}.")
        return response.json()
