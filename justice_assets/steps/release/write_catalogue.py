"""Writes the catalogue of a release as a page: what it is, its tables with their rows, and what each column means.

Belongs here: tables of the page. Does not belong here: prose (templates/release_catalogue), the columns' meanings
(schemas), the same for programs (describe_release.py).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from justice_assets.steps.panel_report.facts import PanelFacts
from publishing.documents.document import Grid
from publishing.documents.make_document import make_document
from publishing.documents.render_document import document_html
from resources.settings.justice_settings import JusticeLinkage

DOCUMENT = "release_catalogue"
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
KINDS = {"string": "text", "double": "number", "integer": "whole number", "boolean": "true or false"}


def catalogue_html(described: Mapping[str, Any], metadata: str, facts: PanelFacts, linkage: JusticeLinkage) -> str:
    """The page of a release. described: as describe_for_programs gives it, kept in the file `metadata`."""
    mark = f" [{facts.synthetic_mark}]" if facts.synthetic else ""
    tables = described["tables"]
    sizes = [[table["dc:title"], table["dc:description"], _rows(table["dc:extent"])] for table in tables]
    values = {
        "title": facts.title,
        "quarter": facts.quarter,
        "metadata": metadata,
        "threshold_high": f"{linkage.threshold_high:g}",
        "threshold_medium": f"{linkage.threshold_medium:g}",
        "threshold_low": f"{linkage.threshold_low:g}",
        "table_files": Grid(f"The tables of the release{mark}", ["Table", "What is in it", "Rows"], sizes),
        **{f"table_{table['dc:title']}": _columns(table, mark) for table in tables},
    }
    return document_html(make_document(DOCUMENT, values, facts, TEMPLATES), facts)


def _rows(extent: str) -> str:
    return f"{int(extent.removesuffix(' rows')):,}"


def _columns(table: Mapping[str, Any], mark: str) -> Grid:
    key = table["tableSchema"].get("primaryKey", [])
    rows = [
        [
            column["name"],
            f"{column['dc:description']}{'; part of the key' if column['name'] in key else ''}",
            KINDS[column["datatype"]],
            "no" if column["required"] else "yes",
        ]
        for column in table["tableSchema"]["columns"]
    ]
    return Grid(f"Columns of {table['dc:title']}{mark}", ["Column", "Meaning", "Kind", "May be empty"], rows)
