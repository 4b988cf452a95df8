"""Metadata of the open data as CSV on the Web (W3C): each file with its columns, data types and what a blank means.

Belongs here: the vocabulary of CSVW. Does not belong here: the words of columns (observations.py, data_dictionary.py).
"""

import json
import re
from datetime import datetime

import polars as pl

from publication_assets.catalogue.table_words import in_words
from publication_assets.catalogue.tables import by_number
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.open_data.data_dictionary import DICTIONARY, file_of, marks
from publication_assets.steps.open_data.observations import COLUMNS, precision_in_words
from publication_assets.steps.workbook.write_workbook import table_title
from publishing.disclosure.cell_tables import UNITS

METADATA_FILE = "csv-metadata.json"  # the name under which a reader of one of the files looks for it
LICENCES = {
    "Open Government Licence v3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
}
INTEGERS, MAY_BE_EMPTY = (
    {"table", "observations", "note", "decimals"},
    {"row_group", "value", "words", "label", "decimals"},
)
KEYS = {
    "tables": ["table"],
    "measures": ["table", "measure"],
    "notes": ["table", "holds_for", "label", "note"],
    "marks": ["status"],
}
ABOUT_DICTIONARY = {
    "tables": "Dictionary: the tables",
    "measures": "Dictionary: the measures of each table",
    "notes": "Dictionary: the notes of each table, and for which of its rows and measures they hold",
    "marks": "Dictionary: what the column status says",
}


def csvw_metadata(cells: pl.DataFrame, facts: RunFacts) -> bytes:
    """The metadata as a file. `cells` is published_tables."""
    said = dict(facts.release)
    licence = said.get("Licence", "")
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": facts.marked(f"{facts.title}: open data, {facts.quarter}"),
        "dc:description": " ".join([*facts.warnings, precision_in_words(bool(facts.rounding_base))]),
        "dc:publisher": said.get("Publisher", ""),
        "dc:license": {"@id": LICENCES[licence]} if licence in LICENCES else licence,
        "dc:issued": as_date(said.get("Publication date", "")),
        "dc:temporal": f"{facts.cohort_start}/{facts.cohort_end}",
        "dc:spatial": "England",
        "dc:language": "en-GB",
    }
    tables = [_of_table(table, cells, facts) for table in cells["table"].unique().sort()]
    dictionary = [_of_dictionary(name) for name in DICTIONARY]
    made = {name: value for name, value in group.items() if value} | {"tables": [*tables, *dictionary]}
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _of_table(table: int, cells: pl.DataFrame, facts: RunFacts) -> dict:
    text = in_words(by_number(table), facts.wording)
    *group, label = text.row_headers
    labels: dict[str, str] = {"row_group": "".join(group), "row_label": label}
    columns = [
        _column(name, f"{meaning} ({labels[name]})" if labels.get(name) else meaning, _datatype(name, facts))
        for name, meaning in COLUMNS.items()
    ]
    key = [name for name, header in labels.items() if header] + ["measure"]
    return {
        "url": file_of(table),
        "dc:title": table_title(text, facts),
        "dc:source": text.source,
        "tableSchema": {"columns": columns, "primaryKey": key},
    }


def _of_dictionary(name: str) -> dict:
    columns = [
        _column(column, meaning, "integer" if column in INTEGERS else "string")
        for column, meaning in DICTIONARY[name].items()
    ]
    return {
        "url": f"{name}.csv",
        "dc:title": ABOUT_DICTIONARY[name],
        "tableSchema": {"columns": columns, "primaryKey": KEYS[name]},
    }


def _column(name: str, meaning: str, datatype: str | dict) -> dict:
    column = {"name": name, "titles": name, "dc:description": meaning, "datatype": datatype}
    return column | ({"null": ""} if name in MAY_BE_EMPTY else {"required": True})


def _datatype(column: str, facts: RunFacts) -> str | dict:
    """What a column of a table may hold; a mark or unit that is not in the list is an error of the file."""
    match column:
        case "table":
            return "integer"
        case "value":
            return "decimal"
        case "unit":
            return _one_of(UNITS)
        case "status":
            return _one_of(list(marks(facts)))
    return "string"


def _one_of(words: list[str]) -> dict:
    return {"base": "string", "format": "|".join(re.sub(r"([\[\]])", r"\\\1", word) for word in words)}


def as_date(said: str) -> str:
    """A day in words, such as 24 March 2026, as 2026-03-24; other words as they are."""
    try:
        return datetime.strptime(said, "%d %B %Y").date().isoformat()
    except ValueError:
        return said
