"""A run killed between writing a table and judging it judges it next time; damaged receipts are made again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from pathways.refresh.receipts_of_run import receipts_of

REPOSITORY = Path(__file__).resolve().parents[2]
QUARTER = "2023Q1"
DECISION = f"""[[accepted]]
quarter = "{QUARTER}"
check = "number_is_small"
measure = "number"
value = 7
by = "A. Person"
on = 2026-11-28
reason = "Because."
"""


def run_zone(root: Path, *words: str) -> tuple[int, list[str], str]:
    """Exit code, what was made and judged, and what was said on stderr."""
    home = root / "dagster"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "tests" / "faults" / "killed_check.py"), str(root), *words],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "DAGSTER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    did = [line for line in done.stdout.splitlines() if line.startswith(("made", "judged"))]
    return done.returncode, did, done.stderr


def accept(root: Path) -> None:
    (root / "decisions").mkdir()
    (root / "decisions" / f"{QUARTER}.toml").write_text(DECISION, encoding="utf-8")


def test_a_table_whose_run_was_killed_before_its_check_is_judged_next_time_and_not_made_again(tmp_path):
    code, did, _ = run_zone(tmp_path, "kill")
    assert code == -signal.SIGKILL and did == ["made first"]
    (receipt,) = (receipt for _, receipt in receipts_of(tmp_path, QUARTER))
    assert receipt.table == "first" and receipt.checks["number_is_small"] is None
    code, did, said = run_zone(tmp_path)
    assert (code, did) == (1, ["judged first"])
    assert "number: 7, allowed at most 3" in said and "Traceback" not in said
    accept(tmp_path)
    assert run_zone(tmp_path)[:2] == (0, ["judged first", "made second"])
    assert run_zone(tmp_path)[:2] == (0, [])


def test_a_damaged_receipt_or_table_is_made_again(tmp_path):
    accept(tmp_path)
    assert run_zone(tmp_path)[0] == 0
    receipt = tmp_path / "linkage" / QUARTER / "first.json"
    table = receipt.with_suffix(".parquet")
    other_bytes = table.read_bytes()[:-1] + b"0"
    for path, content in ((receipt, b""), (receipt, receipt.read_bytes()[:50]), (table, other_bytes)):
        path.write_bytes(content)
        code, did, said = run_zone(tmp_path)
        assert code == 0 and did[:2] == ["made first", "judged first"]
        assert "Traceback" not in said


def test_damaged_decisions_are_named_in_one_message(tmp_path):
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / f"{QUARTER}.toml").write_text("[[accepted]", encoding="utf-8")
    code, _, said = run_zone(tmp_path)
    assert code == 1 and said.count(f"{QUARTER}.toml") == 1 and "pathways accept" in said and "Traceback" not in said
