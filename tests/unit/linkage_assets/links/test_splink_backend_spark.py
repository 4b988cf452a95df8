"""DuckDB and Spark run the same model on the same records and agree; and what Spark shows of itself to others.

Starting Spark takes most of a minute, so everything that needs it happens in one session.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from justice_assets.steps.identities.condense_persons import condense_persons
from justice_assets.steps.linking.score_justice_pairs import score_justice_pairs
from linkage_assets.steps.links.score_pairs import score_pairs
from record_linkage.splink_backend import SplinkBackend, SplinkFailed, query_frame, register_frame
from tests.open_backend import AlreadyOpen
from tests.unit.justice_assets.stated_linkage import SCORING, SETTINGS, person, persons

WEIGHTS = ["match_probability", "match_weight"]
NAMES = [
    "SIOBHAN ONEILL",
    "SIOBAHN ONEILL",
    "SHIVAUN ONEIL",
    "ONEILL SIOBHAN",
    "S ONEILL",
    "SIOBHAN BAKER",
    "SEAN ONEILL",
]
BORN = ["1984-03-07", "1984-07-03", "1984-03-17", "1984-04-07"]
RECORDS = [
    person(f"M{place}", name.split()[0], name.split()[1], BORN[place % 4], pnc=str(place // 5), sex="FM"[place % 2])
    for place, name in enumerate(NAMES * 4)
]
IDENTITIES = condense_persons([persons(*RECORDS)]).identities


def addresses_listened_on(process: int) -> set[str]:
    """Local addresses of a process's open ports, as the kernel writes them."""
    sockets = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        try:
            sockets.add(str(link.readlink()))
        except FileNotFoundError:  # closed meanwhile
            continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text(encoding="utf-8").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                found.add(fields[1].split(":")[0])
    return found


@dataclass
class Seen:
    """What one Spark session gave and showed."""

    scored: pl.DataFrame
    justice: pl.DataFrame
    hamming: list[int | None]
    addresses: set[str]
    spilled: int
    error: str
    process: int


@pytest.fixture(scope="module")
def spill(tmp_path_factory):
    return tmp_path_factory.mktemp("spill")


@pytest.fixture(scope="module")
def spark(records, model, key, linkage, spill):
    seen: dict[str, Any] = {}
    environment = pytest.MonkeyPatch()
    # Compiling thoroughly pays on large data only, and is most of what so small a run takes.
    environment.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    backend = SplinkBackend(engine="spark", memory_limit="1GB", spill_parent=spill)
    with pytest.raises(SplinkFailed) as caught, backend.open("comparing engines") as database:
        seen["process"] = database.spark.sparkContext._gateway.proc.pid
        opened: Any = AlreadyOpen(database)
        seen["scored"] = score_pairs(records[0], records[1], model, key, opened, linkage)
        whole_names = replace(SCORING, backend=opened)
        seen["justice"] = score_justice_pairs(IDENTITIES, whole_names, SETTINGS)[0]
        distances = "hamming('1980-01-12', '1980-02-12') a, hamming('1980-01-12', '1981-02-12') b, hamming('1', '12') c"
        seen["hamming"] = list(query_frame(database, f"SELECT {distances}, hamming(NULL, '1') d").row(0))
        seen["addresses"] = addresses_listened_on(seen["process"])
        seen["spilled"] = len(list(spill.rglob("*")))
        table = register_frame(database, pl.DataFrame({"dob": ["1990-13-77"]}), "people")
        query_frame(database, f"SELECT CAST(dob AS INT) AS dob FROM {table.physical_name}")
    environment.undo()
    return Seen(**seen, error=str(caught.value))


def test_both_engines_give_the_same_pairs_levels_and_weights(spark, records, model, key, linkage):
    duckdb = score_pairs(records[0], records[1], model, key, SplinkBackend(memory_limit="500MB"), linkage)
    assert duckdb.height > 1000
    assert all(duckdb[column].n_unique() > 1 for column in duckdb.columns)
    assert_frame_equal(spark.scored.drop(WEIGHTS), duckdb.drop(WEIGHTS))
    assert_frame_equal(spark.scored.select(WEIGHTS), duckdb.select(WEIGHTS), check_exact=False, abs_tol=1e-9, rel_tol=0)


def test_justice_records_with_whole_names_have_the_same_weights_on_both_engines(spark):
    duckdb = score_justice_pairs(IDENTITIES, SCORING, SETTINGS)[0]
    assert duckdb.height > 30
    assert duckdb["match_weight"].n_unique() > 10
    assert_frame_equal(spark.justice, duckdb, check_exact=False, abs_tol=1e-4, rel_tol=0)


def test_the_function_that_spark_lacks_means_there_what_it_means_in_duckdb(spark):
    assert spark.hamming == [1, 2, None, None]


def test_spark_on_one_machine_listens_to_that_machine_only(spark):
    assert spark.addresses
    assert spark.addresses <= {"0100007F", "0000000000000000FFFF00000100007F"}


def test_an_error_of_spark_quotes_no_value(spark):
    assert "while comparing engines" in spark.error
    assert "1990" not in spark.error


def test_spark_leaves_no_process_and_no_file(spark, spill):
    assert spark.spilled > 0
    assert list(spill.iterdir()) == []
    assert not Path(f"/proc/{spark.process}").exists()
