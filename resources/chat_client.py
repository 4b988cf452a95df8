"""Asks a server that has only /v1/chat/completions to answer one note with "0" or "1".

Belongs here: what is asked and how the answer is read, for a Bedrock access gateway, Ollama, llama.cpp and the like.
Does not belong here: HTTP (resources/json_server.py), prompts, notes and how many are asked at a time.

No constraint to two tokens is known to all such servers, so the answer is read strictly: "0" or "1" and nothing else.
Where it carries `logprobs`, they give the probabilities; where not, an answer "1" is p1 1.0, an answer "0" is p1 0.0,
and what else the model could have said is not known: its probability is given as 0.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from resources.completions_client import CHOICES, Score
from resources.endpoint import Endpoint
from resources.json_server import JsonServer, ServerRefuses, ServerUnavailable, read_answer

REFUSED = (400, 413, 422)
PATH = "/chat/completions"
# More than one where only the answer shows whether the model talks on.
ANSWER_TOKENS = 4
# A gateway says "too many requests" as a matter of course: such a request is asked again before anything is given up.
WAITS_SECONDS = (1.0, 2.0, 4.0, 8.0)
LONGEST_WAIT_SECONDS = 60.0

Messages = list[dict[str, str]]


@dataclass(frozen=True)
class Answer:
    """What a server said of one note, None when it refuses the note, and how many tokens it read, None when unsaid."""

    score: Score | None
    prompt_tokens: int | None


class ChatClient:
    """A server whose address is taken as it is when it has a path and gets /v1 when not. Safe in threads."""

    def __init__(self, endpoint: Endpoint, wait: Callable[[float], None] | None = None):
        self._server = JsonServer(endpoint.http_client(endpoint.path or "/v1"))
        self._wait = wait or time.sleep
        self._model = ""
        self._asks_probabilities = True
        self._answer_tokens = ANSWER_TOKENS
        self._most_tokens: float = math.inf

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def served_models(self) -> list[str]:
        """Names of the models the server serves; none when it has no list of them."""
        response = self._send("GET", "/models")
        if response.status_code in (404, 405, 501):
            return []
        answer = self._server.answer(response)
        return read_answer(lambda it: [str(entry["id"]) for entry in it["data"]], answer, "/models")

    def choose_model(self, name: str, examples: list[tuple[Messages, str]]) -> None:
        """Ask for `name` from now on. Raises ServerRefuses unless it answers as labelling needs.

        `examples`: messages with the answer expected, of which each must be answered with 0 or 1 and one as expected.
        """
        self._model, self._most_tokens = name, math.inf
        response = self._ask(examples[0][0])
        if response.status_code in REFUSED:
            self._asks_probabilities = False
        elif read_answer(_shows_probabilities, self._server.answer(response), PATH):
            # The probabilities of the first token say it all, as they do in resources/completions_client.py.
            self._answer_tokens = 1
        scores = [(self.answer(messages).score, expected) for messages, expected in examples]
        if any(score is None for score, _ in scores):
            raise ServerRefuses(f"{name} refuses the prompt's own examples. Has the server a chat template for it?")
        if not all(score.chosen for score, _ in scores if score):
            raise ServerRefuses(f"{name} answers the prompt's own examples with something else than 0 or 1.")
        if not any(score and score.chosen == expected for score, expected in scores):
            raise ServerRefuses(f"{name} answers none of the prompt's own examples right: it does not read the prompt.")

    def trust_up_to(self, tokens: float) -> None:
        """Give no score where the server reads more tokens than these, which it was seen to read whole."""
        self._most_tokens = tokens

    def score(self, messages: Messages) -> Score | None:
        """What the model says of one note; None when the server refuses it (HTTP 400, 413, 422) or may have cut it.

        `chosen` is "" for any answer but 0 and 1. Raises ServerUnavailable, ServerRefuses.
        """
        answer = self.answer(messages)
        return answer.score if (answer.prompt_tokens or 0) <= self._most_tokens else None

    def answer(self, messages: Messages) -> Answer:
        """As score, with the tokens that were read, however many. Raises ServerUnavailable, ServerRefuses."""
        response = self._ask(messages)
        if response.status_code in REFUSED:
            return Answer(None, None)
        content = self._server.answer(response)
        tokens = read_answer(lambda it: (it.get("usage") or {}).get("prompt_tokens"), content, PATH)
        return Answer(read_answer(self._read_score, content, PATH), tokens if isinstance(tokens, int) else None)

    def _ask(self, messages: Messages) -> httpx2.Response:
        body: dict = {"model": self._model, "messages": messages, "max_tokens": self._answer_tokens, "temperature": 0}
        if self._asks_probabilities:
            body |= {"logprobs": True, "top_logprobs": 5}
        return self._send("POST", PATH, body)

    def _send(self, method: str, path: str, body: dict | None = None) -> httpx2.Response:
        for seconds in WAITS_SECONDS:
            try:
                return self._server.send(method, path, body)
            except ServerUnavailable as fault:
                if not fault.busy:
                    raise
                self._wait(min(max(seconds, fault.wait), LONGEST_WAIT_SECONDS))
        return self._server.send(method, path, body)

    def _read_score(self, answer: dict) -> Score:
        answered_by = str(answer.get("model") or self._model)
        # A service may answer with the dated name of what was asked for.
        if not answered_by.startswith(self._model):
            raise ServerRefuses(f"The server was asked for {self._model} and answers as another model.")
        if len(answer["choices"]) != 1:
            raise ServerRefuses(f"The server gave {len(answer['choices'])} answers to one note.")
        choice = answer["choices"][0]
        said = str(choice["message"].get("content") or "").strip()
        if said not in CHOICES:
            return Score("", 0.0, 1.0)
        probabilities = _probabilities(choice.get("logprobs"))
        if probabilities is None:
            return Score(said, float(said), 0.0)
        zero, one = probabilities
        return Score(said, one / (zero + one), min(1.0, max(0.0, 1.0 - zero - one)))


def _shows_probabilities(answer: dict) -> bool:
    return _probabilities(answer["choices"][0].get("logprobs")) is not None


def _probabilities(logprobs: dict | None) -> tuple[float, float] | None:
    """Probabilities of "0" and "1" as the first token of the answer; None when the server shows none."""
    tokens = (logprobs or {}).get("content") or []
    if not tokens or not tokens[0].get("top_logprobs"):
        return None
    found = dict.fromkeys(CHOICES, 0.0)
    for entry in tokens[0]["top_logprobs"]:
        if (token := str(entry["token"]).strip()) in CHOICES:
            found[token] += math.exp(float(entry["logprob"]))
    zero, one = found.values()
    return (zero, one) if 0 < zero + one < math.inf else None
