"""What the cover of the workbook says.

Belongs here: its lines. Does not belong here: titles and notes of tables (catalogue/), file formats.
"""

import polars as pl

from publication_assets.catalogue.table_words import shorthand_used
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.workbook.workbook_sheets import HEADER_ROW, Line
from publishing.disclosure.disclosure_control import CONFIDENTIAL, LOW, UNRELIABLE

NOT_NUMBERS = [CONFIDENTIAL, LOW, UNRELIABLE, "[x]", "[z]"]  # what stands in a cell of figures that has no number


def cover_lines(cells: pl.DataFrame, facts: RunFacts) -> list[Line]:
    """Lines of the cover sheet. `cells` is published_tables."""
    lines = [Line(f"{facts.title}: data tables, {facts.quarter}", "Title")]
    lines += [Line(warning, "Warning") for warning in facts.warnings]
    lines += [
        Line(
            f"{facts.wording('{Types_in_full}')} of community orders and "
            f"suspended sentence orders in England, sentenced from {facts.period}."
        ),
        Line(f"Treatment, prison and court records are observed up to {words(facts.observation_end)}."),
        Line(
            f"The tables count {facts.requirements:,} requirements of {facts.people:,} people. The unit is the "
            "requirement unless a table says otherwise."
        ),
        Line(facts.rounding),
        Line("Statistical disclosure control", "Heading"),
        Line(
            f"Counts {facts.wording('{small}')} are not shown, nor counts from which they could be "
            "worked out or narrowed down, nor figures computed from either: they are [c]. Figures of fewer than "
            f"{facts.minimum_base} requirements are not shown: they are [u]. Zeros are shown."
        ),
        Line(_on_withheld(cells)),
        Line("Shorthand", "Heading"),
        *(Line(f"{mark}: {meaning}.") for mark, meaning in shorthand_used(cells).items()),
        Line("Where a mark means more in one table, the worksheet Notes says so."),
        Line("Contents and notes", "Heading"),
        Line("The worksheet Contents lists the tables with links, the worksheet Notes holds the notes."),
        Line("Reading the tables with a program", "Heading"),
        Line(
            f"In every worksheet of a table the headers are in row {HEADER_ROW}, and nothing stands below the table. "
            f"Read {listed(NOT_NUMBERS)} as missing values (na_values in Python, na in R). The open data "
            "(open_data.zip) hold the same tables as CSV files, where a blank is a missing value and another column "
            "says why."
        ),
        Line("Sources", "Heading"),
        Line(
            "Probation (nDelius), treatment (NDTMS), prison (p-NOMIS) and courts (Xhibit, Libra, Common Platform) "
            "records, linked without a common identifier; probation contact notes."
        ),
        Line(f"Contact notes were read by: {facts.read_by}."),
    ]
    for heading, said in facts.release:
        lines += [Line(heading, "Heading"), Line(said)]
    return [*lines, Line("Contact", "Heading"), Line(facts.contact, "Body" if facts.synthetic else "Contact")]


def _on_withheld(cells: pl.DataFrame) -> str:
    """How many figures are withheld; not how many of them are small themselves, which could help to guess them."""
    figures = cells.filter(pl.col("unit") != "text")
    confidential, unreliable = ((figures["status"] == status).sum() for status in (CONFIDENTIAL, UNRELIABLE))
    return (
        f"Of the {figures.height:,} cells for figures, {confidential:,} are withheld as confidential and "
        f"{unreliable:,} as unreliable."
    )
