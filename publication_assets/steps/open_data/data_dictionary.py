"""The dictionary of the open data: what each table and measure is, which notes hold for it, what each mark means.

Belongs here: what is said of tables and measures as data. Does not belong here: titles and notes themselves
(catalogue/), the columns of the tables (observations.py).
"""

import re

import polars as pl

from publication_assets.catalogue.notes import NOTES, SHORTHAND, note_numbers
from publication_assets.catalogue.table_words import in_words
from publication_assets.catalogue.tables import by_number
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.workbook.write_workbook import table_title
from publishing.disclosure.disclosure_control import CONFIDENTIAL, LOW, SHOWN, UNRELIABLE
from publishing.tables.declared import DeclaredTable

DICTIONARY = {
    "tables": {
        "table": "number of the table",
        "file": "the file that holds it",
        "title": "its title, with place and period",
        "row_group": "what row_group says in it; empty where it is not used",
        "row_label": "what row_label says in it",
        "source": "the records that it is made from",
        "observations": "rows of the file",
    },
    "measures": {
        "table": "number of the table",
        "measure": "the measure, as in the table",
        "unit": "units of its values; text where a cell holds words",
        "decimals": "the most decimal places that one of its values has; empty where it has no value",
    },
    "notes": {
        "table": "number of the table",
        "holds_for": "table, row or measure",
        "label": "the row label or the measure; empty where the note holds for the whole table",
        "note": "number of the note, as in the workbook",
        "text": "what it says",
    },
    "marks": {"status": "what stands in the column status", "meaning": "what it means, in every table"},
}
ON_LABELS = re.compile(r" \[e\]")


def file_of(table: int) -> str:
    """Name of the file that holds a table."""
    return f"table_{table}.csv"


def data_dictionary(rows: pl.DataFrame, cells: pl.DataFrame, facts: RunFacts) -> dict[str, pl.DataFrame]:
    """The frames of the dictionary by name: see DICTIONARY. `rows`: the observations of `cells`, published_tables."""
    texts = {table: in_words(by_number(table), facts.wording) for table in rows["table"].unique().sort()}
    entries = {
        "tables": [_table(table, text, rows, facts) for table, text in texts.items()],
        "measures": [entry for table in texts for entry in _measures(table, rows)],
        "notes": [entry for table, text in texts.items() for entry in _notes(table, text, cells, facts)],
        "marks": list(marks(facts).items()),
    }
    return {name: pl.DataFrame(entries[name], schema=list(DICTIONARY[name]), orient="row") for name in entries}


def marks(facts: RunFacts) -> dict[str, str]:
    """What the column status may say, each with its one meaning."""
    shown = {SHOWN: "the cell is published; the number stands in value, words stand in words"}
    unreliable = (
        f"low reliability: the figure is withheld, because it is based on fewer than {facts.minimum_base} records"
    )
    general = {mark: SHORTHAND[mark] for mark in (CONFIDENTIAL, LOW, UNRELIABLE, "[x]", "[z]")}
    return shown | general | {UNRELIABLE: unreliable}


def _table(table: int, text: DeclaredTable, rows: pl.DataFrame, facts: RunFacts) -> tuple:
    *group, label = text.row_headers
    observations = rows.filter(pl.col("table") == table).height
    return table, file_of(table), table_title(text, facts), "".join(group), label, text.source, observations


def _measures(table: int, rows: pl.DataFrame) -> list[tuple]:
    own = rows.filter(pl.col("table") == table)
    found = []
    for column in own.partition_by("measure", maintain_order=True):
        places = {len(value.partition(".")[2]) for value in column["value"] if value}
        units = "; ".join(column["unit"].unique().sort())
        found.append((table, column["measure"][0], units, str(max(places)) if places else ""))
    return found


def _notes(table: int, text: DeclaredTable, cells: pl.DataFrame, facts: RunFacts) -> list[tuple]:
    own, numbers = cells.filter(pl.col("table") == table), note_numbers()
    places = [("table", "", name) for name in text.notes]
    for kind, columns, notes_of in (
        ("measure", ("measure", "measure_key"), text.notes_of_column),
        ("row", ("row_label", "row_key"), text.notes_of_row),
    ):
        named = own.select(columns).unique(maintain_order=True).iter_rows()
        places += [(kind, label, name) for label, key in named for name in notes_of(key)]
    return [
        (table, kind, label, numbers[name], _said(NOTES[name], facts)) for kind, label, name in dict.fromkeys(places)
    ]


def _said(note: str, facts: RunFacts) -> str:
    """A note without the marks that the workbook sets on labels, which the data do not have."""
    return ON_LABELS.sub("", facts.wording(note))
