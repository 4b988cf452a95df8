"""A column that is not asked for is kept nowhere: not its values, and not its name where that may be a value."""

import json
from contextlib import redirect_stdout

import dagster as dg
import polars as pl
import pytest

from contracts.extracts import ALL_EXTRACTS, EXTRACT_BY_NAME, LINKAGE_EXTRACTS
from linkage_assets.assets.sources.extracts import quarantined_rows
from pathways.check.check import check_command
from resources.extracts.extract_assets import extract_asset
from resources.extracts.extract_folder import ExtractFolder
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import Zone
from synthetic_extracts.write_extracts import write_extracts

QUARTER = "2023Q1"
PLANTED, PERSON = "PLANTED", "Wilhelmina Prendergast"


def plant(path) -> None:
    """Add a column named after a person, with a value in every row, to a file of the extracts."""
    table = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    table = table.with_columns((PLANTED + pl.int_range(pl.len()).cast(pl.String)).alias(PERSON))
    if path.suffix == ".parquet":
        table.write_parquet(path)
    else:
        table.write_csv(path)


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory):
    """A data folder whose extracts hold all that the systems hold, and more, after a check and both zones' reading."""
    root = tmp_path_factory.mktemp("var")
    write_extracts(root, QUARTER, 0.005, seed=1, besides=True)
    folder = root / "extracts" / QUARTER
    for extract in ALL_EXTRACTS:
        plant(next((folder / extract.system).glob(f"{extract.name}.*")))
    with (folder / "ndelius" / "offender.csv").open("a", encoding="utf-8") as file:
        file.write("no CRN" + "," * 12 + PLANTED + "\n")  # a row that is set aside, with what was sent besides
    with (root / "check.txt").open("w", encoding="utf-8") as said, redirect_stdout(said):
        for json_lines in (True, False):
            check_command(folder, None, json_lines, QUARTER, keep_for=root)
    (root / "dagster").mkdir()
    instance = dg.DagsterInstance.local_temp(str(root / "dagster"))
    for zone, extracts, more in (
        ("linkage", LINKAGE_EXTRACTS, [quarantined_rows]),
        ("nlp", [EXTRACT_BY_NAME["contact_note"]], []),
    ):
        store = ZoneStore(Zone(zone, root, "code", "settings", {}))
        done = dg.materialize(
            [*(extract_asset(each, zone) for each in extracts), *more],
            partition_key=QUARTER,
            instance=instance,
            resources={"extracts": ExtractFolder(root=str(root)), "zone_store": store, "io_manager": store},
        )
        assert done.success
    return root


def kept_files(root):
    return [
        path
        for path in root.rglob("*")
        if path.is_file()
        and path.relative_to(root).parts[0] != "extracts"
        and path.relative_to(root).parts[0] != "truth"
    ]


def test_the_tables_of_the_zones_have_the_columns_that_are_asked_for_and_no_other(refreshed):
    tables = {path.stem: path for path in kept_files(refreshed) if path.suffix == ".parquet"}
    for extract in ALL_EXTRACTS:
        assert list(pl.read_parquet_schema(tables[extract.name])) == extract.column_names
    assert "offender" in pl.read_parquet(tables["quarantined_rows"])["extract"]


def test_what_is_known_to_the_source_and_not_asked_for_is_named(refreshed):
    said = (refreshed / "check.txt").read_text(encoding="utf-8")
    assert "sent besides, not read: offender_id, deceased_date, (1 name not shown: column 13)" in said
    reports = map(json.loads, said.splitlines()[: len(ALL_EXTRACTS)])
    ignored = {report["table"]: report["columns_ignored"] for report in reports}
    for extract in ALL_EXTRACTS:
        *named, not_shown = ignored[extract.name]
        assert sorted(named) == sorted(extract.not_asked) and not_shown.startswith("(1 name not shown")


def test_no_value_and_no_name_of_a_column_that_was_sent_besides_is_kept_anywhere(refreshed):
    for path in kept_files(refreshed):
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += pl.read_parquet(path).write_csv().encode()
        assert PLANTED.encode() not in content, path
        assert PERSON.encode() not in content, path
