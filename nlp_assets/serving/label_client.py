"""A server that scores prompts: given, or a process of this machine.

Belongs here: connecting, trying the constraint. Does not belong here: bringing it back (connection.py), HTTP
(completions_client.py), processes (nlp_assets/serving/vllm/vllm_process.py), prompts and notes.
"""

from typing import Self

from nlp_assets.serving.completions_client import CompletionsClient, Score, ServedModel
from nlp_assets.serving.connection import Connection
from nlp_assets.serving.endpoint import Endpoint
from nlp_assets.serving.json_client import ServerRefuses
from nlp_assets.serving.server_metrics import SERVED
from nlp_assets.serving.vllm.vllm_process import VllmProcess
from resources.records.progress import say


class LabelClient:
    """Scores prompts. Nothing is started or reached before the first prompt. Use it in a `with` block.

    `model_name`: the name the server knows; `warm_up`: a prompt without a note, which tries the constraint and fills
    the server's cache of the shared prefix; `server`: somebody else's, or a process that is started and stopped here.
    """

    def __init__(self, model_name: str, warm_up: str, server: VllmProcess | Endpoint):
        self.model_name = model_name
        self.server = server
        self._warm_up = warm_up
        self._served: ServedModel | None = None
        self._connection = Connection(f"label server of {model_name}", self._connect)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        SERVED.leave()
        if client := self._connection.left():
            client.close()
        if isinstance(self.server, VllmProcess):
            self.server.stop()

    def count_tokens(self, text: str) -> int:
        """Length of a prompt in tokens, by the model's own tokenizer."""
        return self._connection.reached().count_tokens(text)

    def require_room(self, tokens: int) -> None:
        """Raise ServerRefuses when the server takes no prompt of `tokens` tokens and a label."""
        self._connection.reached()
        assert self._served is not None
        room = self._served.maximum_tokens - 1
        if tokens > room:
            raise ServerRefuses(
                f"notes.labels.maximum_prompt_tokens is {tokens}, and {self.model_name} takes {room}. Lower it."
            )

    def score(self, prompts: list[str]) -> list[Score | None]:
        """A score per prompt, in order; None where the server refuses the prompt. Safe in several threads.

        Raises ServerUnavailable: call `recover`, then ask again.
        """
        scores = self._connection.reached().score(prompts)
        self._connection.answered()
        return scores

    def recover(self) -> None:
        """Bring the server back, waiting longer each time. Not for several threads at once.

        Raises ServerUnavailable after five attempts without one answered request between them.
        """
        self._connection.recover()

    def _connect(self, before: CompletionsClient | None) -> CompletionsClient:
        if before is not None:
            SERVED.away()
            before.close()
        if isinstance(self.server, VllmProcess) and not self.server.is_healthy():
            self.server.start(say)
        client = CompletionsClient(self.server if isinstance(self.server, Endpoint) else self.server.endpoint)
        try:
            self._require_same_model(client)
            client.choose_model(self.model_name)
            client.check_constraint(self._warm_up)
        except Exception:  # whatever it is, the connection is closed and the error goes on
            client.close()
            raise
        SERVED.follow(client.counters)
        return client

    def _require_same_model(self, client: CompletionsClient) -> None:
        """A server that comes back with other weights behind the name would label on under the first one's identity."""
        served = next((model for model in client.served_models() if model.name == self.model_name), None)
        if served is None or self._served not in (None, served):
            raise ServerRefuses(f"The server no longer serves {self.model_name} as it did. Run the command again.")
        self._served = served
