"""A quarter is run by one door at a time: the command line looks for runs of Dagster's, and Dagster for its own."""

import shutil
from collections.abc import Iterator

import dagster as dg
import pytest
import yaml
from dagster._core.run_coordinator.queued_run_coordinator import QueuedRunCoordinator

from pathways.refresh.run_zone import other_run
from resources.process.data_root import REPOSITORY
from resources.zone.zone_asset import BY_COMMAND

QUARTER = "2023Q1"
quarters = dg.StaticPartitionsDefinition([QUARTER, "2023Q2", "2023Q3"])


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


def going_on(instance: dg.DagsterInstance, quarter: str, **tags: str) -> dg.DagsterRun:
    tags = {"dagster/partition": quarter, **tags}
    return instance.create_run_for_job(JOB, tags=tags, status=dg.DagsterRunStatus.STARTED)


def test_a_command_does_not_run_a_quarter_that_dagster_is_running(instance):
    assert other_run(instance, QUARTER) == ""
    run = going_on(instance, QUARTER)
    assert run.run_id in other_run(instance, QUARTER)
    assert other_run(instance, "2023Q2") == ""


def test_a_run_whose_command_was_killed_holds_up_nobody(instance):
    left = going_on(instance, QUARTER, **{BY_COMMAND: QUARTER})
    assert other_run(instance, QUARTER) == ""
    assert instance.get_run_by_id(left.run_id).status == dg.DagsterRunStatus.CANCELED


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
