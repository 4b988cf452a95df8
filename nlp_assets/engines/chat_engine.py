"""Reads notes with a model behind an OpenAI-compatible server that has only /v1/chat/completions.

Belongs here: messages from the prompt file, windows by bytes, many requests of one note at a time. Does not belong
here: HTTP and the reading of answers (resources/chat_client.py).

Such a server has no tokenizer to ask, hides which weights it runs, and may not show probabilities: what it reads is
the same prompt, what is known of its answers is less. The engine of choice is vLLM (prompt_engine.py).
"""

import json
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Self

from nlp_assets.engines.chat_length import DIGITS, TokensRead, dense, tokens_read_whole
from nlp_assets.engines.fixture_model import FIXTURE_NAME, has_the_fixtures_tokens
from nlp_assets.steps.note_engine import (
    CONTROL_TOKENS,
    STATED_BY_NOBODY,
    EngineIdentity,
    EngineKind,
    Reading,
    reading_of_windows,
)
from nlp_assets.steps.prompt import Prompt, messages
from nlp_assets.steps.window_notes import window_note
from resources.attempts import Attempts
from resources.chat_answer import Answer
from resources.chat_client import ChatClient
from resources.endpoint import Endpoint
from resources.json_server import ServerRefuses, ServerUnavailable
from resources.progress import say
from resources.study_settings import Labels

NAME = "chat"


class ChatEngine:
    """A NoteEngine (steps/note_engine.py) around a given server. `model`: the name to ask for.

    A note that is not answered is asked once more, alone, after an example of the prompt was answered: then it is the
    note, and not the server. So it costs two requests and the example, however long the server takes to come back.
    """

    def __init__(self, prompt: Prompt, labels: Labels, server: Endpoint, model: str, kind: EngineKind = "model"):
        self._prompt = prompt
        self._labels = labels
        self._server = server
        self._model = model
        self._kind: EngineKind = kind
        self._client: ChatClient | None = None
        self._read: TokensRead | None = None
        self._connecting, self._asking_alone = threading.Lock(), threading.Lock()
        self._attempts = Attempts(f"chat server of {model}")
        self._pool = ThreadPoolExecutor(labels.chat_requests_in_flight, thread_name_prefix="chat")
        # Of notes in hand when the server went away: windows that were read, and those that were not answered.
        self._kept: dict[str, Reading] = {}
        self._unanswered: set[str] = set()
        self._not_read: Counter[str] = Counter()

    @property
    def identity(self) -> EngineIdentity:
        """See NoteEngine. Asks nobody: such a server does not say which weights and version it runs."""
        settings = {
            "probabilities": "where the server shows them", "window_bytes": self._labels.chat_window_bytes,
            **CONTROL_TOKENS,
        }
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
        for reason, count in self._not_read.most_common():
            say(f"requests without a reading: {count:,} ({reason})")

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """See NoteEngine. One request per window; as many at a time, over all threads, as the settings say."""
        client = self._connected()
        windows = [window_note(text, self._fits) for text in texts]
        readings = self._read_windows(client, list(dict.fromkeys(window for of_note in windows for window in of_note)))
        return [reading_of_windows([readings[window] for window in of_note]) for of_note in windows]

    def recover(self) -> None:
        """See NoteEngine."""
        self._attempts.connect(self._connect)

    def _read_windows(self, client: ChatClient, windows: list[str]) -> dict[str, Reading]:
        """Raises what goes for the server and not for one window; what was read until then is kept."""
        readings = {window: self._kept[window] for window in windows if window in self._kept}
        failed = [window for window in windows if window in self._unanswered and window not in readings]
        waiting = [window for window in windows if window not in readings and window not in failed]
        try:
            while waiting or failed:
                while failed:
                    with self._asking_alone:
                        answer = client.alone(messages(self._prompt, failed[0]))
                    window = failed.pop(0)
                    readings[window] = self._reading(window, answer)
                waiting, failed = self._ask_together(client, waiting, readings)
                self._require_sound_refusals(client, readings)
        except (ServerUnavailable, ServerRefuses):
            self._kept |= readings
            self._unanswered |= set(failed)
            raise
        finally:
            if readings:
                self._attempts.answered()
        for window in windows:
            self._kept.pop(window, None)
            self._unanswered.discard(window)
        return readings

    def _ask_together(
        self, client: ChatClient, windows: list[str], readings: dict[str, Reading]
    ) -> tuple[list[str], list[str]]:
        """Ask for windows at the same time and add to `readings`; windows not asked for, and those not answered.

        After one that is not answered no more are sent: it may be the server.
        """
        asked = {self._pool.submit(client.answer, messages(self._prompt, window)): window for window in windows}
        unsent, failed = set[str](), set[str]()
        try:
            for future in as_completed(asked):
                if future.cancelled():
                    unsent.add(asked[future])
                    continue
                try:
                    readings[asked[future]] = self._reading(asked[future], future.result())
                except (ServerUnavailable, ServerRefuses):
                    failed.add(asked[future])
                    _cancel(asked)
        finally:
            _cancel(asked)
        return [it for it in windows if it in unsent], [it for it in windows if it in failed]

    def _require_sound_refusals(self, client: ChatClient, readings: dict[str, Reading]) -> None:
        """Whoever refuses windows, as when a budget is spent, has to answer an example still."""
        unread = [window for window, reading in readings.items() if reading.outcome != "scored"]
        if not unread:
            return
        try:
            client.require_answer()
        except (ServerUnavailable, ServerRefuses):
            for window in unread:
                del readings[window]
            raise

    def _reading(self, window: str, answer: Answer) -> Reading:
        assert self._read is not None
        if answer.score is None:
            self._not_read[answer.reason] += 1
            return Reading("off_choice" if answer.outcome == "other words" else "rejected")
        if self._read.is_cut(window, answer.prompt_tokens):
            self._not_read["the server says that it read another number of tokens than were sent"] += 1
            return Reading("rejected")
        return Reading("scored", answer.score.p1, answer.score.off_choice)

    def _fits(self, text: str) -> bool:
        return len(text.encode()) <= self._labels.chat_window_bytes

    def _connected(self) -> ChatClient:
        with self._connecting:
            if self._read is None:
                self.recover()
            assert self._client is not None
            return self._client

    def _connect(self) -> None:
        """Try out the server before its first note; later, two answers tell whether the same server is back."""
        if self._client is not None and self._read is not None:
            longest = messages(self._prompt, dense(DIGITS, self._labels.chat_window_bytes))
            if self._client.answers_as_before([self._client.example, longest]):
                return
            self._disconnect()
        if self._client is None:
            self._client = ChatClient(self._server)
        try:
            self._read = self._tried(self._client)
        except ServerRefuses:
            self._disconnect()
            raise

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = self._read = None

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


def _cancel(futures: Iterable[Future]) -> None:
    for future in futures:
        future.cancel()
