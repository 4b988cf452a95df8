"""What deploy/dagster.yaml says to Dagster's daemon holds: who runs at once, how long a run may take, what is run anew.

Three quarters are asked for at once, and by two people. Where the limits are taken away, the same runs do meet: so a
run that meets nobody it should not was kept from it.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

from pathways.alerts.what_happened import failures
from resources.operation.pools import SERVED_MODEL, hold_pool
from tests.faults.meeting_runs import CONFLICTS, PLACE, QUARTERS, defs

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 600
ASKED = {"one": ["first", "second"], "other": ["first", "second"], "reading": ["labels"]}
DONE = (BulkActionStatus.COMPLETED_SUCCESS, BulkActionStatus.COMPLETED_FAILED)


def deployed() -> dict[str, Any]:
    """The settings of the deployment, with a folder where it has a server, and memory for four runs."""
    settings = yaml.safe_load((REPOSITORY / "deploy" / "dagster.yaml").read_text(encoding="utf-8"))
    del settings["storage"]
    settings["concurrency"]["runs"]["max_concurrent_runs"] = 4
    return settings


@contextmanager
def daemon(home: Path, settings: Mapping[str, Any], **environment: str) -> Iterator[dg.DagsterInstance]:
    """Dagster's daemon with these settings, and its records."""
    (home / "dagster.yaml").write_text(yaml.safe_dump(dict(settings)), encoding="utf-8")
    given = {"DAGSTER_HOME": str(home), PLACE: str(home), **environment}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home))
        with dg.DagsterInstance.get() as instance, (home / "daemon.log").open("w") as log:
            if "pools" in settings["concurrency"]:
                hold_pool(instance)
            running = subprocess.Popen(
                [sys.executable, "-m", "dagster._daemon", "run", "-m", "tests.faults.meeting_runs"],
                cwd=REPOSITORY,
                env={**os.environ, **given},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                yield instance
            finally:
                os.killpg(running.pid, signal.SIGTERM)
                running.wait()


def ask(instance: dg.DagsterInstance, name: str, assets: list[str], wanted: list[str]) -> None:
    """Ask for a backfill, as the pages do."""
    asked = PartitionBackfill.from_asset_partitions(
        backfill_id=name,
        asset_graph=defs.resolve_asset_graph(),
        partition_names=wanted,
        asset_selection=[dg.AssetKey(asset) for asset in assets],
        backfill_timestamp=time(),
        tags={},
        dynamic_partitions_store=instance,
        all_partitions=False,
        title=None,
        description=None,
        run_config=None,
    )
    instance.add_backfill(asked)


def wait(until: Callable[[], bool], home: Path) -> None:
    end = monotonic() + PATIENCE_SECONDS
    while not until():
        assert monotonic() < end, (home / "daemon.log").read_text(encoding="utf-8")[-4000:]
        sleep(0.5)


def backfilled(
    home: Path, settings: Mapping[str, Any], quarters: Mapping[str, list[str]], **environment: str
) -> list[list[str]]:
    """Quarter, table and whom it met, of each table that was made of what is ASKED for these quarters."""
    with daemon(home, settings, **environment) as instance:
        for name, assets in ASKED.items():
            ask(instance, name, assets, quarters[name])

        def statuses() -> list[BulkActionStatus]:
            return [found.status for name in ASKED if (found := instance.get_backfill(name))]

        wait(lambda: all(status in DONE for status in statuses()), home)
        assert {*statuses()} == {BulkActionStatus.COMPLETED_SUCCESS}
    return [line.split() for line in (home / "made").read_text(encoding="utf-8").splitlines()]


def met(made: list[list[str]]) -> set[str]:
    return {word for _, _, words in made for word in words.split(",")}


def test_backfills_of_three_quarters_make_each_no_quarter_runs_twice_at_once_and_one_run_reads_notes(tmp_path):
    made = backfilled(tmp_path, deployed(), dict.fromkeys(ASKED, QUARTERS))
    times = Counter((quarter, table) for quarter, table, _ in made)
    assert times == {(quarter, table): len(ASKED) - 1 for quarter in QUARTERS for table in ("first", "second")} | {
        (quarter, "labels"): 1 for quarter in QUARTERS
    }
    assert "other" in met(made), "no two runs were at work at once, so nothing was kept apart"
    assert met(made) & {"quarter", "pool"} == set()


def test_the_limit_of_the_pool_is_written_down_before_the_first_run_of_it_waits(tmp_path, monkeypatch):
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(deployed()), encoding="utf-8")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.get() as instance:
        assert instance.event_log_storage.get_concurrency_keys() == set()
        hold_pool(instance)
        assert {each.name: each.limit for each in instance.event_log_storage.get_pool_limits()} == {SERVED_MODEL: 1}


def test_without_the_limits_runs_of_one_quarter_meet_and_so_do_runs_that_read_notes(tmp_path):
    settings = deployed()
    del settings["concurrency"]["pools"], settings["concurrency"]["runs"]["tag_concurrency_limits"]
    few = {
        "one": QUARTERS[:1],
        "other": QUARTERS[:1],
        "reading": QUARTERS[:2],
    }  # a run is a process: as many as can meet
    made = backfilled(tmp_path, settings, few, **{CONFLICTS: "yes"})
    assert {"quarter", "pool"} <= met(made)


def test_a_run_that_hangs_is_ended_one_that_was_killed_is_run_again_and_one_that_failed_is_not(tmp_path):
    settings, before = deployed(), datetime.now(UTC) - timedelta(minutes=1)
    assert settings["run_monitoring"]["max_runtime_seconds"] == 86_400
    settings["run_monitoring"] |= {"max_runtime_seconds": 20, "poll_interval_seconds": 2}
    jobs = {"hangs": QUARTERS[0], "fails": QUARTERS[1], "is_killed_once": QUARTERS[2]}
    with daemon(tmp_path, settings) as instance:
        for name, quarter in jobs.items():
            ask(instance, name, [name], [quarter])

        def ends(name: str) -> list[str]:
            filters = dg.RunsFilter(tags={"dagster/partition": jobs[name]})
            return [run.status.value for run in reversed(instance.get_runs(filters))]

        wait(lambda: ends("hangs")[:1] in (["FAILURE"], ["CANCELED"]), tmp_path)
        wait(lambda: ends("is_killed_once") == ["FAILURE", "SUCCESS"] and ends("fails") == ["FAILURE"], tmp_path)
        sleep(10)  # of the one that failed, another run would have come by now
        assert ends("fails") == ["FAILURE"]
        told = {alert.subject for _, alert in failures(instance, before)}
    # One that is run again alarms nobody
    assert told == {f"__ASSET_JOB of {jobs['hangs']} took too long", f"__ASSET_JOB of {jobs['fails']} failed"}
    assert (tmp_path / "tried").read_text(encoding="utf-8").splitlines() == ["fails"]
