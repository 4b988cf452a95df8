"""What is released, described for people and for programs: the columns of each lookup, from the classes of the tables.

Belongs here: the description (CSV on the Web, W3C 2015-12-17) and a page of it. Does not belong here: the tables.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

import polars as pl

from resources.zone.schema_check import Table, column_meanings

TYPES = {pl.Float64: "double", pl.Int32: "integer", pl.Int64: "integer", pl.Boolean: "boolean"}


def describe_for_programs(tables: Mapping[str, type[Table]], rows: Mapping[str, int], release: str) -> dict[str, Any]:
    """The metadata of the CSV files `<table>.csv`. rows: of each table."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": f"Which records of justice systems are one person, {release}",
        "tables": [
            {
                "url": f"{name}.csv",
                "dc:title": name,
                "dc:description": " ".join((table.__doc__ or "").split()),
                "dc:extent": f"{rows[name]} rows",
                "tableSchema": {"columns": _columns(table)},
            }
            for name, table in tables.items()
        ],
    }


def describe_for_people(described: Mapping[str, Any]) -> str:
    """The same as a page."""
    parts = [f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{escape(described['dc:title'])}</title>"]
    parts.append(f"<h1>{escape(described['dc:title'])}</h1>")
    for table in described["tables"]:
        title, about = escape(table["dc:title"]), escape(f"{table['dc:description']} {table['dc:extent']}.")
        parts.append(f"<h2>{title}</h2><p>{about}</p><table><tr><th scope='col'>Column<th scope='col'>Meaning</tr>")
        parts += [
            f"<tr><th scope='row'>{escape(column['name'])}<td>{escape(column['dc:description'])}</tr>"
            for column in table["tableSchema"]["columns"]
        ]
        parts.append("</table>")
    return "".join(parts) + "</html>\n"


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
