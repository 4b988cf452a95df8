"""The code locations load from workspace.yaml and join into one graph."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import dagster as dg
import pytest

from linkage_assets.models.train_first import TRAINED_TABLE
from resources.zone.zone_definitions import ON_REQUEST

REPOSITORY = Path(__file__).resolve().parents[2]
ZONES = ("linkage_assets", "nlp_assets", "modelling_assets", "publication_assets", "justice_assets")


@pytest.fixture(scope="module")
def graphs() -> dict[str, dg.AssetSelection]:
    return {zone: import_module(f"{zone}.definitions").defs().resolve_asset_graph() for zone in ZONES}


def test_dagster_validates_the_workspace():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "dagster"), "definitions", "validate", "-w", "workspace.yaml"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_table_can_be_made_in_one_location_only(graphs):
    made = [key for graph in graphs.values() for key in graph.materializable_asset_keys]
    assert len(made) == len(set(made))


def test_groups_of_two_zones_have_two_names_as_dagster_would_draw_them_as_one(graphs):
    zones: dict[str, set[str]] = {}
    for zone, graph in graphs.items():
        for key in graph.materializable_asset_keys:
            zones.setdefault(graph.get(key).group_name, set()).add(zone)
    assert {group for group, found in zones.items() if len(found) > 1} <= {ON_REQUEST}


def test_every_table_that_a_zone_reads_from_another_is_made_there(graphs):
    made = {key for graph in graphs.values() for key in graph.materializable_asset_keys}
    read = {key for graph in graphs.values() for key in graph.external_asset_keys}
    assert read
    assert read <= made


def test_the_justice_zone_reads_nothing_of_the_study_and_nothing_of_it_is_read_elsewhere(graphs):
    own = graphs["justice_assets"]
    assert not own.external_asset_keys
    for zone in set(ZONES) - {"justice_assets"}:
        assert not own.materializable_asset_keys & graphs[zone].external_asset_keys


def test_every_table_is_partitioned_by_quarter_and_has_a_code_version_and_a_meaning(graphs):
    for graph in graphs.values():
        for key in graph.materializable_asset_keys:
            node = graph.get(key)
            assert node.partitions_def is not None
            assert node.code_version
            assert node.description


def test_the_catalogue_says_of_every_table_whose_it_is_what_it_holds_why_and_how_long(graphs):
    for graph in graphs.values():
        for key in graph.get_all_asset_keys():
            node = graph.get(key)
            said = {"zone", "sensitivity"} <= node.tags.keys() and {"holds", "legal basis", "retention"} <= set(
                node.metadata
            )
            assert said and node.owners and node.kinds, key


def test_the_catalogue_says_what_every_column_means(graphs):
    for graph in graphs.values():
        for key in graph.materializable_asset_keys:
            columns = graph.get(key).metadata["dagster/column_schema"].columns
            assert columns and all(column.description and column.type for column in columns), key


def test_columns_that_a_table_takes_over_are_of_tables_that_it_is_made_from(graphs):
    taken = 0
    for graph in graphs.values():
        for key in graph.materializable_asset_keys:
            node = graph.get(key)
            lineage = node.metadata.get("dagster/column_lineage")
            for column, deps in lineage.deps_by_column.items() if lineage else ():
                assert {dep.asset_key for dep in deps} <= node.parent_keys
                assert column in {each.name for each in node.metadata["dagster/column_schema"].columns}
                taken += 1
    assert taken > 200


def test_every_table_has_a_blocking_schema_check(graphs):
    for zone in ZONES:
        graph = graphs[zone]
        checked = {key.asset_key for key in graph.asset_check_keys if key.name == "matches_schema"}
        assert checked == graph.materializable_asset_keys


def test_every_zone_starts_by_itself_and_what_is_late_is_watched():
    sensors = [sensor for zone in ZONES for sensor in import_module(f"{zone}.definitions").defs().sensors]
    assert all(sensor.default_status == dg.DefaultSensorStatus.RUNNING for sensor in sensors)
    assert [sensor.name for sensor in sensors] == [
        "starts_linkage_zone",
        "watches_extracts_of_linkage",
        "starts_notes_zone",
        "watches_extracts_of_nlp",
        "starts_modelling_zone",
        "starts_publishing",
        "watches_publication",
        "starts_justice_zone",
        "watches_extracts_of_justice",
    ]


def test_what_the_checks_of_a_training_read_is_made_by_it(graphs):
    graph = graphs["linkage_assets"]
    made = dg.AssetSelection.assets(TRAINED_TABLE).upstream().resolve(graph)
    for key in (key for key in graph.asset_check_keys if key.asset_key in made):
        assert graph.get(key).parent_entity_keys <= made, key
