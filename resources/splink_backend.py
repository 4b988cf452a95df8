"""The database under Splink: a DuckDB in memory with fixed limits, and the shield that keeps values out of its errors.

Belongs here: connection, limits, frames in and out, translating errors. Does not belong here: any model or table.
"""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import polars as pl
from splink.backends.duckdb import DuckDBAPI
from splink.internals.exceptions import EMTrainingException, SplinkException
from splink.internals.splink_dataframe import SplinkDataFrame


class SplinkFailed(Exception):
    """Splink or DuckDB stopped; says where and which kind of error, never its message, which may quote data."""


@dataclass(frozen=True)
class SplinkBackend:
    """Limits of the database under Splink; `open` gives a fresh one for each piece of work."""

    memory_limit: str = "2GB"
    threads: int = 2

    @contextmanager
    def open(self, doing: str) -> Iterator[DuckDBAPI]:
        """A Splink backend on a fresh DuckDB in memory, closed at the end; `doing` names the work in error messages.

        Spilled data goes to a folder that only this user can read and that is removed at the end.
        Raises SplinkFailed for every error of Splink or DuckDB.
        """
        logging.getLogger("splink").setLevel(logging.ERROR)
        failure = None
        with tempfile.TemporaryDirectory(prefix="pathways-splink-") as spill_folder:
            connection = duckdb.connect(
                config={
                    "threads": self.threads,
                    "memory_limit": self.memory_limit,
                    "temp_directory": spill_folder,
                    "preserve_insertion_order": True,
                }
            )
            try:
                yield DuckDBAPI(connection=connection)
            except (duckdb.Error, SplinkException, EMTrainingException) as error:
                failure = type(error).__name__
            finally:
                connection.close()
        if failure:
            raise SplinkFailed(
                f"{failure} while {doing}. The message is withheld, because it may quote data. "
                "Run the step on synthetic extracts to see it."
            ) from None


def register_frame(database: DuckDBAPI, frame: pl.DataFrame, name: str) -> SplinkDataFrame:
    """Make a frame a table of the database, in the row order it has."""
    connection = database.duckdb_con
    connection.register(f"{name}_arrow", frame.to_arrow())
    connection.execute(f"CREATE TABLE {name}_records AS SELECT * FROM {name}_arrow").fetchall()
    connection.unregister(f"{name}_arrow")
    return database.register(f"{name}_records", dataset_display_name=name)


def query_frame(database: DuckDBAPI, query: str) -> pl.DataFrame:
    """Result of a query as a polars frame."""
    return database.duckdb_con.sql(query).pl()
