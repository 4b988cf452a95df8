"""The documents of the small quarter against WCAG 2.2 AA in a real browser, and their PDFs against what PDF/UA asks.

Belongs here: rules for every document. axe-core finds what a program can find, and not what a person must judge,
such as whether an alternative says the right thing.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from tests.headless_browser import NO_BROWSER, browser_here, headless_browser
from tests.pdf_checker import pdf_faults

QUARTER = "2023Q1"
WITHOUT_FIGURES = ("against_published", "lineage", "transparency_linkage", "transparency_notes", "impact_assessment")
PAGES = ("report", "methodology", "linkage_quality", "note_reading", "regions", *WITHOUT_FIGURES)
WIDTHS = {"desktop": 1300, "phone": 390}
# Pixels between the margins of an A4 sheet, which lies on its side for the wide tables of the comparison
PRINT_AREAS = dict.fromkeys(PAGES, 657) | {"against_published": 986}
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LONGEST_ALTERNATIVE, LETTERS_OF_A_FOOTER = 300, 200
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ALTERNATIVES = (
    "[...document.querySelectorAll('svg:not([aria-hidden])')].map(each => each.getAttribute('aria-label') || '')"
)
COUNTS_OF_REGIONS = """[...document.querySelector('.measure tbody').rows].map(
  row => Number(row.cells[5].textContent.replaceAll(',', '')) || 0)"""
# In print nothing can be scrolled: a table that is wider than the sheet is cut
CUT = """[...document.querySelectorAll('table, svg')].filter(
  each => each.getBoundingClientRect().right > innerWidth + 1).length"""
# Marks of charts whose fill has no contrast of 3:1 with the white page: an outline does not make up for it
PALE = """[...document.querySelectorAll('figure svg .role-mark path, figure svg .area path')].filter(each => {
  const style = getComputedStyle(each), box = each.getBBox();
  const contrast = colour => {
    const parts = (colour.match(/[0-9.]+/g) || []).map(Number);
    if (parts.length < 3 || parts[3] === 0) return 0;
    const light = parts.slice(0, 3).map(part => part / 255).map(
      part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05);
  };
  return contrast(style.fill) > 1 && box.width * box.height > 16 && contrast(style.fill) < 3;
}).map(each => each.closest('figure').id)"""
# Figures of a page as wide as a phone that have letters smaller than these many pixels, or have to be moved sideways
SMALLEST_LETTER = 11
SMALL = f"""[...document.querySelectorAll('figure')].filter(figure => [...figure.querySelectorAll('svg text')].some(
  each => {{
    const box = each.getBoundingClientRect(), scale = each.ownerSVGElement.getScreenCTM().a;
    return box.width > 0 && parseFloat(getComputedStyle(each).fontSize) * scale < {SMALLEST_LETTER};
  }})).map(figure => figure.id)"""
SIDEWAYS = """[...document.querySelectorAll('figure .chart.on-phone')].filter(
  each => each.scrollWidth > each.clientWidth + 1).map(each => each.closest('figure').id)"""

needs_browser = pytest.mark.skipif(browser_here() is None, reason=NO_BROWSER)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with headless_browser(tmp_path_factory.mktemp("browser")) as page:
        yield page


@pytest.fixture(scope="module")
def published(small_quarter) -> Path:
    return small_quarter / "publication" / QUARTER


@needs_browser
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_breaks_no_rule_and_never_scrolls_sideways(page, published, name, width):
    page.open(published / f"{name}.html", width)
    assert page.value(BEYOND) == 0
    page.value(OPEN_ALL)
    assert page.value(BEYOND) == 0
    assert page.accessibility_faults(*RULES) == []


@needs_browser
@pytest.mark.parametrize("name", PAGES)
def test_every_figure_has_an_alternative_that_can_be_read_in_one_go(page, published, name):
    page.open(published / f"{name}.html", WIDTHS["desktop"])
    alternatives = page.value(ALTERNATIVES)
    assert all(0 < len(said) <= LONGEST_ALTERNATIVE for said in alternatives)
    assert alternatives or name in WITHOUT_FIGURES


@needs_browser
@pytest.mark.parametrize("name", PAGES)
def test_every_mark_of_a_figure_stands_out_from_the_page(page, published, name):
    page.open(published / f"{name}.html", WIDTHS["desktop"])
    assert page.value(PALE) == []


@needs_browser
def test_the_figures_of_the_report_can_be_read_on_a_phone_without_moving_them(page, published):
    page.open(published / "report.html", WIDTHS["phone"])
    assert page.value("document.querySelectorAll('figure .sideways').length") == 0
    assert page.value(SMALL) == [] and page.value(SIDEWAYS) == []


@needs_browser
def test_the_page_of_the_regions_shows_one_measure_sorts_and_compares_when_it_is_asked(page, published):
    page.open(published / "regions.html", WIDTHS["desktop"])
    assert page.value("[...document.querySelectorAll('.measure')].filter(each => !each.hidden).length") == 1
    page.value("measure.value = ''; measure.dispatchEvent(new Event('change'))")
    assert page.value("[...document.querySelectorAll('.measure')].filter(each => !each.hidden).length") == 4
    page.value("document.querySelector('th[data-sort=count] button').click()")
    counts = page.value(COUNTS_OF_REGIONS)
    assert counts == sorted(counts, reverse=True) and len(counts) == 11
    page.value("other.value = '3'; other.dispatchEvent(new Event('change'))")
    assert "Compared with Greater London" in page.value("document.querySelector('.measure thead').innerText")
    assert page.accessibility_faults(*RULES) == []


@needs_browser
@pytest.mark.parametrize("name", PAGES)
def test_a_printed_page_cuts_no_table_and_no_figure(page, published, name):
    page.open(published / f"{name}.html", WIDTHS["desktop"])
    page.as_printed(PRINT_AREAS[name])
    assert page.value(CUT) == 0


@needs_browser
@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('<html lang="en-GB">', "<html>", "html-has-lang"),
        (' role="img" aria-label="', ' role="img" data-label="', "svg-img-alt"),
        ("color:#0b0c0c", "color:#b0b4b6", "color-contrast"),
        ('<h2 id="', '<h4 id="', "heading-order"),
        (' tabindex="0"', "", "scrollable-region-focusable"),
    ],
)
def test_a_fault_of_each_kind_is_found(page, published, tmp_path, old, new, rule):
    text = (published / "note_reading.html").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "page.html").write_text(text.replace(old, new), encoding="utf-8")
    page.open(tmp_path / "page.html", WIDTHS["phone"])
    assert any(fault.startswith(rule) for fault in page.accessibility_faults(*RULES))


@pytest.mark.parametrize("name", ["report", "methodology"])
def test_a_pdf_has_what_pdf_ua_asks_that_a_program_can_see(published, name):
    reader = PdfReader(published / f"{name}.pdf")
    root: Any = reader.root_object
    assert (root["/MarkInfo"]["/Marked"].value, root["/MarkInfo"]["/Suspects"].value) == (True, False)
    assert root["/Lang"] == "en-GB" and reader.metadata and reader.metadata.title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert "/Outlines" in root and b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert all(sheet.get("/Tabs") == "/S" for sheet in reader.pages if "/Annots" in sheet)
    parts = [*_parts(root["/StructTreeRoot"]["/K"])]
    alternatives = [part.get("/Alt", "") for part in parts if part["/S"] == "/Figure"]
    assert alternatives and all(0 < len(said) <= LONGEST_ALTERNATIVE for said in alternatives)
    levels = [int(part["/S"][2:]) for part in parts if part["/S"][1] == "H" and part["/S"][2:].isdigit()]
    assert levels[0] == 1 and all(later - earlier <= 1 for earlier, later in pairwise(levels))
    headers = [part for part in parts if part["/S"] == "/TH"]
    assert headers or name == "report"  # whose tables are in the workbooks
    scopes = {scope for part in headers for scope in ("/Column", "/Row") if scope in str(part["/A"])}
    assert not headers or scopes == {"/Column", "/Row"}


def test_every_pdf_is_pdf_ua(published):
    files = sorted(published.rglob("*.pdf"))
    assert {file.name for file in files} >= {"report.pdf", "methodology.pdf"}
    assert {file.name: faults for file in files if (faults := pdf_faults(file))} == {}


@pytest.mark.parametrize("name", ["report", "methodology"])
def test_a_pdf_has_no_empty_sheet(published, name):
    letters = [len(sheet.extract_text()) for sheet in PdfReader(published / f"{name}.pdf").pages]
    assert min(letters) > LETTERS_OF_A_FOOTER


def _parts(node: Any) -> Iterator[Any]:
    """The elements of a structure tree, in order."""
    node = node.get_object()
    if isinstance(node, ArrayObject):
        for each in node:
            yield from _parts(each)
    elif isinstance(node, DictionaryObject) and "/S" in node:
        yield node
        if "/K" in node:
            yield from _parts(node["/K"])
