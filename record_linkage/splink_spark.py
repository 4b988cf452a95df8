"""Spark under Splink: for records that one machine cannot hold.

Belongs here: session, frames in and out, and the functions of DuckDB that the study's levels use and Spark lacks.
Does not belong here: finding and starting Java (spark_java.py), the choice of engine and the shield of errors
(splink_backend.py), nor any model or table.

Spark is imported only when it is asked for: it is not part of the environment (`make install-spark`, spark_java.py).
"""

import logging
import signal
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from record_linkage.spark_java import find_spark, running_java

if TYPE_CHECKING:
    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingModuleSource]
    from splink.backends.spark import SparkAPI  # pyright: ignore[reportMissingTypeStubs]

# Model and blocking rules are written once, in DuckDB's words. Defined as there, except that strings of different
# length have no distance instead of raising.
FUNCTIONS = {
    "hamming": """(a STRING, b STRING) RETURNS INT RETURN CASE WHEN length(a) = length(b) THEN aggregate(
        sequence(1, length(a)), 0, (differing, i) -> differing + IF(substr(a, i, 1) = substr(b, i, 1), 0, 1)) END""",
}


# Similarities of whole names, from the library that Splink carries: name there, class and type, name in DuckDB.
SIMILARITIES = {
    "jaro_winkler_similarity": ("uk.gov.moj.dash.linkage.JaroWinklerSimilarity", "double"),
    "damerau_levenshtein": ("uk.gov.moj.dash.linkage.LevDamerauDistance", "double"),
}


def errors() -> tuple[type[Exception], ...]:
    """Classes of the errors of Spark and of the connection to it. Raises SparkNotInstalled."""
    find_spark()
    from py4j.protocol import Py4JError  # pyright: ignore[reportMissingModuleSource]
    from pyspark.errors import PySparkException  # pyright: ignore[reportMissingModuleSource]

    return (Py4JError, PySparkException, ConnectionError)


@contextmanager
def open_spark(memory_limit: str, threads: int, master: str, folder: Path) -> Generator["SparkAPI"]:
    """Splink on a fresh Spark session, ended with its Java at the end; all its files lie in `folder`.

    `master` "local" is this machine: `threads` cores, no port but on 127.0.0.1. Any other is a cluster, whose own
    settings (secret, encryption, addresses) Spark reads from the folder in SPARK_CONF_DIR. `memory_limit` is that of
    the driver and of each executor. Raises SparkNotInstalled.
    """
    find_spark()
    from pyspark import SparkContext  # pyright: ignore[reportMissingModuleSource]
    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingModuleSource]
    from splink.backends.spark import SparkAPI  # pyright: ignore[reportMissingTypeStubs]

    _quieten()
    local = master == "local"
    settings = _session_settings(memory_limit, threads, master, folder)
    with running_java(settings, folder) as (conf, gateway), _own_interrupts():
        context = SparkContext(conf=conf, gateway=gateway)
        try:
            session = SparkSession(context)
            for name, (java_class, kind) in SIMILARITIES.items():
                session.udf.registerJavaFunction(name, java_class, kind)
            for name, definition in FUNCTIONS.items():
                session.sql(f"CREATE TEMPORARY FUNCTION {name}{definition}")
            context.setCheckpointDir(str(folder / "checkpoints"))
            yield SparkAPI(
                spark_session=session,
                # Parquet in this machine's folder could not be read by the machines of a cluster.
                break_lineage_method="parquet" if local else "persist",
                register_udfs_automatically=False,
            )
        finally:
            context.stop()


def create_table(database: "SparkAPI", frame: pl.DataFrame, table: str) -> None:
    """Make a frame a view of the session. Spark keeps no row order."""
    _session(database).createDataFrame(frame.to_arrow()).createOrReplaceTempView(table)


def drop_table(database: "SparkAPI", table: str) -> None:
    """Forget a view that `create_table` made."""
    _session(database).catalog.dropTempView(table)


def query(database: "SparkAPI", sql: str) -> pl.DataFrame:
    """Result of a query as a polars frame."""
    return pl.DataFrame(pl.from_arrow(_session(database).sql(sql).toArrow()))


def similarity_jar() -> str:
    """Path of the library of similarities that Splink carries for this Spark."""
    from splink.internals.spark.jar_location import similarity_jar_location  # pyright: ignore[reportMissingTypeStubs]

    return str(similarity_jar_location())


def _session(database: "SparkAPI") -> "SparkSession":
    return database.spark  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def _session_settings(memory_limit: str, threads: int, master: str, folder: Path) -> dict[str, str]:
    megabytes = int(memory_limit[:-2]) * {"MB": 1, "GB": 1000}[memory_limit[-2:]]
    settings = {
        "spark.master": master,
        "spark.app.name": "pathways",
        "spark.driver.memory": f"{megabytes}m",
        "spark.executor.memory": f"{megabytes}m",
        "spark.jars": similarity_jar(),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder} -XX:-UsePerfData",
    }
    if master == "local":
        settings |= {
            "spark.master": f"local[{threads}]",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.authenticate": "true",
            "spark.default.parallelism": str(threads),
            "spark.sql.shuffle.partitions": str(threads),
        }
    return settings


def _quieten() -> None:
    """Spark's side of Python logs failed calls with their message, which may quote data."""
    for name in ("py4j", "pyspark", "SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")


@contextmanager
def _own_interrupts() -> Generator[None]:
    """Spark takes over Ctrl-C and does not give it back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
