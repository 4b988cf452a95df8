"""Asks a server that has only /v1/chat/completions to answer one note with "0" or "1".

Belongs here: which request it takes, asking again, and telling a note that is not answered from a server that does not
answer. Does not belong here: HTTP (json_client.py), the forms of requests and answers (chat_request.py,
chat_answer.py), prompts, notes and how many are asked at a time. For a Bedrock access gateway, LiteLLM, Ollama,
llama.cpp and the like.
"""

import json
import time
from collections.abc import Callable
from dataclasses import replace

import httpx2

from nlp_assets.serving.chat.chat_answer import PATH, Answer, read_chat_answer
from nlp_assets.serving.chat.chat_models import is_listed, listed_models
from nlp_assets.serving.chat.chat_request import (
    REFUSED,
    ChatRequest,
    Messages,
    complaint_of,
    fitting_request,
    names_length,
)
from nlp_assets.serving.endpoint import Endpoint
from nlp_assets.serving.json_client import (
    WORTH_ASKING_AGAIN,
    JsonClient,
    ServerRefuses,
    ServerUnavailable,
    require_available,
)

TOO_LONG = "a prompt that is too long"
# A gateway says "too many requests" as a matter of course: such a request is asked again before anything is given up.
WAITS_SECONDS = (1.0, 2.0, 4.0, 8.0)
LONGEST_WAIT_SECONDS = 60.0


class ChatClient:
    """A server whose address is taken as it is when it has a path and gets /v1 when not. Safe in threads."""

    def __init__(self, endpoint: Endpoint, wait: Callable[[float], None] | None = None):
        self._server = JsonClient(endpoint.http_client(endpoint.path or "/v1"))
        self._wait = wait or time.sleep
        self._served: dict[str, str] = {}
        self._model, self._answers_as = "", ""
        self._request = self._whole = ChatRequest()
        self._shows_probabilities: bool | None = None
        self.example: Messages = []
        self._answers: dict[str, Answer] = {}

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    @property
    def left_out(self) -> list[str]:
        """What of a request the server does not take, in words."""
        return self._whole.left_out()

    @property
    def other_names(self) -> list[str]:
        """What else the server calls the model: where it says it came from, and who it answers as."""
        return [self._served.get(self._model, ""), self._answers_as]

    def require_served(self, name: str) -> None:
        """Raise ServerRefuses when the server has a list of its models and `name` is not on it."""
        self._served = listed_models(self._server)
        if not is_listed(name, self._served):
            raise ServerRefuses(
                f"The server at VLLM_BASE_URL serves {len(self._served)} models, and {name} is not one of them. "
                "Set VLLM_MODEL to the name to use, or notes.labels.model in study.toml."
            )

    def choose_model(self, name: str, examples: list[tuple[Messages, str]]) -> None:
        """Ask for `name` from now on. Raises ServerRefuses unless it answers as labelling needs.

        `examples`: messages with the answer expected, of which each must be answered with 0 or 1 and one as expected.
        """
        self._model, self.example = name, examples[0][0]
        if self._shows_probabilities is None:
            self._whole, response = fitting_request(lambda request: self._post(request, self.example), name)
            self._request = self._whole
            require_available(response)
        first = self._answer_to_example(self.example)
        self._shows_probabilities = first.at_once is not None
        answers = []
        for messages, _ in examples:
            answers.append(self._remember(messages, self._answer_to_example))
            _require_scored(name, answers[-1])
        if not any(it.score and it.score.chosen == label for it, (_, label) in zip(answers, examples, strict=True)):
            raise ServerRefuses(f"{name} answers none of the prompt's own examples right: it does not read the prompt.")
        if all(answer.at_once for answer in answers):
            self._ask_for_one_token()

    def answer(self, messages: Messages, patient: bool = True) -> Answer:
        """What the server says of one note. `patient`: wait where it says that it is asked too often.

        Raises ServerUnavailable, ServerRefuses: ask `alone` next.
        """
        answer = self._read(self._post(self._request, messages, patient))
        if answer.at_once is False and self._request != self._whole:  # a blank first, unlike in the examples
            answer = self._read(self._post(self._whole, messages, patient))
        return answer

    def alone(self, messages: Messages) -> Answer:
        """As answer, of a note that was not answered: `failed` when it is not again, and an example before it was.

        Raises ServerUnavailable, ServerRefuses when the example is not answered either: then it is not the note.
        """
        self.require_answer()
        try:
            return self.answer(messages, patient=False)
        except ServerUnavailable:
            return Answer("failed", "no answer, or a fault of the server")
        except ServerRefuses as refused:
            return Answer("failed", str(refused).rstrip("."))

    def require_answer(self) -> None:
        """Raise ServerUnavailable or ServerRefuses unless the server answers an example of the prompt."""
        _require_scored(self._model, self._answer_to_example(self.example))

    def answers_as_before(self, asked: list[Messages]) -> bool:
        """Whether messages that were remembered are answered in the same form, by the same model, and as much of them
        read. Raises ServerUnavailable.
        """
        try:
            return all(_form(self.answer(it)) == _form(self._answers.get(json.dumps(it))) for it in asked)
        except ServerRefuses:
            return False

    def remembered(self, messages: Messages) -> Answer:
        """As answer, of messages that are no note: asked once in the life of this client, and again alone."""

        def ask(asked: Messages) -> Answer:
            try:
                return self.answer(asked)
            except (ServerUnavailable, ServerRefuses):
                return self.alone(asked)

        return self._remember(messages, ask)

    def _remember(self, messages: Messages, ask: Callable[[Messages], Answer]) -> Answer:
        key = json.dumps(messages)
        if key not in self._answers:
            self._answers[key] = ask(messages)
        return self._answers[key]

    def _answer_to_example(self, messages: Messages) -> Answer:
        """Asked a second time when the first is none: one odd answer stops no run."""
        try:
            answer = self.answer(messages)
        except ServerRefuses:
            return self.answer(messages)
        return answer if answer.outcome == "scored" else self.answer(messages)

    def _ask_for_one_token(self) -> None:
        """The probabilities of the first token say it all, as they do in nlp_assets/serving/completions_client.py."""
        shorter = replace(self._whole, tokens=1)
        response = self._post(shorter, self.example)
        if complaint_of(response) is None and self._read(response).outcome == "scored":
            self._request = shorter

    def _post(self, request: ChatRequest, messages: Messages, patient: bool = True) -> httpx2.Response:
        return self._send("POST", PATH, request.body(self._model, messages), patient)

    def _send(self, method: str, path: str, body: dict | None = None, patient: bool = True) -> httpx2.Response:
        for seconds in WAITS_SECONDS if patient else ():
            response = self._server.exchange(method, path, body)
            if response.status_code not in WORTH_ASKING_AGAIN:
                return response
            named = response.headers.get("Retry-After", "")
            self._wait(min(max(seconds, float(named) if named.isdecimal() else 0.0), LONGEST_WAIT_SECONDS))
        return self._server.exchange(method, path, body)

    def _read(self, response: httpx2.Response) -> Answer:
        require_available(response)
        if response.status_code in REFUSED:
            return Answer("refused", TOO_LONG if names_length(response) else f"HTTP {response.status_code}")
        answer = read_chat_answer(self._server.answer(response), self._shows_probabilities)
        self._require_same_model(answer.answered_by)
        return answer

    def _require_same_model(self, answers_as: str) -> None:
        """A server may answer with a dated name, or with that behind an alias; but always with the same."""
        known = self._answers_as or self._model
        if not answers_as or answers_as.startswith((self._model, known)):
            return
        if self._answers_as or answers_as in self._served:
            raise ServerRefuses(f"The server was asked for {self._model} and answers as another model.")
        self._answers_as = answers_as


def _form(answer: Answer | None) -> tuple | None:
    return answer and (answer.outcome, answer.at_once, answer.prompt_tokens, answer.answered_by)


def _require_scored(name: str, answer: Answer) -> None:
    if answer.outcome == "refused":
        raise ServerRefuses(f"{name} refuses the prompt's own examples. Has the server a chat template for it?")
    if answer.outcome == "withheld":
        raise ServerRefuses(f"{name} withholds its answer to the prompt's own examples: {answer.reason}.")
    if answer.outcome != "scored":
        raise ServerRefuses(
            f"{name} answers the prompt's own examples with something else than 0 or 1: {answer.reason}."
        )
