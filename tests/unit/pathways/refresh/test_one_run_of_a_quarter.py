"""A quarter is run by one door at a time: command line and Dagster hold one lock, in the store."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from types import ModuleType

import dagster as dg
import polars as pl
import pytest
import yaml
from dagster._core.run_coordinator.queued_run_coordinator import QueuedRunCoordinator

from pathways.refresh.refresh import refresh
from pathways.refresh.run_zone import close_left_behind
from pathways.refresh.stopped import RefreshStopped
from resources.operation.quarter_lock import UNDER_LOCK, QuarterIsRun, alone, alone_in_turn, lock_of, who_runs
from resources.process.data_root import REPOSITORY
from resources.zone.zone_asset import BY_COMMAND, zone_asset
from resources.zone.zone_definitions import zone_definitions
from resources.zone.zone_tables import Zone

QUARTER = "2023Q1"
quarters = dg.StaticPartitionsDefinition([QUARTER, "2023Q2", "2023Q3"])
HOLDS = """
import sys, time
from pathlib import Path
from resources.operation.quarter_lock import alone
with alone(Path(sys.argv[1]), ["linkage", "nlp", "modelling"], "2023Q1", "pathways refresh"):
    print("held", flush=True)
    time.sleep(60)
"""


@dg.asset(partitions_def=quarters, pool="gpu")
def numbers() -> None: ...


JOB = dg.Definitions([numbers]).resolve_implicit_global_asset_job_def()


@pytest.fixture
def instance(tmp_path, monkeypatch) -> Iterator[dg.DagsterInstance]:
    """The instance of this machine, with its limits."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    shutil.copyfile(REPOSITORY / "deploy" / "dagster.local.yaml", tmp_path / "dagster.yaml")
    with dg.DagsterInstance.get() as made:
        yield made


@pytest.fixture
def other(tmp_path) -> Iterator[subprocess.Popen]:
    """Another process that runs the quarter."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def going_on(instance: dg.DagsterInstance, quarter: str, **tags: str) -> dg.DagsterRun:
    tags = {"dagster/partition": quarter, **tags}
    return instance.create_run_for_job(JOB, tags=tags, status=dg.DagsterRunStatus.STARTED)


def tiny(root: Path) -> dg.Definitions:
    module = ModuleType("tiny")

    @zone_asset()
    def numbers() -> pl.DataFrame:
        return pl.DataFrame({"number": [1]})

    module.numbers = numbers  # type: ignore[attr-defined]
    return zone_definitions(Zone("linkage", root, "code", "settings", {}), [module], {})


def test_a_command_does_not_run_a_quarter_that_dagster_is_running_and_says_which_run(tmp_path, monkeypatch):
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    with (
        alone_in_turn(tmp_path, "nlp", QUARTER, "run 1234 of Dagster", lambda other: None),
        pytest.raises(RefreshStopped, match=r"2023Q1 is being run by run 1234 of Dagster, by .*Wait until that ends"),
    ):
        refresh(QUARTER)
    assert who_runs(tmp_path, "linkage", QUARTER) == ""


def test_a_run_of_dagster_waits_for_the_command_says_for_whom_and_goes_on_when_that_is_killed(tmp_path, other):
    told: list[str] = []
    threading.Timer(1.0, other.kill).start()
    with alone_in_turn(tmp_path, "linkage", QUARTER, "run 1 of Dagster", told.append):
        assert other.poll() is not None or other.wait(5) is not None
        assert "run 1 of Dagster" in who_runs(tmp_path, "linkage", QUARTER)
    assert len(told) == 1 and f"process {other.pid}" in told[0]


def test_each_run_holds_the_lock_from_its_first_table_to_its_end(tmp_path, other):
    ended = threading.Event()

    def run():
        job = tiny(tmp_path).resolve_implicit_global_asset_job_def()
        with dg.DagsterInstance.ephemeral() as instance:
            assert job.execute_in_process(partition_key=QUARTER, instance=instance).success
        ended.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    sleep(2)
    assert not ended.is_set() and not (tmp_path / "linkage" / QUARTER).exists()
    other.kill()
    thread.join(30)
    assert ended.is_set() and who_runs(tmp_path, "linkage", QUARTER) == ""


def test_the_zones_of_a_command_run_under_its_lock_and_no_other_process_does(tmp_path, monkeypatch):
    with alone(tmp_path, ["linkage"], QUARTER, "pathways refresh") as word:
        monkeypatch.setenv(UNDER_LOCK, word)
        with alone_in_turn(tmp_path, "linkage", QUARTER, "its zone", pytest.fail):
            pass
        monkeypatch.setenv(UNDER_LOCK, "a guess")
        with pytest.raises(QuarterIsRun), alone(tmp_path, ["linkage"], QUARTER, "another"):
            pass
    assert lock_of(tmp_path, "linkage", QUARTER).stat().st_mode & 0o077 == 0


def test_quarters_do_not_wait_for_each_other(tmp_path, other):
    with alone(tmp_path, ["linkage"], "2023Q2", "pathways refresh"):
        assert who_runs(tmp_path, "linkage", QUARTER) != ""


def test_a_run_whose_command_was_killed_holds_up_nobody(instance):
    left, goes_on = going_on(instance, QUARTER, **{BY_COMMAND: QUARTER}), going_on(instance, QUARTER)
    close_left_behind(instance)
    statuses = [instance.get_run_by_id(run.run_id).status for run in (left, goes_on)]
    assert statuses == [dg.DagsterRunStatus.CANCELED, dg.DagsterRunStatus.STARTED]


@pytest.mark.parametrize("name", ["dagster.local.yaml", "dagster.yaml"])
def test_runs_of_one_quarter_wait_for_each_other_from_whichever_door(name):
    settings = yaml.safe_load((REPOSITORY / "deploy" / name).read_text(encoding="utf-8"))
    limits = {limit["key"]: limit for limit in settings["concurrency"]["runs"]["tag_concurrency_limits"]}
    assert limits == {
        "dagster/partition": {"key": "dagster/partition", "value": {"applyLimitPerUniqueValue": True}, "limit": 1}
    }
    assert settings["concurrency"]["pools"]["default_limit"] == 1
    assert settings["run_retries"]["retry_on_asset_or_op_failure"] is False


def test_dagster_reads_the_limits_as_they_are_meant(instance):
    assert isinstance(instance.run_coordinator, QueuedRunCoordinator)
    config = instance.get_concurrency_config()
    assert config.run_queue_config.max_concurrent_runs == 1
    assert len(config.run_queue_config.tag_concurrency_limits) == 1
    assert config.pool_config.default_pool_limit == 1
    assert instance.run_monitoring_enabled and instance.run_retries_enabled
