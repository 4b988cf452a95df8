"""Dagster's records in PostgreSQL: the server is restarted in the middle of a run, and a backup put on another one."""

import os
import subprocess
from contextlib import ExitStack
from pathlib import Path

import dagster as dg
import polars as pl
import psycopg2.errors
import pytest

from resources.zone.dagster_partitions import quarters
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import Zone
from tests.boundaries.deployment.dagster_database import Database
from tests.boundaries.deployment.postgres_server import OWNER, PORT, Server, programs, running_server

QUARTER, SERVER = "2023Q1", "pathways/server"
SCRIPTS = Path(__file__).resolve().parents[2] / "deploy" / "postgres"
pytestmark = pytest.mark.skipif(programs() is None, reason="PostgreSQL's server is not here: `make postgres-server`")


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    place = programs()
    assert place
    with running_server(place) as server, ExitStack() as stack:
        yield Database(server, tmp_path_factory.mktemp("homes"), stack)


@dg.asset(partitions_def=quarters)
def first() -> pl.DataFrame:
    return pl.DataFrame({"number": [1]})


@dg.asset(partitions_def=quarters, required_resource_keys={"restart"})
def second(context: dg.AssetExecutionContext, first: pl.DataFrame) -> pl.DataFrame:
    context.resources.restart()
    return first * 2


@dg.asset(partitions_def=quarters)
def third(second: pl.DataFrame) -> pl.DataFrame:
    return second * 2


def test_a_run_goes_on_when_the_server_is_restarted_at_once_and_its_records_say_so(database, tmp_path):
    store = ZoneStore(Zone("linkage", tmp_path, "code", "settings", {}))
    ended = dg.materialize(
        [first, second, third],
        partition_key=QUARTER,
        instance=database.instance(OWNER),
        resources={"io_manager": store, "restart": dg.ResourceDefinition.hardcoded_resource(database.server.restart)},
        raise_on_error=False,
    )
    assert ended.success and store.read("third", QUARTER)["number"].to_list() == [4]
    instance = database.instance(OWNER)
    assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.SUCCESS]
    for table in ("first", "second", "third"):
        made = instance.get_latest_materialization_event(dg.AssetKey(table))
        assert made and made.asset_materialization
        assert made.asset_materialization.metadata["sha256"].value == store.zone.written(table, QUARTER).sha256


def script(name: str, server: Server, given: bytes = b"") -> bytes:
    """What a script of the deployment writes, run against a server as its owner."""
    place = programs()
    assert place
    environment = {
        "PATH": f"{place}:{os.environ['PATH']}",
        "PGHOST": str(server.folder),
        "PGPORT": str(PORT),
        "PGDATABASE": OWNER,
        "PGUSER": OWNER,
        "PGPASSWORD": server.password,
    }
    command = ["sh", "-c", (SCRIPTS / name).read_text(encoding="utf-8")]  # as the handbook has it run in the container
    return subprocess.run(command, env=environment, input=given, check=True, capture_output=True).stdout


def test_a_backup_put_on_another_server_has_every_run_and_event_and_the_rights_of_every_role(database, tmp_path):
    for kept in (database.connect, database.instance):
        kept.cache_clear()  # connections of before the restart
    run = database.run("linkage")
    written = script("backup.sh", database.server)
    place = programs()
    assert place
    with running_server(place) as server, ExitStack() as stack:
        restored = Database(server, tmp_path, stack)  # what `database` does on a new server
        script("restore.sh", server, written)
        restored.give_rights()
        governance = restored.instance("governance")
        found = governance.get_run_by_id(run.run_id)
        assert found and found.status == dg.DagsterRunStatus.SUCCESS
        assert len(governance.all_logs(run.run_id)) == len(database.instance(OWNER).all_logs(run.run_id)) > 0
        assert governance.get_latest_materialization_event(dg.AssetKey("person_key"))
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            restored.connect("governance").execute("DELETE FROM runs")
        restored.connect("nlp").execute("SELECT run_id FROM runs")
        assert (run.run_id,) not in restored.connect("nlp").fetchall()
        assert restored.run("nlp").status == dg.DagsterRunStatus.SUCCESS
