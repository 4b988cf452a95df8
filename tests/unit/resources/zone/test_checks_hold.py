"""A blocking check holds until its cause is gone: on a tiny zone of two tables and the checks on them."""

from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from types import ModuleType

import dagster as dg
import pandera.polars as pa
import polars as pl
import pytest

from pathways.refresh.run_zone import run
from resources.drift.earlier_profile import files_of_quarter_before
from resources.operation.starts import runs_when_written
from resources.receipts.receipt_book import ReceiptBook
from resources.receipts.receipts import CheckRecord
from resources.records.launched_by import LAUNCHED_BY
from resources.zone.dagster_partitions import quarters
from resources.zone.gates import Measure
from resources.zone.schema_check import Table
from resources.zone.zone_asset import OF_ZONE, zone_asset
from resources.zone.zone_check import CheckNotRecorded, zone_check
from resources.zone.zone_definitions import to_do, zone_definitions, zone_job, zone_store
from resources.zone.zone_gate import zone_gate
from resources.zone.zone_store import ZoneStore, made_from
from resources.zone.zone_tables import TableNotUsable, Zone

QUARTER = "2023Q1"
made: list[str] = []
judged: list[str] = []
content = {"drifting": 7}


class Numbers(Table):
    number: int = pa.Field(le=9, description="a number")


@zone_asset()
def drifting() -> pl.DataFrame:
    made.append("drifting")
    return pl.DataFrame({"number": [content["drifting"]]})


@zone_gate(drifting)
def number_is_small(drifting: pl.DataFrame) -> list[Measure]:
    """The number is small."""
    judged.append("number_is_small")
    value = drifting["number"].item()
    measure = Measure("number of numbers", value, "at most 3", value <= 3, "Look at the numbers.")
    return [measure]


@zone_asset()
def crossing(drifting: pl.DataFrame) -> pl.DataFrame:
    made.append("crossing")
    return drifting


@zone_asset()
def beside() -> pl.DataFrame:
    made.append("beside")
    return pl.DataFrame({"number": [1]})


@zone_check(crossing, additional_ins={"beside": dg.AssetIn("beside")})
def crossing_goes_with_beside(crossing: pl.DataFrame, beside: pl.DataFrame) -> dg.AssetCheckResult:
    """The two are as long as each other."""
    judged.append("crossing_goes_with_beside")
    return dg.AssetCheckResult(passed=crossing.height == beside.height)


def tiny_zone(root, code: str = "code") -> dg.Definitions:
    module = ModuleType("tiny")
    for asset in (drifting, number_is_small, crossing, beside, crossing_goes_with_beside):
        setattr(module, (asset.op.name), asset)
    tables = {"drifting": Numbers, "crossing": Numbers, "beside": Numbers}
    return zone_definitions(Zone("linkage", root, code, "settings", {"crossing": Numbers}), [module], tables)


def modelling_zone(root) -> Zone:
    return Zone("modelling", root, "code", "settings", {"crossing": Numbers}, made_by={"crossing": "linkage"})


@pytest.fixture
def refresh(tmp_path, monkeypatch):
    """Function: run the tiny zone as `pathways refresh` does; exit code, tables made and checks judged."""
    instance = dg.DagsterInstance.ephemeral()
    monkeypatch.setattr(dg.DagsterInstance, "get", lambda: instance)
    content["drifting"] = 7

    def refresh(code: str = "code"):
        made.clear()
        judged.clear()
        definitions = tiny_zone(tmp_path, code)
        zone_store(definitions).release(QUARTER)
        done = run("tiny", definitions, QUARTER, to_do(definitions, QUARTER))
        return done, sorted(made), sorted(judged)

    return refresh


def test_a_run_of_a_command_names_its_zone_and_who_launched_it_in_the_list_of_runs(refresh):
    refresh()
    (run,) = dg.DagsterInstance.get().get_runs()
    assert run.tags[OF_ZONE] == "linkage" and run.tags[LAUNCHED_BY].endswith(", by command")


def accept(root, value: float) -> None:
    (root / "decisions").mkdir(exist_ok=True)
    (root / "decisions" / f"{QUARTER}.toml").write_text(
        f'[[accepted]]\nquarter = "{QUARTER}"\ncheck = "number_is_small"\nmeasure = "number of numbers"\n'
        f'value = {value}\nby = "A. Person"\non = 2026-11-28\nreason = "Because."\n',
        encoding="utf-8",
    )


def test_a_failed_check_fails_again_without_making_its_table_again(refresh):
    assert refresh() == (1, ["beside", "drifting"], ["number_is_small"])
    assert refresh() == (1, [], ["number_is_small"])
    assert refresh() == (1, [], ["number_is_small"])


def test_a_check_passes_once_its_cause_is_gone(refresh):
    refresh()
    content["drifting"] = 2
    assert refresh("mended code") == (
        0,
        ["beside", "crossing", "drifting"],
        ["crossing_goes_with_beside", "number_is_small"],
    )
    assert refresh("mended code") == (0, [], [])


def test_an_accepted_value_lets_the_run_go_on_without_making_its_table_again(refresh, tmp_path):
    refresh()
    accept(tmp_path, 7)
    assert refresh() == (0, ["crossing"], ["crossing_goes_with_beside", "number_is_small"])
    assert refresh() == (0, [], [])


def test_a_quarter_is_compared_again_when_the_one_before_it_was_accepted_after_it_had_run(refresh, tmp_path):
    """It ran without anything to compare with, and would stay so: what is compared has the same content."""
    before = ["linkage/{before}/drifting.parquet", "linkage/{before}/drifting.json"]
    assert files_of_quarter_before("linkage", "drifting", ["drifting"]) == before
    zone = replace(zone_store(tiny_zone(tmp_path)).zone, files={"beside": before})

    def made_from_now() -> dict[str, str]:
        return made_from(zone, "2023Q2", beside.get_asset_spec())

    refresh()
    then = made_from_now()
    accept(tmp_path, 7)
    refresh()
    assert {name for name, content in made_from_now().items() if content != then[name]} == {f"file:{before[1]}"}


@pytest.mark.parametrize(
    ("package", "table"),
    [
        ("linkage_assets", "linkage_drift"),
        ("linkage_assets", "source_drift"),
        ("nlp_assets", "note_drift"),
    ],
)
def test_every_comparison_with_the_quarter_before_is_made_again_when_that_was_accepted(package, table):
    zone = zone_store(import_module(f"{package}.definitions").defs()).zone
    assert f"{zone.name}/{{before}}/{table}.json" in zone.files[table]


def test_an_accepted_value_does_not_let_another_value_pass(refresh, tmp_path):
    accept(tmp_path, 8)
    assert refresh()[0] == 1


def test_a_decision_that_is_taken_back_holds_the_table_and_what_follows_again(refresh, tmp_path):
    accept(tmp_path, 7)
    assert refresh()[0] == 0
    (tmp_path / "decisions" / f"{QUARTER}.toml").unlink()
    assert refresh() == (1, [], ["number_is_small"])
    reader = modelling_zone(tmp_path)
    with pytest.raises(TableNotUsable, match="number_is_small"):
        ZoneStore(reader).read("crossing", QUARTER)
    accept(tmp_path, 7)
    assert refresh() == (0, [], ["number_is_small"])
    assert ZoneStore(reader).read("crossing", QUARTER).height == 1


def test_a_crossing_table_whose_check_failed_cannot_be_read_by_the_next_zone(refresh, tmp_path):
    content["drifting"] = 10
    accept(tmp_path, 10)
    assert refresh()[0] == 1  # matches_schema
    content["drifting"] = 2
    assert refresh("mended code")[0] == 0
    zone = zone_store(tiny_zone(tmp_path)).zone
    receipt = zone.written("crossing", QUARTER)
    receipt.checks["crossing_goes_with_beside"] = CheckRecord(passed=False, judged={})
    zone.book.write(receipt, zone.receipt_path("crossing", QUARTER))
    reader = ZoneStore(modelling_zone(tmp_path))
    with pytest.raises(TableNotUsable, match="crossing_goes_with_beside"):
        reader.read("crossing", QUARTER)


def test_a_table_that_was_written_and_not_judged_is_judged_by_the_next_run(refresh, tmp_path):
    content["drifting"] = 2
    refresh()
    zone = zone_store(tiny_zone(tmp_path)).zone
    receipt = zone.written("drifting", QUARTER)
    unjudged = receipt.model_copy(update={"checks": dict.fromkeys(receipt.checks)})
    zone.book.write(unjudged, zone.receipt_path("drifting", QUARTER))
    assert refresh() == (0, [], ["number_is_small"])


def test_a_check_that_reads_another_table_judges_again_when_that_table_changes(refresh, tmp_path):
    content["drifting"] = 2
    refresh()
    zone = zone_store(tiny_zone(tmp_path)).zone
    receipt, path = zone.written("beside", QUARTER), zone.table_path("beside", QUARTER)
    pl.DataFrame({"number": [1, 2]}).write_parquet(path)
    changed = {"sha256": sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
    zone.book.write(receipt.model_copy(update=changed), zone.receipt_path("beside", QUARTER))
    assert refresh() == (1, [], ["crossing_goes_with_beside"])


def test_a_check_that_fails_when_only_it_is_run_from_the_ui_holds_what_follows(refresh, tmp_path):
    accept(tmp_path, 7)
    refresh()
    (tmp_path / "decisions" / f"{QUARTER}.toml").unlink()
    definitions = tiny_zone(tmp_path)
    job = definitions.resolve_implicit_global_asset_job_def()
    check = dg.AssetCheckKey(dg.AssetKey("drifting"), "number_is_small")
    run_alone = job.get_subset(asset_selection=set(), asset_check_selection={check})
    assert not run_alone.execute_in_process(partition_key=QUARTER, raise_on_error=False).success
    with pytest.raises(TableNotUsable, match="number_is_small"):
        zone_store(definitions).read("drifting", QUARTER)


def test_what_follows_a_refused_table_cannot_be_made_alone(refresh, tmp_path):
    refresh()
    job = tiny_zone(tmp_path).resolve_implicit_global_asset_job_def()
    alone = job.get_subset(asset_selection={dg.AssetKey("crossing")}, asset_check_selection=set())
    assert not alone.execute_in_process(partition_key=QUARTER, raise_on_error=False).success
    assert not zone_store(tiny_zone(tmp_path)).zone.table_path("crossing", QUARTER).exists()


def test_the_console_says_measure_value_band_what_to_do_and_how_to_accept(refresh, capfd):
    refresh()
    said = capfd.readouterr().err
    assert "number of numbers: 7, allowed at most 3" in said and "what to do: Look at the numbers." in said
    assert said.strip().splitlines()[-1].strip() == (
        f"pathways accept --quarter {QUARTER} --check number_is_small --measure 'number of numbers' "
        '--by "NAME" --reason "WHY"'
    )
    assert "Dagster" not in said and "Traceback" not in said
    assert said.count("number_is_small") == 2  # what refuses, and the command


def test_a_check_that_cannot_be_accepted_says_so(refresh, capfd, tmp_path):
    content["drifting"] = 10
    accept(tmp_path, 10)
    refresh()
    said = capfd.readouterr().err
    assert "matches_schema refuses table drifting" in said and "cannot be accepted" in said
    assert "pathways accept" not in said


def test_other_settings_or_code_judge_again(refresh, tmp_path):
    content["drifting"] = 2
    refresh()
    zone = zone_store(tiny_zone(tmp_path)).zone
    assert zone.unjudged("drifting", QUARTER) == []
    assert zone.checks["drifting"] == ["matches_schema", "number_is_small"]
    for changed in ({"code": "other"}, {"settings": "other"}):
        assert replace(zone, **changed).unjudged("drifting", QUARTER) == zone.checks["drifting"]


def test_the_next_zone_starts_for_every_quarter_whose_table_passed_and_for_no_other(refresh, tmp_path):
    def requested() -> list[str | None]:
        context = dg.build_sensor_context(definitions=reader)
        return [request.partition_key for request in sensor.evaluate_tick(context).run_requests or []]

    module = ModuleType("reader")

    @zone_asset()
    def modelled(crossing: pl.DataFrame) -> pl.DataFrame:
        return crossing

    module.modelled = modelled  # type: ignore[attr-defined]
    zone = modelling_zone(tmp_path)
    spec = dg.AssetSpec("crossing", partitions_def=quarters)
    reader = zone_definitions(zone, [module], {"modelled": Numbers}, reads=[spec], jobs=[zone_job("modelling")])
    sensor = runs_when_written(zone_job("modelling"), [spec], lambda: reader)
    refresh()
    assert requested() == []
    accept(tmp_path, 7)
    refresh()
    assert requested() == [QUARTER]
    held = zone.written("crossing", QUARTER).model_copy(update={"held_by": ["drifting: number_is_small"]})
    ReceiptBook(tmp_path, "linkage").write(held, zone.receipt_path("crossing", QUARTER))
    assert requested() == []


def test_a_blocking_check_that_nothing_would_record_is_refused_when_the_zone_is_loaded(tmp_path):
    """Dagster forgets that it failed, so the same command again would go on."""

    @dg.asset_check(asset=drifting, blocking=True)
    def forgotten(drifting: pl.DataFrame) -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False)

    @dg.asset(check_specs=[dg.AssetCheckSpec("forgotten_too", asset="with_check", blocking=True)])
    def with_check():
        return pl.DataFrame(), dg.AssetCheckResult(passed=False)

    for name, made in {"forgotten of drifting": forgotten, "forgotten_too of with_check": with_check}.items():
        module = ModuleType("tiny")
        vars(module).update(drifting=drifting, made=made)
        with pytest.raises(CheckNotRecorded, match=f"{name} is blocking .* use resources.zone.zone_check"):
            zone_definitions(Zone("linkage", tmp_path, "code", "settings", {}), [module], {})


def test_a_check_that_only_warns_may_be_a_plain_one(tmp_path):
    @dg.asset_check(asset=drifting)
    def warning(drifting: pl.DataFrame) -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False)

    module = ModuleType("tiny")
    vars(module).update(drifting=drifting, warning=warning)
    definitions = zone_definitions(Zone("linkage", tmp_path, "code", "settings", {}), [module], {})
    assert zone_store(definitions).zone.checks == {}
