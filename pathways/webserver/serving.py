"""Dagster's webserver behind the guard.

Belongs here: starting it on a socket. Does not belong here: what is refused (guard.py), code servers and the daemon.
"""

import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn
from dagster import DagsterInstance
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from dagster_webserver.cli import DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_MAX_OVERFLOW, DEFAULT_POOL_RECYCLE
from dagster_webserver.version import __version__

from pathways.webserver.door import Door
from pathways.webserver.guard import LARGEST, Guard
from pathways.webserver.login_workspace import LoginWorkspace

SECONDS_TO_CLOSE = 2  # pages hold WebSockets open: they are not waited for
LIVE_DATA_MILLISECONDS = 2000


def serve_dagster(
    instance: DagsterInstance,
    workspace: Path,
    door: Door,
    may_change: bool,
    listener: socket.socket,
    ready: Callable[[uvicorn.Server], None] = lambda _: None,
) -> None:
    """Serve Dagster's pages on a socket that listens, until told to stop.

    `workspace`: file that names the code servers. `ready` is called once when the code locations have been loaded.
    Requests are not logged: they hold the token.
    """
    instance.optimize_for_webserver(DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_RECYCLE, DEFAULT_POOL_MAX_OVERFLOW)
    with LoginWorkspace(
        instance, WorkspaceFileTarget([str(workspace)]), version=__version__, read_only=not may_change
    ) as context:
        app = create_app_from_workspace_process_context(context, door.place, LIVE_DATA_MILLISECONDS)
        server = uvicorn.Server(
            uvicorn.Config(
                Guard(app, door, may_change),
                access_log=False,
                log_level="warning",
                server_header=False,
                proxy_headers=False,
                ws_max_size=LARGEST,
                timeout_graceful_shutdown=SECONDS_TO_CLOSE,
            )
        )
        ready(server)
        server.run(sockets=[listener])
