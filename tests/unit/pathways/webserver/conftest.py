"""Dagster's own webserver with an empty workspace, behind the guard, without a process or a port."""

from collections.abc import Callable
from functools import cache

import pytest
from dagster import DagsterInstance
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from starlette.testclient import TestClient

from pathways.webserver.door import Door
from pathways.webserver.guard import Guard

HOST = "127.0.0.1:3000"
ORIGIN = f"http://{HOST}"


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    """What Dagster's webserver is made from: an instance of its own, and no code location."""
    with (
        DagsterInstance.local_temp(str(tmp_path_factory.mktemp("dagster"))) as instance,
        WorkspaceProcessContext(instance, EmptyWorkspaceTarget()) as context,
    ):
        yield context


@pytest.fixture(scope="session")
def client_of(workspace) -> Callable[..., TestClient]:
    """Function: a browser without cookies on Dagster behind a guard with this door; its page is at `base_url`."""
    app_at = cache(lambda place: create_app_from_workspace_process_context(workspace, place))

    def client(door: Door, may_change: bool = True) -> TestClient:
        app = Guard(app_at(door.place), door, may_change)
        return TestClient(app, base_url=f"http://{HOST}{door.place}", follow_redirects=False)

    return client


@pytest.fixture
def behind_proxy(client_of) -> TestClient:
    """Dagster as the operators' container serves it: the login proxy decides who comes in."""
    return client_of(Door({HOST, "pathways.example.org"}))
