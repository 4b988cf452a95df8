"""The database under Splink: frames in and out, limits, what it leaves on disk and in errors; finding Java for Spark.

What only a running Spark can show is in test_splink_backend_spark.py.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from record_linkage.spark_java import SparkNotInstalled, find_spark, java_home, launcher_home
from record_linkage.splink_backend import SplinkBackend, SplinkFailed, query_frame, register_frame, registered
from resources.process.spill_folder import spill_folder
from resources.settings.study_settings import load_study_settings

TWO_ROWS = pl.DataFrame({"record_id": ["b", "a"], "north": [1.5, None]})


def java_in(folder: Path, version: str) -> Path:
    """A folder that looks like an installed Java, whose `java` prints what it is asked."""
    (folder / "bin").mkdir(parents=True)
    (folder / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n', encoding="utf-8")
    (folder / "bin" / "java").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    (folder / "bin" / "java").chmod(0o700)
    return folder


def test_a_frame_comes_out_as_it_went_in():
    with SplinkBackend().open("a test") as database:
        table = register_frame(database, TWO_ROWS, "people")
        assert query_frame(database, f"SELECT * FROM {table.physical_name}").equals(TWO_ROWS)


def test_a_name_used_again_is_another_table_and_both_are_given_back():
    with SplinkBackend().open("a test") as database:
        with registered(database, TWO_ROWS, "people") as both, registered(database, TWO_ROWS[:1], "people") as one:
            rows = [query_frame(database, f"SELECT * FROM {t.physical_name}").height for t in (both, one)]
        assert rows == [2, 1]
        assert query_frame(database, "SELECT * FROM duckdb_tables()").is_empty()


def test_more_than_the_memory_limit_spills_into_a_private_folder_that_is_gone_at_the_end(tmp_path):
    backend = SplinkBackend(memory_limit="60MB", threads=1, spill_parent=tmp_path / "spill")
    with backend.open("a test") as database:
        register_frame(database, pl.DataFrame({"number": pl.int_range(12_000_000, eager=True).hash()}), "numbers")
        (folder,) = backend.spill_parent.iterdir()
        spilled = sum(path.stat().st_size for path in folder.iterdir())
        mode = folder.stat().st_mode & 0o777
    assert spilled > 1_000_000
    assert mode == 0o700
    assert list(backend.spill_parent.iterdir()) == []


def test_what_a_killed_process_spilled_is_removed_and_what_a_living_one_spills_is_not(tmp_path):
    with spill_folder(tmp_path) as living:
        abandoned = tmp_path / "pathways-spill-abandoned"
        abandoned.mkdir()
        (abandoned / "block").write_text("identifiers", encoding="utf-8")
        with spill_folder(tmp_path) as another:
            assert sorted(tmp_path.iterdir()) == sorted([living, another])


def test_a_spill_folder_is_held_by_its_process(tmp_path):
    with spill_folder(tmp_path) as folder:
        held = os.open(folder, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(held)


def test_an_error_of_the_database_quotes_no_value():
    people = pl.DataFrame({"dob": ["1990-13-77"]})
    with pytest.raises(SplinkFailed) as caught, SplinkBackend().open("reading dates") as database:
        table = register_frame(database, people, "people")
        query_frame(database, f"SELECT CAST(dob AS DATE) AS dob FROM {table.physical_name}")
    assert "while reading dates" in str(caught.value)
    assert "1990" not in str(caught.value)


def test_an_error_of_ours_passes_as_it_is():
    with pytest.raises(KeyError, match="ours"), SplinkBackend().open("a test"):
        raise KeyError("ours")


def test_the_backend_is_the_one_that_study_toml_names(tmp_path):
    settings = load_study_settings().linkage.backend
    backend = SplinkBackend.from_settings(settings.model_copy(update={"engine": "spark", "threads": 7}), tmp_path)
    assert (backend.engine, backend.threads, backend.memory_limit) == ("spark", 7, settings.memory_limit)
    assert backend.spill_parent == tmp_path


def test_another_engine_makes_no_table_anew():
    settings = load_study_settings()
    spark = settings.linkage.backend.model_copy(update={"engine": "spark"})
    linkage = settings.linkage.model_copy(update={"backend": spark})
    other = settings.model_copy(update={"linkage": linkage})
    assert other.fingerprint("linkage") == settings.fingerprint("linkage")


def test_spark_that_is_not_installed_is_said_with_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(SparkNotInstalled, match="make install-spark"), SplinkBackend(engine="spark").open("a test"):
        pass


def test_an_installed_java_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(java_in(tmp_path / "jdk", "17.0.9")))
    assert java_home() == tmp_path / "jdk"


def test_a_java_that_is_too_old_is_passed_over(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(java_in(tmp_path / "old", "11.0.2")))
    monkeypatch.setenv("PATH", str(java_in(tmp_path / "new", "21.0.8") / "bin"))
    assert java_home() == tmp_path / "new"


def test_without_an_installed_java_it_is_the_one_that_came_with_spark(monkeypatch, tmp_path):
    find_spark()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    version = subprocess.run([java_home() / "bin" / "java", "-version"], capture_output=True, text=True, check=True)
    assert 'version "21.' in version.stderr


def test_java_is_started_without_the_module_that_the_one_with_spark_lacks(tmp_path):
    java = java_in(tmp_path / "a jdk", "21.0.8")
    launcher = launcher_home(java, tmp_path) / "bin" / "java"
    asked = ["-cp", "two words", "--add-modules=jdk.incubator.vector", "Main"]
    done = subprocess.run([launcher, *asked], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["-cp", "two words", "Main"]
