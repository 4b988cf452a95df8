import io
import zipfile
from dataclasses import replace

import polars as pl
import pytest

from modelling_assets.steps.check_workbook_accessibility import (
    WorkbookNotAccessible,
    accessibility_faults,
    check_workbook_accessibility,
)  # fmt: skip
from modelling_assets.steps.open_document import column_letter
from modelling_assets.steps.write_workbook import table_title, workbook_bytes

CELL = '<table:table-cell table:style-name="Label"'


@pytest.fixture(scope="module")
def workbook(cells, facts):
    return workbook_bytes(cells, facts)


def changed(workbook: bytes, old: str, new: str, file: str = "content.xml") -> bytes:
    """The workbook with a text in one of its files replaced, which must be there."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as before, zipfile.ZipFile(written, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == file:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode(), 1)
            after.writestr(name, text)
    return written.getvalue()


def content_of(workbook: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(workbook)).read("content.xml").decode()


def test_the_workbook_passes_every_accessibility_rule(workbook):
    assert accessibility_faults(workbook) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (CELL, CELL.replace(" ", ' table:number-columns-spanned="2" ', 1), "merged cells"),
        ("<table:table-header-rows>", "<table:table-rows>", "tagged header rows"),
        (">Requirement type<", "><", "column header is empty"),
        ('office:value-type="float"', 'office:value-type="string"', "number is stored as text"),
        (">ATRs and DRRs<", "><", "blank cells"),
        (">ATRs and DRRs<", ">*<", "symbol"),
        ('table:name="table_1"', 'table:name=""', "not marked up"),
        ("#Table_2.A1", "#Table_99.A1", "link #Table_2.A1"),
        (">note 1<", ">note 77<", "note 1 is missing"),
        ('table:style-name="Header"', 'table:style-name="Line"', "not wrapped"),
        (">[z]<", ">[q]<", "[q] is used and not explained"),
    ],
)  # fmt: skip
def test_a_workbook_that_breaks_a_rule_is_refused(workbook, old, new, fault):
    broken = changed(workbook, old, new)
    if old == "<table:table-header-rows>":
        broken = changed(broken, "</table:table-header-rows>", "</table:table-rows>")
    with pytest.raises(WorkbookNotAccessible, match=fault.replace("[", r"\[").replace(".", r"\.")):
        check_workbook_accessibility(broken)


def test_a_workbook_without_title_or_language_is_refused(workbook):
    assert "document: title or language is not set" in accessibility_faults(
        changed(workbook, "<dc:language>en-GB</dc:language>", "", "meta.xml")
    )


def test_the_same_tables_make_the_same_bytes(cells, facts):
    assert workbook_bytes(cells, facts) == workbook_bytes(cells, facts)


def test_synthetic_data_and_a_fixture_model_are_named_on_cover_contents_and_titles(cells, facts, fixture_engine):
    marked = replace(facts, synthetic=True, engines=(fixture_engine,))
    assert table_title(1, marked).endswith("[SYNTHETIC DATA] [NOTES READ BY A TEST MODEL]")
    assert table_title(2, marked).endswith("[SYNTHETIC DATA]")
    content = content_of(workbook_bytes(cells, marked))
    # once on the cover, once in the contents
    assert content.count("every record was made up by a program") == 2
    assert content.count("small fixture model that is no classifier") == 2


def test_real_data_carry_no_mark(cells, facts):
    assert "SYNTHETIC" not in content_of(workbook_bytes(cells, facts))


def test_a_withheld_count_is_not_in_the_file(build, link, tabulate, pooled, facts):
    frame = build((1043, link("Completed")), (3, link("Died")), (2021, link("Prison")), (4057, {}))
    cells = tabulate(frame, pooled.clear())
    content = content_of(workbook_bytes(cells, facts))
    assert 'office:value="3"' not in content and 'office:value="1043"' not in content
    assert cells.filter(pl.col("value") == 3)["shown"].unique().to_list() == ["[c]"]


def test_columns_are_lettered_as_in_a_spreadsheet():
    assert [column_letter(position) for position in (1, 26, 27, 52, 53)] == ["A", "Z", "AA", "AZ", "BA"]
