"""The dry run: says what a refresh would make of extracts, file by file, without running it.

Belongs here: reading each file as a refresh reads it. Does not belong here: which files (files_to_check.py), how they
fit together (check_together.py), what is said of one (file_report.py) and how it is shown (show_reports.py), the rules
of reading (resources/extracts/extract_reader.py), which the refresh applies itself: both run the same code.

Reports hold file and column names, rules, counts and row numbers; never a value.
"""

import json
import sys
from dataclasses import asdict
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from contracts.extracts import JUSTICE_EXTRACT_BY_NAME, NOTES_EXTRACTS
from pathways.check.file_report import NOT_SENT, REJECTED, FileReport, report_of, would_start
from pathways.check.files_to_check import BY_NAME, Found, NoSuchTable, files_to_check, quarter_of
from pathways.check.refused_fits import write_fits
from pathways.check.show_reports import render_reports
from pathways.refresh.ending import said_of
from resources.extracts.compare_age import judge_age
from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_reader import ReadExtract, read_extract_file
from resources.extracts.extract_rules import ExtractError
from resources.extracts.kept_reading import forget_readings, keep_reading, reading_key, readings_folder
from resources.process.spill_folder import spill_folder
from resources.secrets.private_files import make_folder
from resources.settings.extract_settings import Extracts
from resources.settings.study_settings import StudySettingsError, load_study_settings
from resources.zone.gates import DecisionsNotReadable
from resources.zone.partitions import quarter_end

ZONES_READING = ("linkage", "nlp")


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
        paths = files_to_check(folder, table)
    except ExtractError as error:
        return [FileReport("(folder)", str(folder), REJECTED, error.problem, error.remedy)]
    reports, frames, ages = [], {}, []
    quarter_sent, cohort_start = quarter or quarter_of(folder), load_study_settings().study.cohort_start
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


def _latest_date(folder: Path, quarter: str | None) -> date:
    quarter = quarter or quarter_of(folder)
    return quarter_end(quarter) if quarter else date.today()


def _check_file(
    extract: Extract,
    path: Found,
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
        report = report_of(extract, path, error.result)
        report.status, report.problem, report.remedy = REJECTED, error.problem, error.remedy
        return report, None
    except Exception as error:  # a library's message may quote data
        problem = f"the file cannot be read: {said_of(error)}"
        return FileReport(extract.name, str(path), REJECTED, problem, "Report this with the file's format."), None
    return report_of(extract, path, read), read
