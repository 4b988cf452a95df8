"""docs/where-is-a-number.md: every table and figure, with its key and the function that makes it."""

import re
from importlib import import_module

from pathways.documents.where_is_a_number import PAGE, page_text
from publication_assets.catalogue.places import FIGURES
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.tables.make_tables import made_by
from resources.process.data_root import REPOSITORY

TEXT = page_text()


def test_the_page_is_what_the_command_writes():
    assert PAGE.read_text(encoding="utf-8") == TEXT, "run `python -m pathways.documents.where_is_a_number`"


def test_every_table_has_a_part_with_its_columns_and_a_function_that_exists():
    for table in TABLES.values():
        part = TEXT.partition(f"## {table.name}: `{table.key}`\n")[2].partition("\n## ")[0]
        assert made_by(table).__name__ in part
        assert re.findall(r"^\| `([a-z_]+)(?:/\.\.\.)?` ", part, re.MULTILINE) == [m.key for m in table.measures]


def test_every_figure_of_a_table_is_drawn_by_a_function_that_exists():
    assert {number for table in TABLES.values() for number in table.figures} == set(FIGURES)
    for function in FIGURES.values():
        module, _, name = function.partition(":")
        assert callable(getattr(import_module(f"publication_assets.steps.figures.{module}"), name))


def test_every_file_that_the_page_links_to_exists():
    links = set(re.findall(r"\]\(\.\./([^)]+)\)", TEXT))
    assert links and [link for link in links if not (REPOSITORY / link).is_file()] == []
