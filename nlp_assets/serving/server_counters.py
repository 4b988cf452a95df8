"""Counts what is asked of servers that read notes: requests, those that failed, and seconds. No text, and no address.

Belongs here: counting, in this process. Does not belong here: asking (json_client.py), and who is told
(nlp_assets/engines/publishable_labels.py).

What vLLM counts itself is in server_metrics.py.
"""

from dataclasses import dataclass
from threading import Lock

_lock = Lock()


@dataclass
class ServerCounters:
    """`requests`: all that were sent; `failures`: without an answer, or HTTP 5xx; `seconds`: until the answers came."""

    requests: int = 0
    failures: int = 0
    seconds: float = 0.0

    def count(self, seconds: float, failed: bool) -> None:
        """Count one request. Safe in several threads."""
        with _lock:
            self.requests += 1
            self.failures += failed
            self.seconds += seconds

    def taken(self) -> "ServerCounters":
        """What was counted since this was last asked."""
        with _lock:
            taken = ServerCounters(self.requests, self.failures, round(self.seconds, 3))
            self.requests, self.failures, self.seconds = 0, 0, 0.0
        return taken


COUNTED = ServerCounters()  # of this process: an engine is opened once a run
