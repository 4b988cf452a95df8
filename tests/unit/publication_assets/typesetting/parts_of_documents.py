"""One of each part that a document of the publication is made of, to be typeset."""

from publishing.charts.charts import Figure
from publishing.documents.document import (
    Block,
    Box,
    Bullets,
    Drawing,
    Finding,
    Grid,
    Heading,
    Link,
    Paragraph,
    Strong,
    Terms,
    Words,
)

LINE = "Of the requirements that courts imposed, as many as are told here reached treatment within the time. "
SAID: Words = (LINE * 2, Link("the page beside this document, which says more", "report.html"), ". ", Strong(LINE))
SHEET = 75  # lines, which are more than a sheet holds


def figure(height: int, lines: int = 1) -> Drawing:
    """A figure so high, in pixels of which a line has 760, with so many lines below its title."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{height}"><rect width="9" height="9"/></svg>'
    return Drawing(Figure("1", "Half were linked", "A bar.", svg, ["a"], [["1"]], subtitle=LINE * lines))


PARTS: dict[str, Block] = {
    "heading": Heading(
        "words", "1.1 A heading that goes on over the end of its line and says what follows below it, too"
    ),
    "paragraph": Paragraph(SAID),
    "list": Bullets([LINE * 2] * 4),
    "list with links": Bullets([SAID] * 3),
    "box": Box("Uncertainty", [SAID] * 2),
    "finding": Finding("Half were linked", [LINE * 2], *[LINE] * 6, points=[LINE * 2] * 2),
    "terms": Terms([("Requirement", LINE * 2), ("Treatment that a court asks for", LINE * 2)]),
    "table": Grid("Requirements by sex and what became of them. " * 3, ["Sex", "Share"], [[SAID, SAID]] * 2),
    "figure": figure(300),
}
LONGER_THAN_A_SHEET: dict[str, Block] = {
    "paragraph": Paragraph((LINE * SHEET, Link(LINE * SHEET, "report.html"), Strong(LINE * SHEET))),
    "list": Bullets([LINE * 2] * SHEET),
    "item of a list": Bullets([LINE * SHEET, LINE]),
    "box": Box("Uncertainty", [LINE * 2] * SHEET),
    "item of a box": Box("Uncertainty", [LINE * SHEET]),
    "finding": Finding("Half were linked", [LINE * SHEET], *[LINE * 20] * 6, points=[LINE * SHEET] * 2),
    "terms": Terms([("Requirement", LINE * SHEET), ("Treatment", LINE)]),
    "table": Grid(LINE, ["Sex", "Share"], [["Female", LINE]] * SHEET),
    "cell of a table": Grid(LINE, ["Sex", "Share"], [["Female", (LINE * SHEET, Strong(LINE * SHEET))]]),
}
