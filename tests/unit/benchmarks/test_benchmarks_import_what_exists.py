"""Benchmarks are run by hand, so a moved name would be found late: what they import of ours must exist."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from pathways.bench.of_ours import NOT_BY_THEMSELVES, scripts

REPOSITORY = Path(__file__).resolve().parents[3]
OURS = {
    "contracts",
    "resources",
    "record_linkage",
    "mixed_models",
    "publishing",
    "linkage_assets",
    "nlp_assets",
    "modelling_assets",
    "justice_assets",
}
OURS |= {"publication_assets", "pathways", "synthetic_extracts"}
SCRIPTS = sorted((REPOSITORY / "benchmarks").rglob("*.py"))


def imported_of_ours(script: Path) -> list[tuple[str, str]]:
    """Module and name of every import of a name of ours, wherever in the script it stands."""
    nodes = [node for node in ast.walk(ast.parse(script.read_bytes())) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in nodes if node.module and node.module.split(".")[0] in OURS]
    return [(str(node.module), alias.name) for node in ours for alias in node.names]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_benchmark_imports_what_exists(script):
    missing = []
    for module, name in imported_of_ours(script):
        found = import_module(module)
        if not hasattr(found, name):
            try:
                import_module(f"{module}.{name}")
            except ModuleNotFoundError:
                missing.append(f"{module}: {name}")
    assert missing == []


def test_benchmarks_that_run_one_after_the_other_ask_for_nothing():
    """A script that cannot run without arguments would end `make bench` in the middle."""
    run = scripts()
    assert len(run) > 10 and {script.parent.name for script in run} & NOT_BY_THEMSELVES == set()
    assert [script.name for script in run if "required=True" in script.read_text(encoding="utf-8")] == []
