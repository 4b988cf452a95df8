"""The data of the figures as a workbook of their own."""

import io

from odf.opendocument import load
from odf.table import Table, TableCell, TableRow

from publication_assets.steps.workbook.figure_data import FIGURE_DATA, figure_data_files
from publishing.charts.charts import Figure
from publishing.documents.document import Document, Drawing, Section

ROWS = [["North East", "59 (52 to 66)", "1,251"], ["South West", "[c]", "7"]]
FIGURE = Figure(
    "6 and 7", "A finding", "A description.", "<svg/>", ["Region", "ATRs", "Count"], ROWS, "Table 5", "Units."
)


def _sheets(facts, *figures: Figure) -> dict[str, list[list[tuple[str, str]]]]:
    """By name of the worksheet the cells of its rows: text, and the value of a number."""
    document = Document("Report", "Report", "", "2023Q1", [], [Section("a", "1. A", [*map(Drawing, figures)])])
    written = load(io.BytesIO(figure_data_files(document, facts)[FIGURE_DATA]))
    return {
        sheet.getAttribute("name"): [
            [(str(cell), cell.getAttribute("value") or "") for cell in row.getElementsByType(TableCell)]
            for row in sheet.getElementsByType(TableRow)
        ]
        for sheet in written.getElementsByType(Table)
    }


def test_each_figure_is_a_worksheet_with_its_limits_in_columns_of_their_own(facts):
    sheets = _sheets(facts, FIGURE)
    assert list(sheets) == ["Cover", "Contents", "Notes", "Figures_6_and_7"]
    rows = sheets["Figures_6_and_7"]
    assert rows[0][0][0] == "Figures 6 and 7: A finding" and rows[1][0][0] == "Units."
    headers, first, second = rows[-3:]
    assert [text for text, _ in headers] == ["Region", "ATRs", "ATRs, lower limit", "ATRs, upper limit", "Count"]
    assert [value for _, value in first] == ["", "59", "52", "66", "1251"]
    assert [text for text, _ in second] == ["South West", "[c]", "[c]", "[c]", "7"]


def test_shorthand_is_explained_on_the_cover_and_in_the_notes_and_named_where_it_stands(facts):
    sheets = _sheets(facts, FIGURE)
    assert ["Shorthand: [c] confidential."] in [[text for text, _ in row] for row in sheets["Figures_6_and_7"]]
    assert any(row[0][0] == "[c]" and row[1][0].startswith("confidential") for row in sheets["Notes"])
    assert any(text.startswith("[c]: confidential") for row in sheets["Cover"] for text, _ in row)


def test_the_same_figures_give_the_same_bytes(facts):
    document = Document("Report", "Report", "", "2023Q1", [], [Section("a", "1. A", [Drawing(FIGURE)])])
    assert figure_data_files(document, facts) == figure_data_files(document, facts)
