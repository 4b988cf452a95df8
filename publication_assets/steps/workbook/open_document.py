"""An OpenDocument spreadsheet with the few styles that accessible tables need, over odfpy.

Belongs here: cells, styles, marked-up tables, links. Does not belong here: what the worksheets say.
The file holds no time of writing: the same content gives the same bytes.
"""

import io

from odf import dc, style, table, text
from odf import number as odf_number
from odf.element import Element
from odf.namespaces import STYLENS
from odf.office import Spreadsheet
from odf.opendocument import OpenDocumentSpreadsheet

from publication_assets.steps.workbook.repack_zip import repack_zip
from publication_assets.steps.workbook.workbook_sheets import (
    FONT,
    LANGUAGE,
    Content,
    Line,
    Link,
    Number,
    Sheet,
    Side,
)
from publishing.tables.counted_table import DECIMALS

FONT_SIZE, COVER_WIDTH, WORDS_INDENT = "12pt", 26.0, "0.4cm"
HEADERS: dict[Side, str] = {"label": "Header", "words": "HeaderWords", "figures": "HeaderRight"}
BODY: dict[Side, str] = {"label": "Label", "words": "LabelWords", "figures": "Words"}


def open_document(title: str, sheets: list[Sheet]) -> bytes:
    """The workbook as a file, .ods."""
    writer = _Writer(title)
    for sheet in sheets:
        writer.add(sheet)
    return writer.to_bytes()


class _Writer:
    """One document under construction."""

    def __init__(self, title: str):
        # odfpy collects name spaces over all documents of a process: the second workbook would differ from the first.
        Element.namespaces.clear()
        self.document = OpenDocumentSpreadsheet()
        self.sheets = self.document.getElementsByType(Spreadsheet)[0]
        self.document.meta.addElement(dc.Title(text=title))
        self.document.meta.addElement(dc.Language(text=LANGUAGE))
        self.ranges = table.DatabaseRanges()
        self.widths: dict[float, Element] = {}
        self._add_styles()

    def add(self, sheet: Sheet) -> None:
        worksheet = table.Table(name=sheet.name, stylename=self.sheet_style)
        self._add_columns(worksheet, sheet)
        for line in sheet.lines:
            self._add_row(worksheet, [self._line_cell(line, wrapped=sheet.table is None)])
        if sheet.table:
            self._add_table(worksheet, sheet)
        self.sheets.addElement(worksheet)

    def _add_columns(self, worksheet: Element, sheet: Sheet) -> None:
        widths = sheet.table.widths if sheet.table else [COVER_WIDTH]
        labels = sheet.table.label_columns if sheet.table else 0
        label_columns = table.TableHeaderColumns()
        for position, width in enumerate(widths):
            column = table.TableColumn(stylename=self._width(width))
            (label_columns if position < labels else worksheet).addElement(column)
            if position == labels - 1:
                worksheet.addElement(label_columns)

    def _add_table(self, worksheet: Element, sheet: Sheet) -> None:
        assert sheet.table is not None
        sides: list[Side] = [sheet.table.side(position) for position in range(len(sheet.table.headers))]
        header = table.TableHeaderRows()
        self._add_row(
            header, [_text_cell(name, HEADERS[side]) for name, side in zip(sheet.table.headers, sides, strict=True)]
        )
        worksheet.addElement(header)
        for row in sheet.table.rows:
            self._add_row(worksheet, [_cell(content, side) for content, side in zip(row, sides, strict=True)])
        first, last, letter = sheet.table_range
        self.ranges.addElement(
            table.DatabaseRange(
                name=sheet.table_name,
                targetrangeaddress=f"{sheet.name}.A{first}:{sheet.name}.{letter}{last}",
                containsheader="true",
                displayfilterbuttons="false",
            )
        )

    def to_bytes(self) -> bytes:
        self.sheets.addElement(self.ranges)
        written = io.BytesIO()
        self.document.write(written)
        return repack_zip(written.getvalue())

    def _line_cell(self, line: Line, wrapped: bool) -> Element:
        if line.style == "Contact":
            return _text_cell(line.text, "Body", f"mailto:{line.text}")
        return _text_cell(line.text, line.style if wrapped or line.style == "Title" else f"{line.style}Line")

    def _add_row(self, parent: Element, cells: list[Element]) -> None:
        row = table.TableRow(stylename=self.row_style)
        for cell in cells:
            row.addElement(cell)
        parent.addElement(row)

    def _width(self, width: float) -> Element:
        if width not in self.widths:
            column = style.Style(name=f"co{len(self.widths) + 1}", family="table-column")
            column.addElement(style.TableColumnProperties(columnwidth=f"{width}cm"))
            self.document.automaticstyles.addElement(column)
            self.widths[width] = column
        return self.widths[width]

    def _add_styles(self) -> None:
        default = style.DefaultStyle(family="table-cell")
        language, country = LANGUAGE.split("-")
        default.addElement(
            style.TextProperties(fontfamily=FONT, fontsize=FONT_SIZE, language=language, country=country)
        )
        self.document.styles.addElement(default)
        bold, wrapped, top = {"fontweight": "bold"}, {"wrapoption": "wrap"}, {"verticalalign": "top"}
        plain, yellow = {"wrapoption": "no-wrap"}, {"backgroundcolor": "#ffdd00"}
        border = {"borderbottom": "0.75pt solid #000000", "padding": "0.08cm", "verticalalign": "bottom"}
        thin = {"borderbottom": "0.25pt solid #8a8a8a", "padding": "0.08cm", **top}
        self._cell_style("Title", plain, {"fontsize": "14pt", **bold})
        self._cell_style("Heading", wrapped, {"fontsize": "14pt", **bold})
        self._cell_style("Warning", wrapped | yellow, bold)
        self._cell_style("WarningLine", plain, bold)
        self._cell_style("Body", wrapped | top, {})
        self._cell_style("BodyLine", plain, {})
        self._cell_style("Header", wrapped | border, bold)
        self._cell_style("HeaderRight", wrapped | border, bold, align="end")
        self._cell_style("Label", wrapped | thin, {})
        self._cell_style("Words", wrapped | thin, {}, align="end")
        self._cell_style("HeaderWords", wrapped | border, bold, indent=WORDS_INDENT)
        self._cell_style("LabelWords", wrapped | thin, {}, indent=WORDS_INDENT)
        for decimals in sorted(set(DECIMALS.values())):
            format_ = odf_number.NumberStyle(name=f"N{decimals}")
            format_.addElement(odf_number.Number(decimalplaces=str(decimals), minintegerdigits="1", grouping="true"))
            self.document.styles.addElement(format_)
            self._cell_style(f"Number{decimals}", wrapped | thin, {}, align="end", data_style=f"N{decimals}")
        self.row_style = style.Style(name="ro1", family="table-row")
        self.row_style.addElement(style.TableRowProperties(useoptimalrowheight="true"))
        self.document.automaticstyles.addElement(self.row_style)
        layout = style.PageLayout(name="Landscape")
        page = style.PageLayoutProperties(
            pagewidth="29.7cm", pageheight="21cm", printorientation="landscape", margin="1.5cm"
        )
        page.setAttrNS(STYLENS, "scale-to-X", "1")  # one page wide and as long as it is; odfpy does not know the two
        page.setAttrNS(STYLENS, "scale-to-Y", "0")
        layout.addElement(page)
        self.document.automaticstyles.addElement(layout)
        self.document.masterstyles.addElement(style.MasterPage(name="Default", pagelayoutname=layout))
        self.sheet_style = style.Style(name="ta1", family="table", masterpagename="Default")
        self.document.automaticstyles.addElement(self.sheet_style)

    def _cell_style(
        self, name: str, cell: dict, letters: dict, align: str = "", data_style: str = "", indent: str = ""
    ) -> None:
        options = {"datastylename": data_style} if data_style else {}
        added = style.Style(name=name, family="table-cell", parentstylename="Default", **options)
        added.addElement(style.TableCellProperties(**cell))
        if align or indent:
            look = {"textalign": align or "start"} | ({"marginleft": indent} if indent else {})
            added.addElement(style.ParagraphProperties(**look))
        if letters:
            added.addElement(style.TextProperties(**letters))
        self.document.styles.addElement(added)


def _cell(content: Content, side: Side) -> Element:
    if isinstance(content, Number):
        cell = table.TableCell(stylename=f"Number{content.decimals}", valuetype="float", value=str(content.value))
        cell.addElement(text.P(text=content.shown))
        return cell
    link = f"#{content}.A1" if isinstance(content, Link) else None
    return _text_cell(content, BODY[side], link)


def _text_cell(words: str, look: str, link: str | None = None) -> Element:
    cell, paragraph = table.TableCell(stylename=look, valuetype="string"), text.P()
    if link:
        paragraph.addElement(text.A(href=link, type="simple", text=words))
    else:
        paragraph.addText(words)
    cell.addElement(paragraph)
    return cell
