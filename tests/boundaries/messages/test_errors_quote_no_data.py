"""An error that leaves what Dagster or a user calls carries no data value, whichever door it leaves by."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

import dagster as dg
import pandera.polars as pa
import polars as pl
import pytest

from contracts.crossings import NoteRequest
from nlp_assets.labels.label_folder import LabelFolder
from pathways.refresh.zone_order import ZONES
from resources.operation.starts import runs_when_delivered, runs_when_written
from resources.operation.watches import watches_publication
from resources.process.shield import DetailsWithheld, shielded
from resources.zone import zone_store as store_module
from resources.zone.dagster_partitions import quarters
from resources.zone.schema_check import Table, TableDoesNotMatchSchema, check_frame
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_check import zone_check
from resources.zone.zone_definitions import zone_definitions
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import Zone

SECRET = "X320741"
QUARTER = "2023Q1"
failure: dict[str, Callable] = {}


def breaks(*_args, **_kwargs):
    """Fail as a library does: in its message is a value."""
    pl.DataFrame({"crn": [SECRET]}).select(pl.col("crn").cast(pl.Int64))


def panics(*_args, **_kwargs):
    """Fail as a library in Rust does where it did not expect to: its error is no Exception."""
    raise pl.exceptions.PanicException(SECRET)


class Names(Table):
    name: str = pa.Field(description="a name")


class NamesOfFew(Names):
    @pa.check("name")
    def can_be_judged(cls, data) -> bool:  # noqa: N805  # pandera makes it a method of the class
        return failure["of a schema"]()


def run_of(
    root, *assets, crossings: dict | None = None, tables: dict | None = None, resources: dict | None = None
) -> tuple[str, bool]:
    """Run a tiny zone of assets and checks; all that Dagster recorded of it, as text, and whether it succeeded."""
    module = ModuleType("tiny")
    for asset in assets:
        setattr(module, asset.op.name, asset)
    zone = Zone("linkage", root, "code", "settings", crossings or {})
    definitions = zone_definitions(zone, [module], tables or {}, resources=resources)
    instance = dg.DagsterInstance.ephemeral()
    done = definitions.resolve_implicit_global_asset_job_def().execute_in_process(
        partition_key=QUARTER, instance=instance, raise_on_error=False
    )
    return "\n".join(map(str, instance.all_logs(done.run_id))), done.success


@zone_asset()
def names() -> pl.DataFrame:
    return pl.DataFrame({"name": [SECRET]})


def asset_body(tmp_path, failing):
    return run_of(tmp_path, zone_asset(name="broken")(lambda: failing()))  # noqa: PLW0108  # Dagster asks its arguments


def check_body(tmp_path, failing):
    @zone_check(names)
    def holds(names: pl.DataFrame) -> dg.AssetCheckResult:
        """It holds."""
        return failing()

    return run_of(tmp_path, names, holds)


def what_a_check_returns(tmp_path, failing):
    @zone_check(names)
    def holds(names: pl.DataFrame) -> dg.AssetCheckResult:
        """It holds."""
        return names["name"].item()  # type: ignore[return-value]

    return run_of(tmp_path, names, holds)


def table_that_is_checked_against_its_schema(tmp_path, failing):
    return run_of(tmp_path, names, tables={"names": NamesOfFew})


def table_that_is_stored(tmp_path, failing):
    class Refusing(pl.DataFrame):
        lazy = failing

    @zone_asset(name="names")
    def broken() -> pl.DataFrame:
        return Refusing({"name": [SECRET]})

    return run_of(tmp_path, broken)


def crossing_that_is_validated(tmp_path, failing):
    return run_of(tmp_path, names, crossings={"names": NamesOfFew})


def table_that_is_read(tmp_path, failing, monkeypatch):
    @zone_asset()
    def reader(names: pl.DataFrame) -> pl.DataFrame:
        return names

    monkeypatch.setattr(store_module.pl, "read_parquet", failing)
    return run_of(tmp_path, names, reader)


@contextmanager
def _closing_badly(failing):
    yield "opened"
    failing()


def resource_at_its_end(tmp_path, failing):
    @zone_asset()
    def keeper(label_folder: LabelFolder) -> pl.DataFrame:
        label_folder.kept_open("engine", lambda: _closing_badly(failing))
        return pl.DataFrame({"name": ["a"]})

    return run_of(tmp_path, keeper, resources={"label_folder": LabelFolder(root=str(tmp_path))})


DOORS = [
    asset_body,
    check_body,
    what_a_check_returns,
    table_that_is_checked_against_its_schema,
    table_that_is_stored,
    crossing_that_is_validated,
    table_that_is_read,
    resource_at_its_end,
]


@pytest.mark.parametrize("failing", [breaks, panics])
@pytest.mark.parametrize("door", DOORS)
def test_what_dagster_records_of_an_error_quotes_no_value(door, failing, tmp_path, monkeypatch):
    needed = {"monkeypatch": monkeypatch} if "monkeypatch" in door.__code__.co_varnames else {}
    failure["of a schema"] = failing
    recorded, succeeded = door(tmp_path, failing, **needed)
    assert "withheld" in recorded or "does not match its schema" in recorded
    assert door is resource_at_its_end or not succeeded
    assert SECRET not in recorded


JOB = dg.define_asset_job("job", partitions_def=quarters)
TRAINING = dg.define_asset_job("training", partitions_def=quarters)


def evaluated_sensor(failing):
    return runs_when_written(JOB, [dg.AssetSpec("names")], failing).evaluate_tick(dg.build_sensor_context())


def evaluated_start(failing):
    return runs_when_delivered(JOB, [], failing, (TRAINING, failing)).evaluate_tick(dg.build_sensor_context())


def evaluated_watch(failing):
    return watches_publication([dg.AssetSpec("names")], failing).evaluate_tick(dg.build_sensor_context())


@pytest.mark.parametrize("failing", [breaks, panics])
@pytest.mark.parametrize("evaluated", [evaluated_sensor, evaluated_start, evaluated_watch])
def test_a_sensor_that_fails_quotes_no_value(evaluated, failing):
    with pytest.raises(DetailsWithheld) as caught:
        evaluated(failing)
    assert SECRET not in str(caught.value) and caught.value.__context__ is None


@pytest.mark.parametrize("failing", ["ValueError", "polars.exceptions.PanicException"])
def test_a_command_that_fails_quotes_no_value(failing):
    code = (
        "import polars\nfrom pathways.refresh.ending import ending_in_order\n"
        f"with ending_in_order():\n    raise {failing}('{SECRET}')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "withheld" in done.stderr and SECRET not in done.stdout + done.stderr


def is_shielded(function: Callable) -> bool:
    return getattr(function, "__func__", function).__code__.co_qualname.startswith("shielded.<locals>")


@pytest.mark.parametrize("package", ZONES)
def test_every_function_of_a_zone_that_dagster_calls_is_shielded(package):
    definitions = import_module(f"{package}.definitions").defs()
    repository = definitions.get_repository_def()
    graph = definitions.resolve_implicit_global_asset_job_def().graph
    operations = [node.definition.compute_fn.decorated_fn for node in graph.nodes]  # type: ignore[attr-defined]
    ticks = [
        *(sensor._raw_fn for sensor in repository.sensor_defs),
        *(schedule._execution_fn.decorated_fn for schedule in repository.schedule_defs),
    ]
    resources = definitions.resources or {}
    methods = [
        vars(kind)[name]
        for kind in [getattr(resource, "configurable_resource_cls", None) for resource in resources.values()]
        for name in ("setup_for_execution", "teardown_after_execution", "yield_for_execution")
        if kind and name in vars(kind)
    ]
    stores = [ZoneStore.handle_output, ZoneStore.load_input]
    assert operations and ticks and (methods or package in {"modelling_assets", "publication_assets"})
    open_doors = [each.__qualname__ for each in (*operations, *ticks, *methods, *stores) if not is_shielded(each)]
    assert open_doors == []


def test_a_library_error_that_quotes_a_value_leaves_as_type_and_place_only():
    with pytest.raises(DetailsWithheld) as caught:
        shielded(breaks)()
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_function_that_yields_is_shielded_while_it_yields():
    @shielded
    def numbers():
        yield 1
        breaks()

    given = numbers()
    assert next(given) == 1
    with pytest.raises(DetailsWithheld):
        next(given)


def test_a_signal_to_stop_is_no_fault_and_passes_as_it_is():
    def stopped():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shielded(stopped)()


def test_our_own_error_keeps_its_message_and_loses_what_it_came_from():
    @shielded
    def step():
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise TableDoesNotMatchSchema("3 rows") from error

    with pytest.raises(TableDoesNotMatchSchema, match="3 rows") as caught:
        step()
    assert caught.value.__context__ is None and caught.value.__cause__ is None


def test_a_schema_error_names_column_rule_and_count_but_no_value():
    frame = pl.DataFrame(
        {
            "requirement_key": [SECRET, SECRET],
            "requirement_id": ["1", None],
            "crn": [SECRET, SECRET],
            "window_start": [None, None],
            "window_end": [None, None],
            "terminated": [True, False],
        },
        schema_overrides={"window_start": pl.Date, "window_end": pl.Date},
    )
    with pytest.raises(TableDoesNotMatchSchema) as caught:
        check_frame(frame, NoteRequest, "note_request")
    assert SECRET not in str(caught.value)
    assert "requirement_key: SERIES_CONTAINS_DUPLICATES broken by 2 row(s)" in str(caught.value)
    assert "requirement_id: SERIES_CONTAINS_NULLS broken by 1 row(s)" in str(caught.value)
