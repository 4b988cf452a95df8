"""deploy/postgres/zones.csv, by which Dagster's database tells whose events are whose, is what the zones are."""

import runpy
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[3] / "deploy" / "postgres" / "list_belongings.py"


def test_the_list_of_what_belongs_to_whom_is_that_of_the_zones():
    listed = runpy.run_path(str(SCRIPT))
    written = listed["FILE"].read_text(encoding="utf-8").splitlines()
    expected = [",".join(line) for line in [listed["HEADER"], *listed["belongings"]()]]
    assert written == expected, "Write it anew: PYTHONPATH=. .venv/bin/python deploy/postgres/list_belongings.py"
