"""`pathways data-request`: writes docs/data-request.md and docs/justice-data-request.md, what is asked of suppliers of
the study and of the linking of justice records, and why, column by column.

Belongs here: the pages. Does not belong here: the columns and their uses (contracts/sources).
"""

from collections.abc import Sequence
from pathlib import Path

from contracts.extracts import ALL_EXTRACTS, JUSTICE_EXTRACTS
from resources.extracts.extract_declaration import Column, Extract, Use
from resources.process.data_root import REPOSITORY

PAGE = REPOSITORY / "docs" / "data-request.md"
JUSTICE_PAGE = REPOSITORY / "docs" / "justice-data-request.md"
INTRODUCTION = """# What is asked of data suppliers

Every file and column that the study needs, what each is used for, and what is not asked for. Files are CSV or Parquet,
`<folder>/<file>.csv`. A column is asked for only where a step reads it (UK GDPR, article 5(1)(c); Caldicott principle
3): `tests/unit/contracts/test_every_column_is_used.py` runs each step without it. What is sent besides is not read and
kept nowhere. `pathways data-request` writes this page from `contracts/sources`.

{files} files, {columns} columns. A column with "yes" must be filled in every row. `for` is a number of this list:
"""
JUSTICE_INTRODUCTION = """# What is asked of suppliers of justice records

Every file and column that the linking of justice records needs, which is no part of the study, and what each is used
for. A column is asked for only where a step reads it or a check needs it:
`tests/unit/contracts/test_every_justice_column_is_used.py` runs each step without it. Tables are those of the panel's
report. Files are CSV or Parquet, `<folder>/<file>.csv`. They hold full names: they go into a folder of their own, which
only the justice zone reads. What is sent besides is not read and kept nowhere. `pathways data-request` writes this
page from `contracts/sources/justice`.

{files} files, {columns} columns. A column with "yes" must be filled in every row. `for` is a number of this list:
"""
HEADER = "| column | meaning | always | for |\n|---|---|---|---|"


def write_pages(page: Path = PAGE, justice_page: Path = JUSTICE_PAGE) -> str:
    """Write both pages and say how much is asked for."""
    page.write_text(page_text(), encoding="utf-8")
    justice_page.write_text(justice_page_text(), encoding="utf-8")
    columns = sum(len(extract.columns) for extract in (*ALL_EXTRACTS, *JUSTICE_EXTRACTS))
    places = " and ".join(str(each.relative_to(REPOSITORY)) for each in (page, justice_page))
    return f"{columns} columns, written to {places}"


def page_text() -> str:
    """The page of the study in Markdown: a table for each file."""
    return _page(INTRODUCTION, ALL_EXTRACTS)


def justice_page_text() -> str:
    """The page of the justice records in Markdown: a table for each file."""
    return _page(JUSTICE_INTRODUCTION, JUSTICE_EXTRACTS)


def _page(introduction: str, extracts: Sequence[Extract]) -> str:
    uses = list(dict.fromkeys(use for extract in extracts for column in extract.columns for use in column.uses))
    blocks = [introduction.format(files=len(extracts), columns=sum(len(extract.columns) for extract in extracts))]
    for number, use in enumerate(uses, start=1):
        blocks.append(f"{number}. {use.purpose}" + (f" (`{use.step}`)" if use.step else ""))
    return "\n".join([*blocks, "", *(_of_file(extract, uses) for extract in extracts)])


def _of_file(extract: Extract, uses: Sequence[Use]) -> str:
    blocks = [f"## {extract.system}/{extract.name}\n", f"{extract.meaning}.\n"]
    if extract.absent_means:
        blocks.append(f"May be left out: then {extract.absent_means}.\n")
    blocks += [HEADER, *(_row(column, uses) for column in extract.columns)]
    if extract.not_asked:
        blocks.append(f"\nNot asked for: {', '.join(extract.not_asked)}.")
    return "\n".join(blocks) + "\n"


def _row(column: Column, uses: Sequence[Use]) -> str:
    numbers = ", ".join(str(uses.index(use) + 1) for use in column.uses)
    return f"| {column.name} | {column.meaning} | {'' if column.null else 'yes'} | {numbers} |"
