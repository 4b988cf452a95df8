"""A step that waits for a server is tried again by itself; what cannot be mended by waiting is not."""

from types import ModuleType

import dagster as dg
import polars as pl
import pytest

from resources.zone import zone_asset as module_of_assets
from resources.zone.zone_asset import BY_COMMAND, TRIES_MORE, zone_asset
from resources.zone.zone_definitions import zone_definitions
from resources.zone.zone_tables import Zone

QUARTER = "2023Q1"


class Away(Exception):
    """A server does not answer."""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Function: errors that tries meet, in order -> whether the run ended well, and how often the step was tried."""
    monkeypatch.setattr(module_of_assets, "SECONDS_TO_WAIT", 0)

    def execute(*errors: Exception, tags: dict[str, str] | None = None) -> tuple[bool, int, str]:
        tried, module = iter(errors), ModuleType("tiny")
        count = 0

        @zone_asset(tried_again_after=Away)
        def labels(context: dg.AssetExecutionContext) -> pl.DataFrame:
            nonlocal count
            count += 1
            if error := next(tried, None):
                raise error
            return pl.DataFrame({"label": [1]})

        module.labels = labels  # type: ignore[attr-defined]
        job = zone_definitions(Zone("nlp", tmp_path, "", "", {}), [module], {}).resolve_implicit_global_asset_job_def()
        with dg.DagsterInstance.ephemeral() as instance:
            done = job.execute_in_process(
                partition_key=QUARTER, instance=instance, raise_on_error=False, tags=tags or {}
            )
            failed = [event.step_failure_data.error for event in done.all_events if event.is_step_failure]
        return done.success, count, str(failed[0]) if failed and failed[0] else ""

    return execute


def test_a_server_that_comes_back_ends_the_wait(run):
    assert run(Away(), Away()) == (True, 3, "")


def test_a_server_that_stays_away_ends_the_run_with_its_own_message(run):
    success, count, said = run(*[Away("does not answer")] * 10)
    assert (success, count) == (False, TRIES_MORE + 1)
    assert "does not answer" in said or "Away" in said


def test_an_error_that_waiting_does_not_mend_is_not_tried_again(run):
    assert run(ValueError("X320741"), ValueError())[:2] == (False, 1)


def test_a_refresh_by_command_does_not_wait(run):
    assert run(Away(), tags={BY_COMMAND: QUARTER})[:2] == (False, 1)
