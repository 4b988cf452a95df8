"""Looks at a refresh from outside while it goes: command lines, environments, sockets, the temporary folder.

Belongs here: what a user of the same machine could see of the run, kept in a folder to be judged by tests. Does not
belong here: the judgement (tests/boundaries), what leaves the machine (outbound_recorder.py).

A process that lives for less than LOOK_EVERY_SECONDS may be missed. Of environments only what the run added is kept:
whatever else stands in them is this machine's, and may be a secret of its user.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

LOOK_EVERY_SECONDS = 0.2
NOBODY = 4_000_000
LISTENING_UNIX, LISTENING_TCP = "00010000", "0A"
LET_IN, REFUSED, NOT_THERE = "let in", "refused", "not there"


class Witness:
    """Keeps in `folder`, for tests to read, what was seen of refreshes, whose temporary files are in `temporary`."""

    def __init__(self, folder: Path, temporary: Path):
        self.folder, self.temporary = folder, temporary
        self.looks = 0
        self._seen: dict[str, set[str]] = {}
        self._ours = {f"{name}={value}" for name, value in os.environ.items()}

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look on until the block ends, and keep what was seen. Gives the refresh an empty temporary folder."""
        for folder in (self.folder.parent, self.folder):
            folder.mkdir(exist_ok=True, mode=0o700)
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir(parents=True, mode=0o700)
        over = Event()
        looker = Thread(target=self._look_until, args=(over,))
        looker.start()
        try:
            yield
        finally:
            over.set()
            looker.join()
        left = (str(path.relative_to(self.temporary)) for path in self.temporary.rglob("*"))
        self._see("left_behind", *left)
        for kind in self._seen:
            self.keep(kind, *sorted(self._seen[kind]))

    def file(self, kind: str) -> Path:
        """Where what was seen of a kind is kept, a line each."""
        return self.folder / f"{kind}.txt"

    def keep(self, kind: str, *lines: str) -> None:
        """Add lines to what is kept of a kind."""
        with os.fdopen(os.open(self.file(kind), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write("".join(f"{line}\n" for line in lines))

    def kept(self, kind: str) -> list[str]:
        """Different lines of a kind, from all refreshes; none where nothing was seen."""
        file = self.file(kind)
        return sorted(set(file.read_text(encoding="utf-8").splitlines())) if file.exists() else []

    def _see(self, kind: str, *lines: str) -> None:
        self._seen.setdefault(kind, set()).update(line.replace("\n", "\\n") for line in lines)

    def _look_until(self, over: Event) -> None:
        tried: set[str] = set()
        while not over.wait(LOOK_EVERY_SECONDS):
            self._see("temporary_names", *(path.name for path in self.temporary.iterdir()))
            for process in _descendants(os.getpid()):
                with suppress(OSError):  # it ended meanwhile, or lets nobody look
                    self._look_at(process, tried)
            self.looks += 1

    def _look_at(self, process: Path, tried: set[str]) -> None:
        self._see("command_lines", _words(process / "cmdline", " "))
        self._see("environments", *(set(_words(process / "environ", "\0").split("\0")) - self._ours))
        for door in {*_unix_sockets(process), *_ports(process)} - tried:
            tried.add(door)
            self._see("doors", f"{_knocked(door)} {door}")


def _descendants(process: int) -> list[Path]:
    """Folders in /proc of what a process started, directly or not."""
    parents: dict[Path, int] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            parents[file.parent] = int(file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
    found, new = [], {process}
    while new:
        children = [place for place, parent in parents.items() if parent in new]
        found += children
        new = {int(place.name) for place in children}
    return found


def _words(file: Path, between: str) -> str:
    return file.read_bytes().rstrip(b"\0").replace(b"\0", between.encode()).decode(errors="replace")


def _own_sockets(process: Path) -> set[str]:
    targets = (str(file.readlink()) for file in (process / "fd").iterdir())
    return {target[8:-1] for target in targets if target.startswith("socket:[")}


def _unix_sockets(process: Path) -> Iterator[str]:
    """Sockets on which a process listens by a name, also one that is no file ("@...")."""
    own = _own_sockets(process)
    for line in (process / "net" / "unix").read_text(encoding="utf-8", errors="replace").splitlines()[1:]:
        _, _, _, flags, _, _, number, *name = line.split(maxsplit=7)
        if flags == LISTENING_UNIX and number in own and name:
            yield f"unix:{name[0]}"


def _ports(process: Path) -> Iterator[str]:
    """Ports on which a process listens on this machine's network; those of a network of its own are no door."""
    if (process / "ns" / "net").stat().st_ino != Path("/proc/self/ns/net").stat().st_ino:
        return
    own = _own_sockets(process)
    for table in ("tcp", "tcp6"):
        for line in (process / "net" / table).read_text(encoding="ascii").splitlines()[1:]:
            words = line.split()
            if words[3] == LISTENING_TCP and words[9] in own:
                yield f"port:{int(words[1].rpartition(':')[2], 16)}"


def _knocked(door: str) -> str:
    """What another user is told who connects to a socket or port: a child process becomes that user and tries."""
    child = os.fork()
    if not child:
        with suppress(BaseException):
            os._exit((LET_IN, REFUSED, NOT_THERE).index(_as_nobody(door)))
        os._exit(len(LET_IN))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return (LET_IN, REFUSED, NOT_THERE)[code] if 0 <= code <= 2 else "not tried"


def _as_nobody(door: str) -> str:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    kind, _, name = door.partition(":")
    try:
        with socket.socket(socket.AF_UNIX if kind == "unix" else socket.AF_INET) as tried:
            tried.connect(name.replace("@", "\0", 1) if kind == "unix" else ("127.0.0.1", int(name)))
    except PermissionError:
        return REFUSED
    except OSError:
        return NOT_THERE
    return LET_IN


def printed_by(done: subprocess.CompletedProcess) -> list[str]:
    """Lines that a command printed, on both of its outputs."""
    return [*done.stdout.splitlines(), *done.stderr.splitlines()]
