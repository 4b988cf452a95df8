"""Zones that start by themselves: when a quarter starts, when it waits and says why, and when it is left alone."""

from dataclasses import replace
from datetime import date
from types import ModuleType

import dagster as dg
import polars as pl
import pytest
from dagster._core.errors import DagsterResourceFunctionError

from contracts.extracts import LINKAGE_EXTRACTS
from resources.deletion.certificates import write_plan
from resources.deletion.deleted_quarters import QuarterDeleted
from resources.duties.asked import Duties, SignOffMissing
from resources.extracts.extract_declaration import Extract
from resources.extracts.files.extract_parts import last_touched
from resources.operation.delivery import late_extracts, not_delivered
from resources.operation.quarter_lock import alone
from resources.operation.starts import came_to_its_end, runs_when_delivered
from resources.settings.study_settings import load_study_settings
from resources.zone.dagster_partitions import quarters
from resources.zone.gates import decisions_file
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import zone_definitions, zone_job
from resources.zone.zone_store import EXTRACT
from resources.zone.zone_tables import Zone

SENT = [each for each in LINKAGE_EXTRACTS if each.name in ("offender", "cjit", "outcome_profile")]
OPERATION = load_study_settings().operation
QUARTER = "2023Q1"
TRAINING = dg.define_asset_job("training", partitions_def=quarters)
DUE = date(2023, 4, 20)
QUIET = OPERATION.minutes_untouched * 60 + 1


def drop(root, extract: Extract, quarter: str = QUARTER):
    file = root / "extracts" / quarter / extract.system / f"{extract.name}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("crn\n", encoding="utf-8")
    return file


@pytest.fixture
def root(tmp_path):
    for each in SENT:
        drop(tmp_path, each)
    return tmp_path


def tiny(root, settings: str = "settings", duties: Duties | None = None) -> dg.Definitions:
    module = ModuleType("tiny")

    @zone_asset(metadata={EXTRACT: "ndelius/offender"})
    def numbers() -> pl.DataFrame:
        return pl.DataFrame({"number": [1]})

    module.numbers = numbers  # type: ignore[attr-defined]
    jobs = [zone_job("job"), TRAINING]
    files = {"numbers": (f"linkage/models/{settings}/model.json",)}  # as study.toml names the linkage model
    zone = Zone("linkage", root, "code", settings, {}, files=files)
    return zone_definitions(zone, [module], {}, jobs=jobs, duties=duties)


def make(definitions: dg.Definitions) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        job = definitions.resolve_implicit_global_asset_job_def()
        assert job.execute_in_process(partition_key=QUARTER, instance=instance).success


@pytest.fixture
def tick(monkeypatch):
    """Function: what the sensor does now, as run requests, or why it does nothing."""
    monkeypatch.setattr("resources.operation.delivery.last_touched", lambda path: 0.0)

    def evaluate(definitions: dg.Definitions, first: dg.RunRequest | None = None) -> list[dg.RunRequest] | str:
        sensor = runs_when_delivered(zone_job("job"), SENT, lambda: definitions, (TRAINING, lambda quarter: first))
        found = sensor.evaluate_tick(dg.build_sensor_context(definitions=definitions))
        return list(found.run_requests or []) or (found.skip_message or "")

    return evaluate


def test_a_quarter_starts_once_when_all_its_extracts_are_there(tick, root):
    first, second = tick(tiny(root)), tick(tiny(root))
    assert [(each.partition_key, each.job_name) for each in first] == [(QUARTER, "job")]
    assert [each.run_key for each in first] == [each.run_key for each in second]


def test_every_quarter_that_is_ready_starts_not_only_the_last(tick, root):
    for each in SENT:
        drop(root, each, "2023Q3")
    assert [each.partition_key for each in tick(tiny(root))] == [QUARTER, "2023Q3"]


def test_an_absent_extract_is_a_reason_to_wait_that_names_it_and_starts_the_quarter_when_it_comes(tick, root):
    (root / "extracts" / QUARTER / "ndtms" / "cjit.csv").unlink()
    assert tick(tiny(root)) == f"{QUARTER} waits for 1 of its 3 extracts: ndtms/cjit."
    drop(root, SENT[1])
    assert len(tick(tiny(root))) == 1


def test_what_may_be_absent_is_waited_for_until_extracts_are_due_and_no_longer(root):
    (root / "extracts" / QUARTER / "ndtms" / "outcome_profile.csv").unlink()
    now = last_touched(root / "extracts" / QUARTER / "ndtms" / "cjit.csv") + QUIET
    assert "ndtms/outcome_profile" in not_delivered(root, QUARTER, SENT, OPERATION, DUE, now)
    assert not_delivered(root, QUARTER, SENT, OPERATION, date(2023, 4, 21), now) == ""


def test_files_that_may_still_be_copied_are_waited_for(root):
    now = max(last_touched(path) for path in (root / "extracts").rglob("*.csv"))
    assert "may not be whole yet" in not_delivered(root, QUARTER, SENT, OPERATION, DUE, now + 60)
    assert not_delivered(root, QUARTER, SENT, OPERATION, DUE, now + QUIET) == ""
    assert "the clock of this machine was set back" in not_delivered(root, QUARTER, SENT, OPERATION, DUE, now - 3600)


def test_a_model_that_is_to_be_trained_first_is(tick, root):
    training = dg.RunRequest(run_key="train", job_name="training", partition_key=QUARTER)
    assert [(each.run_key, each.job_name) for each in tick(tiny(root), first=training)] == [("train", "training")]


def test_a_quarter_that_came_to_its_end_starts_again_for_another_extract_and_not_for_other_settings(tick, root):
    make(tiny(root))
    assert isinstance(tick(tiny(root)), str)
    assert came_to_its_end(tiny(root, "other settings"), QUARTER)
    assert isinstance(tick(tiny(root, "other settings")), str)
    drop(root, SENT[0]).write_text("crn\nA1\n", encoding="utf-8")
    assert len(tick(tiny(root))) == 1


def test_a_quarter_that_came_to_its_end_is_left_alone_when_settings_name_another_model(tick, root):
    for name in ("winter", "spring"):
        model = root / "linkage" / "models" / name / "model.json"
        model.parent.mkdir(parents=True)
        model.write_text(name, encoding="utf-8")
    make(tiny(root, "winter"))
    assert isinstance(tick(tiny(root, "spring")), str)
    (root / "linkage" / "models" / "winter" / "model.json").write_text("another", encoding="utf-8")
    assert len(tick(tiny(root, "winter"))) == 1


def test_a_quarter_that_stopped_is_tried_again_once_a_decision_or_a_setting_is_another(tick, root):
    keys = [tick(tiny(root))[0].run_key, tick(tiny(root, "other settings"))[0].run_key]
    decisions = root / decisions_file(QUARTER)
    decisions.parent.mkdir(mode=0o700)
    decisions.write_text("# none\n", encoding="utf-8")
    decisions.chmod(0o600)
    keys.append(tick(tiny(root))[0].run_key)
    assert len(set(keys)) == 3


def run_refused(definitions: dg.Definitions) -> BaseException | None:
    """Why a run that somebody starts by hand does not begin."""
    job = definitions.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance, pytest.raises(DagsterResourceFunctionError) as refused:
        job.execute_in_process(partition_key=QUARTER, instance=instance)
    return refused.value.__cause__


def test_a_quarter_that_waits_for_a_sign_off_or_is_deleted_or_being_run_does_not_start_and_says_why(tick, root):
    waits = Duties(root, {"threshold": lambda quarter: "a" * 64})
    said = tick(tiny(root, duties=waits))
    assert "waits for a sign-off: threshold (aaaaaaaaaaaa), by an approver" in said
    with alone(root, ["linkage"], QUARTER, "pathways refresh"):
        assert "is being run by pathways refresh" in tick(tiny(root))
    assert isinstance(run_refused(tiny(root, duties=waits)), SignOffMissing)
    trains = tiny(root, duties=replace(waits, free=("__ASSET_JOB",)))  # what makes what is signed off waits for nothing
    make(trains)
    drop(root, SENT[0]).write_text("crn\nA1\n", encoding="utf-8")
    write_plan(root, QUARTER, {})
    assert "is being deleted" in tick(tiny(root))
    assert isinstance(run_refused(tiny(root)), QuarterDeleted)


def test_what_is_late_is_said_with_the_day_since_when_it_is(root):
    (root / "extracts" / QUARTER / "ndtms" / "cjit.csv").unlink()
    (root / "extracts" / QUARTER / "ndtms" / "outcome_profile.csv").unlink()
    assert late_extracts(root, SENT, OPERATION, DUE) == []
    assert late_extracts(root, SENT, OPERATION, date(2023, 4, 21)) == [
        "2023Q1: late since 20 April 2023: ndtms/cjit (1 of 3 extracts)."
    ]


def test_a_quarter_of_which_nothing_has_come_is_late_as_well(root):
    said = late_extracts(root, SENT, OPERATION, date(2023, 7, 21))
    assert said == ["2023Q2: late since 20 July 2023: ndelius/offender, ndtms/cjit (2 of 3 extracts)."]


def test_of_sources_that_not_everybody_has_nothing_is_late_before_a_first_quarter_has_come(root):
    day = date(2023, 7, 21)
    assert late_extracts(root / "elsewhere", SENT, OPERATION, day)
    assert late_extracts(root / "elsewhere", SENT, OPERATION, day, once_begun=True) == []
    assert len(late_extracts(root, SENT, OPERATION, day, once_begun=True)) == 1
