"""Brings back a server that went away, waiting longer each time, and gives up in the end.

Belongs here: how often and how long. Does not belong here: what connecting means.
"""

import time
from collections.abc import Callable

from nlp_assets.serving.json_client import ServerUnavailable
from resources.records.progress import say

ATTEMPTS = 5
FIRST_WAIT_SECONDS = 2.0


class Attempts:
    """Counts attempts to reach `server`, which is named in messages. Not for several threads at once."""

    def __init__(self, server: str):
        self._server = server
        self._made, self._last = 0, ""

    def answered(self) -> None:
        """A request was answered: attempts are counted from none again."""
        self._made = 0

    def connect(self, connect: Callable[[], None]) -> None:
        """Call `connect` until it does not raise ServerUnavailable.

        Raises ServerUnavailable after five attempts without one answered request between them.
        """
        while True:
            if self._made >= ATTEMPTS:
                raise ServerUnavailable(f"The {self._server} did not answer in {ATTEMPTS} attempts{self._last}.")
            if self._made:
                time.sleep(FIRST_WAIT_SECONDS * 2 ** (self._made - 1))
                say(f"{self._server} away: attempt {self._made + 1} of {ATTEMPTS}")
            self._made += 1
            try:
                connect()
            except ServerUnavailable as fault:
                self._last = f", at last: {str(fault).rstrip('.')}"
                continue
            return
