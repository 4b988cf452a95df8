"""DuckDB under Splink: one machine, in memory, spilling to disk beyond its limit.

Belongs here: connection, limits, frames in and out. Does not belong here: the choice of engine and the shield of
errors (splink_backend.py), nor any model or table.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
from splink.backends.duckdb import DuckDBAPI  # pyright: ignore[reportMissingTypeStubs]

ERRORS = (duckdb.Error,)


@contextmanager
def open_duckdb(memory_limit: str, threads: int, folder: Path) -> Generator[DuckDBAPI]:
    """Splink on a fresh database in memory, closed at the end; what exceeds `memory_limit` spills into `folder`.

    No query reaches another file, an address or an extension: DuckDB would fetch one that a function needs.
    """
    connection = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": memory_limit,
            "temp_directory": str(folder),
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        connection.execute("SET enable_external_access = false")  # as a setting above, it forbids the folder as well
        yield DuckDBAPI(connection=connection)
    finally:
        connection.close()


def create_table(database: DuckDBAPI, frame: pl.DataFrame, table: str) -> None:
    """Copy a frame into the database as `table`, in the row order it has."""
    connection = database.duckdb_con
    # The newest layout is the one that polars holds: nothing is copied on the way.
    connection.register(f"{table}_arrow", frame.to_arrow(compat_level=pl.CompatLevel.newest()))
    try:
        connection.execute(f"CREATE TABLE {table} AS SELECT * FROM {table}_arrow").fetchall()
    finally:
        connection.unregister(f"{table}_arrow")


def drop_table(database: DuckDBAPI, table: str) -> None:
    """Give back the memory of a table that `create_table` made."""
    database.duckdb_con.execute(f"DROP TABLE IF EXISTS {table}").fetchall()


@contextmanager
def looked_at(database: DuckDBAPI, frame: pl.DataFrame, table: str) -> Generator[None]:
    """A frame under the name `table` as long as the block lasts, read where it lies."""
    database.duckdb_con.register(table, frame.to_arrow(compat_level=pl.CompatLevel.newest()))
    try:
        yield
    finally:
        database.duckdb_con.unregister(table)


def query(database: DuckDBAPI, sql: str) -> pl.DataFrame:
    """Result of a query as a polars frame."""
    return database.duckdb_con.sql(sql).pl()
