"""The options of `pathways lineage`, `pathways verify` and `pathways diff`. Does not belong here: the work."""

import json
from pathlib import Path
from typing import Annotated

import typer

from pathways.command_line import StudyOption, saying, stop

Quarter = Annotated[str, typer.Option(help="Quarter, e.g. 2023Q1.")]


def lineage(
    quarter: Quarter = "2023Q1",
    table: Annotated[int | None, typer.Option(help="Number of a published table.")] = None,
    row: Annotated[str | None, typer.Option(help="Row of it, or part of its label.")] = None,
    column: Annotated[str | None, typer.Option(help="Column of it, or part of its header.")] = None,
    extract: Annotated[str | None, typer.Option(help="Instead: an extract, e.g. ndelius/offender.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, with whole hashes.")] = False,
    study: StudyOption = "treatment",
) -> None:
    """Walk a published cell back to the extracts it was made from, or an extract forward to what is published of it."""
    from pathways.lineage.cells import CellNotFound
    from pathways.lineage.lineage import NothingToWalk, lineage_of_cell, lineage_of_extract
    from pathways.lineage.lines import cell_lines, extract_lines
    from pathways.studies import STUDIES
    from resources.process.data_root import data_root
    from resources.zone.zone_tables import TableNotUsable

    if (table is None) == (extract is None):
        stop('Name a cell or an extract: --table 16 --row Female, or --extract "ndelius/offender".')
    with saying(CellNotFound, NothingToWalk, TableNotUsable):
        if extract is not None:
            found = lineage_of_extract(data_root(), quarter, extract, STUDIES[study])
            lines = extract_lines(found)
        else:
            assert table is not None
            found = lineage_of_cell(data_root(), quarter, table, row, column, STUDIES[study])
            lines = cell_lines(found)
        print(json.dumps(found, default=str) if as_json else "\n".join(lines))


def verify(quarter: Quarter = "2023Q1", study: StudyOption = "treatment") -> None:
    """Is every table, extract, file and sign-off of a quarter as it was made and signed? Exit code 1 if not."""
    from pathways.lineage.verify import faults_of_quarter
    from pathways.studies import STUDIES
    from resources.deletion.certificates import CertificateRefused
    from resources.process.data_root import data_root

    with saying(CertificateRefused):
        looked_at, faults = faults_of_quarter(data_root(), quarter, STUDIES[study])
    if not looked_at and not faults:
        stop(f"There is nothing of {quarter}. Run `{STUDIES[study].refresh(quarter)}`.")
    for fault in faults:
        print(fault)
    if faults:
        stop(f"{len(faults)} of {looked_at} are not what their receipts say.")
    print(f"All {looked_at} tables, extracts, files and sign-offs of {quarter} are what their receipts say.")


def diff(
    before: Annotated[str, typer.Argument(help="Quarter, e.g. 2023Q1.")],
    after: Annotated[str, typer.Argument(help="Quarter to compare it with.")],
    before_in: Annotated[
        Path | None, typer.Option(help="Data folder that holds the first one: to compare two runs of one quarter.")
    ] = None,
    table: Annotated[int | None, typer.Option(help="Show every cell of this published table.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, with whole hashes.")] = False,
    study: StudyOption = "treatment",
) -> None:
    """What differs between two quarters: settings, code and extracts, then rows, then which published cells moved."""
    from pathways.lineage.diff import Run, diff_of_runs
    from pathways.lineage.diff_lines import diff_lines
    from pathways.lineage.lineage import NothingToWalk
    from pathways.studies import STUDIES
    from resources.process.data_root import data_root
    from resources.zone.zone_tables import TableNotUsable

    with saying(NothingToWalk, TableNotUsable):
        found = diff_of_runs(Run(before_in or data_root(), before), Run(data_root(), after), STUDIES[study])
        print(json.dumps(found, default=str) if as_json else "\n".join(diff_lines(found, table)))
