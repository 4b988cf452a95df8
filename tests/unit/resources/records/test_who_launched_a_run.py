"""Who launched a run: whom the login proxy names, a sensor or a command; never what a launch says itself."""

import shutil
from types import SimpleNamespace

import dagster as dg
import pytest
from dagster._core.run_coordinator.base import SubmitRunContext
from dagster._core.storage.dagster_run import DagsterRun
from dagster._core.workspace.context import WorkspaceRequestContext

from resources.process.data_root import REPOSITORY
from resources.records.launched_by import BACKFILL, BACKFILL_BEFORE, LAUNCHED_BY, SENSOR, launched_by
from resources.records.login_coordinator import AGAIN, HEADER, NOBODY_SAYS, NOT_NAMED, LoginCoordinator

HOSTS = "PATHWAYS_UI_HOSTS"


@dg.asset
def numbers() -> None: ...


JOB = dg.Definitions([numbers]).resolve_implicit_global_asset_job_def()


@pytest.fixture
def submitted(tmp_path, monkeypatch):
    """Function: headers of a request and tags of a launch -> who launched the run, as the instance keeps it."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    shutil.copyfile(REPOSITORY / "deploy" / "dagster.local.yaml", tmp_path / "dagster.yaml")
    monkeypatch.setattr("dagster._core.run_coordinator.queued_run_coordinator.QueuedRunCoordinator.submit_run", queued)
    with dg.DagsterInstance.get() as instance:
        coordinator = instance.run_coordinator
        assert isinstance(coordinator, LoginCoordinator)

        def submit(headers: dict[str, str] | None, **tags: str) -> str:
            run = instance.create_run_for_job(JOB, tags=tags)
            request = WorkspaceRequestContext.__new__(WorkspaceRequestContext)
            request._source = None if headers is None else SimpleNamespace(headers=headers)  # type: ignore[attr-defined]
            coordinator.submit_run(SubmitRunContext(run, workspace=request))
            kept = instance.get_run_by_id(run.run_id)
            assert kept is not None
            return launched_by(kept.tags)

        yield submit


def queued(_self: object, context: SubmitRunContext) -> DagsterRun:
    return context.dagster_run


def test_a_run_has_the_name_that_the_login_proxy_gives_and_none_that_a_launch_brings(submitted, monkeypatch):
    monkeypatch.setenv(HEADER, "X-Forwarded-User")
    monkeypatch.setenv(HOSTS, "pathways.example.org")
    forged = {LAUNCHED_BY: "somebody else"}
    assert submitted({"X-Forwarded-User": "asha@example.org"}, **forged) == "asha@example.org"
    assert submitted({}, **forged) == NOT_NAMED
    assert submitted({"X-Forwarded-User": "a\x00b"}, **forged) == NOT_NAMED


def test_no_header_is_believed_that_the_deployment_does_not_name(submitted, monkeypatch):
    monkeypatch.delenv(HEADER, raising=False)
    monkeypatch.setenv(HOSTS, "pathways.example.org")
    assert submitted({"X-Forwarded-User": "asha"}) == NOT_NAMED
    monkeypatch.delenv(HOSTS)
    assert submitted({"X-Forwarded-User": "asha"}).endswith("in the UI of this machine")


def test_a_run_that_the_daemon_starts_again_keeps_the_name_of_who_launched_it_first(submitted, monkeypatch):
    monkeypatch.setenv(HEADER, "X-Forwarded-User")
    assert submitted(None, **{LAUNCHED_BY: "asha@example.org"}) == "asha@example.org"
    assert submitted(None) == "Dagster's daemon"


def test_a_run_that_a_sensor_started_says_so_and_a_launch_cannot_say_it(submitted, monkeypatch):
    monkeypatch.setenv(HEADER, "X-Forwarded-User")
    assert submitted(None, **{SENSOR: "starts_notes_zone"}) == "sensor starts_notes_zone"
    assert submitted({"X-Forwarded-User": "asha"}, **{SENSOR: "starts_notes_zone"}) == "asha"


def test_runs_of_a_backfill_have_the_name_that_it_has_and_one_launched_again_says_that_nobody_knows(submitted):
    backfill, asha = {BACKFILL: "b"}, {LAUNCHED_BY: "asha@example.org"}
    assert submitted(None, **backfill, **asha) == "asha@example.org"
    assert submitted(None, **backfill) == NOBODY_SAYS
    again = submitted(None, **backfill, **asha, **{BACKFILL_BEFORE: "a"})
    assert again == f"asha@example.org{AGAIN}"
    assert submitted(None, **backfill, **{BACKFILL_BEFORE: "a", LAUNCHED_BY: again}) == again
