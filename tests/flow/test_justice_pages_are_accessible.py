"""Pages of the justice release can be used by everybody: WCAG 2.2 AA in a real browser, wide and on a phone.

Belongs here: what a page must be. Does not belong here: the study's documents (test_documents_are_accessible.py).
"""

import pytest

from justice_assets.steps.panel_report.write_panel_report import panel_report_html
from justice_assets.steps.quality_page.write_quality_page import quality_page_html
from tests.headless_browser import NO_BROWSER, browser_here, headless_browser
from tests.unit.justice_assets.release import test_release_files
from tests.unit.justice_assets.report import test_panel_report, test_quality_page
from tests.unit.justice_assets.review import test_link_review

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDE, PHONE = 1200, 360


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Function: a page of the release, by name, in a window so wide."""
    if browser_here() is None:
        pytest.skip(NO_BROWSER)
    settings, facts = test_panel_report.SETTINGS, test_panel_report.FACTS
    cells = test_panel_report.published()
    html = {
        "panel_report": panel_report_html(cells, facts, settings.justice_views, settings.publication),
        "linkage_quality": quality_page_html(
            test_quality_page.TABLES,
            facts,
            settings.justice,
            settings.publication,
            {**test_link_review.found(), "simulated": True},
        ),
        "catalogue": test_release_files.made(synthetic=True)["catalogue.html"].decode(),
    }
    folder = tmp_path_factory.mktemp("pages")
    for name, page in html.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    with headless_browser(tmp_path_factory.mktemp("browser")) as browser:

        def opened(name: str, width: int):
            browser.open(folder / f"{name}.html", width)
            return browser

        yield opened


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("name", ["panel_report", "linkage_quality", "catalogue"])
def test_a_page_breaks_no_rule_of_accessibility_and_is_no_wider_than_its_window(pages, name, width):
    page = pages(name, width)
    assert page.accessibility_faults(*RULES) == []
    assert page.value("document.documentElement.scrollWidth <= window.innerWidth")
