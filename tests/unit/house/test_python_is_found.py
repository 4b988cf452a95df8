"""`make` takes the first Python that runs and fits, and says what to install where there is none."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from resources.process.data_root import REPOSITORY

MAKE = shutil.which("make")
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ELSEWHERE = "#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n"  # a name of a version that is not chosen
NAMES = ["python3.11", "python3.12", "python3.13", "python3"]

pytestmark = pytest.mark.skipif(MAKE is None, reason="make is not installed")


@pytest.fixture
def make(tmp_path):
    """Function: names of Pythons that run on the path -> exit code and output of a target, of which nothing is done."""

    def run(*running: str, target: str = "install") -> tuple[int, str]:
        for name in NAMES:
            path = tmp_path / name
            program = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n' if name in running else ELSEWHERE
            path.write_text(program, encoding="utf-8")
            path.chmod(0o755)
        command = [str(MAKE), "-C", str(REPOSITORY), "--always-make", "--dry-run", target]
        done = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_runs_nothing_is_passed_over(make, tmp_path, name):
    assert f'"{tmp_path / name}" -m venv .venv\n' in make(name)[1]


def test_the_oldest_is_taken_of_several(make, tmp_path):
    assert f'"{tmp_path / NAMES[1]}" -m venv .venv\n' in make(*NAMES[1:])[1]


def test_where_there_is_none_it_says_what_to_install(tmp_path):
    makefile = tmp_path / "Makefile"
    shutil.copyfile(REPOSITORY / "Makefile", makefile)
    for name in ("pyproject.toml", "uv.lock", "deploy/uv-itself.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    command, nowhere = [str(MAKE), "-C", str(tmp_path), "install"], {"PATH": "/nowhere"}
    done = subprocess.run(command, env=nowhere, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "needs Python 3.11, 3.12 or 3.13" in done.stdout
    assert not (tmp_path / ".venv").exists()


def test_the_lock_the_project_and_make_name_the_same_versions():
    makefile = Path(REPOSITORY / "Makefile").read_text(encoding="utf-8")
    first, last = re.search(r"\((\d+), (\d+)\) <=", makefile), re.search(r"FIRST,(\d+),python3", makefile)
    assert first and last
    assert PROJECT["requires-python"] == f">={first[1]}.{first[2]},<3.{last[1]}"
    lock = tomllib.loads((REPOSITORY / "uv.lock").read_text(encoding="utf-8"))
    assert lock["requires-python"] == PROJECT["requires-python"].replace(",", ", ")
