"""Who may read what a run leaves on disk: its own user, and for three folders a group that the deployment names.

Belongs here: modes of folders and files under the data root, and opening a file that nobody else can hold. Does not
belong here: what is in them, secrets (kept_secret.py).

All is private to its user from the start (resources/__init__.py). Crossing tables and decisions are read by other
zones, the publication by those who publish: where the deployment runs these as other users, it names their group.
"""

import errno
import fcntl
import grp
import os
import stat
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

CROSSINGS_GROUP, PUBLICATION_GROUP = "PATHWAYS_CROSSINGS_GROUP", "PATHWAYS_PUBLICATION_GROUP"
READERS = {"crossings": CROSSINGS_GROUP, "decisions": CROSSINGS_GROUP, "publication": PUBLICATION_GROUP}
LOCK = ".lock"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
READ_FOLDER, READ_FILE = 0o2750, 0o640  # the group is handed down to what is made in the folder
PASSED_THROUGH = 0o711  # the data root, where a group reads below it: others come through and list nothing


class NotPrivate(Exception):
    """A folder or file belongs to another user, or others can change it; names it and says what to do."""


class GroupNotUsable(Exception):
    """The group that the deployment names is not there, or this user is not in it; says which and what to do."""


def make_folder(root: Path, folder: Path) -> None:
    """Make a folder under `root` with those above it, each readable by whom it is for. Raises GroupNotUsable."""
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    for each in reversed([folder, *folder.parents]):
        if each.is_relative_to(root) and each != root:
            let_read(root, each)


def put_in_place(root: Path, partial: Path, path: Path) -> None:
    """Rename a file that is whole to its place, where those whom it is for can read it from the first moment."""
    let_read(root, partial)
    partial.replace(path)


def let_read(root: Path, path: Path, environment: Mapping[str, str] = os.environ) -> None:
    """Give a file or folder of ours to those who may read it; nothing happens where nobody else may.

    Raises GroupNotUsable.
    """
    state = path.lstat()
    variable, group = _read_by(root, path, environment)
    if not group or stat.S_ISLNK(state.st_mode) or state.st_uid != os.geteuid():
        return
    mode = READ_FOLDER if stat.S_ISDIR(state.st_mode) else READ_FILE
    number = _group_number(variable, group)
    if (state.st_gid, stat.S_IMODE(state.st_mode)) == (number, mode):
        return
    try:
        os.chown(path, -1, number, follow_symlinks=False)
    except PermissionError:
        raise GroupNotUsable(
            f"{variable} names the group {group}, and this user is not in it. Add the user to it, or unset {variable}."
        ) from None
    path.chmod(mode)


def close_root(root: Path, environment: Mapping[str, str] = os.environ) -> int:
    """Make the data root if need be, and close what earlier versions left open in it; returns how much that was.

    What belongs to another user (extracts that somebody delivers) is left as it is. Raises NotPrivate where the root
    itself belongs to another user; GroupNotUsable.
    """
    root.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    if os.geteuid() and root.stat().st_uid not in (0, os.geteuid()):
        raise NotPrivate(f"{root} belongs to another user, who could read all of it. Set PATHWAYS_VAR to your own.")
    named = any(environment.get(variable) for variable in READERS.values())
    closed = int(_close(root, PASSED_THROUGH if named else PRIVATE_FOLDER))
    if named and root.stat().st_uid == os.geteuid():
        root.chmod(PASSED_THROUGH)
    for folder, folders, files in os.walk(root):
        for path in (Path(folder, name) for name in (*folders, *files)):
            with suppress(FileNotFoundError):  # a run beside this one has done with it
                let_read(root, path, environment)
                closed += _close(path, READ_FOLDER if _read_by(root, path, environment)[1] else PRIVATE_FOLDER)
    return closed


def _read_by(root: Path, path: Path, environment: Mapping[str, str]) -> tuple[str, str]:
    """The variable that names who may read a path, and the group; both empty where nobody else may."""
    variable = READERS.get(path.relative_to(root).parts[0], "")
    if path.suffix == LOCK:  # whoever can open a lock can hold it
        return "", ""
    return variable, environment.get(variable, "")


def _close(path: Path, most: int) -> bool:
    """Take from a file or folder of ours what `most` does not allow; whether there was such a thing."""
    state = path.lstat()
    open_to = stat.S_IMODE(state.st_mode) & 0o077 & ~most
    if not open_to or stat.S_ISLNK(state.st_mode) or state.st_uid != os.geteuid():
        return False
    path.chmod(stat.S_IMODE(state.st_mode) & ~open_to)
    return True


def require_unchanged_by_others(path: Path) -> None:
    """Raise NotPrivate unless a file is a plain one of its folder's owner, and nobody else can change either."""
    state, folder = path.lstat(), path.parent.stat()
    if not stat.S_ISREG(state.st_mode):
        raise NotPrivate(f"{path} is a link, or no file. Put the file itself there.")
    if state.st_uid != folder.st_uid:
        raise NotPrivate(f"{path} belongs to another user than its folder. Remove it: the folder's owner writes it.")
    if (state.st_mode | folder.st_mode) & 0o022:
        raise NotPrivate(
            f"{path}, or its folder, can be changed by other users. Look whether it is what was written, "
            f"then close both: chmod go-w {path} {path.parent}"
        )


def require_own_folder(path: Path) -> None:
    """Raise NotPrivate unless a folder is this user's and closed to others, so that none of them puts a link there."""
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid() or state.st_mode & 0o077:
        raise NotPrivate(f"{path} is another user's, or open to others. Remove it, or close it: chmod go= {path}")


@contextmanager
def only_one(path: Path, wait: bool = True) -> Generator[None]:
    """Hold the lock of a file that no other user can hold or replace by a link. Raises NotPrivate; BlockingIOError
    where another process holds it and `wait` is False.
    """
    try:
        held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, PRIVATE_FILE)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        raise NotPrivate(f"{path} is a link, which may lead anywhere. Remove it, and run this again.") from None
    try:
        state = os.fstat(held)
        if state.st_uid != os.geteuid() or stat.S_IMODE(state.st_mode) & 0o077:
            raise NotPrivate(f"{path} can be held by other users. Remove it, and run this again.")
        fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(held)


def _group_number(variable: str, group: str) -> int:
    try:
        return int(group) if group.isdigit() else grp.getgrnam(group).gr_gid
    except KeyError:
        raise GroupNotUsable(f"{variable} names the group {group}, which this machine does not have.") from None
