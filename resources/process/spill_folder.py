"""A private folder for what a database under Splink spills to disk, gone when the work is done.

Belongs here: making, guarding and removing that folder. Does not belong here: what is spilled into it.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from resources.secrets.private_files import NotPrivate, require_own_folder

PREFIX = "pathways-spill-"


@contextmanager
def spill_folder(parent: Path | None = None) -> Generator[Path]:
    """A new folder under `parent` that only this user can read; without one, under a folder of the user in the system's
    folder for temporary files.

    It is removed at the end. A killed process cannot remove its own, so whoever comes next removes those that no
    living process holds. Raises OSError where `parent` cannot be written, NotPrivate where it is another user's.
    """
    parent = parent or Path(tempfile.gettempdir()) / f"{PREFIX}{os.geteuid()}"
    with suppress(FileExistsError):  # a file, a pipe or a link may stand there
        parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        require_own_folder(parent)
    except NotPrivate as refused:
        raise NotPrivate(f"{refused} Or set TMPDIR to a folder of your own.") from None
    with _locked(parent):
        _remove_abandoned(parent)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        held = os.open(folder, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


@contextmanager
def _locked(place: Path) -> Generator[None]:
    """Between making a folder and holding it, another process must not find it abandoned."""
    held = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _remove_abandoned(place: Path) -> None:
    for folder in place.glob(f"{PREFIX}*"):
        try:
            held = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:  # its process has removed it meanwhile
            continue
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(held)
