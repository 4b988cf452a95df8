"""Three quarters asked for at once, and by two people: all are made, and no two runs of one quarter at once."""

import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep, time

import dagster as dg
import yaml
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

from tests.faults.slow_tables import QUARTERS, defs

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 600
NAMES = ("one", "other")


def test_backfills_of_three_quarters_make_each_and_no_quarter_is_run_twice_at_once(tmp_path, monkeypatch):
    settings = yaml.safe_load((REPOSITORY / "deploy" / "dagster.yaml").read_text(encoding="utf-8"))
    del settings["storage"]  # a folder, where the deployment has a server
    settings["concurrency"]["runs"]["max_concurrent_runs"] = 4  # where memory allows
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    said = tmp_path / "made"
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.get() as instance:
        for name in NAMES:
            instance.add_backfill(asked_for(instance, name))
        command = [sys.executable, "-m", "dagster._daemon", "run", "-m", "tests.faults.slow_tables"]
        with (tmp_path / "daemon.log").open("w") as log:
            daemon = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                env={**os.environ, "SLOW_TABLES": str(said)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            end = monotonic() + PATIENCE_SECONDS
            while BulkActionStatus.REQUESTED in statuses(instance) and monotonic() < end:
                sleep(0.5)
        finally:
            os.killpg(daemon.pid, signal.SIGTERM)
            daemon.wait()
        assert set(statuses(instance)) == {BulkActionStatus.COMPLETED_SUCCESS}, (tmp_path / "daemon.log").read_text()
    made = sorted((float(began), float(ended), quarter) for quarter, began, ended in map(str.split, lines(said)))
    for quarter in QUARTERS:
        of_quarter = [each for each in made if each[2] == quarter]
        assert len(of_quarter) == 2 * len(NAMES)
        assert all(one[1] <= other[0] for one, other in pairwise(of_quarter))


def statuses(instance: dg.DagsterInstance) -> list[BulkActionStatus]:
    return [found.status for name in NAMES if (found := instance.get_backfill(name))]


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def asked_for(instance: dg.DagsterInstance, name: str) -> PartitionBackfill:
    return PartitionBackfill.from_asset_partitions(
        backfill_id=name,
        asset_graph=defs.resolve_asset_graph(),
        partition_names=QUARTERS,
        asset_selection=[dg.AssetKey("first"), dg.AssetKey("second")],
        backfill_timestamp=time(),
        tags={},
        dynamic_partitions_store=instance,
        all_partitions=False,
        title=None,
        description=None,
        run_config=None,
    )
