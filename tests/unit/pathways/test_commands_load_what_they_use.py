"""A command starts without the libraries that it does not use: Dagster alone costs most of a second."""

import subprocess
import sys

import pytest

from resources.process.data_root import REPOSITORY

HEAVY = ("dagster", "sqlalchemy", "pandera", "pandas", "altair", "splink", "statsmodels", "lightgbm", "gpboost")


@pytest.mark.parametrize(
    ("module", "left_out"),
    [
        ("pathways.cli", (*HEAVY, "polars", "scipy", "numpy")),
        ("pathways.check.check", HEAVY),
        ("pathways.notes.label", HEAVY),
        ("pathways.notes.filter", HEAVY),
        ("pathways.refresh.refresh", HEAVY),
        # Its receipts are of tables that pandera declares
        ("pathways.lineage.lineage", ({*HEAVY, "scipy"} - {"pandera", "pandas"})),
    ],
)
def test_a_command_loads_nothing_that_it_does_not_use(module, left_out):
    program = f"import sys, {module}; print(*(name for name in {left_out!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
