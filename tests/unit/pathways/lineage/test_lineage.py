"""A published cell is walked back to its extracts, and an extract forward to what is published of it."""

import pytest

from pathways.lineage.cells import CellNotFound
from pathways.lineage.lineage import NothingToWalk, lineage_of_cell, lineage_of_extract
from pathways.lineage.lines import cell_lines, extract_lines
from resources.extracts.files.extract_parts import extract_hash
from resources.settings.study_settings import StudySettings
from tests.conftest import QUARTER, stored

EXTRACT = "ndelius/offender"


def test_a_cell_is_walked_back_over_every_table_to_the_content_of_its_extract(quarter):
    found = lineage_of_cell(quarter, QUARTER, 16, "Female", None)
    assert [cell["shown"] for cell in found["cells"]] == ["1.10"]
    walked = [(step["table"], step["zone"], step["distance"]) for step in found["made_from"]]
    assert walked == [
        ("published_tables", "modelling", 0),
        ("analysis_frame", "modelling", 1),
        ("scored_pairs", "linkage", 2),
        ("offender", "linkage", 3),
    ]
    extract = quarter / "extracts" / QUARTER / f"{EXTRACT}.csv"
    assert found["extracts"] == {EXTRACT: extract_hash(extract)}
    assert found["counted_by"] == "publication_assets/steps/tables/estimates/tables_models.py: odds_ratio_table"
    assert found["linkage"]["threshold"] and found["linkage"]["decided"]["decided_by"]


def test_rows_can_be_people_so_they_are_rounded_and_few_are_told_as_few(quarter):
    found = lineage_of_cell(quarter, QUARTER, 16, "Female", None)
    rows = {step["table"]: step["rows"] for step in found["made_from"]}
    assert rows["offender"] == "fewer than 5" and rows["scored_pairs"] == 1235
    assert (
        "1,234" not in (said := "\n".join(cell_lines(found))) and "1234 rows" not in said
    )  # a hash may hold any digits


def test_settings_that_are_no_longer_those_of_the_run_are_said_to_be_so(quarter, monkeypatch):
    monkeypatch.setattr(StudySettings, "fingerprint", lambda *_: "edited")
    found = lineage_of_cell(quarter, QUARTER, 16, "Female", None)
    assert found["settings_edited_since"] == ["linkage", "modelling"]
    assert "Settings of linkage, modelling were edited since" in "\n".join(cell_lines(found))


def test_a_table_made_of_what_is_no_longer_there_is_named(quarter):
    import polars as pl

    stored(quarter, "modelling", "analysis_frame", pl.DataFrame({"row": range(7)}))
    found = lineage_of_cell(quarter, QUARTER, 16, "Female", None)
    assert found["out_of_date"] == ["published_tables"]


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [(99, None, "Its tables are 16, 17"), (16, "Not recorded", "rows: Female; Male")],
)
def test_a_cell_that_is_not_there_is_answered_with_what_there_is(quarter, table, row, said):
    with pytest.raises(CellNotFound, match=said):
        lineage_of_cell(quarter, QUARTER, table, row, None)


def test_a_row_is_found_by_part_of_its_label_and_by_its_group(quarter):
    assert len(lineage_of_cell(quarter, QUARTER, 16, "fem", None)["cells"]) == 1
    assert len(lineage_of_cell(quarter, QUARTER, 16, "sex", None)["cells"]) == 2


def test_male_is_not_taken_for_a_part_of_female(quarter):
    assert [cell["row_label"] for cell in lineage_of_cell(quarter, QUARTER, 16, "male", None)["cells"]] == ["Male"]


def test_an_extract_is_walked_forward_to_the_files_that_are_published(quarter):
    found = lineage_of_extract(quarter, QUARTER, EXTRACT)
    assert found["published"] == ["publication"]
    assert found["tables"]["linkage"] == ["offender", "scored_pairs"]
    assert "files of the publication: publication" in "\n".join(extract_lines(found))


def test_an_extract_that_nothing_was_made_from_is_answered_with_those_that_there_are(quarter):
    with pytest.raises(NothingToWalk, match="Its extracts are ndelius/offender"):
        lineage_of_extract(quarter, QUARTER, "ndelius/nothing")


def test_a_quarter_without_tables_says_how_to_make_them(tmp_path):
    with pytest.raises(NothingToWalk, match="pathways refresh --quarter 2023Q1"):
        lineage_of_cell(tmp_path, QUARTER, 16, None, None)
