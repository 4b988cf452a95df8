"""Reads windows of notes through a chat server: many at a time, and alone where one is not answered.

Belongs here: telling a note that is not answered from a server that does not answer. Does not belong here: the server
(nlp_assets/serving/chat/chat_client.py), windows (chat_engine.py).

A window that is not answered is asked once more, alone, after an example of the prompt was answered: then it is the
window, and not the server. So it costs two requests and an example, and no other window is asked twice for it.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from nlp_assets.engines.prompted.chat_length import TokensRead
from nlp_assets.serving.chat.chat_answer import Answer
from nlp_assets.serving.chat.chat_client import ChatClient
from nlp_assets.serving.json_client import ServerRefuses, ServerUnavailable
from nlp_assets.steps.labels.note_engine import Reading
from nlp_assets.steps.notes.prompt import Prompt, messages


class ChatReader:
    """Safe in several threads. `answered` is called when something was read. `not_read`: why windows have no score."""

    def __init__(self, prompt: Prompt, pool: ThreadPoolExecutor, answered: Callable[[], None]):
        self._prompt, self._pool, self._answered = prompt, pool, answered
        self._alone = threading.Lock()
        # Of windows in hand when the server went away: those that were read, and those that were not answered.
        self._kept: dict[str, Reading] = {}
        self._unanswered: set[str] = set()
        self.not_read: Counter[str] = Counter()

    def read(self, client: ChatClient, seen: TokensRead, windows: list[str]) -> dict[str, Reading]:
        """A reading per window. `seen`: how much of a prompt the server was seen to read.

        Raises ServerUnavailable, ServerRefuses for the server; what was read until then is kept for the next time.
        """
        readings = {window: self._kept[window] for window in windows if window in self._kept}
        known = len(readings)
        failed = [window for window in windows if window in self._unanswered and window not in readings]
        waiting = [window for window in windows if window not in readings and window not in failed]
        try:
            while waiting or failed:
                while failed:
                    with self._alone:
                        answer = client.alone(messages(self._prompt, failed[0]))
                    window = failed.pop(0)
                    readings[window] = self._reading(seen, window, answer)
                waiting, failed = self._ask_together(client, seen, waiting, readings)
                self._require_sound_refusals(client, readings)
        except (ServerUnavailable, ServerRefuses):
            self._kept |= readings
            self._unanswered |= set(failed)
            raise
        finally:
            if len(readings) > known:
                self._answered()
        for window in windows:
            self._kept.pop(window, None)
            self._unanswered.discard(window)
        return readings

    def _ask_together(
        self, client: ChatClient, seen: TokensRead, windows: list[str], readings: dict[str, Reading]
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
                    readings[asked[future]] = self._reading(seen, asked[future], future.result())
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

    def _reading(self, seen: TokensRead, window: str, answer: Answer) -> Reading:
        if answer.score is None:
            self.not_read[answer.reason] += 1
            return Reading("off_choice" if answer.outcome == "other words" else "rejected")
        if seen.is_cut(window, answer.prompt_tokens):
            self.not_read["the server says that it read another number of tokens than were sent"] += 1
            return Reading("rejected")
        return Reading("scored", answer.score.p1, answer.score.off_choice)


def _cancel(futures: Iterable[Future]) -> None:
    for future in futures:
        future.cancel()
