"""Decisions on disk, and what happens when their file was touched or a page was killed."""

import json
import subprocess
import sys

import pytest

from pathways.review.shared.decisions import Decisions, DecisionsDamaged, DecisionsInUse, Names

KEY, ABOUT, NAMES = b"k" * 32, {"reviewer": "ann", "sample": "abc"}, Names("pair", "score")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ann" / "first_decisions.jsonl"


def scores_of(path):
    decisions = Decisions(path, KEY, ABOUT, NAMES)
    scores = decisions.scores
    decisions.close()
    return scores


def some_decisions(path):
    decisions = Decisions(path, KEY, ABOUT, NAMES)
    decisions.save(4, 0.9)
    decisions.save(2, 0.0)
    decisions.save(7, 1.0)
    assert decisions.undo() == (7, 1.0)
    decisions.close()


def test_a_review_goes_on_where_it_stopped(path):
    some_decisions(path)
    assert scores_of(path) == {4: 0.9, 2: 0.0}


def test_only_this_account_can_read_decisions(path):
    some_decisions(path)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_every_line_is_dated(path):
    some_decisions(path)
    assert all(json.loads(line)["at"].startswith("20") for line in path.read_text().splitlines())


def test_a_line_that_a_kill_cut_short_is_taken_off_and_nothing_else(path):
    some_decisions(path)
    with path.open("ab") as file:
        file.write(b'{"kind": "score", "pair": 9, "sc')
    assert scores_of(path) == {4: 0.9, 2: 0.0}
    assert path.read_bytes().endswith(b"}\n")


def test_a_process_killed_at_once_after_saving_has_lost_nothing(path):
    program = (
        "import os, sys, pathlib; from pathways.review.shared.decisions import Decisions, Names;"
        f"d = Decisions(pathlib.Path(sys.argv[1]), {KEY!r}, {ABOUT!r}, {NAMES!r});"
        "[d.save(pair, 0.5) for pair in range(20)]; os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(path)], check=False).returncode == -9
    assert scores_of(path) == dict.fromkeys(range(20), 0.5)


@pytest.mark.parametrize("change", [("0.9", "0.1"), ('"pair": 2', '"pair": 3'), ('"at": "2', '"at": "1')])
def test_a_changed_line_is_noticed_and_named(path, change):
    some_decisions(path)
    path.write_text(path.read_text().replace(*change, 1))
    with pytest.raises(DecisionsDamaged, match=r"line [123] was changed"):
        scores_of(path)


def test_a_line_taken_out_of_the_middle_is_noticed(path):
    some_decisions(path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]))
    with pytest.raises(DecisionsDamaged, match="line 2"):
        scores_of(path)


def test_decisions_of_another_sample_are_refused(path):
    some_decisions(path)
    with pytest.raises(DecisionsDamaged, match="its sample differ"):
        Decisions(path, KEY, ABOUT | {"sample": "xyz"}, NAMES)


def test_a_second_page_of_the_same_reviewer_is_refused(path):
    decisions = Decisions(path, KEY, ABOUT, NAMES)
    with pytest.raises(DecisionsInUse):
        Decisions(path, KEY, ABOUT, NAMES)
    decisions.close()
