"""Dagster on this machine: its pages behind the guard, its code servers and daemon out of others' reach.

`python -m pathways.ui PORT`, a child of `pathways ui`. Belongs here: what runs beside the webserver, and the address
that is printed. Does not belong here: who may come in (pathways/webserver).

Code servers do whatever they are asked by whoever reaches them: they listen on Unix sockets in a folder that this user
alone can enter, and on no port. The token is in no command line: it is made and printed by the process that knows it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import uvicorn
from dagster import DagsterInstance
from dagster._core.remote_origin import CodeLocationOrigin
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._grpc.client import DagsterGrpcClient
from dagster._grpc.server import wait_for_grpc_server

from pathways.webserver.door import LOOPBACK, Door, Session, loopback_hosts
from pathways.webserver.serving import serve_dagster
from resources.operation.pools import hold_pool
from resources.process.data_root import REPOSITORY
from resources.process.spill_folder import spill_folder

DAGSTER = [sys.executable, "-m", "dagster"]
LONGEST_FOLDER = 80  # a socket's path has 107 bytes at most
DAEMON = [sys.executable, "-m", "dagster._daemon"]


def serve_ui(port: int) -> int:
    """Serve until stopped. `port` 0: any free one. Returns 1 when a part of it ended by itself, after saying so."""
    print("Dagster is starting. Its address is printed when it can be opened.", flush=True)
    with (
        socket.create_server((LOOPBACK, port)) as listener,
        _private_folder() as folder,
        DagsterInstance.get() as instance,
        code_servers_and_daemon(instance, folder) as (workspace, parts),
    ):
        port = listener.getsockname()[1]
        session = Session(port, once=True)

        def ready(server: uvicorn.Server) -> None:
            for part in parts:
                threading.Thread(target=_stop_with, args=(part, server), daemon=True).start()
            print("Open this address on this machine. It opens one browser, once:")
            print(session.address(port), flush=True)

        serve_dagster(instance, workspace, Door(loopback_hosts(port), session), True, listener, ready)
        if all(part.poll() is None for part in parts):
            return 0
    print("A part of Dagster has ended, so the rest was stopped. Run this again.", file=sys.stderr)
    return 1


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder for sockets that this user alone can enter, also for those that code servers make for themselves."""
    with spill_folder() as folder:
        if len(str(folder)) > LONGEST_FOLDER:
            raise SystemExit("The folder for temporary files has too long a path for sockets. Set TMPDIR to another.")
        tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
        yield folder


@contextmanager
def code_servers_and_daemon(
    instance: DagsterInstance, folder: Path, output: IO[str] | None = None
) -> Iterator[tuple[Path, list[subprocess.Popen]]]:
    """The code servers of workspace.yaml and the daemon, running; and the file that names the servers' sockets.

    `folder`: of the sockets. `output`: where they print, if not where this process does. A daemon that starts its own
    code servers starts all of them again each minute.
    """
    workspace = folder / "workspace.yaml"
    locations = WorkspaceFileTarget([str(REPOSITORY / "workspace.yaml")]).create_origins()
    sockets = {location.location_name: str(folder / location.location_name) for location in locations}
    servers = [{"grpc_server": {"location_name": name, "socket": path}} for name, path in sockets.items()]
    workspace.write_text(json.dumps({"load_from": servers}), encoding="utf-8")
    commands = [_code_server(location, sockets[location.location_name]) for location in locations]
    parts = [subprocess.Popen(command, stdout=output, stderr=output) for command in commands]
    try:
        for part, command, path in zip(parts, commands, sockets.values(), strict=True):
            wait_for_grpc_server(
                part, DagsterGrpcClient(socket=path), command, instance.code_server_process_startup_timeout
            )
        hold_pool(instance)
        parts.append(subprocess.Popen([*DAEMON, "run", "-w", str(workspace)], stdout=output, stderr=output))
        yield workspace, parts
    finally:
        for part in parts:
            part.terminate()


def _code_server(location: CodeLocationOrigin, socket_path: str) -> Sequence[str]:
    return [
        *DAGSTER,
        "code-server",
        "start",
        "--socket",
        socket_path,
        "--location-name",
        location.location_name,
        "--log-level",
        "error",
        *location.loadable_target_origin.get_cli_args(),
    ]


def _stop_with(part: subprocess.Popen, server: uvicorn.Server) -> None:
    part.wait()
    server.should_exit = True


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the folder is removed
    sys.exit(serve_ui(int(sys.argv[1])))
