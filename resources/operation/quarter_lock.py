"""The lock of a quarter: one run at a time, whichever door it comes through, the command line or Dagster.

Belongs here: taking the lock, and who holds it. Does not belong here: how many runs Dagster starts at once
(deploy/dagster.yaml).

It lies in the store of each zone, as zones run as different users. The kernel frees it when whoever holds it is gone,
killed or not. A command holds it from its first zone to its last, and its zones, which are processes of their own, run
under it: they know the word that it wrote down. What Dagster started waits until it is free.
"""

import json
import os
import secrets
import socket
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from resources.process.user_name import user_name
from resources.secrets.private_files import only_one
from resources.zone.partitions import known_quarter

UNDER_LOCK = "PATHWAYS_UNDER_LOCK"  # variable with the word of the command whose zones run under its lock
PATIENCE_SECONDS, LOOK_EVERY_SECONDS = 2.0, 0.5  # a look at the lock holds it for a moment


class QuarterIsRun(Exception):
    """Somebody else runs the quarter; says who, since when, and what to do."""


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: what they run, as which user, where, and since when. `word`: known to those under it."""

    what: str
    user: str
    host: str
    process: int
    since: str
    word: str = ""

    def in_words(self) -> str:
        """As a message says it."""
        return f"{self.what}, by {self.user} on {self.host} (process {self.process}, since {self.since})"


def lock_of(root: Path, zone: str, quarter: str) -> Path:
    """The file of a zone's lock of a quarter. Raises NotAQuarter."""
    return root / zone / "locks" / f"{known_quarter(quarter)}.lock"


def who_runs(root: Path, zone: str, quarter: str) -> str:
    """Who runs a quarter in a zone, in words; empty when nobody does. Raises NotAQuarter."""
    path = lock_of(root, zone, quarter)
    if not path.exists():
        return ""
    try:
        with only_one(path, wait=False):
            return ""
    except BlockingIOError:
        return _written(path).in_words()


@contextmanager
def alone(root: Path, zones: Sequence[str], quarter: str, what: str) -> Generator[str]:
    """Be the only one who runs a quarter in these zones; gives the word for processes that run under the lock.

    `what`: what is run, such as "pathways refresh". Raises QuarterIsRun, NotAQuarter, NotPrivate.
    """
    word = secrets.token_hex(16)
    with ExitStack() as held:
        for zone in zones:
            _take(held, lock_of(root, zone, quarter), _holder(what, word), monotonic() + PATIENCE_SECONDS, quarter)
        yield word


@contextmanager
def alone_in_turn(root: Path, zone: str, quarter: str, what: str, waits: Callable[[str], None]) -> Generator[None]:
    """As `alone`, once nobody else runs it; `waits` is told once for whom. Under the lock of a command: at once."""
    path = lock_of(root, zone, quarter)
    if is_under_lock(path):
        yield
        return
    if other := who_runs(root, zone, quarter):
        waits(other)
    with ExitStack() as held:
        _take(held, path, _holder(what, ""), None, quarter)
        yield


def is_under_lock(path: Path) -> bool:
    """Whether a command that holds this lock started this process."""
    word = os.environ.get(UNDER_LOCK, "")
    return bool(word) and path.exists() and secrets.compare_digest(_written(path).word, word)


def _take(held: ExitStack, path: Path, holder: Holder, until: float | None, quarter: str) -> None:
    """Take a lock, before `until` by the monotonic clock, or whenever it is free. Raises QuarterIsRun."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        try:
            held.enter_context(only_one(path, wait=False))
            break
        except BlockingIOError:
            if until is not None and monotonic() > until:
                raise QuarterIsRun(
                    f"{quarter} is being run by {_written(path).in_words()}. Wait until that ends, or stop it, and run "
                    "this again. What it has made is kept."
                ) from None
        sleep(LOOK_EVERY_SECONDS)
    path.write_text(json.dumps(asdict(holder)), encoding="utf-8")


def _holder(what: str, word: str) -> Holder:
    since = datetime.now().astimezone().isoformat(" ", "minutes")
    return Holder(what, user_name(), socket.gethostname(), os.getpid(), since, word)


def _written(path: Path) -> Holder:
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # it is just being written
        return Holder("another run", "somebody", "this machine", 0, "a moment ago")
