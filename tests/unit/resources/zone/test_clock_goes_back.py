"""The clock is set back by a day while a zone works: the same tables, made again until it is right, and then not."""

from pathlib import Path
from types import ModuleType

import dagster as dg
import polars as pl

from resources.receipts.receipts import file_hash
from resources.zone import zone_store
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import to_do, zone_definitions, zone_job
from resources.zone.zone_store import EXTRACT
from resources.zone.zone_tables import Zone

QUARTER, DAY = "2023Q1", 86_400


def zone(root: Path) -> dg.Definitions:
    module = ModuleType("tiny")

    @zone_asset(metadata={EXTRACT: "ndelius/offender"})
    def numbers() -> pl.DataFrame:
        return pl.DataFrame({"number": [1]})

    @zone_asset()
    def doubled(numbers: pl.DataFrame) -> pl.DataFrame:
        return numbers * 2

    module.numbers, module.doubled = numbers, doubled  # type: ignore[attr-defined]
    job = zone_job("job")
    return zone_definitions(Zone("linkage", root, "code", "settings", {}), [module], {}, jobs=[job])


def run(definitions: dg.Definitions) -> None:
    todo = to_do(definitions, QUARTER)
    job = definitions.resolve_implicit_global_asset_job_def().get_subset(asset_selection=set(todo.tables))
    with dg.DagsterInstance.ephemeral() as instance:
        assert job.execute_in_process(partition_key=QUARTER, instance=instance).success


def left_to_do(definitions: dg.Definitions) -> list[str]:
    return [key.path[-1] for key in to_do(definitions, QUARTER).tables]


def test_tables_made_while_the_clock_is_behind_are_made_again_when_it_is_right_with_the_same_bytes(
    tmp_path, monkeypatch
):
    extract = tmp_path / "extracts" / QUARTER / "ndelius" / "offender.csv"
    extract.parent.mkdir(parents=True)
    extract.write_text("crn\n", encoding="utf-8")
    definitions, right = zone(tmp_path), zone_store._step_start
    with monkeypatch.context() as clock:
        clock.setattr(zone_store, "_step_start", lambda context: right(context) - DAY)
        run(definitions)
    tables = sorted((tmp_path / "linkage" / QUARTER).glob("*.parquet"))
    made = [file_hash(path) for path in tables]
    assert len(made) == 2 and left_to_do(definitions) == ["numbers", "doubled"]
    run(definitions)
    assert left_to_do(definitions) == [] and [file_hash(path) for path in tables] == made
