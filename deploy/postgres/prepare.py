"""Makes the roles of Dagster's database and gives them their rights. Run by the service `database`, as its owner.

    dagster instance migrate && dagster instance concurrency set gpu 1 && python prepare.py

with PGHOST, PGDATABASE, DAGSTER_POSTGRES_USER, _PASSWORD. The second lets the pool's limit hold from its first run on.

The tables are Dagster's; who may do what in them is in rights.sql. It starts from nothing each time: run again, it
brings in a changed password, Dagster or list of assets. Passwords are files <role>_database_password in /run/secrets,
or in the folder that PATHWAYS_SECRETS names. They leave this program as SCRAM verifiers: the server never sees them.
"""

import csv
import os
import sys
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection, encrypt_password

HERE = Path(__file__).parent
ROLES = ("linkage", "nlp", "modelling", "justice", "operators", "daemon", "governance", "alerts")
SHORTEST = 16
ROLE_OPTIONS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT CONNECTION LIMIT"
ZONES, MOST_CONNECTIONS = ROLES[:4], 15  # of a zone: the server has 100, and no zone may take them all


def prepare(database: connection, passwords: dict[str, str]) -> None:
    """Make what is missing and set everything anew, in one transaction.

    `passwords`: role to password. Raises psycopg2.Error.
    """
    with database, database.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        there = {name for (name,) in cursor.fetchall()}
        for role in ROLES:
            verifier = encrypt_password(passwords[role], role, scope=database, algorithm="scram-sha-256")
            most = MOST_CONNECTIONS if role in ZONES else -1
            statement = f"{'ALTER' if role in there else 'CREATE'} ROLE {{}} {ROLE_OPTIONS} {most} PASSWORD {{}}"
            cursor.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(verifier)))
        cursor.execute("CREATE TEMPORARY TABLE given_belongings (zone text, kind text, name text) ON COMMIT DROP")
        cursor.executemany("INSERT INTO given_belongings VALUES (%s, %s, %s)", _belongings())
        cursor.execute((HERE / "rights.sql").read_text(encoding="utf-8"))


def read_passwords(folder: Path) -> dict[str, str]:
    """Role to password, from a file each. Raises ValueError that names the files to mend."""
    passwords = {role: _first_line(folder / f"{role}_database_password") for role in ROLES}
    short = [role for role, password in passwords.items() if len(password) < SHORTEST]
    if short:
        files = ", ".join(f"{role}_database_password" for role in short)
        raise ValueError(f"{folder}: put a password of {SHORTEST} letters or more into {files}.")
    if len(set(passwords.values())) < len(ROLES):
        raise ValueError(f"{folder}: two roles have the same password. Give each its own.")
    return passwords


def _first_line(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _belongings() -> list[tuple[str, str, str]]:
    with (HERE / "zones.csv").open(encoding="utf-8", newline="") as file:
        return [(line["zone"], line["kind"], line["name"]) for line in csv.DictReader(file)]


def main() -> int:
    """Prepare the database that the environment names, as its owner. Returns 1 after saying what is wrong."""
    try:
        passwords = read_passwords(Path(os.environ.get("PATHWAYS_SECRETS", "/run/secrets")))
        database = psycopg2.connect(
            user=os.environ["DAGSTER_POSTGRES_USER"], password=os.environ["DAGSTER_POSTGRES_PASSWORD"]
        )
        prepare(database, passwords)
        database.close()
    except psycopg2.Error as error:
        # the text of an error quotes its statement, which may hold a verifier
        print(error.diag.message_primary or f"No connection to Dagster's database: {error}", file=sys.stderr)
        return 1
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(ROLES)} roles have their rights.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
