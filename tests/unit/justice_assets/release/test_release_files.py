"""A release of the justice zone is an RO-Crate that the library for it reads: of the same tables, the same bytes."""

import json
from typing import Any

import polars as pl
from rocrate.rocrate import ROCrate

from justice_assets.assets.release.justice_release import RELEASED
from justice_assets.schemas.release import PersonLink
from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.release.release_files import release_files
from resources.settings.study_settings import load_study_settings

LINK = pl.DataFrame(
    [("crown", "C1", "ABCDEFGHIJKL", "ABCDEFGHIJKL", "ABCDEFGHIJKL", "2023Q1", "0123456789abcdef")],
    schema=list(PersonLink.to_schema().columns),
    orient="row",
)
TABLES = {
    name: LINK if name == "person_link" else pl.DataFrame(schema=dict.fromkeys(table.to_schema().columns, pl.String))
    for name, table in RELEASED.items()
}


def made(*, synthetic: bool) -> dict[str, bytes]:
    facts = PanelFacts("2023Q1", synthetic)
    return release_files(TABLES, RELEASED, facts, load_study_settings().justice.linkage, "abc")


def test_the_crate_has_every_file_with_what_it_is(tmp_path):
    files = made(synthetic=True)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    crate: Any = ROCrate(tmp_path)
    assert {entity.id for entity in crate.get_by_type("File")} == {*files} - {"ro-crate-metadata.json"}
    assert "SYNTHETIC DATA" in crate.name
    assert "which person it is" in crate.get("person_link.csv")["name"]


def test_the_same_tables_are_the_same_bytes_and_real_records_are_not_called_made_up():
    first, again = (made(synthetic=False) for _ in range(2))
    assert first == again
    assert not any(b"SYNTHETIC" in content for content in first.values())


def test_researchers_get_what_became_of_the_ids_that_they_have():
    assert {"id_changes.csv", "id_change_counts.csv"} <= {*made(synthetic=True)}


def test_every_table_and_column_is_on_the_page_with_its_meaning_and_what_was_made_up_says_so():
    files = made(synthetic=True)
    page = files["catalogue.html"].decode()
    for table in json.loads(files["metadata.json"])["tables"]:
        assert f"Columns of {table['dc:title']} [SYNTHETIC DATA]" in page
        assert all(column["name"] in page for column in table["tableSchema"]["columns"])
    assert "random id of the person, middle threshold" in page and 'name="viewport"' in page
    assert "No figure here describes real people." in page
    assert "SYNTHETIC" not in made(synthetic=False)["catalogue.html"].decode()
