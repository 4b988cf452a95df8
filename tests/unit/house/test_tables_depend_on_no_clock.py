"""What makes tables and files asks neither for the time nor for the commit: the same of the same, on any day."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from resources.process.data_root import REPOSITORY

ROOMS = ("contracts", "drawing", "mixed_models", "publishing", "record_linkage")
MAKES_TABLES = sorted({*ROOMS, *(path.parent.name for path in REPOSITORY.glob("*_assets/__init__.py"))})
ASKS = {"today", "now", "utcnow", "time_ns", "localtime", "gmtime", "code_now"}
# What they make tells of one run, and is never said to be the same as of another: lineage page, manifest, crate
OF_ONE_RUN = {"publication_assets/run_of_quarter.py", "publication_assets/assets/research_object.py"}


def asked_in(file: Path) -> Iterator[str]:
    """What of the time or the commit a file asks for."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Call):
            function = node.func
            name = getattr(function, "attr", getattr(function, "id", ""))
            if name in ASKS or ast.unparse(function) in ("time", "time.time"):
                yield f"{file.relative_to(REPOSITORY)}:{node.lineno}: {ast.unparse(function)}"


@pytest.mark.parametrize("room", MAKES_TABLES)
def test_nothing_that_makes_a_table_asks_for_the_time_or_the_commit(room):
    files = sorted((REPOSITORY / room).rglob("*.py"))
    assert files
    asked = [said for file in files if str(file.relative_to(REPOSITORY)) not in OF_ONE_RUN for said in asked_in(file)]
    assert asked == []


def test_what_is_left_out_does_ask():
    assert all([*asked_in(REPOSITORY / name)] for name in OF_ONE_RUN)
