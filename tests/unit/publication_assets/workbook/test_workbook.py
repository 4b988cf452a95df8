import io
import re
import zipfile
from dataclasses import replace

import polars as pl
import pytest

from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.workbook.check_workbook_accessibility import (
    WorkbookNotAccessible,
    accessibility_faults,
    check_workbook_accessibility,
)
from publication_assets.steps.workbook.seen_workbook import read_workbook
from publication_assets.steps.workbook.workbook_sheets import (
    HEADER_ROW,
    LONGEST_LINE,
    LONGEST_TITLE,
    column_letter,
    short_lines,
    title_lines,
)
from publication_assets.steps.workbook.write_workbook import table_title, workbook_files

CELL = '<table:table-cell table:style-name="Label"'
ODS, XLSX = "tables.ods", "tables.xlsx"


@pytest.fixture(scope="module")
def files(cells, facts):
    return workbook_files(cells, facts)


@pytest.fixture(scope="module")
def workbook(files):
    return files[ODS]


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


@pytest.mark.parametrize("name", [ODS, XLSX])
def test_the_workbook_passes_every_accessibility_rule(files, name):
    assert accessibility_faults(files[name]) == []


def test_both_formats_hold_the_same_worksheets_with_the_same_cells(files):
    seen = {name: read_workbook(content) for name, content in files.items()}
    for one, other in zip(seen[ODS].sheets, seen[XLSX].sheets, strict=True):
        assert one.name == other.name
        assert [table[2:] for table in one.tables] == [table[2:] for table in other.tables]
        assert [[cell.number for cell in row] for row in one.rows] == [
            [cell.number for cell in row] for row in other.rows
        ]
        words = [[cell.text for cell in row if not cell.number] for row in one.rows]
        assert words == [[cell.text for cell in row if not cell.number] for row in other.rows]
        figures = [[float(cell.text.replace(",", "")) for cell in row if cell.number] for row in one.rows]
        assert figures == [[float(cell.text) for cell in row if cell.number] for row in other.rows]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (CELL, CELL.replace(" ", ' table:number-columns-spanned="2" ', 1), "merged cells"),
        ("<table:table-header-rows>", "<table:table-rows>", "tagged header row"),
        (">Requirement type<", "><", "column header is empty"),
        ('office:value-type="float"', 'office:value-type="string"', "number is stored as text"),
        (">ATRs and DRRs<", "><", "blank cells"),
        (">ATRs and DRRs<", ">*<", "symbol"),
        ('table:name="table_1"', 'table:name=""', "not marked up"),
        ("#Table_2.A1", "#Table_99.A1", "link Table_2 is missing"),
        (">note 1<", ">note 77<", "note 1 is missing"),
        ('table:style-name="Header"', 'table:style-name="Line"', "not wrapped"),
        ("estimate (count) [e] [note", "estimate (count) [q] [note", "[q] is used and not explained"),
        (">Completed structured treatment<", ">Completed [e]<", "Table_2: [e] is used and not explained there"),
        (">Shorthand: [e] estimated.<", ">Shorthand: none.<", "Table_1: [e] is used and not explained there"),
        (">[z]<", "><", "[z] is not explained in the notes"),
        ("Table_1.A7:", "Table_1.A6:", "headers in row 6, not in row 7"),
        (">Shorthand: none.<", ">Shorthand: [q] none.<", "[q] is explained and not used"),
        (">Notes that apply to the whole table: [note 1]<", f">{'long ' * 36}<", "too long"),
        ('table:display-filter-buttons="false"', 'table:display-filter-buttons="true"', "has filters"),
        ("<table:table-row ", '<table:table-row table:visibility="collapse" ', "hidden rows"),
        ('table:name="table_2"', 'table:name="table_1"', "same name"),
    ],
)
def test_a_workbook_that_breaks_a_rule_is_refused(workbook, old, new, fault):
    broken = changed(workbook, old, new)
    if old == "<table:table-header-rows>":
        broken = changed(broken, "</table:table-header-rows>", "</table:table-rows>")
    with pytest.raises(WorkbookNotAccessible, match=fault.replace("[", r"\[").replace(".", r"\.")):
        check_workbook_accessibility(broken)


def test_a_title_may_be_longer_than_a_line_below_it_and_still_has_an_end(workbook):
    title = ">Table 1: Identification in any treatment, by requirement type<"
    assert accessibility_faults(changed(workbook, title, f">{'w' * LONGEST_TITLE}<")) == []
    longer = accessibility_faults(changed(workbook, title, f">{'w' * (LONGEST_TITLE + 1)}<"))
    assert longer == ["Table_1: the title in A1 is too long to be read in one cell"]


def test_a_workbook_without_title_or_language_is_refused(workbook):
    assert "document: title or language is not set" in accessibility_faults(
        changed(workbook, "<dc:language>en-GB</dc:language>", "", "meta.xml")
    )


XLSX_TABLE = "xl/tables/table3.xml"


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (
            "xl/worksheets/sheet4.xml",
            "</sheetData>",
            '</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>',
            "Table_1: has merged cells",
        ),
        ("xl/worksheets/sheet4.xml", "<sheetView ", '<sheetView topLeftCell="A1" ', None),
        (XLSX_TABLE, "<tableColumns", '<autoFilter ref="A9:B10"/><tableColumns', "Table_1: has filters"),
        ("docProps/core.xml", "en-GB</dc:language>", "</dc:language>", "title or language is not set"),
        ("xl/workbook.xml", 'name="Notes"', 'name="Remarks"', "does not start with Cover, Contents, Notes"),
    ],
)
def test_an_excel_workbook_that_breaks_a_rule_is_refused(files, file, old, new, fault):
    faults = accessibility_faults(changed(files[XLSX], old, new, file))
    assert any(fault in found for found in faults) if fault else faults == []


def test_lines_above_a_table_are_one_sentence_each_and_none_is_too_long():
    lines = short_lines(f"The first. The second, {'and on ' * 40}to its end.")
    assert lines[0].text == "The first." and all(len(line.text) <= LONGEST_LINE for line in lines)
    assert [line.style for line in title_lines("word " * 40, "below")] == ["Title", "Body"]


def test_every_table_of_figures_has_its_title_in_one_cell_and_its_headers_in_the_row_that_the_cover_names(files):
    book = read_workbook(files[XLSX])
    tables = [sheet for sheet in book.sheets if sheet.name.startswith("Table_")]
    assert {first for sheet in tables for _, _, first, _, _ in sheet.tables} == {HEADER_ROW}
    assert all(sheet.rows[0][0].text.startswith(f"Table {sheet.name[6:]}: ") for sheet in tables)
    cover = " ".join(cell.text for row in book.sheets[0].rows for cell in row)
    assert f"the headers are in row {HEADER_ROW}" in cover


def test_a_program_that_reads_the_named_marks_as_missing_finds_numbers_alone(files):
    book = read_workbook(files[XLSX])
    cover = " ".join(cell.text for row in book.sheets[0].rows for cell in row)
    named = re.search(r"Read (.*?) as missing values", cover)
    assert named
    for sheet in (sheet for sheet in book.sheets if sheet.name.startswith("Table_")):
        header, *body = sheet.rows[HEADER_ROW - 1 :]
        for place, title in enumerate(header):
            column = [row[place] for row in body]
            if any(cell.number for cell in column):
                words = {cell.text for cell in column if not cell.number}
                assert words <= set(re.findall(r"\[\w+\]", named[1])), f"{sheet.name}, {title.text}"


def test_a_mark_means_one_thing(files):
    """[u] stands in cells alone, where it says that a figure is withheld: no label of a figure that is shown has it."""
    for sheet in read_workbook(files[XLSX]).sheets:
        if sheet.name.startswith("Table_"):
            header, *body = sheet.rows[HEADER_ROW - 1 :]
            labels = [cell.text for cell in (*header, *(row[0] for row in body))]
            assert not [label for label in labels if "[u]" in label]


def test_the_same_tables_make_the_same_bytes(cells, facts, files):
    assert workbook_files(cells, facts) == files
    with zipfile.ZipFile(io.BytesIO(files[XLSX])) as archive:
        assert b"dcterms:" not in archive.read("docProps/core.xml").split(b">", 2)[2]


def test_the_cover_says_how_many_cells_are_withheld_and_not_how_many_counts_are_small(cells, facts, files):
    cover = " ".join(cell.text for row in read_workbook(files[XLSX]).sheets[0].rows for cell in row)
    figures = cells.filter(pl.col("unit") != "text")
    confidential = (figures["status"] == "[c]").sum()
    assert f"Of the {figures.height:,} cells for figures, {confidential:,} are withheld as confidential" in cover
    assert "primary" not in cover and "secondary" not in cover


def test_rounded_tables_say_so_on_the_cover(cells, facts):
    cover = read_workbook(workbook_files(cells, replace(facts, rounding_base=5))[ODS]).sheets[0]
    assert "nearest multiple of 5" in " ".join(cell.text for row in cover.rows for cell in row)


def test_synthetic_data_and_a_fixture_model_are_named_on_cover_contents_and_titles(cells, facts, fixture_engine):
    marked = replace(facts, synthetic=True, engines=(fixture_engine,))
    assert table_title(TABLES["identification"], marked).endswith("[SYNTHETIC DATA] [NOTES READ BY A TEST MODEL]")
    assert table_title(TABLES["treatment_outcomes"], marked).endswith("[SYNTHETIC DATA]")
    content = content_of(workbook_files(cells, marked)[ODS])
    # once on the cover, once in the contents
    assert content.count("every record was made up by a program") == 2
    assert content.count("small fixture model that is no classifier") == 2
    assert (
        len(re.findall(r">England, requirements from [\w ]+ \[SYNTHETIC DATA\]", content)) == cells["table"].n_unique()
    )


def test_real_data_carry_no_mark(cells, facts):
    assert "SYNTHETIC" not in content_of(workbook_files(cells, facts)[ODS])


def test_a_withheld_count_is_not_in_the_file(build, link, tabulate, pooled, facts):
    frame = build((1043, link("Completed")), (4, link("Died")), (2021, link("Prison")), (4057, {}))
    cells = tabulate(frame, pooled.clear())
    withheld = cells.filter(pl.col("shown") == "[c]")["quantity"].drop_nulls().unique()
    assert {"ATR/linked/Died", "ATR/linked/Prison"} <= set(withheld)
    content = content_of(workbook_files(cells, facts)[ODS])
    assert 'office:value="2021"' not in content and 'office:value="4057"' in content


def test_no_cell_is_a_formula_whatever_a_text_begins_with(cells, facts):
    begun = pl.col("row_group", "row_label", "shown")
    as_formula = pl.when(begun == "").then(begun).otherwise(pl.lit("=HYPERLINK()"))
    written = workbook_files(cells.with_columns(as_formula), facts)
    sheets = zipfile.ZipFile(io.BytesIO(written[XLSX]))
    texts = [sheets.read(name).decode() for name in sheets.namelist() if name.startswith("xl/worksheets/")]
    assert "HYPERLINK" in content_of(written[ODS]) and "table:formula" not in content_of(written[ODS])
    assert texts and not [text for text in texts if "<f>" in text or "<f " in text]


def test_columns_are_lettered_as_in_a_spreadsheet():
    assert [column_letter(position) for position in (1, 26, 27, 52, 53)] == ["A", "Z", "AA", "AZ", "BA"]
