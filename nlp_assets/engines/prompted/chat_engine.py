"""Reads notes with a model behind an OpenAI-compatible server that has only /v1/chat/completions.

Belongs here: windows by bytes, and trying out the server. Does not belong here: reading windows (chat_reader.py), HTTP
and the reading of answers (nlp_assets/serving/chat/chat_client.py).

Such a server has no tokenizer to ask, hides which weights it runs, and may not show probabilities: what it reads is
the same prompt, what is known of its answers is less. The engine of choice is vLLM (prompt_engine.py).
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from nlp_assets.engines.prompted.chat_length import DIGITS, TokensRead, dense, tokens_read_whole
from nlp_assets.engines.prompted.chat_reader import ChatReader
from nlp_assets.engines.prompted.fixture_model import FIXTURE_NAME, has_the_fixtures_tokens
from nlp_assets.serving.chat.chat_client import ChatClient
from nlp_assets.serving.connection import Connection
from nlp_assets.serving.endpoint import Endpoint
from nlp_assets.serving.json_client import ServerRefuses
from nlp_assets.steps.labels.note_engine import (
    CONTROL_TOKENS,
    STATED_BY_NOBODY,
    EngineIdentity,
    EngineKind,
    Reading,
    reading_of_windows,
)
from nlp_assets.steps.notes.prompt import Prompt, messages
from nlp_assets.steps.notes.window_notes import window_note
from resources.records.progress import say
from resources.settings.study_settings import Labels

NAME = "chat"


class ChatEngine:
    """A NoteEngine (steps/labels/note_engine.py) around a given server. `model`: the name to ask for."""

    def __init__(self, prompt: Prompt, labels: Labels, server: Endpoint, model: str, kind: EngineKind = "model"):
        self._prompt = prompt
        self._labels = labels
        self._server = server
        self._model = model
        self._kind: EngineKind = kind
        self._client: ChatClient | None = None
        self._connection = Connection(f"chat server of {model}", self._connect)
        self._pool = ThreadPoolExecutor(labels.chat_requests_in_flight, thread_name_prefix="chat")
        self._reader = ChatReader(prompt, self._pool, self._connection.answered)

    @property
    def identity(self) -> EngineIdentity:
        """See NoteEngine. Asks nobody: such a server does not say which weights and version it runs."""
        settings = {
            "probabilities": "where the server shows them",
            "window_bytes": self._labels.chat_window_bytes,
            **CONTROL_TOKENS,
        }
        return EngineIdentity(
            engine=NAME,
            model=self._model,
            weights=self._labels.weights_sha256 or STATED_BY_NOBODY,
            prompt_hash=self._prompt.hash,
            version="not stated by the server",
            settings=json.dumps(settings, sort_keys=True),
            kind=self._kind,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._disconnect()
        for reason, count in self._reader.not_read.most_common():
            say(f"requests without a reading: {count:,} ({reason})")

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """See NoteEngine. One request per window; as many at a time, over all threads, as the settings say."""
        client, seen = self._connection.reached()
        windows = [window_note(text, self._fits) for text in texts]
        each = list(dict.fromkeys(window for of_note in windows for window in of_note))
        readings = self._reader.read(client, seen, each)
        return [reading_of_windows([readings[window] for window in of_note]) for of_note in windows]

    def recover(self) -> None:
        """See NoteEngine."""
        self._connection.recover()

    def _fits(self, text: str) -> bool:
        return len(text.encode()) <= self._labels.chat_window_bytes

    def _connect(self, before: tuple[ChatClient, TokensRead] | None) -> tuple[ChatClient, TokensRead]:
        """Try out the server before its first note; later, two answers tell whether the same server is back."""
        if before is not None and before[0] is self._client:
            longest = messages(self._prompt, dense(DIGITS, self._labels.chat_window_bytes))
            if before[0].answers_as_before([before[0].example, longest]):
                return before
            self._disconnect()
        if self._client is None:
            self._client = ChatClient(self._server)
        try:
            return self._client, self._tried(self._client)
        except ServerRefuses:
            self._disconnect()
            raise

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None

    def _tried(self, client: ChatClient) -> TokensRead:
        """What a new server is seen to do. Asked again after a fault, it is asked only what it did not answer."""
        client.require_served(self._model)
        examples = [(messages(self._prompt, note), label) for note, label in self._prompt.examples]
        client.choose_model(self._model, examples)
        if client.left_out:
            say(f"{self._model} does not take {' and '.join(client.left_out)}: read without.")
        read = tokens_read_whole(client, self._prompt, self._labels.chat_window_bytes)
        self._require_named_fixture(client, read)
        return read

    def _require_named_fixture(self, client: ChatClient, read: TokensRead) -> None:
        """Raise ServerRefuses when the fixture answers under another name: its labels would count as a model's."""
        if self._kind == "fixture":
            return
        is_named_so = any(FIXTURE_NAME in name.lower() for name in client.other_names)
        if is_named_so or has_the_fixtures_tokens(self._prompt, read.around, read.counted):
            raise ServerRefuses(
                f"Behind the name {self._model} stands the fixture of this repository, which is for showing and "
                f"testing. Serve an instruct model, or name it: VLLM_MODEL={FIXTURE_NAME}."
            )
