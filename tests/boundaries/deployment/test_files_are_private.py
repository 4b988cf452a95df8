"""After a whole refresh no other user of the machine can read, list or change anything that it left on disk."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from resources.secrets.private_files import CROSSINGS_GROUP, PUBLICATION_GROUP

NOBODY = 4_000_000
NAMED = os.environ.get(CROSSINGS_GROUP) or os.environ.get(PUBLICATION_GROUP)
pytestmark = pytest.mark.skipif(bool(NAMED), reason="the environment names a group that may read")


def everything(root: Path) -> Iterator[Path]:
    yield root
    yield from (path for path in sorted(root.rglob("*")) if not path.is_symlink())


def test_nothing_that_a_refresh_leaves_is_open_to_group_or_others(small_quarter):
    left = list(everything(small_quarter))
    for needed in ("dagster", "extracts", "truth", "linkage", "nlp", "modelling", "crossings", "publication"):
        assert small_quarter / needed in left
    assert any(path.suffix == ".db" for path in left) and any(path.suffix == ".sqlite" for path in left)
    open_to_others = [path for path in left if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert [str(path.relative_to(small_quarter)) for path in open_to_others] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to try it")
def test_another_user_can_neither_read_nor_list_nor_change_anything(small_quarter):
    """Every folder is opened before this process becomes another user, so that each has to refuse for itself."""
    folders = {path: os.open(path, os.O_PATH) for path in everything(small_quarter) if path.is_dir()}
    tries = [(held, name.name, name.is_dir()) for folder, held in folders.items() for name in folder.iterdir()]
    child = os.fork()
    if not child:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        let_in = sum(_comes_in(*each) for each in tries) + sum(_can_make_a_file(held) for held in folders.values())
        os._exit(min(let_in, 100))
    for held in folders.values():
        os.close(held)
    assert len(tries) > 300
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _comes_in(folder: int, name: str, is_folder: bool) -> bool:
    for flags in (os.O_RDONLY, os.O_RDONLY | os.O_DIRECTORY if is_folder else os.O_WRONLY):
        try:
            os.close(os.open(name, flags, dir_fd=folder))
        except PermissionError:
            continue
        return True
    return False


def _can_make_a_file(folder: int) -> bool:
    try:
        os.close(os.open("planted", os.O_WRONLY | os.O_CREAT, dir_fd=folder))
    except PermissionError:
        return False
    return True


ENTRIES = ["pathways.__main__", "pathways.refresh.run_zone", "synthetic_extracts.__main__", "nlp_assets.definitions"]


def test_every_process_closes_what_it_writes_before_it_can_write():
    # In one process, to be quick: for each entry the shared code is forgotten, and what sets the mask with it.
    code = (
        "import os, sys\nfrom importlib import import_module\n"
        f"for entry in {ENTRIES}:\n"
        "    for name in [name for name in sys.modules if name == 'resources' or name.startswith('resources.')]:\n"
        "        del sys.modules[name]\n"
        "    os.umask(0o022)\n    import_module(entry)\n    print(entry, oct(os.umask(0o022)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [f"{entry} 0o77" for entry in ENTRIES], done.stderr[-500:]
