"""The options of `pathways check`. Does not belong here: what it looks at (check.py)."""

from pathlib import Path
from typing import Annotated

import typer

from pathways.command_line import known


def check(
    extracts: Annotated[Path, typer.Option(help="Folder of a quarter's extracts, or one file with --table.")],
    table: Annotated[str | None, typer.Option(help="Check this table only.")] = None,
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON line per file.")] = False,
    quarter: Annotated[str | None, typer.Option(help="Quarter of the extracts; else the folder's name.")] = None,
    keep_for: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """Say what a refresh would make of extracts, without running it. Exit code 0: a refresh would start."""
    from pathways.check.check import check_command

    raise typer.Exit(check_command(extracts, table, json_lines, known(quarter) if quarter else None, keep_for))
