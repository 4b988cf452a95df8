"""Two quarters are set side by side: what they were made with, how many rows, and which published cells moved."""

import json
from hashlib import sha256

import polars as pl
import pytest

from pathways.lineage.diff import Run, diff_of_runs
from pathways.lineage.diff_lines import diff_lines
from pathways.lineage.lineage import NothingToWalk
from tests.conftest import QUARTER, stored
from tests.unit.pathways.lineage.conftest import CELLS, EXTRACT

NEXT = "2023Q2"
VALUES = [1.1, 1.0, None]


@pytest.fixture
def two_quarters(quarter):
    """The quarter, with values of its cells, and a next one: another extract, 600 rows more, one cell that moved."""
    cells = CELLS.with_columns(value=pl.Series(VALUES))
    stored(quarter, "modelling", "published_tables", cells, made_from={"counted_tables": "a", "settings:linkage": "a"})
    many = pl.DataFrame({"row": range(1834)})
    offender = stored(quarter, "linkage", "offender", many, NEXT, made_from={f"extract:{EXTRACT}": "f" * 64})
    pairs = stored(quarter, "linkage", "scored_pairs", many, NEXT, made_from={"offender": offender})
    frame = stored(quarter, "modelling", "analysis_frame", many, NEXT, made_from={"scored_pairs": pairs})
    counted = stored(quarter, "modelling", "counted_tables", many, NEXT, made_from={"analysis_frame": frame})
    moved = cells.with_columns(shown=pl.Series(["1.25", "1.00", "[c]"]), value=pl.Series([1.25, 1.0, None]))
    stored(
        quarter,
        "modelling",
        "published_tables",
        moved,
        NEXT,
        made_from={"counted_tables": counted, "settings:linkage": "b"},
    )
    return quarter


def test_what_differs_is_told_from_settings_over_inputs_and_rows_to_cells(two_quarters):
    found = diff_of_runs(Run(two_quarters, QUARTER), Run(two_quarters, NEXT))
    assert found["settings"]["sections"] == ["linkage"]
    assert [each["extract"] for each in found["inputs"]] == [EXTRACT]
    rows = {each["table"]: (each["before"], each["after"]) for each in found["tables"]}
    assert rows["scored_pairs"] == (1235, 1835) and rows["offender"] == ("fewer than 5", 1835)
    (cell,) = found["cells"]
    assert (cell["table"], cell["row_label"], cell["before"], cell["after"]) == (16, "Female", "1.10", "1.25")
    assert cell["change"] == pytest.approx(0.15)


@pytest.fixture
def two_manifests(two_quarters):
    """The two quarters, each with a manifest that lists settings."""
    for quarter, threshold, more in ((QUARTER, 0.985, {"notes.seed": 1}), (NEXT, 0.97, {"study.regions": ["Wales"]})):
        settings = {"linkage.threshold": threshold, "study.name": "same"} | more
        content = json.dumps({"settings": settings}).encode()
        file = two_quarters / "publication" / quarter / "manifest.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        listed = pl.DataFrame({"file": [file.name], "sha256": [sha256(content).hexdigest()]})
        stored(two_quarters, "modelling", "release_manifest", listed, quarter)
    return two_quarters


def test_settings_that_differ_are_named_with_what_they_were_and_are(two_manifests):
    found = diff_of_runs(Run(two_manifests, QUARTER), Run(two_manifests, NEXT))
    assert found["settings"]["changed"] == [
        {"setting": "linkage.threshold", "before": 0.985, "after": 0.97},
        {"setting": "notes.seed", "before": 1, "after": "not there"},
        {"setting": "study.regions", "before": "not there", "after": ["Wales"]},
    ]
    assert "  linkage.threshold: 0.985 -> 0.97" in diff_lines(found)


def test_a_manifest_that_was_edited_tells_no_setting(two_manifests):
    manifest = two_manifests / "publication" / NEXT / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"0.97", b"0.98"))
    found = diff_of_runs(Run(two_manifests, QUARTER), Run(two_manifests, NEXT))
    assert found["settings"]["changed"] is None and found["settings"]["sections"] == ["linkage"]
    assert any("not the one written" in line for line in diff_lines(found))


def test_an_extract_and_what_crosses_are_told_with_rounded_rows(two_quarters):
    crossed = pl.DataFrame({"row": range(1834)})
    for quarter, rows in ((QUARTER, 1233), (NEXT, 1834)):
        folder = f"crossings/note_request/{quarter}"
        stored(two_quarters, "linkage", "note_request", crossed.head(rows), quarter)
        (two_quarters / folder).mkdir(parents=True)
        for kind in ("json", "parquet"):
            (two_quarters / "linkage" / quarter / f"note_request.{kind}").rename(
                two_quarters / folder / f"note_request.{kind}"
            )
    found = diff_of_runs(Run(two_quarters, QUARTER), Run(two_quarters, NEXT))
    assert found["crossings"] == [{"zone": "linkage", "table": "note_request", "before": 1235, "after": 1835}]
    (extract,) = found["inputs"]
    assert (extract["rows_before"], extract["rows_after"]) == ("fewer than 5", 1835)


def test_lines_name_the_cell_and_no_exact_number_of_rows(two_quarters):
    found = diff_of_runs(Run(two_quarters, QUARTER), Run(two_quarters, NEXT))
    lines = "\n".join(diff_lines(found))
    assert "Sex / Female / Adjusted odds ratio: 1.10 -> 1.25" in lines
    assert "1234" not in lines and "1834" not in json.dumps(found)


def test_a_run_beside_itself_moves_nothing(two_quarters):
    found = diff_of_runs(Run(two_quarters, NEXT), Run(two_quarters, NEXT))
    assert found["cells"] == found["tables"] == found["inputs"] == found["code"] == []


def test_a_quarter_that_is_not_there_says_how_to_make_it(two_quarters):
    with pytest.raises(NothingToWalk, match="pathways refresh --quarter 2023Q3"):
        diff_of_runs(Run(two_quarters, QUARTER), Run(two_quarters, "2023Q3"))
