"""The catalogue of a release is what the classes of its tables say, and a CSV on the Web."""

import json

import polars as pl
from csvw import TableGroup

from justice_assets.schemas.release import MagsCrownJourney, PersonLink
from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.release.describe_release import describe_for_programs

FACTS = PanelFacts("2023Q1", synthetic=True)
LINK = pl.DataFrame(
    [("crown", "C1", "ABCDEFGHIJKL", "ABCDEFGHIJKL", "ABCDEFGHIJKL", "2023Q1", "0123456789abcdef")],
    schema=list(PersonLink.to_schema().columns),
    orient="row",
)


def test_the_files_are_read_by_their_metadata(tmp_path):
    described = describe_for_programs({"person_link": PersonLink}, {"person_link": 1}, FACTS)
    (tmp_path / "metadata.json").write_text(json.dumps(described), encoding="utf-8")
    LINK.write_csv(tmp_path / "person_link.csv")
    (table,) = getattr(TableGroup.from_file(tmp_path / "metadata.json"), "tables")  # noqa: B009  # its type hides them
    assert [dict(row) for row in table.iterdicts()] == LINK.to_dicts()


def test_what_was_made_up_says_so_and_columns_that_tell_rows_apart_are_named():
    tables = {"person_link": PersonLink, "mags_crown_journey": MagsCrownJourney}
    made_up = describe_for_programs(tables, dict.fromkeys(tables, 2), FACTS)
    assert "SYNTHETIC DATA" in made_up["dc:title"] and "made up" in made_up["dc:description"]
    real = describe_for_programs(tables, dict.fromkeys(tables, 2), PanelFacts("2023Q1", synthetic=False))
    assert "SYNTHETIC" not in json.dumps(real) and "dc:description" not in real
    keys = [table["tableSchema"]["primaryKey"] for table in real["tables"]]
    assert keys == [["source", "record_key"], ["crown_record_key"]]
