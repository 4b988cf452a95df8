"""Another user of the machine attacks a quarter: replaces, links, makes first what a run uses, knocks at its doors.

Reading, listing and making files is in test_files_are_private.py, the label server in tests/faults.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from resources.process.spill_folder import PREFIX, spill_folder
from resources.secrets.private_files import NotPrivate
from tests.refresh_witness import LET_IN, LOOK_EVERY_SECONDS, NOBODY, Witness

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to try it")


def replaced(folder: int, name: str):
    os.rename("mine", name, src_dir_fd=folder, dst_dir_fd=folder)


def moved_away(folder: int, name: str):
    os.rename(name, "elsewhere", src_dir_fd=folder, dst_dir_fd=folder)


def removed(folder: int, name: str):
    os.unlink(name, dir_fd=folder)


def kept_by_a_hard_link(folder: int, name: str):
    os.link(name, "kept", src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)


def opened_to_all(folder: int, name: str):
    os.chmod(name, 0o666, dir_fd=folder)


def made_to_look_old(folder: int, name: str):
    os.utime(name, (0, 0), dir_fd=folder)


def led_elsewhere(folder: int, _name: str):
    os.symlink("/etc/passwd", "link", dir_fd=folder)


def held_up_by_a_pipe(folder: int, _name: str):
    os.mkfifo("pipe", dir_fd=folder)


def folder_made(folder: int, _name: str):
    os.mkdir("folder", dir_fd=folder)


ATTACKS = [
    replaced,
    moved_away,
    removed,
    kept_by_a_hard_link,
    opened_to_all,
    made_to_look_old,
    led_elsewhere,
    held_up_by_a_pipe,
    folder_made,
]


def as_nobody(tries: list[tuple[int, str]], attack: Callable[[int, str], None]) -> int:
    """How many of the tries, each a folder held open and a name in it, another user gets through with; at most 100."""
    child = os.fork()
    if not child:
        let_in = 255
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            let_in = min(sum(_gets_through(attack, *each) for each in tries), 100)
        finally:
            os._exit(let_in)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _gets_through(attack: Callable[[int, str], None], folder: int, name: str) -> bool:
    try:
        attack(folder, name)
    except PermissionError:
        return False
    except FileNotFoundError:  # what it would have put there is not there either: it was let look
        return True
    return True


@pytest.fixture(scope="module")
def held(small_quarter):
    """Every folder of the quarter, held open from before, with a file in it: so each has to refuse for itself."""
    folders = [path for path in (small_quarter, *small_quarter.rglob("*")) if path.is_dir() and not path.is_symlink()]
    tries = [
        (os.open(folder, os.O_PATH), next((each.name for each in sorted(folder.iterdir()) if each.is_file()), "x"))
        for folder in folders
    ]
    yield tries
    for folder, _ in tries:
        os.close(folder)


@only_root
@pytest.mark.parametrize("attack", ATTACKS)
def test_another_user_changes_nothing_in_any_folder(held, attack):
    assert len(held) > 20
    assert as_nobody(held, attack) == 0


@only_root
@pytest.mark.parametrize("attack", ATTACKS)
def test_in_an_open_folder_each_attack_would_succeed(tmp_path, attack):
    for name in ("mine", "victim"):
        (tmp_path / name).touch()
    for path in (tmp_path, *tmp_path.iterdir()):
        os.chown(path, NOBODY, NOBODY)
    folder = os.open(tmp_path, os.O_PATH)
    assert as_nobody([(folder, "victim")], attack) == 1
    os.close(folder)


def a_folder(place: Path):
    place.mkdir(mode=0o700)


def a_folder_open_to_all(place: Path):
    place.mkdir()
    place.chmod(0o777)


def a_file(place: Path):
    place.touch()


def a_pipe(place: Path):
    os.mkfifo(place)


def a_link_to_a_folder(place: Path):
    place.with_name("target").mkdir(mode=0o700)
    place.symlink_to(place.with_name("target"))


def a_link_to_nothing(place: Path):
    place.symlink_to(place.with_name("nothing"))


@only_root
@pytest.mark.parametrize(
    "make", [a_folder, a_folder_open_to_all, a_file, a_pipe, a_link_to_a_folder, a_link_to_nothing]
)
def test_a_temporary_folder_that_another_user_made_first_is_refused_in_words(make, tmp_path, monkeypatch):
    tmp_path.chmod(0o1777)
    place = tmp_path / f"{PREFIX}{os.geteuid()}"
    make(place)
    os.chown(place, NOBODY, NOBODY, follow_symlinks=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(NotPrivate, match=r"another user's.*Or set TMPDIR to a folder of your own"), spill_folder():
        pass
    assert not (tmp_path / "nothing").exists()


# What a refresh puts into the folder for temporary files: each name is drawn by who makes it, so nobody is there first.
# SQLite draws 64 bits and prints them without leading noughts; joblib puts a random number behind its process number.
DRAWN = r"(pathways-|openpyxl\.|tmp)[a-z0-9_]{8}|etilqs_[0-9a-f]{8,16}|joblib_memmapping_folder_[0-9a-f_]{66,}"


def test_no_other_name_in_the_temporary_folder_can_be_known_before(small_quarter, witness):
    names = witness(small_quarter).kept("temporary_names")
    assert {name for name in names if not re.fullmatch(DRAWN, name)} <= {f"{PREFIX}{os.geteuid()}"}


def test_a_refresh_leaves_nothing_in_the_temporary_folder(small_quarter, witness):
    assert set(witness(small_quarter).kept("left_behind")) <= {f"{PREFIX}{os.geteuid()}"}


@only_root
def test_no_socket_or_port_of_a_refresh_lets_another_user_in(small_quarter, witness):
    assert [door for door in witness(small_quarter).kept("doors") if door.startswith(LET_IN)] == []


OPEN_DOORS = ["let in port:", "let in unix:@a hidden name", "let in unix:open"]
OPENS_DOORS = """
import os, pathlib, socket, sys, time
port, hidden = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)
hidden.bind("\\0" + sys.argv[1])
hidden.listen()
for name, mask in (("open", 0), ("closed", 0o77)):
    os.umask(mask)
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(os.path.join(os.environ["TMPDIR"], name))
    sock.listen()
    globals()[name] = sock
pathlib.Path(os.environ["TMPDIR"], "..", "ready").touch()
time.sleep(3600)
"""


@only_root
def test_doors_that_are_open_and_what_lies_in_the_temporary_folder_would_be_seen():
    with TemporaryDirectory(prefix="doors-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        seen = Witness(place / "kept" / "code", place / "tmp")
        with seen.looking():
            seen.temporary.chmod(0o711)
            command = [sys.executable, "-c", OPENS_DOORS, "a hidden name"]
            with subprocess.Popen(command, env={**os.environ, "TMPDIR": str(seen.temporary), "A": "b"}) as process:
                while not (place / "ready").exists():
                    time.sleep(LOOK_EVERY_SECONDS)
                enough = seen.looks + 2  # the first of which may have begun before
                while seen.looks < enough:
                    time.sleep(LOOK_EVERY_SECONDS)
                process.kill()
        doors = sorted(re.sub(r"(port:).*|/.*/", r"\1", door) for door in seen.kept("doors"))
        # Of the tests before, a helper of joblib may still live in this process, with a closed door of its own.
        assert [door for door in doors if door.startswith(LET_IN)] == OPEN_DOORS
        assert "refused unix:closed" in doors
        assert seen.kept("left_behind") == seen.kept("temporary_names") == ["closed", "open"]
        assert "A=b" in seen.kept("environments") and "a hidden name" in "".join(seen.kept("command_lines"))
