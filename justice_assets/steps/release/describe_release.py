"""What is released, described for programs: the columns of each table, from the classes of the tables.

Belongs here: the description (CSV on the Web, W3C 2015-12-17). Does not belong here: the tables, the page for people
(write_catalogue.py).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from justice_assets.steps.panel_report.facts import PanelFacts
from resources.zone.schema_check import Table, column_meanings

TYPES = {pl.Float64: "double", pl.Int32: "integer", pl.Int64: "integer", pl.Boolean: "boolean"}


def describe_for_programs(
    tables: Mapping[str, type[Table]], rows: Mapping[str, int], facts: PanelFacts
) -> dict[str, Any]:
    """The metadata of the CSV files `<table>.csv`. rows: of each table."""
    mark = f" [{facts.synthetic_mark}]" if facts.synthetic else ""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": f"Which records of justice systems are one person, {facts.quarter}{mark}",
        **({"dc:description": " ".join(facts.warnings)} if facts.warnings else {}),
        "tables": [
            {
                "url": f"{name}.csv",
                "dc:title": name,
                "dc:description": meaning_of(table),
                "dc:extent": f"{rows[name]} rows",
                "tableSchema": {"columns": _columns(table), **_key(table)},
            }
            for name, table in tables.items()
        ],
    }


def meaning_of(table: type[Table]) -> str:
    """What a table has a row of, in a sentence."""
    return " ".join((table.__doc__ or "").split())


def _columns(table: type[Table]) -> list[dict[str, Any]]:
    declared = table.to_schema().columns
    return [
        {
            "name": name,
            "titles": name,
            "dc:description": meaning,
            "datatype": TYPES.get(declared[name].dtype.type, "string"),  # pyright: ignore[reportAttributeAccessIssue]
            "required": not declared[name].nullable,
        }
        for name, meaning in column_meanings(table).items()
    ]


def _key(table: type[Table]) -> dict[str, list[str]]:
    """The columns that tell rows apart, where the class of the table says so."""
    schema = table.to_schema()
    single = [name for name, column in schema.columns.items() if column.unique]
    key = [*(schema.unique or single[:1])]
    return {"primaryKey": key} if key else {}
