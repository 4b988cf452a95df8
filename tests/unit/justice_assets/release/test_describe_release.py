"""The catalogue of a release is what the classes of its tables say, and a CSV on the Web."""

import json

import polars as pl
from csvw import TableGroup

from justice_assets.schemas.release import MagsCrownJourney, PersonLink
from justice_assets.steps.release.describe_release import describe_for_people, describe_for_programs

LINK = pl.DataFrame(
    [("crown", "C1", "ABCDEFGHIJKL", "ABCDEFGHIJKL", "ABCDEFGHIJKL", "2023Q1", "0123456789abcdef")],
    schema=list(PersonLink.to_schema().columns),
    orient="row",
)


def test_the_files_are_read_by_their_metadata(tmp_path):
    described = describe_for_programs({"person_link": PersonLink}, {"person_link": 1}, "2023Q1")
    (tmp_path / "metadata.json").write_text(json.dumps(described), encoding="utf-8")
    LINK.write_csv(tmp_path / "person_link.csv")
    (table,) = getattr(TableGroup.from_file(tmp_path / "metadata.json"), "tables")  # noqa: B009  # its type hides them
    assert [dict(row) for row in table.iterdicts()] == LINK.to_dicts()


def test_every_column_is_on_the_page_with_its_meaning():
    tables = {"person_link": PersonLink, "mags_crown_journey": MagsCrownJourney}
    page = describe_for_people(describe_for_programs(tables, dict.fromkeys(tables, 2), "2023Q1"))
    assert all(name in page for table in tables.values() for name in table.to_schema().columns)
    assert "random id of the person, middle threshold" in page
