"""An OpenDocument spreadsheet with the few styles that accessible tables need, over odfpy.

Belongs here: cells, styles, marked-up tables, links, the zip. Does not belong here: what the worksheets say.
The file holds no time of writing: the same content gives the same bytes.
"""

import io
import zipfile

from odf import dc, style, table, text
from odf import number as odf_number
from odf.element import Element
from odf.office import Spreadsheet
from odf.opendocument import OpenDocumentSpreadsheet

from modelling_assets.steps.declared_table import DECIMALS

FONT, FONT_SIZE = "Arial", "12pt"
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
FRONT_TABLES = ("Contents", "Notes")


class Number:
    """A number with what is shown of it."""

    def __init__(self, value, shown: str, decimals: int):
        self.value, self.shown, self.decimals = value, shown, decimals


class Link(str):
    """Name of the worksheet that the cell links to."""


class Workbook:
    """An OpenDocument spreadsheet with the few styles that we use."""

    def __init__(self, title: str):
        # odfpy collects name spaces over all documents of a process: the second workbook would differ from the first.
        Element.namespaces.clear()
        self.document = OpenDocumentSpreadsheet()
        self.sheets = self.document.getElementsByType(Spreadsheet)[0]
        self.document.meta.addElement(dc.Title(text=title))
        self.document.meta.addElement(dc.Language(text="en-GB"))
        self.ranges = table.DatabaseRanges()
        self.widths: dict[str, Element] = {}
        self._add_styles()

    def add_lines(self, sheet: str, lines: list[tuple[str, str]]) -> None:
        """A worksheet of text, one line per row in column A."""
        worksheet = self._worksheet(sheet)
        worksheet.addElement(table.TableColumn(stylename=self._width("30cm")))
        for line_style, line in lines:
            link = f"mailto:{line}" if line_style == "Contact" else None
            self._add_row(worksheet, [(line, "Body" if line_style == "Contact" else line_style, link)])
        self.sheets.addElement(worksheet)

    def add_table(
        self,
        sheet: str,
        title: str,
        intro: list[str],
        headers: list[str],
        rows: list[list],
        widths: list[str],
        label_columns: int = 1,
    ) -> None:
        """A worksheet with a title, introductory lines and one table, which starts in column A without a blank row."""
        worksheet = self._worksheet(sheet)
        labels = table.TableHeaderColumns()
        for position, width in enumerate(widths):
            (labels if position < label_columns else worksheet).addElement(
                table.TableColumn(stylename=self._width(width))
            )
            if position == label_columns - 1:
                worksheet.addElement(labels)
        self._add_row(worksheet, [(title, "Title", None)])
        for line in intro:
            self._add_row(worksheet, [(line, "Line", None)])
        header = table.TableHeaderRows()
        self._add_row(
            header,
            [
                (name, "Header" if position < label_columns or sheet in FRONT_TABLES else "HeaderRight", None)
                for position, name in enumerate(headers)
            ],
        )
        worksheet.addElement(header)
        for row in rows:
            self._add_row(
                worksheet,
                [
                    self._cell(content, position < label_columns or sheet in FRONT_TABLES)
                    for position, content in enumerate(row)
                ],
            )
        self.sheets.addElement(worksheet)
        first, last = 2 + len(intro), 2 + len(intro) + len(rows)
        address = f"{sheet}.A{first}:{sheet}.{column_letter(len(headers))}{last}"
        self.ranges.addElement(
            table.DatabaseRange(
                name=sheet.lower(), targetrangeaddress=address, containsheader="true", displayfilterbuttons="false"
            )
        )

    def to_bytes(self) -> bytes:
        """The file, with the same bytes for the same content."""
        self.sheets.addElement(self.ranges)
        written = io.BytesIO()
        self.document.write(written)
        return _without_times(written.getvalue())

    def _worksheet(self, name: str) -> Element:
        return table.Table(name=name, stylename=self.sheet_style)

    def _cell(self, content, is_label: bool) -> tuple:
        if isinstance(content, Number):
            return content, f"Number{content.decimals}", None
        if isinstance(content, Link):
            return content, "Label", f"#{content}.A1"
        return content, "Label" if is_label else "Words", None

    def _add_row(self, parent, cells: list[tuple]) -> None:
        row = table.TableRow(stylename=self.row_style)
        for content, cell_style, link in cells:
            if isinstance(content, Number):
                cell = table.TableCell(stylename=cell_style, valuetype="float", value=str(content.value))
                cell.addElement(text.P(text=content.shown))
            else:
                cell = table.TableCell(stylename=cell_style, valuetype="string")
                paragraph = text.P()
                paragraph.addElement(text.A(href=link, type="simple", text=content)) if link else paragraph.addText(
                    content
                )
                cell.addElement(paragraph)
            row.addElement(cell)
        parent.addElement(row)

    def _width(self, width: str) -> Element:
        if width not in self.widths:
            column = style.Style(name=f"co{len(self.widths) + 1}", family="table-column")
            column.addElement(style.TableColumnProperties(columnwidth=width))
            self.document.automaticstyles.addElement(column)
            self.widths[width] = column
        return self.widths[width]

    def _add_styles(self) -> None:
        default = style.DefaultStyle(family="table-cell")
        default.addElement(style.TextProperties(fontfamily=FONT, fontsize=FONT_SIZE, language="en", country="GB"))
        self.document.styles.addElement(default)
        bold = {"fontweight": "bold"}
        border = {"borderbottom": "0.75pt solid #000000", "padding": "0.08cm"}
        thin = {"borderbottom": "0.25pt solid #8a8a8a", "padding": "0.08cm"}
        self._cell_style("Title", {"wrapoption": "no-wrap"}, {"fontsize": "16pt", **bold})
        self._cell_style("Heading", {"wrapoption": "wrap"}, {"fontsize": "14pt", **bold})
        self._cell_style("Warning", {"wrapoption": "wrap", "backgroundcolor": "#ffdd00"}, bold)
        self._cell_style("Body", {"wrapoption": "wrap", "verticalalign": "top"}, {})
        self._cell_style("Line", {"wrapoption": "no-wrap"}, {})
        self._cell_style("Header", {"wrapoption": "wrap", "verticalalign": "bottom", **border}, bold)
        self._cell_style("HeaderRight", {"wrapoption": "wrap", "verticalalign": "bottom", **border}, bold, align="end")
        self._cell_style("Label", {"wrapoption": "wrap", "verticalalign": "top", **thin}, {})
        self._cell_style("Words", {"wrapoption": "wrap", "verticalalign": "top", **thin}, {}, align="end")
        for decimals in sorted(set(DECIMALS.values())):
            format_ = odf_number.NumberStyle(name=f"N{decimals}")
            format_.addElement(odf_number.Number(decimalplaces=str(decimals), minintegerdigits="1", grouping="true"))
            self.document.styles.addElement(format_)
            self._cell_style(
                f"Number{decimals}",
                {"wrapoption": "wrap", "verticalalign": "top", **thin},
                {},
                align="end",
                data_style=f"N{decimals}",
            )
        self.row_style = style.Style(name="ro1", family="table-row")
        self.row_style.addElement(style.TableRowProperties(useoptimalrowheight="true"))
        self.document.automaticstyles.addElement(self.row_style)
        layout = style.PageLayout(name="Landscape")
        layout.addElement(
            style.PageLayoutProperties(
                pagewidth="29.7cm", pageheight="21cm", printorientation="landscape", margin="1.5cm", scaletopages="1"
            )
        )
        self.document.automaticstyles.addElement(layout)
        self.document.masterstyles.addElement(style.MasterPage(name="Default", pagelayoutname=layout))
        self.sheet_style = style.Style(name="ta1", family="table", masterpagename="Default")
        self.document.automaticstyles.addElement(self.sheet_style)

    def _cell_style(
        self, name: str, cell: dict, letters: dict, align: str | None = None, data_style: str | None = None
    ) -> None:
        options = {"datastylename": data_style} if data_style else {}
        added = style.Style(name=name, family="table-cell", parentstylename="Default", **options)
        added.addElement(style.TableCellProperties(**cell))
        if align:
            added.addElement(style.ParagraphProperties(textalign=align))
        if letters:
            added.addElement(style.TextProperties(**letters))
        self.document.styles.addElement(added)


def column_letter(position: int) -> str:
    """Letter of the n-th column, from 1: A, B, ..., Z, AA."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _without_times(content: bytes) -> bytes:
    """The same archive with every entry dated 1 January 1980, the type first and not compressed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        for entry in old.infolist():
            dated = zipfile.ZipInfo(entry.filename, FIRST_DAY_OF_ZIP)
            dated.compress_type, dated.external_attr = entry.compress_type, entry.external_attr
            new.writestr(dated, old.read(entry.filename))
    return written.getvalue()
