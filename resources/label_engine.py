"""One label engine: a server that scores prompts, reached with the first prompt and brought back when it goes away.

Belongs here: connecting, trying the constraint, recovering. Does not belong here: which server and model it is
(resources/label_server.py), HTTP (resources/completions_client.py) and processes (resources/vllm_process.py).
"""

import time
from dataclasses import dataclass

from resources.completions_client import CompletionsClient, Score, ServerRefuses, ServerUnavailable
from resources.progress import say
from resources.vllm_process import VllmProcess

ATTEMPTS = 5
FIRST_WAIT_SECONDS = 2.0


@dataclass(frozen=True)
class GivenServer:
    """A server that somebody else runs."""

    base_url: str
    api_key: str


class LabelEngine:
    """Scores prompts. Nothing is started or reached before the first prompt. Use it in a `with` block.

    `model_name`: the name the server knows; `model_id`: what makes the labels, equal ids give equal labels;
    `is_fixture`: fit for showing and testing only; `warm_up`: a prompt without a note, which tries the constraint and
    fills the server's cache of the shared prefix; `server`: given, or a process that is started and stopped here.
    """

    def __init__(
        self, model_name: str, model_id: str, is_fixture: bool, warm_up: str, server: VllmProcess | GivenServer
    ):
        self.model_name, self.model_id, self.is_fixture = model_name, model_id, is_fixture
        self._warm_up = warm_up
        self._server = server
        self._client: CompletionsClient | None = None
        self._attempts = 0

    def __enter__(self) -> "LabelEngine":
        return self

    def __exit__(self, *_) -> None:
        self._disconnect()
        if isinstance(self._server, VllmProcess):
            self._server.stop()

    def count_tokens(self, text: str) -> int:
        """Length of a prompt in tokens, by the model's own tokenizer."""
        return self._connected().count_tokens(text)

    def require_room(self, tokens: int) -> None:
        """Raise ServerRefuses when the server takes no prompt of `tokens` tokens and a label."""
        served = self._connected().served_models()
        room = next(model.maximum_tokens for model in served if model.name == self.model_name) - 1
        if tokens > room:
            raise ServerRefuses(
                f"notes.labels.maximum_prompt_tokens is {tokens}, and {self.model_name} takes {room}. Lower it."
            )

    def score(self, prompts: list[str]) -> list[Score | None]:
        """A score per prompt, in order; None where the server refuses the prompt. Safe in several threads.

        Raises ServerUnavailable: call `recover`, then ask again.
        """
        scores = self._connected().score(prompts)
        self._attempts = 0
        return scores

    def recover(self) -> None:
        """Bring the server back, waiting longer each time. Not for several threads at once.

        Raises ServerUnavailable after five attempts without one answered request between them.
        """
        while True:
            if self._attempts >= ATTEMPTS:
                raise ServerUnavailable(f"The label server of {self.model_name} did not answer in {ATTEMPTS} attempts.")
            if self._attempts:
                time.sleep(FIRST_WAIT_SECONDS * 2 ** (self._attempts - 1))
                say(f"label server away: attempt {self._attempts + 1} of {ATTEMPTS}")
            self._attempts += 1
            self._disconnect()
            try:
                self._connect()
            except ServerUnavailable:
                continue
            return

    def _connected(self) -> CompletionsClient:
        if self._client is None:
            self.recover()
        assert self._client is not None
        return self._client

    def _connect(self) -> None:
        if isinstance(self._server, VllmProcess):
            if not self._server.is_healthy():
                self._server.start(say)
            client = CompletionsClient(self._server.base_url, self._server.api_key, trust_environment=False)
        else:
            client = CompletionsClient(self._server.base_url, self._server.api_key, trust_environment=True)
        try:
            client.choose_model(self.model_name)
            client.check_constraint(self._warm_up)
        except Exception:  # whatever it is, the connection is closed and the error goes on
            client.close()
            raise
        self._client = client

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
