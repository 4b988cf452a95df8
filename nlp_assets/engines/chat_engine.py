"""Reads notes with a model behind an OpenAI-compatible server that has only /v1/chat/completions.

Belongs here: messages from the prompt file, windows by bytes, many requests of one note at a time. Does not belong
here: HTTP and the reading of answers (resources/chat_client.py).

Such a server has no tokenizer to ask, hides which weights it runs, and may not show probabilities: what it reads is
the same prompt, what is known of its answers is less. The engine of choice is vLLM (prompt_engine.py).
"""

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from nlp_assets.engines.chat_length import tokens_read_whole
from nlp_assets.steps.note_engine import STATED_BY_NOBODY, EngineIdentity, EngineKind, Reading, reading_of_windows
from nlp_assets.steps.prompt import Prompt, messages
from nlp_assets.steps.window_notes import window_note
from resources.attempts import Attempts
from resources.chat_client import ChatClient
from resources.completions_client import Score
from resources.endpoint import Endpoint
from resources.json_server import ServerRefuses
from resources.study_settings import Labels

NAME = "chat"


class ChatEngine:
    """A NoteEngine (steps/note_engine.py) around a given server. `model`: the name to ask for."""

    def __init__(self, prompt: Prompt, labels: Labels, server: Endpoint, model: str, kind: EngineKind = "model"):
        self._prompt = prompt
        self._labels = labels
        self._server = server
        self._model = model
        self._kind: EngineKind = kind
        self._client: ChatClient | None = None
        self._connecting = threading.Lock()
        self._attempts = Attempts(f"chat server of {model}")
        self._pool = ThreadPoolExecutor(labels.chat_requests_in_flight, thread_name_prefix="chat")

    @property
    def identity(self) -> EngineIdentity:
        """See NoteEngine. Asks nobody: such a server does not say which weights and version it runs."""
        settings = {"probabilities": "where the server shows them", "window_bytes": self._labels.chat_window_bytes}
        return EngineIdentity(
            engine=NAME, model=self._model, weights=self._labels.weights_sha256 or STATED_BY_NOBODY,
            prompt_hash=self._prompt.hash, version="not stated by the server",
            settings=json.dumps(settings, sort_keys=True), kind=self._kind,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._disconnect()

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """See NoteEngine. One request per window; as many at a time, over all threads, as the settings say."""
        client = self._connected()
        windows = [window_note(text, self._fits) for text in texts]
        asked = [
            [self._pool.submit(client.score, messages(self._prompt, window)) for window in of_note]
            for of_note in windows
        ]
        try:
            readings = [reading_of_windows([_reading(future.result()) for future in of_note]) for of_note in asked]
        finally:
            for future in (future for of_note in asked for future in of_note):
                future.cancel()
        self._attempts.answered()
        return readings

    def recover(self) -> None:
        """See NoteEngine."""
        self._attempts.connect(self._connect)

    def _fits(self, text: str) -> bool:
        return len(text.encode()) <= self._labels.chat_window_bytes

    def _connected(self) -> ChatClient:
        with self._connecting:
            if self._client is None:
                self.recover()
            assert self._client is not None
            return self._client

    def _connect(self) -> None:
        self._disconnect()
        client = ChatClient(self._server)
        try:
            served = client.served_models()
            if served and self._model not in served:
                raise ServerRefuses(
                    f"The server at VLLM_BASE_URL serves {len(served)} models, and {self._model} is not one of them. "
                    "Set VLLM_MODEL to the name to use, or notes.labels.model in study.toml."
                )
            examples = [(messages(self._prompt, note), label) for note, label in self._prompt.examples]
            client.choose_model(self._model, examples)
            client.trust_up_to(tokens_read_whole(client, self._prompt, self._labels.chat_window_bytes))
        except Exception:  # whatever it is, the connection is closed and the error goes on
            client.close()
            raise
        self._client = client

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _reading(score: Score | None) -> Reading:
    if score is None:
        return Reading("rejected")
    return Reading("scored", score.p1, score.off_choice if score.chosen else 1.0)
