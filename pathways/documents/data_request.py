"""`pathways data-request`: writes docs/data-request.md, what is asked of data suppliers, and why, column by column.

Belongs here: the page. Does not belong here: the columns and their uses (contracts/sources).
"""

from pathlib import Path

from contracts.extracts import ALL_EXTRACTS
from resources.extracts.extract_declaration import Column, Extract
from resources.process.data_root import REPOSITORY

PAGE = REPOSITORY / "docs" / "data-request.md"
INTRODUCTION = """# What is asked of data suppliers

Every file and column that the study needs, what each is used for, and what is not asked for. Files are CSV or Parquet,
`<folder>/<file>.csv`. A column is asked for only where a step reads it (UK GDPR, article 5(1)(c); Caldicott principle
3): `tests/unit/contracts/test_every_column_is_used.py` runs each step without it. What is sent besides is not read and
kept nowhere. `pathways data-request` writes this page from `contracts/sources`.

{files} files, {columns} columns. A column with "yes" must be filled in every row. `for` is a number of this list:
"""
HEADER = "| column | meaning | always | for |\n|---|---|---|---|"
USES = list(dict.fromkeys(use for extract in ALL_EXTRACTS for column in extract.columns for use in column.uses))


def write_page(page: Path = PAGE) -> str:
    """Write the page and say how much is asked for."""
    page.write_text(page_text(), encoding="utf-8")
    return f"{sum(len(extract.columns) for extract in ALL_EXTRACTS)} columns, written to {page.relative_to(REPOSITORY)}"


def page_text() -> str:
    """The page in Markdown: a table for each file."""
    columns = sum(len(extract.columns) for extract in ALL_EXTRACTS)
    blocks = [INTRODUCTION.format(files=len(ALL_EXTRACTS), columns=columns)]
    blocks += [f"{number}. {use.purpose} (`{use.step}`)" for number, use in enumerate(USES, start=1)]
    return "\n".join([*blocks, "", *map(_of_file, ALL_EXTRACTS)])


def _of_file(extract: Extract) -> str:
    blocks = [f"## {extract.system}/{extract.name}\n", f"{extract.meaning}.\n"]
    if extract.absent_means:
        blocks.append(f"May be left out: then {extract.absent_means}.\n")
    blocks += [HEADER, *map(_row, extract.columns)]
    if extract.not_asked:
        blocks.append(f"\nNot asked for: {', '.join(extract.not_asked)}.")
    return "\n".join(blocks) + "\n"


def _row(column: Column) -> str:
    numbers = ", ".join(str(USES.index(use) + 1) for use in column.uses)
    return f"| {column.name} | {column.meaning} | {'' if column.null else 'yes'} | {numbers} |"
