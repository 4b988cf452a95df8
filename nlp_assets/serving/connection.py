"""Reaches a server with the first question, and brings it back when it goes away, waiting longer each time.

Belongs here: when, how often and how long. Does not belong here: what connecting means (label_client.py,
vllm/embeddings_server.py, engines/prompted/chat_engine.py).
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from nlp_assets.serving.json_client import ServerUnavailable
from resources.records.progress import say

ATTEMPTS = 5
FIRST_WAIT_SECONDS = 2.0
Reached = TypeVar("Reached")


class Connection(Generic[Reached]):
    """What is asked of `server`, which is named in messages.

    `connect` gets what was reached before, or None, and gives what is asked from now on. It closes what it does not
    keep, may be given that again, and raises ServerUnavailable to be called again.
    """

    def __init__(self, server: str, connect: Callable[[Reached | None], Reached]):
        self._server, self._connect = server, connect
        self._reached: Reached | None = None
        self._before: Reached | None = None
        self._made, self._last = 0, ""
        # Several threads may ask the first question: one of them connects.
        self._connecting = threading.Lock()

    def reached(self) -> Reached:
        """What to ask; reaches the server for the first question. Safe in several threads. Raises as recover."""
        with self._connecting:
            if self._reached is None:
                self.recover()
            assert self._reached is not None
            return self._reached

    def answered(self) -> None:
        """A request was answered: attempts are counted from none again."""
        self._made = 0

    def recover(self) -> None:
        """Bring the server back. Not for several threads at once.

        Raises ServerUnavailable after five attempts without one answered request between them, and whatever else
        connecting raises.
        """
        while True:
            if self._made >= ATTEMPTS:
                raise ServerUnavailable(f"The {self._server} did not answer in {ATTEMPTS} attempts{self._last}.")
            if self._made:
                time.sleep(FIRST_WAIT_SECONDS * 2 ** (self._made - 1))
                say(f"{self._server} away: attempt {self._made + 1} of {ATTEMPTS}")
            self._made += 1
            self._before, self._reached = self._reached or self._before, None
            try:
                self._reached = self._connect(self._before)
            except ServerUnavailable as fault:
                self._last = f", at last: {str(fault).rstrip('.')}"
                continue
            return

    def left(self) -> Reached | None:
        """What was reached, for the last time: to be closed."""
        return self._reached or self._before
