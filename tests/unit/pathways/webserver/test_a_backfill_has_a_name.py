"""Who launches a backfill of several quarters in the UI is written into it, whatever the browser says."""

from pathlib import Path

import pytest
from dagster import DagsterInstance
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from starlette.testclient import TestClient

from pathways.webserver.door import Door
from pathways.webserver.guard import Guard
from pathways.webserver.login_workspace import LoginWorkspace
from resources.records.launched_by import LAUNCHED_BY
from resources.records.login_coordinator import HEADER
from tests.faults.meeting_runs import QUARTERS
from tests.unit.pathways.webserver.conftest import HOST, ORIGIN

LAUNCH = """mutation launch($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""


@pytest.fixture
def launched(tmp_path, monkeypatch):
    """Function: headers of a request -> tags of the backfill that it launched, with one that the browser brings."""
    monkeypatch.setenv(HEADER, "X-Forwarded-User")
    monkeypatch.setenv("PATHWAYS_UI_HOSTS", HOST)
    origin = LoadableTargetOrigin(
        executable_path=None, module_name="tests.faults.meeting_runs", working_directory=str(Path.cwd())
    )
    code = InProcessWorkspaceLoadTarget([InProcessCodeLocationOrigin(origin)])
    with DagsterInstance.local_temp(str(tmp_path)) as instance, LoginWorkspace(instance, code) as workspace:
        app = Guard(create_app_from_workspace_process_context(workspace, ""), Door({HOST}), True)
        browser = TestClient(app, base_url=ORIGIN)

        def launch(**headers: str) -> dict[str, str]:
            params = {
                "assetSelection": [{"path": ["first"]}],
                "partitionNames": QUARTERS,
                "tags": [{"key": LAUNCHED_BY, "value": "somebody else"}],
            }
            asked = {"query": LAUNCH, "variables": {"params": params}}
            answer = browser.post("/graphql", json=asked, headers={"Origin": ORIGIN, **headers}).json()
            backfill = instance.get_backfill(answer["data"]["launchPartitionBackfill"]["backfillId"])
            assert backfill is not None
            return dict(backfill.tags)

        yield launch


def test_a_backfill_has_the_name_that_the_login_proxy_gives_and_none_that_a_browser_brings(launched):
    assert launched(**{"X-Forwarded-User": "asha@example.org"})[LAUNCHED_BY] == "asha@example.org"
    assert "does not name" in launched()[LAUNCHED_BY]
