"""What a check says of one extract file: its status, counts by rule and row numbers, never a value.

Belongs here: the report. Does not belong here: reading (check.py), how files fit together (check_together.py), showing
(show_reports.py).
"""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from contracts.absent_columns import absent_warnings
from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_reader import ReadExtract
from resources.extracts.extract_rules import REMEDIES

ACCEPTED, NORMALISED, QUARANTINED, REJECTED, NOT_SENT = (
    "accepted",
    "accepted after normalising",
    "rows quarantined",
    "rejected",
    "not sent",
)
ROW_NUMBERS_SHOWN = 20


@dataclass
class Finding:
    """One broken rule in one column: how often, the first data rows (1-based), and what to do."""

    column: str
    rule: str
    count: int
    row_numbers: list[int]
    remedy: str


@dataclass
class FileReport:
    """What a refresh would make of one file. `problem` and `remedy` are set when it is rejected.

    `notes` say how the file is written, which changes nothing; `warnings`, what will be missing or does not fit;
    `refused`, measures (resources/zone/gates.py) that stop a refresh and that somebody may accept.
    """

    table: str
    file: str
    status: str
    problem: str = ""
    remedy: str = ""
    rows_read: int = 0
    rows_kept: int = 0
    rows_quarantined: int = 0
    quarantined: list[Finding] = field(default_factory=list)
    voided: list[Finding] = field(default_factory=list)
    normalised: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    columns_absent: list[str] = field(default_factory=list)
    columns_ignored: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    refused: list[dict] = field(default_factory=list)
    sha256: str = ""


def would_start(reports: list[FileReport]) -> bool:
    """Whether a refresh would start on these files: there are some, and none is rejected."""
    return bool(reports) and all(report.status != REJECTED for report in reports)


def report_of(extract: Extract, path: Path, read: ReadExtract | None) -> FileReport:
    """What is said of a file that was read; None where nothing of it was."""
    report = FileReport(extract.name, str(path), ACCEPTED)
    if read is None:
        return report
    report.rows_read, report.rows_kept = read.rows_read, read.rows_kept
    report.rows_quarantined = read.rows_quarantined
    report.quarantined, report.voided = _findings(read.quarantined), _findings(read.voided)
    report.normalised, report.columns_ignored, report.sha256 = read.normalised, read.ignored, read.sha256
    report.notes, report.columns_absent = [f"{rule} ({count:,})" for rule, count in read.form.items()], read.absent
    report.warnings = [*read.warnings, *absent_warnings(extract, read.absent, read.empty)]
    if report.quarantined:
        report.status = QUARANTINED
    elif report.voided or report.normalised:
        report.status = NORMALISED
    return report


def _findings(faults: pl.DataFrame) -> list[Finding]:
    grouped = (
        faults.group_by("column", "rule", maintain_order=True)
        .agg(
            count=pl.len(),
            rows=pl.col("row_number").sort().head(ROW_NUMBERS_SHOWN),
        )
        .sort("column", "rule")
    )
    return [Finding(column, rule, count, rows, REMEDIES[rule]) for column, rule, count, rows in grouped.iter_rows()]
