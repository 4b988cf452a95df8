"""A zone whose process is killed cannot say so: the refresh does, with what to do."""

import os
import signal
import sys

import pytest

from pathways import linkage_model
from pathways.refresh import run_zones
from pathways.refresh.stopped import RefreshStopped
from resources.process.child_processes import killed_words, run_child

QUARTER = "2023Q1"


def ends(code: str):
    """A run_child that runs these lines of Python in place of what is asked for."""
    return lambda _, folder, environment: run_child([sys.executable, "-c", code], folder, environment)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os; os.kill(os.getpid(), 9)", "linkage_assets: Its process was ended from outside (SIGKILL)"),
        ("import os; os.abort()", "linkage_assets: Its process was ended from outside (SIGABRT)"),
        ("raise SystemExit(1)", ""),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", ""),
    ],
)
def test_a_refresh_says_that_a_zone_was_killed_and_adds_nothing_to_what_a_zone_said(code, said, monkeypatch, tmp_path):
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    monkeypatch.setattr(run_zones, "run_child", ends(code))
    with pytest.raises(RefreshStopped) as stopped:
        run_zones._run_zone({**os.environ}, "linkage_assets", QUARTER)
    assert str(stopped.value).startswith(said) and bool(str(stopped.value)) == bool(said)
    assert not said or str(stopped.value).endswith("run the same command again to go on.")


def test_a_training_that_was_killed_says_so(monkeypatch, tmp_path, capfd):
    monkeypatch.setattr(linkage_model, "run_child", ends("import os; os.kill(os.getpid(), 9)"))
    assert linkage_model.train_linkage_model(tmp_path, {**os.environ}, QUARTER, "spring") == 128 + signal.SIGKILL
    assert "Training: Its process was ended from outside (SIGKILL)" in capfd.readouterr().err


def test_a_guard_that_was_killed_itself_is_told_alike():
    assert "SIGKILL" in killed_words(-signal.SIGKILL) and killed_words(0) == killed_words(1) == ""
