"""A PostgreSQL server of this test run: in a folder of its own, on a socket, gone with the tests."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg2
import psycopg2.extensions

OWNER = "dagster"
PORT = 5432


@dataclass(frozen=True)
class Server:
    """`folder` holds the socket; `password` is the owner's; `restart` ends every connection at once."""

    folder: Path
    password: str
    restart: Callable[[], None]

    def connect(self, role: str, password: str, database: str = OWNER) -> psycopg2.extensions.connection:
        """A connection as a role."""
        return psycopg2.connect(host=str(self.folder), port=PORT, dbname=database, user=role, password=password)


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, None when there is none (`make postgres-server` installs them)."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


@contextmanager
def running_server(bin_folder: Path) -> Iterator[Server]:
    """A server with an empty database `dagster`. Every connection needs a password."""
    folder, password = Path(tempfile.mkdtemp(prefix="pathways-postgres-")), secrets.token_hex(16)
    (folder / "password").write_text(password, encoding="ascii")
    as_whom = {}
    if os.getuid() == 0:
        as_whom = {"user": "postgres", "group": "postgres", "extra_groups": []}
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres", "postgres")

    def run(program: str, *arguments: str, check: bool = True) -> None:
        subprocess.run(
            [bin_folder / program, "-D", folder / "data", *arguments],
            check=check,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            timeout=300,
            **as_whom,
        )

    try:
        run("initdb", "-U", OWNER, "-A", "scram-sha-256", f"--pwfile={folder}/password", "--no-sync", "-E", "UTF8")
        options = f"-c listen_addresses='' -p {PORT} -k {folder} -c fsync=off"
        run("pg_ctl", "start", "-w", "-l", f"{folder}/log", "-o", options)
        restart = partial(run, "pg_ctl", "restart", "-w", "-m", "immediate", "-l", f"{folder}/log", "-o", options)
        server = Server(folder, password, restart)
        with closing(server.connect(OWNER, password, "postgres")) as connection:
            connection.autocommit = True
            connection.cursor().execute(f"CREATE DATABASE {OWNER}")
        yield server
    finally:
        run("pg_ctl", "stop", "-m", "immediate", check=False)
        shutil.rmtree(folder)


def storage_settings(server: Server, role: str, password: str) -> str:
    """dagster.yaml of an instance whose records are in the server, reached as a role."""
    return (
        "telemetry: {enabled: false}\nstorage: {postgres: {postgres_db: {"
        f"hostname: '', username: {role}, password: {password}, db_name: {OWNER}, port: {PORT}, "
        f"scheme: postgresql+psycopg2, params: {{host: {server.folder}}}}}}}}}\n"
    )
