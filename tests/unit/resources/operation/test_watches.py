"""Each quarter is published by its day: which is not is said, since when, and what it waits for."""

from datetime import date
from pathlib import Path
from types import ModuleType

import dagster as dg
import polars as pl
import pytest

from resources.deletion.certificates import write_plan
from resources.operation.watches import late_publications, watches_delivery, watches_publication
from resources.settings.study_settings import load_study_settings
from resources.zone.dagster_partitions import quarters
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import zone_definitions
from resources.zone.zone_tables import Zone
from tests.conftest import QUARTER

DUE = date(2023, 5, 30)  # 60 days after 31 March
AFTER = date(2023, 5, 31)
CROSSES = "consort_counts"


def location(root: Path, made_by: dict[str, str]) -> dg.Definitions:
    """A location that makes its only table of one that crosses to it."""
    module = ModuleType("tiny")

    @zone_asset(ins={CROSSES: dg.AssetIn(CROSSES)})
    def publication(**read: pl.DataFrame) -> pl.DataFrame:
        return read[CROSSES]

    module.publication = publication  # type: ignore[attr-defined]
    zone = Zone("modelling", root, "code", "settings", {}, made_by=made_by)
    return zone_definitions(zone, [module], {}, reads=[dg.AssetSpec(CROSSES, partitions_def=quarters)])


@pytest.fixture
def published(tmp_path) -> dg.Definitions:
    return location(tmp_path, {})


def make(definitions: dg.Definitions) -> None:
    job = definitions.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        assert job.execute_in_process(partition_key=QUARTER, instance=instance).success


def late(definitions: dg.Definitions, today: date) -> list[str]:
    return late_publications(definitions, [CROSSES], today)


def test_a_quarter_is_late_from_the_day_after_it_was_due_until_it_is_published_and_then_no_more(
    published, store_table, tmp_path
):
    store_table(tmp_path, "modelling", CROSSES, pl.DataFrame({"count": [1]}))
    assert load_study_settings().operation.published_due_days == 60
    assert late(published, DUE) == []
    (said,) = late(published, AFTER)
    assert said.startswith(QUARTER) and "30 May 2023" in said
    make(published)
    assert late(published, AFTER) == []


def test_a_late_quarter_says_which_zone_it_waits_for(tmp_path):
    (said,) = late(location(tmp_path, {CROSSES: "linkage"}), AFTER)
    assert QUARTER in said and "linkage" in said


def test_a_quarter_that_is_published_and_whose_tables_changed_since_is_late_again_whatever_was_run_last(
    published, store_table, tmp_path
):
    store_table(tmp_path, "modelling", CROSSES, pl.DataFrame({"count": [1]}))
    make(published)
    store_table(tmp_path, "modelling", CROSSES, pl.DataFrame({"count": [2]}))
    assert len(late(published, AFTER)) == 1


def test_a_quarter_that_is_deleted_is_not_late(published, tmp_path):
    write_plan(tmp_path, QUARTER, {})
    assert late(published, AFTER) == []


def test_who_watches_looks_without_having_been_turned_on(published, tmp_path):
    watching = [
        watches_publication([dg.AssetSpec(CROSSES)], lambda: published),
        watches_delivery("linkage", [], tmp_path),
    ]
    assert {sensor.default_status for sensor in watching} == {dg.DefaultSensorStatus.RUNNING}
