"""The command of the webserver containers: `python -m pathways.webserver --host NAME -w workspace.yaml [--read-only]`.

It stands behind the organisation's login proxy, which decides who is let in: so there is no token here. The proxy must
pass the header Host on. Environment variable PATHWAYS_UI_HOSTS: what browsers call this page, with commas, each as in
the header Host: `pathways.example.org` (https), `127.0.0.1:3000` (http). Every other name is refused.
"""

import argparse
import os
import re
import socket
import sys
from pathlib import Path

from dagster import DagsterInstance

from pathways.webserver.door import Door
from pathways.webserver.serving import serve_dagster

HOSTS = "PATHWAYS_UI_HOSTS"
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


def allowed_hosts(named: str) -> set[str]:
    """The hosts that PATHWAYS_UI_HOSTS names. Raises ValueError that says what to do when there is none, or no host."""
    hosts = {host.strip().lower() for host in named.split(",") if host.strip()}
    if not hosts or not all(HOST.fullmatch(host) for host in hosts):
        raise ValueError(
            f"Set {HOSTS} to what browsers call this page, with commas between: such as pathways.example.org, or "
            "127.0.0.1:3000 for a page that only this machine opens. No scheme, no path and no asterisk."
        )
    return hosts


def main() -> int:
    """Serve until the container stops. Returns 1 after saying what is missing."""
    parser = argparse.ArgumentParser(prog="python -m pathways.webserver", description=__doc__)
    parser.add_argument("-w", "--workspace", type=Path, required=True, help="file that names the code servers")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on: of the login proxy's network only")
    parser.add_argument("-p", "--port", type=int, default=3000, help="port inside the container")
    parser.add_argument("--read-only", action="store_true", help="for governance: refuse every change")
    arguments = parser.parse_args()
    try:
        door = Door(allowed_hosts(os.environ.get(HOSTS, "")))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    with socket.create_server((arguments.host, arguments.port)) as listener, DagsterInstance.get() as instance:
        serve_dagster(instance, arguments.workspace, door, not arguments.read_only, listener)
    return 0


if __name__ == "__main__":
    sys.exit(main())
