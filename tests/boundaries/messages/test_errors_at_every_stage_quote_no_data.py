"""Every asset and check of every zone, as definitions list them, meets an error that quotes a value: none lets it out.

Doors that are no asset or check, and what Dagster records, are in test_errors_quote_no_data.py.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pathways.refresh.zone_order import ZONES
from resources.process.shield import OUR_PACKAGES, DetailsWithheld

REPOSITORY = Path(__file__).resolve().parents[3]
SECRET = "X320741"
QUARTER = "2023Q1"


class Planted(Exception):
    """The error of a library that quotes a value."""


def quote(*_args, **_kwargs):
    raise Planted(f"conversion of {SECRET} failed")


class BrokenTable(pl.DataFrame):
    """A table that raises the error at whatever is asked of it."""

    __getitem__ = __len__ = __iter__ = quote  # type: ignore[assignment]

    def __getattribute__(self, name: str):
        return object.__getattribute__(self, name) if name.startswith("__") else quote()


class Broken:
    """Anything else that raises it."""

    __getattr__ = quote


@pytest.fixture(scope="module")
def context():
    with dg.DagsterInstance.ephemeral() as instance:
        yield dg.build_asset_context(partition_key=QUARTER, instance=instance)


@pytest.fixture(params=ZONES)
def operations(request, context, tmp_path, monkeypatch) -> Iterator[list[tuple[str, Callable, dict, dict]]]:
    """Name, function, tables and other arguments of every asset and check of a zone."""
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    definitions = import_module(f"{request.param}.definitions").defs()
    nodes, graph = definitions.resolve_implicit_global_asset_job_def().graph.nodes, definitions.resolve_asset_graph()
    assert len(nodes) == len(graph.materializable_asset_keys) + len(graph.asset_check_keys) > 15
    with dg.build_resources(definitions.resources or {}) as resources:
        others = {"context": context, **resources._asdict()}
        wanted = {node: inspect.signature(_function(node)).parameters for node in nodes}
        yield [
            (
                node.name,
                _function(node),
                {name: BrokenTable() for name in names if name not in others},
                {name: others[name] for name in names if name in others},
            )
            for node, names in wanted.items()
        ]


def _function(node) -> Callable:
    return node.definition.compute_fn.decorated_fn


def error_of(function: Callable, given: dict) -> Exception | None:
    try:
        function(**given)
    except Exception as error:
        return error
    return None


def lets_out(error: Exception) -> bool:
    return SECRET in str(error) or bool(error.__cause__ or error.__context__)


def test_a_broken_table_lets_out_its_value_where_nothing_holds_it():
    error = error_of(lambda table: table.height, {"table": BrokenTable()})
    assert error and lets_out(error)


def test_no_asset_or_check_lets_out_the_value_of_an_error_in_a_table(operations):
    errors = [error_of(function, {**tables, **others}) for _, function, tables, others in operations if tables]
    assert [str(error) for error in errors if error and lets_out(error)] == []
    # Some are stopped by what is missing here, before they come to their tables.
    assert sum("Planted" in str(error) for error in errors) > 0.8 * len(errors)


def test_no_asset_or_check_lets_out_the_value_of_an_error_in_anything(operations):
    for name, function, tables, others in operations:
        error = error_of(function, {**tables, **{each: Broken() for each in others}})
        assert isinstance(error, DetailsWithheld) and "Planted" in str(error), name
        assert not lets_out(error), name


# --- our own errors pass as they are: none is made of what a library says ---

# What may be done with the error of a library: asked what it is, or handed to what says so without its message.
ASKED = {"type", "isinstance", "is_fault", "is_our_own", "fit_to_leave", "said_of", "withhold_details", "storage_fault"}
NO_DATA = {"errno", "strerror"}
# How many handlers of a file do more, with what speaks for them.
QUOTED = {
    "resources/extracts/files/extract_csv.py": (1, "asks which of two faults it is"),
    "resources/extracts/files/extract_parquet.py": (2, "searches the message for words and shows none"),
    "resources/zone/schema_check.py": (1, "takes names and counts"),
    "resources/settings/study_settings.py": (2, "quotes study.toml"),
    "resources/zone/gates.py": (1, "quotes the file of decisions"),
    "publishing/documents/fill_template.py": (1, "quotes the syntax of our template, before values"),
    "nlp_assets/steps/notes/prompt.py": (1, "quotes a prompt of ours"),
    "nlp_assets/steps/labels/label_store.py": (2, "names the type"),
    "nlp_assets/engines/encoder/embedded_encoder.py": (1, "loads the encoder's own files"),
    "pathways/bench/linkage/truth.py": (1, "quotes a pattern of the command line"),
    "pathways/accept_command.py": (1, "a file of decisions that cannot be read or written"),
    "pathways/cli.py": (1, "files that cannot be written"),
    "pathways/command_line.py": (
        2,
        "of the quarter, of settings and of what a command is given, or a file by its name",
    ),
    "pathways/notes/filter.py": (1, "a file that cannot be read, by its name"),
    "pathways/webserver/__main__.py": (1, "quotes PATHWAYS_UI_HOSTS"),
}


def handlers_that_quote(file: Path) -> int:
    """Handlers of other errors than our own that use what they caught for more than asking what it is."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    ours = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)} | {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
        if node.module.split(".")[0] in OUR_PACKAGES
    }
    return sum(
        not _classes(node.type) <= ours and _says_more(node, node.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.name and node.type
    )


def _classes(expression: ast.expr) -> set[str]:
    each = expression.elts if isinstance(expression, ast.Tuple) else [expression]
    return {ast.unparse(name) for name in each}


def _says_more(handler: ast.ExceptHandler, name: str) -> bool:
    parents = {child: parent for parent in ast.walk(handler) for child in ast.iter_child_nodes(parent)}
    used = [node for node in parents if isinstance(node, ast.Name) and node.id == name]
    return any(
        not (isinstance(parent := parents[node], ast.Call) and ast.unparse(parent.func) in ASKED)
        and not (isinstance(parent, ast.Attribute) and parent.attr in NO_DATA)
        and not (isinstance(parent, ast.Raise) and parent.cause is node)
        for node in used
    )


def test_what_a_library_says_is_in_no_message_of_ours(tmp_path):
    places = sorted(OUR_PACKAGES - {"synthetic_extracts"})  # what that says is of what it made up
    files = [file for place in places for file in REPOSITORY.glob(f"{place}/**/*.py")]
    quoting = {str(file.relative_to(REPOSITORY)): number for file in files if (number := handlers_that_quote(file))}
    assert quoting == {name: number for name, (number, _) in QUOTED.items()}
    wrong = tmp_path / "wrong.py"
    wrong.write_text("try:\n    go()\nexcept ValueError as error:\n    raise Ours(f'no: {error}')", encoding="utf-8")
    assert handlers_that_quote(wrong) == 1
