"""The database under Splink, by setting, and the shield that keeps values out of its errors.

Belongs here: the choice between DuckDB and Spark, frames in and out of either, translating errors. Does not belong
here: what only one of them needs (splink_duckdb.py, splink_spark.py), nor any model or table.

Both run the same models, blocking rules and queries, which are written in DuckDB's words.
"""

import itertools
import logging
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl
from splink.backends.duckdb import DuckDBAPI  # pyright: ignore[reportMissingTypeStubs]
from splink.internals.exceptions import EMTrainingException, SplinkException
from splink.internals.splink_dataframe import SplinkDataFrame

from record_linkage import splink_duckdb, splink_spark
from resources.process.spill_folder import spill_folder
from resources.settings.settings_section import Backend

# Splink's handle on a database: a DuckDBAPI or a SparkAPI, whose class exists only where Spark is installed.
Database = Any

_numbers = itertools.count()


class SplinkFailed(Exception):
    """Splink or its database stopped; says where and which kind of error, never its message, which may quote data."""


@dataclass(frozen=True)
class SplinkBackend:
    """Engine and limits of the database under Splink; `open` gives a fresh one for each piece of work.

    memory_limit: such as "2GB" or "500MB"; DuckDB spills beyond it, Spark's driver and executors get as much each.
    spark_master: "local", or the address of a cluster. spill_parent: where the private folder for spilled data is
    made, the system's folder for temporary files when None.
    """

    engine: Literal["duckdb", "spark"] = "duckdb"
    memory_limit: str = "2GB"
    threads: int = 2
    spark_master: str = "local"
    spill_parent: Path | None = None

    @classmethod
    def from_settings(cls, settings: Backend, spill_parent: Path | None = None) -> "SplinkBackend":
        """The backend that study.toml names."""
        return cls(settings.engine, settings.memory_limit, settings.threads, settings.spark_master, spill_parent)

    @contextmanager
    def open(self, doing: str) -> Generator[Database]:
        """A Splink backend on a fresh database, closed at the end; `doing` names the work in error messages.

        Spilled data goes to a folder that only this user can read and that is removed at the end.
        Raises SplinkFailed for every error of Splink and of the database, SparkNotInstalled.
        """
        logging.getLogger("splink").setLevel(logging.ERROR)
        spark = self.engine == "spark"
        shielded = _shielded(spark)
        failure = None
        try:
            with ExitStack() as stack:
                folder = stack.enter_context(spill_folder(self.spill_parent))
                if spark:
                    database = splink_spark.open_spark(self.memory_limit, self.threads, self.spark_master, folder)
                else:
                    database = splink_duckdb.open_duckdb(self.memory_limit, self.threads, folder)
                yield stack.enter_context(database)
        except shielded as error:
            failure = type(error).__name__
        if failure:
            raise SplinkFailed(
                f"{failure} while {doing}. The message is withheld, because it may quote data. "
                "Run the step on synthetic extracts to see it."
            ) from None


def register_frame(database: Database, frame: pl.DataFrame, name: str) -> SplinkDataFrame:
    """Make a frame a table of the database, in the row order it has where the engine keeps one; `name` is for people.

    The same name may be used again: every table is a new one.
    """
    # Splink gives back the result it has when the same query on the same table names is asked for again.
    table = f"{name}_records_{next(_numbers)}"
    _engine(database).create_table(database, frame, table)
    return database.register(table, table_name=table, dataset_display_name=name)


@contextmanager
def registered(database: Database, frame: pl.DataFrame, name: str) -> Generator[SplinkDataFrame]:
    """As register_frame, for as long as the block lasts: its memory is given back."""
    table = register_frame(database, frame, name)
    try:
        yield table
    finally:
        _engine(database).drop_table(database, table.physical_name)


def query_frame(database: Database, query: str) -> pl.DataFrame:
    """Result of a query as a polars frame."""
    return _engine(database).query(database, query)


def _shielded(spark: bool) -> tuple[type[Exception], ...]:
    of_database = splink_spark.errors() if spark else splink_duckdb.ERRORS
    return (SplinkException, EMTrainingException, *of_database)


def _engine(database: Database):
    return splink_duckdb if isinstance(database, DuckDBAPI) else splink_spark
