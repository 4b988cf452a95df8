"""Writes docs/where-is-a-number.md: for every published number its table, keys, and the function that makes it.

    python -m pathways.documents.where_is_a_number

Belongs here: the page. Does not belong here: what it says of a table (publication_assets/catalogue).
"""

from pathlib import Path

from publication_assets.catalogue.places import FIGURES, HEADLINES
from publication_assets.catalogue.tables import TABLES
from publication_assets.catalogue.wording import wording
from publication_assets.steps.tables.make_tables import made_by
from publishing.tables.declared import DeclaredTable, Measure
from resources.process.data_root import REPOSITORY
from resources.settings.study_settings import load_study_settings

PAGE = REPOSITORY / "docs" / "where-is-a-number.md"
FIGURES_FOLDER = "publication_assets/steps/figures"
INTRODUCTION = """# Where is a number?

`python -m pathways.documents.where_is_a_number` writes this page from `publication_assets/catalogue`, with the settings
of `study.toml`. {tables} tables, {figures} figures.

A published number is a cell: a table, a row and a column, each with a key that no setting changes. In
`published_tables` (`var/modelling/QUARTER/published_tables.parquet`) they are `table_key`, `row_key` and `measure_key`.
The columns `quantity` and `depends_on` name the counts behind it.

1. Find the table or figure below. It names the function that counts, or lays out what models estimate.
   Every table is put together by the asset
   [`counted_tables`](../publication_assets/assets/published_tables.py) and published by `published_tables`.
2. A row key is what the row is of, from the whole to the part: `linked/completed`, `sex/female`, `atr/revoked`.
3. A column key that ends in `/...` is a family. What a member is of follows: `linked_share/atr`.
4. In Python: `ShownCells(cells).text("{example.table}", "{example.row}", "{example.measure}")`.
"""


def write_page(page: Path = PAGE) -> str:
    """Write the page and say how many tables it describes."""
    page.write_text(page_text(), encoding="utf-8")
    return f"{len(TABLES)} tables, written to {page.relative_to(REPOSITORY)}"


def page_text() -> str:
    """The page in Markdown: headline figures, figures, then a part for each table."""
    introduction = INTRODUCTION.format(tables=len(TABLES), figures=len(FIGURES), example=HEADLINES[1])
    in_order = sorted(TABLES.values(), key=lambda table: table.number)
    return "\n".join([introduction, _headlines(), _figures(), *map(_table, in_order)])


def _headlines() -> str:
    rows = [
        f"| `{headline.value}` | {TABLES[headline.table].number} | `{headline.table}` | `{headline.row}` "
        f"| `{headline.measure}` |"
        for headline in HEADLINES
    ]
    header = (
        "| value in the templates of the report | table | table key | row key | column key |\n|---|---|---|---|---|"
    )
    return "\n".join(["## Headline figures of the documents\n", header, *rows, ""])


def _figures() -> str:
    rows = []
    for number, function in FIGURES.items():
        module, _, name = function.partition(":")
        file = f"{FIGURES_FOLDER}/{module.replace('.', '/')}.py"
        shown = [table for table in TABLES.values() if number in table.figures]
        of = ", ".join(f"{table.number} `{table.key}`" for table in shown)
        rows.append(f"| {number} | {of} | [`{name}`](../{file}) |")
    header = "| figure | shows table | drawn by |\n|---|---|---|"
    return "\n".join(["## Figures\n", header, *rows, ""])


def _table(table: DeclaredTable) -> str:
    say = wording(load_study_settings())
    module = made_by(table).__module__
    function = table.made_by.partition(":")[2]
    facts = [
        say(table.title) + ".",
        f"Made by [`{function}`](../{module.replace('.', '/')}.py).",
        f"Figures: {', '.join(table.figures)}." if table.figures else "No figure.",
        f"Report: {', '.join(table.sections)}." if table.sections else "",
        f"Rows: {say(' / '.join(table.row_headers))}.",
    ]
    rows = [_measure(measure, say(measure)) for measure in table.measures]
    heading = f"## {table.name}: `{table.key}`\n"
    return "\n".join(
        [heading, " ".join(filter(None, facts)), "", "| column key | unit | header |\n|---|---|---|", *rows, ""]
    )


def _measure(measure: Measure, header: str) -> str:
    family = "/..." if "{" in header else ""
    words = header.replace("{", "*").replace("}", "*").replace("|", "\\|")
    return f"| `{measure.key}{family}` | {measure.unit} | {words} |"


if __name__ == "__main__":
    print(write_page())
