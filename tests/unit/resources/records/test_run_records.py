"""Dagster's records on one machine: the files stay open, and hold what Dagster's own class would."""

import shutil

import dagster as dg
import pytest
import yaml

from resources.process.data_root import REPOSITORY
from resources.records.run_records import FILES_KEPT_OPEN, NOT_RECORDED, EventLogKeptOpen


@pytest.fixture
def instance(tmp_path, monkeypatch):
    """The instance of deploy/dagster.local.yaml in a folder of its own."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    shutil.copyfile(REPOSITORY / "deploy" / "dagster.local.yaml", tmp_path / "dagster.yaml")
    with dg.DagsterInstance.get() as instance:
        yield instance


@dg.asset
def read() -> int:
    return 3


@dg.asset
def counted(read: int) -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"rows": read})


def run(instance):
    return dg.materialize([read, counted], instance=instance)


def test_a_file_is_opened_once_for_all_events_of_a_run(instance, monkeypatch):
    opened = []  # the index was, when the instance began
    log = instance.event_log_storage
    monkeypatch.setattr(log, "_open", lambda shard, real=log._open: opened.append(shard) or real(shard))
    result = run(instance)
    assert result.success and len(result.all_events) > 5
    assert opened == [result.run_id]


def test_dagsters_own_class_reads_the_same_from_the_files(instance, tmp_path):
    result = run(instance)
    instance.event_log_storage.dispose()
    config = yaml.safe_load((tmp_path / "dagster.yaml").read_text(encoding="utf-8"))
    del config["event_log_storage"]
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    with dg.DagsterInstance.get() as plain:
        assert not isinstance(plain.event_log_storage, EventLogKeptOpen)
        records = plain.get_records_for_run(result.run_id).records
        kept = {record.event_log_entry.dagster_event_type for record in records}
        told = {event.event_type for event in result.all_events}
        assert set(NOT_RECORDED) <= told
        assert kept >= told - set(NOT_RECORDED) and not kept & set(NOT_RECORDED)
        last = plain.get_latest_materialization_event(counted.key)
        assert last is not None and last.run_id == result.run_id


def test_of_many_runs_few_files_are_held_open_and_every_one_can_be_read(instance):
    runs = [run(instance).run_id for _ in range(FILES_KEPT_OPEN + 2)]
    assert len(instance.event_log_storage._kept) == FILES_KEPT_OPEN
    assert all(instance.get_records_for_run(run_id).records for run_id in runs)


def test_wiped_records_are_gone_and_new_ones_are_kept(instance):
    gone = run(instance).run_id
    instance.event_log_storage.wipe()
    assert not instance.get_records_for_run(gone).records
    assert instance.get_records_for_run(run(instance).run_id).records
