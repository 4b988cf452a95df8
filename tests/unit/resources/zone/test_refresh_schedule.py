"""The quarterly refresh by schedule: on from the start, and skipped with a reason while there is nothing to do."""

from datetime import UTC, datetime
from types import ModuleType

import dagster as dg
import polars as pl
import pytest

import linkage_assets.definitions
from contracts.extracts import LINKAGE_EXTRACTS
from resources.extracts.files.extract_parts import last_touched
from resources.zone.refresh_schedule import SECONDS_UNTOUCHED, not_delivered, quarterly_refresh
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import zone_definitions, zone_job
from resources.zone.zone_tables import Zone

EXTRACTS = ["ndelius/offender", "ndtms/cjit"]
MORNING = datetime(2023, 4, 20, 5, tzinfo=UTC)
QUARTER = "2023Q1"


@pytest.fixture
def root(tmp_path):
    for name in EXTRACTS:
        file = tmp_path / "extracts" / QUARTER / f"{name}.csv"
        file.parent.mkdir(parents=True)
        file.write_text("crn\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def tick(root, monkeypatch):
    """Function: what the schedule does on a morning."""
    monkeypatch.setattr("resources.zone.refresh_schedule.last_touched", lambda path: 0.0)
    module = ModuleType("tiny")

    @zone_asset()
    def numbers() -> pl.DataFrame:
        return pl.DataFrame()

    module.numbers = numbers  # type: ignore[attr-defined]
    job = zone_job("linkage_zone")
    zone = zone_definitions(Zone("linkage", root, "code", "settings", {}), [module], {}, jobs=[job])
    schedule = quarterly_refresh(job, EXTRACTS, lambda: zone)

    def evaluate(day: datetime = MORNING) -> dg.RunRequest | str:
        found = schedule(dg.build_schedule_context(scheduled_execution_time=day))
        assert isinstance(found, (dg.RunRequest, dg.SkipReason))
        return found if isinstance(found, dg.RunRequest) else found.skip_message or ""

    return evaluate


def test_the_schedule_is_on_from_the_start_and_says_how_to_switch_it_off():
    schedule = next(iter(linkage_assets.definitions.defs().schedules or []))
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert "switch it off" in (schedule.description or "")


def test_with_all_extracts_there_the_quarter_that_has_ended_is_run_once(tick):
    for morning in (MORNING, datetime(2023, 4, 21, 5, tzinfo=UTC)):
        request = tick(morning)
        assert isinstance(request, dg.RunRequest)
        assert (request.partition_key, request.run_key) == (QUARTER, QUARTER)


def test_absent_extracts_are_a_reason_to_skip_that_names_them(tick, root):
    (root / "extracts" / QUARTER / "ndtms" / "cjit.csv").unlink()
    assert tick() == f"1 of 2 extracts of {QUARTER} are not there yet: ndtms/cjit."
    assert "2 of 2 extracts of 2023Q2" in tick(datetime(2023, 7, 20, 5, tzinfo=UTC))


def test_a_quarter_that_was_started_by_hand_is_left_alone(tick, root):
    (root / "linkage" / QUARTER).mkdir(parents=True)
    (root / "linkage" / QUARTER / "offender.json").write_text("{}", encoding="utf-8")
    assert "has been started for 2023Q1 already" in tick()


def test_files_that_may_still_be_copied_are_waited_for(root):
    now = max(last_touched(root / "extracts" / QUARTER / f"{name}.csv") for name in EXTRACTS)
    assert "in the last hour" in not_delivered(root, QUARTER, EXTRACTS, now + 60)
    assert not_delivered(root, QUARTER, EXTRACTS, now + SECONDS_UNTOUCHED + 1) == ""


def test_every_extract_of_the_zone_is_waited_for(tmp_path):
    names = [f"{each.system}/{each.name}" for each in LINKAGE_EXTRACTS]
    assert all(name in not_delivered(tmp_path, QUARTER, names, 0.0) for name in names)
