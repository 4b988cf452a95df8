"""What vLLM counts of its own work, and which of it is passed on: totals of requests, tokens and waiting. No text.

Belongs here: reading the page of counters, and adding up what grew. Does not belong here: asking for the page
(json_client.py), and who is told (steps/labels/label_progress.py, and the metadata of the tables).

Not passed on: counters of the prefix cache, which confirm guesses of a note's words, and the labels of a series.

Source: https://docs.vllm.ai/en/stable/usage/metrics/, text format of Prometheus.
"""

import re
from collections.abc import Callable, Mapping
from threading import Lock

PASSED_ON: Mapping[str, str] = {
    "requests_answered": "request_success_total",
    "prompt_tokens": "prompt_tokens_total",
    "generated_tokens": "generation_tokens_total",
    "preemptions": "num_preemptions_total",
    "seconds_waiting": "request_queue_time_seconds_sum",
    "seconds_answering": "e2e_request_latency_seconds_sum",
}
SECONDS = "seconds"  # names of what is measured in seconds begin so; all else is counted


def counted(page: str, counters: Mapping[str, str] = PASSED_ON) -> dict[str, float]:
    """Of vLLM's page, `counters` by our names, each summed over its series; one that it lacks is left out."""
    found: dict[str, float] = {}
    for name, counter in counters.items():
        values = re.findall(rf"^vllm:{counter}(?:{{[^\n]*}})? ([0-9.e+-]+)$", page, re.MULTILINE)
        if values:
            found[name] = sum(map(float, values))
    return found


class ServerMetrics:
    """What the server has counted since `begin`, before which it is asked nothing. Safe in several threads.

    A server that was started again counts from nothing: what it has is then added to what was seen before.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._page: Callable[[], str] | None = None
        self._has_begun = False
        self._last: dict[str, float] = {}
        self._grown: dict[str, float] = {}

    def follow(self, page: Callable[[], str]) -> None:
        """Read `page` from now on. What a server that is met for the first time has counted was for others."""
        with self._lock:
            self._page = page
            self._last = self._last or self._now()

    def away(self) -> None:
        """The server cannot be asked now; it comes back, and is followed again."""
        with self._lock:
            self._page = None

    def leave(self) -> None:
        """The server is not asked again."""
        with self._lock:
            self._page, self._last, self._has_begun = None, {}, False

    def begin(self) -> None:
        """Count from now."""
        with self._lock:
            self._has_begun = True
            self._last, self._grown = self._now() or self._last, {}

    def so_far(self) -> dict[str, int | float]:
        """What was counted since `begin`: whole numbers, and seconds. Empty where no server has counters."""
        with self._lock:
            now = self._now()
            for name, value in now.items():
                before = self._last.get(name, 0.0)
                self._grown[name] = self._grown.get(name, 0.0) + (value - before if value >= before else value)
            self._last |= now
        return self.told()

    def _now(self) -> dict[str, float]:
        return counted(self._page()) if self._page and self._has_begun else {}

    def told(self) -> dict[str, int | float]:
        """As `so_far` last gave it, without asking anybody."""
        with self._lock:
            return {
                name: round(value, 1) if name.startswith(SECONDS) else round(value)
                for name, value in self._grown.items()
            }


SERVED = ServerMetrics()  # of this process: an engine is opened once a run
