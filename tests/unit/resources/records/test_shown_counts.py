"""Counts that leave the zone in which they were counted are rounded, and few people are few."""

import ast
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from contracts.crossings import ZoneReceipts
from publication_assets.steps.release.write_manifest import _assets, _quarantined
from resources.receipts.told_receipts import told_receipts
from resources.records.record_counts import record_counts
from resources.records.shown_counts import counts_base, rounded, shown_counts
from resources.zone.dagster_partitions import quarters
from resources.zone.schema_check import check_frame
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import Zone

QUARTER = "2023Q1"
ROOT = Path(__file__).resolve().parents[4]
# What these record is no count of people: names and hashes, engines compared, or what a release is allowed by.
NO_PEOPLE = {
    "extract_fit.py",
    "linkage_model.py",
    "linkage_profile.py",
    "scored_pairs.py",
    "source_profile.py",
    "note_profile.py",
    "imputation_diagnostics.py",
    "model_fits.py",
    "published_comparison.py",
    "published_tables.py",
    "anonymised_requirements.py",
}


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, 0),
        (1, "fewer than 5"),
        (4, "fewer than 5"),
        (5, 5),
        (12, 10),
        (13, 15),
        (2.5, 2.5),
        (True, True),
        ("none", "none"),
        (None, None),
    ],
)
def test_a_count_is_rounded_and_a_small_one_is_said_to_be_small(count, shown):
    assert shown_counts({"a": count, "b": {"c": [count]}}, 5) == {"a": shown, "b": {"c": [shown]}}


def test_a_base_of_one_rounds_nothing():
    assert [rounded(number, 1) for number in range(4)] == [0, 1, 2, 3]


def table(rows: int, name: str = "people") -> dg.AssetsDefinition:
    @dg.asset(name=name, partitions_def=quarters)
    def people(context: dg.AssetExecutionContext) -> pl.DataFrame:
        record_counts(context, {"found by details": rows, "by rule": {"not a date": rows}})
        return pl.DataFrame({"person": range(rows)})

    return people


@pytest.mark.parametrize(("rows", "shown", "recorded"), [(3, "fewer than 5", None), (13, 15, 15), (0, 0, 0)])
def test_dagster_records_no_exact_count_of_people_and_the_receipt_does(tmp_path, rows, shown, recorded):
    store = ZoneStore(Zone("linkage", tmp_path, "code", "settings", {}))
    done = dg.materialize([table(rows)], partition_key=QUARTER, resources={"io_manager": store})
    metadata = done.asset_materializations_for_node("people")[0].metadata
    assert metadata["found by details"].value == shown and metadata["by rule"].value == {"not a date": shown}
    assert (metadata["dagster/row_count"].value if "dagster/row_count" in metadata else None) == recorded
    assert store.zone.written("people", QUARTER).rows == rows
    assert counts_base() == 5


def test_what_a_zone_tells_of_its_tables_and_the_manifest_withhold_small_counts_of_rows(tmp_path):
    store = ZoneStore(Zone("linkage", tmp_path, "code", "settings", {}))
    assets = [table(3), *(table(rows, name) for name, rows in (("offender", 20), ("cjit", 13), ("risk", 5)))]
    dg.materialize(assets, partition_key=QUARTER, resources={"io_manager": store})
    quarantined = {"offender": 2, "cjit": 12, "risk": 0}
    told = told_receipts(store.zone.receipts_of(QUARTER), quarantined, 5)
    check_frame(told, ZoneReceipts, "linkage_receipts")
    assert dict(told.select("table", "rows").iter_rows()) == {"people": None, "offender": 20, "cjit": 15, "risk": 5}
    assert _assets({"linkage": told})["people"]["rows"] == "[c]"
    assert _quarantined(told) == {"cjit": 10, "offender": "[c]"}


def test_an_asset_records_counts_by_the_function_that_rounds_them():
    for zone in ("linkage_assets", "nlp_assets", "modelling_assets", "publication_assets"):
        for file in sorted((ROOT / zone / "assets").glob("*.py")):
            calls = (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
            direct = any(getattr(call.func, "attr", "") == "add_output_metadata" for call in calls)
            assert not direct or file.name in NO_PEOPLE, file.name
