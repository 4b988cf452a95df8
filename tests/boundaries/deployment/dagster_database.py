"""Dagster's database with the roles of the deployment, for tests: runs as Dagster makes them, connections by role."""

import importlib.util
import secrets
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path

import dagster as dg
import psycopg2
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

from tests.boundaries.deployment.postgres_server import OWNER, Server, storage_settings

SCRIPT = Path(__file__).resolve().parents[3] / "deploy" / "postgres" / "prepare.py"
ZONES = ("linkage", "nlp", "modelling", "justice")


def _load(script: Path):
    spec = importlib.util.spec_from_file_location(script.stem, script)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PREPARE = _load(SCRIPT)
quarters = dg.StaticPartitionsDefinition(["2023Q1"])


@dg.asset(partitions_def=quarters)
def person_key() -> None: ...


@dg.asset_check(asset=person_key)
def is_right() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@dg.asset(partitions_def=quarters, deps=["note_request"], pool="gpu")
def note_labels() -> None: ...


@dg.asset(partitions_def=quarters)
def analysis_frame() -> None:
    raise dg.Failure("on purpose")


@dg.asset(partitions_def=quarters)
def counted_tables() -> None: ...


@dg.asset(partitions_def=quarters)
def standardised_persons() -> None: ...


DEFINITIONS = {
    "linkage": dg.Definitions(assets=[person_key], asset_checks=[is_right], executor=dg.in_process_executor),
    "nlp": dg.Definitions(
        assets=[note_labels, dg.AssetSpec("note_request", partitions_def=quarters)], executor=dg.in_process_executor
    ),
    "modelling": dg.Definitions(assets=[analysis_frame], executor=dg.in_process_executor),
    "publication": dg.Definitions(assets=[counted_tables], executor=dg.in_process_executor),
    "justice": dg.Definitions(assets=[standardised_persons], executor=dg.in_process_executor),
}
ROLE_OF = {**{zone: zone for zone in ZONES}, "publication": "modelling"}  # of a code location


class Database:
    """A connection and a Dagster instance per role, open until the tests end."""

    def __init__(self, server: Server, homes: Path, stack: ExitStack):
        self.server, self._homes, self._stack = server, homes, stack
        self.passwords = {role: secrets.token_hex(12) for role in PREPARE.ROLES} | {OWNER: server.password}
        self.instance(OWNER)
        self.give_rights()

    @cache  # noqa: B019
    def connect(self, role: str) -> psycopg2.extensions.cursor:
        connection = self._stack.enter_context(closing(self.server.connect(role, self.passwords[role])))
        connection.autocommit = True
        return connection.cursor()

    @cache  # noqa: B019
    def instance(self, role: str) -> dg.DagsterInstance:
        home = self._homes / role
        home.mkdir(exist_ok=True)
        settings = storage_settings(self.server, role, self.passwords[role])
        (home / "dagster.yaml").write_text(settings, encoding="utf-8")
        return self._stack.enter_context(dg.DagsterInstance.from_config(str(home)))

    def give_rights(self) -> None:
        """What the service `database` does at every start."""
        with closing(self.server.connect(OWNER, self.server.password)) as connection:
            PREPARE.prepare(connection, {role: self.passwords[role] for role in PREPARE.ROLES})

    def run(self, name: str) -> dg.DagsterRun:
        """A run as Dagster makes it: started by the daemon, done in a location; as it then stands."""
        job = DEFINITIONS[name].resolve_implicit_global_asset_job_def()
        location = GrpcServerCodeLocationOrigin(host=name, port=4000, location_name=f"{name}_assets")
        origin = RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), job.name)
        run = self.instance("daemon").create_run_for_job(
            job, remote_job_origin=origin, tags={"dagster/partition": "2023Q1"}, status=dg.DagsterRunStatus.STARTING
        )
        execute_run(InMemoryJob(job), run, self.instance(ROLE_OF[name]), raise_on_error=False)
        ended = self.instance("governance").get_run_by_id(run.run_id)
        assert ended
        return ended
