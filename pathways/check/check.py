"""The dry run: says what a refresh would make of extracts, file by file, without running it.

Belongs here: which files are looked at, how they fit together, and how the findings are shown. Does not belong here:
the rules of reading (resources/extracts/extract_reader.py), which the refresh applies itself: both run the same code.

Reports hold file and column names, rules, counts and row numbers; never a value.
"""

import difflib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import polars as pl
from rich.console import Console
from rich.table import Table

from contracts.absent_columns import absent_warnings
from contracts.extracts import (
    ALL_EXTRACTS,
    EXTRACT_BY_NAME,
    JUSTICE_EXTRACT_BY_NAME,
    JUSTICE_EXTRACTS,
    NOTES_EXTRACTS,
)
from pathways.check.refused_fits import write_fits
from pathways.refresh.ending import said_of
from resources.extracts.compare_age import judge_age
from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_reader import ReadExtract, not_sent, read_extract_file
from resources.extracts.extract_rules import REMEDIES, ExtractError
from resources.extracts.files.extract_file import find_extract, is_not_sent
from resources.extracts.kept_reading import forget_readings, keep_reading, reading_key, readings_folder
from resources.process.spill_folder import spill_folder
from resources.secrets.private_files import make_folder
from resources.settings.extract_settings import Extracts
from resources.settings.study_settings import StudySettingsError, load_study_settings
from resources.zone.gates import DecisionsNotReadable
from resources.zone.partitions import QUARTER_NAMES, quarter_end

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


ZONES_READING = ("linkage", "nlp")
BY_NAME = EXTRACT_BY_NAME | JUSTICE_EXTRACT_BY_NAME


class NoSuchTable(ValueError):
    """The name is not that of an extract table; the message lists what is."""


def check_extracts(
    folder: Path, quarter: str | None = None, table: str | None = None, keep_for: Path | None = None
) -> list[FileReport]:
    """Read every extract under `folder`, or only `table`, and say what a refresh would make of each.

    `folder`: a quarter's folder (with ndelius/, ndtms/, ...), one system's folder in it, or one file. `quarter`: else
    the name of the folder, else dates are allowed up to today. `keep_for`: the data folder whose zones take over what
    was read, for a refresh of `quarter`. Raises NoSuchTable for an unknown `table`, StudySettingsError and
    DecisionsNotReadable.
    """
    folder, limits, beside = Path(folder), extract_limits(), _beside()
    latest = _latest_date(folder, quarter)
    try:
        paths = _files_to_check(folder, table)
    except ExtractError as error:
        return [FileReport("(folder)", str(folder), REJECTED, error.problem, error.remedy)]
    reports, frames, ages = [], {}, []
    quarter_sent, cohort_start = quarter or _quarter_of(folder), load_study_settings().study.cohort_start
    for extract, path in paths:
        with spill_folder(_spill(keep_for, extract)) as parts:  # gone with each file
            report, read = _check_file(extract, path, latest, limits, parts / extract.name)
            reports.append(report)
            if read is None:
                continue
            if beside:
                frames[extract.name] = beside.key_columns(extract.name, read.table)
            ages += judge_age(extract, Path(report.file), read, quarter_sent, cohort_start, limits)
            if keep_for is not None and quarter is not None:
                keep_reading(readings_folder(keep_for, _zone_of(extract), quarter), read, reading_key(latest, limits))
            del read
    by_table = {report.table: report for report in reports}
    stopping = (
        beside.judge_together(by_table, frames, quarter_sent, ages)
        if beside
        else write_fits(by_table, ages, quarter_sent)
    )
    for table in stopping:
        by_table[table].status = REJECTED
    if keep_for is not None and quarter is not None and not would_start(reports):
        forget_readings(keep_for, quarter)
    return reports


def _beside() -> ModuleType | None:
    """What judges files beside one another: it is made of code of the linkage zone, which no image of another holds."""
    return import_module("pathways.check.check_together") if find_spec("linkage_assets") else None


def _spill(root: Path | None, extract: Extract) -> Path | None:
    """Where rows of a large extract lie while it is looked at: in the folder of its zone, for a refresh."""
    if root is None:
        return None
    folder = root / _zone_of(extract) / "spill"
    make_folder(root, folder)
    return folder


def _zone_of(extract: Extract) -> str:
    return "justice" if extract.name in JUSTICE_EXTRACT_BY_NAME else ZONES_READING[extract in NOTES_EXTRACTS]


def extract_limits() -> Extracts:
    """`[extracts]` of study.toml. Raises StudySettingsError, also where it names a table that does not exist."""
    limits = load_study_settings().extracts
    if unknown := sorted(set(limits.largest_quarantined_shares) - set(BY_NAME)):
        raise StudySettingsError(
            f"study.toml: extracts.largest_quarantined_shares names {', '.join(unknown)}. Tables: {', '.join(BY_NAME)}."
        )
    return limits


def would_start(reports: list[FileReport]) -> bool:
    """Whether a refresh would start on these files: there are some, and none is rejected."""
    return bool(reports) and all(report.status != REJECTED for report in reports)


def check_command(
    extracts: Path, table: str | None, json_lines: bool, quarter: str | None, keep_for: Path | None = None
) -> int:
    """Check, print (a table, or one JSON line per file) and return the exit code: 0 when a refresh would start."""
    try:
        reports = check_extracts(extracts, quarter, table, keep_for)
    except (NoSuchTable, DecisionsNotReadable, StudySettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    if json_lines:
        for report in reports:
            print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        render_reports(reports)
    return 0 if would_start(reports) else 1


def render_reports(reports: list[FileReport], stream=None) -> None:
    """Print the reports as a table, with what was found in each file below it."""
    console = Console(file=stream or sys.stdout, highlight=False, soft_wrap=True, emoji=False, markup=False)
    if not console.is_terminal:
        console.width = 130
    summary = Table("table", "status", "rows", "kept", "quarantined", "voided values", "normalised values")
    for report in reports:
        voided = sum(finding.count for finding in report.voided)
        normalised = sum(sum(rules.values()) for rules in report.normalised.values())
        numbers = (report.rows_read, report.rows_kept, report.rows_quarantined, voided, normalised)
        summary.add_row(report.table, report.status, *(f"{number:,}" for number in numbers))
    console.print(summary)
    for report in reports:
        for line in _details(report):
            console.print(line)
    rejected = sum(report.status == REJECTED for report in reports)
    starts = would_start(reports)
    console.print("A refresh would start." if starts else f"A refresh would not start: {rejected} file(s) rejected.")


def _details(report: FileReport) -> list[str]:
    lines = []
    if report.problem:
        lines += [f"  rejected: {report.problem}", f"    what to do: {report.remedy}"]
    for kind, findings in (("rows quarantined", report.quarantined), ("values voided", report.voided)):
        for finding in findings:
            shown = ", ".join(str(number) for number in finding.row_numbers)
            hidden = finding.count - len(finding.row_numbers)
            more = f" and {hidden:,} more" if hidden else ""
            lines += [
                f"  {kind}: {finding.count:,} x {finding.column}: {finding.rule}; data rows {shown}{more}",
                f"    what to do: {finding.remedy}",
            ]
    for column, counts in report.normalised.items():
        lines += [f"  normalised: {column}: {rule} ({count:,})" for rule, count in counts.items()]
    if report.columns_ignored:
        lines.append(f"  sent besides, not read: {', '.join(report.columns_ignored)}. Leave out what is not asked for.")
    lines += [f"  note: {note}" for note in report.notes]
    lines += [f"  warning: {warning}" for warning in report.warnings]
    return [f"\n{report.table} ({report.file})", *lines] if lines else []


def _latest_date(folder: Path, quarter: str | None) -> date:
    quarter = quarter or _quarter_of(folder)
    return quarter_end(quarter) if quarter else date.today()


def _quarter_of(folder: Path) -> str | None:
    """The quarter that the folder, or one above it, is named after."""
    return next((part for part in reversed(folder.absolute().parts) if part in QUARTER_NAMES), None)


def _files_to_check(folder: Path, table: str | None) -> list[tuple[Extract, Path | ExtractError | ReadExtract]]:
    """Each table to check and its file, what is wrong with finding it, or, where it may be absent and is, no row."""
    if table is not None:
        return [_one_table(folder, _declared(table))]
    if _is_extract(folder):
        if folder.stem not in BY_NAME:
            raise ExtractError(folder, "this is a file", "Name the folder of a quarter, or say which --table it is.")
        return [(BY_NAME[folder.stem], folder)]
    if not folder.is_dir():
        remedy = "Name the folder of a quarter, e.g. var/extracts/2023Q1."
        raise ExtractError(folder, "the folder does not exist", remedy)
    extracts = _study_of(folder)
    systems = {extract.system for extract in extracts}
    if folder.name in systems:
        return [_located(folder.parent, extract) for extract in extracts if extract.system == folder.name]
    if not any((folder / system).exists() for system in systems):
        inside = [entry.name for entry in sorted(folder.iterdir()) if entry.name in QUARTER_NAMES]
        remedy = f"Name one of the quarters in it: {', '.join(inside)}." if inside else "Name the folder of a quarter."
        raise ExtractError(folder, f"none of the folders {', '.join(sorted(systems))} is in this folder", remedy)
    return [_located(folder, extract) for extract in extracts]


def _study_of(folder: Path) -> Sequence[Extract]:
    """The extracts that a folder is meant to hold: of the linking of justice records where a system of theirs is there,
    else of the study.
    """
    systems = {extract.system for extract in JUSTICE_EXTRACTS}
    of_justice = folder.name in systems or any((folder / system).exists() for system in systems)
    return JUSTICE_EXTRACTS if of_justice else ALL_EXTRACTS


def _is_extract(path: Path) -> bool:
    """Whether a path is meant as one extract: anything that is no folder, or a folder with the ending of a file."""
    there = path.exists() or path.is_symlink()  # a link to nothing is there too
    return there and (not path.is_dir() or path.suffix.lower() in (".csv", ".parquet"))


def _declared(table: str) -> Extract:
    if table not in BY_NAME:
        close = difflib.get_close_matches(table.lower(), BY_NAME, 1)
        guess = f" Is it {close[0]}?" if close else ""
        raise NoSuchTable(f"There is no table of that name.{guess} Tables: {', '.join(BY_NAME)}.")
    return BY_NAME[table]


def _one_table(folder: Path, extract: Extract) -> tuple[Extract, Path | ExtractError | ReadExtract]:
    if _is_extract(folder):
        return extract, folder
    if (folder / extract.system).exists():
        return _located(folder, extract)
    here = [path for ending in (".csv", ".parquet") if (path := folder / f"{extract.name}{ending}").exists()]
    if len(here) == 1:
        return extract, here[0]
    return _located(folder.parent if folder.name == extract.system else folder, extract)


def _located(folder: Path, extract: Extract) -> tuple[Extract, Path | ExtractError | ReadExtract]:
    if is_not_sent(folder, extract):
        return extract, not_sent(folder, extract)
    try:
        return extract, find_extract(folder, extract)
    except ExtractError as error:
        return extract, error


def _check_file(
    extract: Extract,
    path: Path | ExtractError | ReadExtract,
    latest: date,
    limits: Extracts,
    parts: Path,
) -> tuple[FileReport, ReadExtract | None]:
    if isinstance(path, ExtractError):
        return FileReport(extract.name, path.file, REJECTED, path.problem, path.remedy), None
    if isinstance(path, ReadExtract):
        return FileReport(extract.name, str(path.path), NOT_SENT, warnings=path.warnings), None
    try:
        read = read_extract_file(path, extract, latest, limits, parts)
    except ExtractError as error:
        report = _report(extract, path, error.result)
        report.status, report.problem, report.remedy = REJECTED, error.problem, error.remedy
        return report, None
    except Exception as error:  # a library's message may quote data
        problem = f"the file cannot be read: {said_of(error)}"
        return FileReport(extract.name, str(path), REJECTED, problem, "Report this with the file's format."), None
    return _report(extract, path, read), read


def _report(extract: Extract, path: Path, read: ReadExtract | None) -> FileReport:
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
