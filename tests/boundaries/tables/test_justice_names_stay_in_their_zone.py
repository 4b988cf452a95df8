"""Full names of people before courts stay in the justice zone, and no treatment record enters it."""

import os
import subprocess
import sys
from importlib import import_module

import polars as pl
import pytest

from contracts.crossings import CROSSINGS
from contracts.extracts import ALL_EXTRACTS, JUSTICE_EXTRACTS
from contracts.zones import JUSTICE_SOURCES_FOLDER
from pathways.refresh.zone_order import JUSTICE, ZONES
from resources.process.data_root import REPOSITORY
from synthetic_extracts.justice.write_justice_extracts import write_justice_extracts

QUARTER = "2023Q1"
PLANTED = "Quillfeather"
NAMES = ("forename", "middle_names", "surname")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A data folder after the zone has read extracts in which one name is planted, and what was printed."""
    root = tmp_path_factory.mktemp("var")
    write_justice_extracts(root, QUARTER, 0.0001, 1)
    for part in (root / JUSTICE_SOURCES_FOLDER / "extracts" / QUARTER).rglob("*.parquet/*.parquet"):
        table = pl.read_parquet(part)
        if "surname" in table.columns:
            planted = pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit(PLANTED)).otherwise("surname")
            besides = pl.lit(PLANTED).alias(f"{PLANTED} Wilhelmina")
            table.with_columns(planted.alias("surname"), besides).write_parquet(part)
    (root / "dagster").mkdir()
    (root / "dagster" / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    environment = {**os.environ, "PATHWAYS_VAR": str(root), "DAGSTER_HOME": str(root / "dagster")}
    command = [sys.executable, "-m", "pathways.refresh.run_zone", JUSTICE, QUARTER, "--make", "standardised_persons"]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return root, done.stdout + done.stderr


def test_a_name_is_in_tables_of_the_zone_and_nowhere_else(run):
    root, said = run
    persons = pl.read_parquet(root / "justice" / QUARTER / "standardised_persons.parquet")
    assert (persons["surname"] == PLANTED.upper()).sum() > 100
    apart = (root / JUSTICE_SOURCES_FOLDER, root / "justice")
    others = [path for path in root.rglob("*") if path.is_file() and not any(path.is_relative_to(it) for it in apart)]
    receipts = list((root / "justice").rglob("*.json"))
    assert len(others) > 3 and len(receipts) > 8
    for form in (PLANTED, PLANTED.upper(), PLANTED.lower()):
        assert form not in said
        assert [path.name for path in (*others, *receipts) if form.encode() in path.read_bytes()] == []


def test_a_column_that_is_sent_besides_is_kept_nowhere(run):
    root, _ = run
    for extract in JUSTICE_EXTRACTS:
        path = root / "justice" / QUARTER / f"{extract.name}.parquet"
        if path.exists():
            assert pl.read_parquet_schema(path).keys() == extract.schema.keys()


def test_nothing_crosses_from_the_zone_or_into_it_and_no_supplier_of_treatment_records_sends_to_it():
    assert not any(JUSTICE in (crossing.made_by, *crossing.read_by) for crossing in CROSSINGS.values())
    assert not {extract.system for extract in JUSTICE_EXTRACTS} & {extract.system for extract in ALL_EXTRACTS}


def test_tables_of_names_are_declared_in_this_zone_alone():
    for zone in ZONES:
        for table in import_module(f"{zone}.schemas").TABLES.values():
            assert not set(NAMES) & set(table.to_schema().columns)
