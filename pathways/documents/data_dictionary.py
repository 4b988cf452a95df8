"""Writes docs/data-dictionary.md: every table of the zones, column by column.

    python -m pathways.documents.data_dictionary

Belongs here: the page. Does not belong here: the tables (the zones' schemas, contracts), nor what suppliers are asked
for and why (pathways/documents/data_request.py).
"""

from pathlib import Path

import polars as pl
from pandera.api.polars.components import Column

from contracts.crossings import CROSSINGS
from contracts.extracts import EXTRACT_BY_NAME, JUSTICE_EXTRACT_BY_NAME
from justice_assets.schemas import TABLES as JUSTICE
from justice_assets.schemas.reviewing import TABLES as JUSTICE_REVIEW
from linkage_assets.schemas import TABLES as LINKAGE
from linkage_assets.schemas.reviewing import TABLES as LINKAGE_REVIEW
from modelling_assets.schemas import TABLES as MODELLING
from nlp_assets.schemas import TABLES as NOTES
from nlp_assets.schemas.reviewing import TABLES as NOTES_REVIEW
from pathways.documents.column_units import unit_of
from publication_assets.schemas import TABLES as PUBLICATION
from resources.process.data_root import REPOSITORY
from resources.zone.schema_check import Table, column_meanings

PAGE = REPOSITORY / "docs" / "data-dictionary.md"
ZONES = {
    "linkage_assets": {**LINKAGE, **LINKAGE_REVIEW},
    "nlp_assets": {**NOTES, **NOTES_REVIEW},
    "modelling_assets": MODELLING,
    "publication_assets": PUBLICATION,
    "justice_assets": {**JUSTICE, **JUSTICE_REVIEW},
}
INTRODUCTION = """# Data dictionary

Every table that a zone makes or keeps, as its schema declares it. `python -m pathways.documents.data_dictionary` writes
this page from the `schemas` of `linkage_assets`, `nlp_assets`, `modelling_assets`, `publication_assets` and
`justice_assets`, and from `contracts/crossings.py`. What data suppliers are asked for, and what each column is used
for, is in `docs/data-request.md`.

{tables} tables, {columns} columns. A table stays in its zone unless its first lines say that it crosses. A column that
may not be empty has a value in every row.
"""
HEADER = "| column | type | unit or values | empty | meaning |\n|---|---|---|---|---|"
TYPES = {pl.String: "text", pl.Boolean: "true or false", pl.Date: "date"}
# Longer lists of values stand in the schema.
MOST_VALUES = 20


def write_page(page: Path = PAGE) -> str:
    """Write the page and say how many columns it describes. Raises UnitNotStated."""
    page.write_text(page_text(), encoding="utf-8")
    return f"{len(_all_columns())} columns, written to {page.relative_to(REPOSITORY)}"


def page_text() -> str:
    """The page in Markdown: a part for each zone, a table for each of its tables. Raises UnitNotStated."""
    tables = sum(len(tables) for tables in ZONES.values())
    blocks = [INTRODUCTION.format(tables=tables, columns=len(_all_columns()))]
    for zone, declared in ZONES.items():
        blocks += [f"## {zone}\n", *(_of_table(name, table) for name, table in declared.items())]
    return "\n".join(blocks)


def _all_columns() -> list[str]:
    tables = (table for declared in ZONES.values() for table in declared.values())
    return [column for table in tables for column in column_meanings(table)]


def _of_table(name: str, table: type[Table]) -> str:
    schema = table.to_schema()
    extract = (EXTRACT_BY_NAME | JUSTICE_EXTRACT_BY_NAME).get(name)
    meanings = {column.name: column.meaning for column in extract.columns} if extract else column_meanings(table)
    key = f" One row for each {' and '.join(schema.unique)}." if isinstance(schema.unique, list) else ""
    crosses = f"\n\n{_crossing(name)}" if name in CROSSINGS else ""
    rows = [_row(name, column, meanings[column_name]) for column_name, column in schema.columns.items()]
    return "\n".join([f"### {name}\n", f"{_words(table)}{key}{crosses}\n", HEADER, *rows]) + "\n"


def _words(table: type[Table]) -> str:
    return " ".join((table.__doc__ or "").split())


def _crossing(name: str) -> str:
    crossing = CROSSINGS[name]
    readers = ", ".join(f"`{reader}`" for reader in crossing.read_by)
    return f"**Crosses** from `{crossing.made_by}` to {readers}: {crossing.purpose}."


def _row(table: str, column: Column, meaning: str) -> str:
    kind = _type(column)
    listed = kind.inner if isinstance(kind, pl.List) else None
    cells = [
        column.name,
        f"list of {TYPES[listed]}" if listed else TYPES.get(kind, str(kind)),
        _unit_or_values(table, column),
        "may be" if column.nullable else "",
        f"{meaning}{' (unique)' if column.unique else ''}",
    ]
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _unit_or_values(table: str, column: Column) -> str:
    listed = [value for check in column.checks for value in check.statistics.get("allowed_values", ())]
    if listed:
        return "; ".join(map(str, listed)) if len(listed) <= MOST_VALUES else f"one of {len(listed)}"
    return unit_of(table, str(column.name)) if _type(column).is_numeric() else ""


def _type(column: Column) -> pl.DataType:
    return column.dtype.type  # pyright: ignore[reportOptionalMemberAccess]  # every column is declared with one


if __name__ == "__main__":
    print(write_page())
