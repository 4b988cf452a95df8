"""The zone store: what is written, when it is current, and what a kill leaves behind."""

import gc
import os
import weakref
from dataclasses import replace
from datetime import date
from hashlib import sha256

import dagster as dg
import pandera.polars as pa
import polars as pl
import pytest

from resources.zone.dagster_partitions import quarters
from resources.zone.schema_check import Table
from resources.zone.zone_store import EXTRACT, SOURCE_SHA256, ZoneStore, is_current
from resources.zone.zone_tables import TableNotUsable, Zone

QUARTER = "2023Q1"


class Crossing(Table):
    number: int = pa.Field(le=9, description="a number")


@dg.asset(partitions_def=quarters)
def first() -> pl.DataFrame:
    return pl.DataFrame({"number": [1, 2]})


@dg.asset(partitions_def=quarters)
def crossing(first: pl.DataFrame) -> pl.DataFrame:
    return first


@pytest.fixture
def zone(tmp_path):
    return Zone("linkage", tmp_path, "code", "settings", {"crossing": Crossing})


def run(zone, assets=(first, crossing), **options):
    return dg.materialize(assets, partition_key=QUARTER, resources={"io_manager": ZoneStore(zone)}, **options)


def spec(asset: dg.AssetsDefinition) -> dg.AssetSpec:
    return next(iter(asset.specs))


def test_a_table_is_current_after_its_run_and_not_before(zone):
    assert not is_current(zone, QUARTER, spec(first))
    run(zone)
    assert is_current(zone, QUARTER, spec(first))
    assert is_current(zone, QUARTER, spec(crossing))


def test_a_table_that_may_have_been_made_from_two_states_of_the_quarter_before_is_not_written(zone):
    store = ZoneStore(zone)
    run(zone)

    @dg.asset(name="crossing", partitions_def=quarters)
    def taking_over() -> pl.DataFrame:
        assert store.of_quarter_before("2023Q2", ["first"]) is not None
        dg.materialize((first,), partition_key=QUARTER, resources={"io_manager": ZoneStore(zone)})
        return pl.DataFrame({"number": [3]})

    with pytest.raises(Exception, match="a table was replaced while it was read"):
        dg.materialize((taking_over,), partition_key="2023Q2", resources={"io_manager": store})
    dg.materialize((first,), partition_key="2023Q2", resources={"io_manager": store})
    assert zone.receipt("first", "2023Q2") is not None


@pytest.mark.parametrize("change", [{"code": "other"}, {"settings": "other"}])
def test_a_table_is_not_current_after_a_change_of_code_or_settings(zone, change):
    run(zone)
    assert not is_current(replace(zone, **change), QUARTER, spec(first))


def test_a_table_is_not_current_when_a_section_of_the_settings_that_it_quotes_has_changed(zone):
    quoting = replace(zone, quoted={"first": {"linkage": "old"}})
    run(quoting)
    assert is_current(quoting, QUARTER, spec(first)) and is_current(quoting, QUARTER, spec(crossing))
    changed = replace(zone, quoted={"first": {"linkage": "new"}})
    assert not is_current(changed, QUARTER, spec(first)) and is_current(changed, QUARTER, spec(crossing))


def test_a_table_is_not_current_when_what_it_was_made_from_has_changed(zone):
    run(zone)

    @dg.asset(name="first", partitions_def=quarters)
    def another() -> pl.DataFrame:
        return pl.DataFrame({"number": [3]})

    run(zone, (another,))
    assert not is_current(zone, QUARTER, spec(crossing))


def test_a_table_is_of_what_is_there_until_one_before_it_is_made_anew(zone):
    """What is published waits for it: else it would be made of last run's estimates, and then once more."""
    last = dg.asset(name="last", partitions_def=quarters)(lambda crossing: crossing)
    own = replace(zone, crossings={})
    run(own, (first, crossing, last))
    assert own.is_of_what_is_there("last", QUARTER)

    @dg.asset(name="first", partitions_def=quarters)
    def another() -> pl.DataFrame:
        return pl.DataFrame({"number": [3]})

    run(own, (another,))
    assert not own.is_of_what_is_there("last", QUARTER)


def test_the_hash_of_a_table_is_known_in_its_zone_only_and_tells_nothing_of_a_few_counts(zone, tmp_path):
    """Whoever reads the hash could else make a file of every count that is possible, and find the withheld one."""
    hashes = set()
    for root in (zone.root, tmp_path / "elsewhere"):
        for quarter in (QUARTER, "2023Q2"):
            there = replace(zone, root=root)
            dg.materialize([first], partition_key=quarter, resources={"io_manager": ZoneStore(there)})
            hashes.add((root, there.written("first", quarter).sha256))
            assert pl.read_parquet(there.table_path("first", quarter)).equals(pl.DataFrame({"number": [1, 2]}))
    assert len(hashes) == 2 and len({digest for _, digest in hashes}) == 2


def test_a_table_cut_short_by_a_kill_is_not_current(zone):
    run(zone)
    path = zone.table_path("first", QUARTER)
    path.write_bytes(path.read_bytes()[:-1])
    assert not is_current(zone, QUARTER, spec(first))


@pytest.mark.parametrize("fault", ["changed", "cut short", "gone"])
def test_a_table_that_lists_files_is_current_while_each_of_them_is_as_it_says(zone, fault):
    """A page of a publication that was lost is made again: a refresh would else end well and leave a hole."""
    file = zone.root / "publication" / QUARTER / "report.html"
    file.parent.mkdir(parents=True)
    listing = replace(zone, lists={"pages": "publication/{quarter}"})

    @dg.asset(partitions_def=quarters)
    def pages() -> pl.DataFrame:
        file.write_bytes(b"a page")
        return pl.DataFrame({"file": ["report.html"], "bytes": [6], "sha256": [sha256(b"a page").hexdigest()]})

    run(listing, (pages,))
    assert is_current(listing, QUARTER, spec(pages))
    match fault:
        case "changed":
            file.write_bytes(b"b page")
        case "cut short":
            file.write_bytes(b"a pa")
        case "gone":
            file.unlink()
    assert not is_current(listing, QUARTER, spec(pages))
    with pytest.raises(TableNotUsable, match=r"a file that it lists is not the one that was written\. Run the refresh"):
        listing.written("pages", QUARTER)
    run(listing, (pages,))
    assert is_current(listing, QUARTER, spec(pages)) and file.read_bytes() == b"a page"


def test_a_table_is_not_current_when_its_extract_has_changed(zone):
    folder = zone.root / "extracts" / QUARTER / "ndelius"
    folder.mkdir(parents=True)
    (folder / "offender.csv").write_text("crn\n", encoding="utf-8")

    @dg.asset(partitions_def=quarters, metadata={EXTRACT: "ndelius/offender"})
    def offender() -> pl.DataFrame:
        return pl.DataFrame({"number": [1]})

    run(zone, (offender,))
    assert is_current(zone, QUARTER, spec(offender))
    (folder / "offender.csv").write_text("crn\nX1\n", encoding="utf-8")
    assert not is_current(zone, QUARTER, spec(offender))


def test_a_table_is_not_current_when_a_part_of_its_extract_has_changed(zone):
    folder = zone.root / "extracts" / QUARTER / "ndelius" / "offender.csv"
    folder.mkdir(parents=True)
    for number in range(2):
        (folder / f"part-{number}.csv").write_text("crn\nX1\n", encoding="utf-8")

    @dg.asset(partitions_def=quarters, metadata={EXTRACT: "ndelius/offender"})
    def offender() -> pl.DataFrame:
        return pl.DataFrame({"number": [1]})

    run(zone, (offender,))
    assert is_current(zone, QUARTER, spec(offender))
    (folder / "part-1.csv").write_text("crn\nX2\n", encoding="utf-8")
    assert not is_current(zone, QUARTER, spec(offender))


def test_a_crossing_table_that_breaks_its_schema_is_not_written(zone):
    @dg.asset(name="first", partitions_def=quarters)
    def wrong() -> pl.DataFrame:
        return pl.DataFrame({"number": [10]})

    result = run(zone, (wrong, crossing), raise_on_error=False)
    assert not result.success
    assert not zone.table_path("crossing", QUARTER).exists()


def test_a_crossing_table_lies_in_a_folder_of_its_own(zone):
    run(zone)
    assert (zone.root / "crossings" / "crossing" / QUARTER / "crossing.parquet").exists()
    assert not (zone.root / "linkage" / QUARTER / "crossing.parquet").exists()


def test_running_again_writes_the_same_bytes(zone):
    run(zone)
    before = zone.table_path("crossing", QUARTER).read_bytes()
    run(zone)
    assert zone.table_path("crossing", QUARTER).read_bytes() == before


def test_a_table_is_not_current_when_a_file_it_is_made_from_has_changed(zone):
    zone = replace(zone, files={"first": ["models/{quarter}.json"]})
    (zone.root / "models").mkdir()
    (zone.root / "models" / f"{QUARTER}.json").write_text("{}", encoding="utf-8")
    run(zone)
    assert is_current(zone, QUARTER, spec(first))
    (zone.root / "models" / f"{QUARTER}.json").write_text("{ }", encoding="utf-8")
    assert not is_current(zone, QUARTER, spec(first)) and is_current(zone, QUARTER, spec(crossing))


def test_tables_of_the_quarter_before_are_given_when_the_same_model_and_code_made_them(zone):
    store = ZoneStore(zone)
    assert store.of_quarter_before("2023Q2", ["first"], same="crossing") is None
    for quarter in (QUARTER, "2023Q2"):
        dg.materialize((first, crossing), partition_key=quarter, resources={"io_manager": store})
    tables = store.of_quarter_before("2023Q2", ["first"], same="crossing")
    assert tables is not None and tables["first"].collect()["number"].to_list() == [1, 2]
    assert store.of_quarter_before(QUARTER, ["first"], same="crossing") is None


@pytest.mark.parametrize("change", [{"code": "other"}, {"settings": "other"}])
def test_tables_of_the_quarter_before_are_not_given_when_other_code_or_settings_made_them(zone, change):
    run(zone)
    now = replace(zone, **change)
    dg.materialize((first, crossing), partition_key="2023Q2", resources={"io_manager": ZoneStore(now)})
    assert ZoneStore(now).of_quarter_before("2023Q2", ["first"], same="crossing") is None


def test_tables_of_the_quarter_before_are_not_given_when_another_model_made_them(zone):
    run(zone)

    @dg.asset(name="crossing", partitions_def=quarters)
    def another() -> pl.DataFrame:
        return pl.DataFrame({"number": [3]})

    dg.materialize((first, another), partition_key="2023Q2", resources={"io_manager": ZoneStore(zone)})
    assert ZoneStore(zone).of_quarter_before("2023Q2", ["first"], same="crossing") is None


def test_a_table_that_is_written_is_let_go_before_the_run_ends(zone):
    held: list[weakref.ref[pl.DataFrame]] = []

    @dg.asset(name="first", partitions_def=quarters)
    def made() -> pl.DataFrame:
        frame = pl.DataFrame({"number": [1]})
        held.append(weakref.ref(frame))
        return frame

    @dg.asset(name="crossing", partitions_def=quarters)
    def following(first: pl.DataFrame) -> pl.DataFrame:
        gc.collect()
        assert all(each() is None for each in held)
        return first

    assert dg.materialize((made, following), partition_key=QUARTER, resources={"io_manager": ZoneStore(zone)}).success


def test_parts_of_a_table_are_removed_once_it_is_written(zone):
    parts = ZoneStore(zone).chunk_folder("first", QUARTER)
    parts.mkdir(parents=True)
    (parts / "chunk_0001.parquet").write_bytes(b"part")
    run(zone)
    assert not parts.exists()


def test_an_asset_that_asks_for_a_lazy_frame_gets_a_scan_and_not_the_table(zone):
    given = []

    @dg.asset(partitions_def=quarters)
    def second(first: pl.LazyFrame) -> pl.DataFrame:
        given.append(first)
        return first.select(pl.col("number").sum()).collect()

    run(zone, (first, second))
    assert isinstance(given[0], pl.LazyFrame) and "Parquet SCAN" in given[0].explain()
    assert ZoneStore(zone).read("second", QUARTER)["number"].to_list() == [3]


def replaced(path, content: bytes) -> None:
    """Replace a file as another program would: by rename, with the dates of the old one."""
    before = path.stat()
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))
    new.replace(path)


def test_a_table_of_the_same_size_that_is_not_the_one_written_is_neither_current_nor_read(zone):
    run(zone)
    path = zone.table_path("first", QUARTER)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    replaced(path, bytes(content))
    assert not is_current(zone, QUARTER, spec(first))
    with pytest.raises(TableNotUsable, match="table first of 2023Q1"):
        ZoneStore(zone).read("first", QUARTER)
    assert not run(zone, (first.to_source_asset(), crossing), selection=[crossing], raise_on_error=False).success


def test_an_extract_replaced_while_it_was_read_is_not_taken_as_read(zone):
    folder = zone.root / "extracts" / QUARTER / "ndelius"
    folder.mkdir(parents=True)
    file = folder / "offender.csv"
    file.write_text("crn\nX1\n", encoding="utf-8")

    @dg.asset(partitions_def=quarters, metadata={EXTRACT: "ndelius/offender"})
    def offender(context: dg.AssetExecutionContext) -> pl.DataFrame:
        content = file.read_bytes()
        context.add_output_metadata({SOURCE_SHA256: sha256(content).hexdigest()})
        replaced(file, b"crn\nX2\n")
        return pl.DataFrame({"number": [1]})

    run(zone, (offender,))
    assert not is_current(zone, QUARTER, spec(offender))
    file.write_text("crn\nX1\n", encoding="utf-8")
    assert is_current(zone, QUARTER, spec(offender))


def test_a_file_that_was_touched_while_a_table_was_made_from_it_makes_the_table_anew(zone):
    zone = replace(zone, files={"slow": ["models/model.json"]})
    (zone.root / "models").mkdir()
    file = zone.root / "models" / "model.json"
    file.write_text("{}", encoding="utf-8")
    edits = ["{ }"]

    @dg.asset(partitions_def=quarters)
    def slow() -> pl.DataFrame:
        if edits:
            file.write_text(edits.pop(), encoding="utf-8")
        return pl.DataFrame({"number": [1]})

    run(zone, (slow,))
    assert not is_current(zone, QUARTER, spec(slow))
    run(zone, (slow,))
    assert is_current(zone, QUARTER, spec(slow))


def test_a_table_replaced_while_another_was_made_from_a_scan_of_it_stops_that_one(zone):
    @dg.asset(partitions_def=quarters)
    def second(first: pl.LazyFrame) -> pl.DataFrame:
        frame = first.collect()
        replaced(zone.table_path("first", QUARTER), b"something else")
        return frame

    assert not run(zone, (first, second), raise_on_error=False).success
    assert zone.receipt("second", QUARTER) is None


def test_nothing_is_written_once_the_settings_were_edited_while_a_run_was_going_on(zone):
    assert not run(replace(zone, settings_now=lambda: "edited"), raise_on_error=False).success
    assert not zone.table_path("first", QUARTER).exists()
    assert run(replace(zone, settings_now=lambda: "settings")).success


def test_a_table_read_back_a_quarter_later_is_what_was_in_memory(zone):
    kept = pl.DataFrame(
        {
            "number": [1.5, None],
            "day": [date(2023, 1, 1), None],
            "flag": [True, None],
            "word": ["a", None],
            "small": pl.Series([1, None], dtype=pl.Int8),
        }
    )

    @dg.asset(name="first", partitions_def=quarters)
    def table() -> pl.DataFrame:
        return kept

    for quarter in (QUARTER, "2023Q2"):
        dg.materialize((table,), partition_key=quarter, resources={"io_manager": ZoneStore(zone)})
    before = ZoneStore(zone).of_quarter_before("2023Q2", ["first"], same="first")
    assert before is not None
    read = before["first"].collect()
    assert read.equals(kept) and read.schema == kept.schema
