"""The dry run: which files it looks at, how they fit together, and its exit code."""

import json
import os
from io import StringIO

import pytest

from contracts.extracts import ALL_EXTRACTS, EVENT_DISPOSAL, OFFENDER, OUTCOME_PROFILE, REQUIREMENT
from pathways.check import check
from pathways.check.check import check_command, check_extracts
from pathways.check.file_report import would_start
from pathways.check.files_to_check import NoSuchTable
from pathways.check.show_reports import render_reports
from resources.settings.study_settings import load_study_settings

OFFENDER_ROW = "X7700{0:02},J,S,1984-03-07,M,W1,,,,0"
EVENT_ROW = "E77{0:02},2022-01-05,magistrates"
REQUIREMENT_ROW = "Q77{0:02},X7700{0:02},E77{0:02},D77{0:02},2022-01-05,CO,ATR,2022-01-05,,,6,M,North East"


def _write(folder, extract, row: str, numbers) -> None:
    path = folder / extract.system / f"{extract.name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = "".join(row.format(number) + "\n" for number in numbers)
    path.write_text(",".join(extract.column_names) + "\n" + rows, encoding="utf-8")


@pytest.fixture
def quarter(tmp_path):
    folder = tmp_path / "extracts" / "2023Q1"
    _write(folder, OFFENDER, OFFENDER_ROW, range(10))
    _write(folder, EVENT_DISPOSAL, EVENT_ROW, range(10))
    _write(folder, REQUIREMENT, REQUIREMENT_ROW, range(10))
    return folder


def _by_table(reports) -> dict:
    return {report.table: report for report in reports}


def test_every_extract_is_reported_and_a_missing_one_stops_the_refresh(quarter):
    reports = check_extracts(quarter, "2023Q1")
    assert [report.table for report in reports] == [extract.name for extract in ALL_EXTRACTS]
    assert _by_table(reports)["offender"].status == "accepted"
    assert _by_table(reports)["cjit"].problem == "the file is missing"
    assert not would_start(reports)


def test_a_file_that_may_be_absent_is_a_warning_and_stops_nothing(quarter):
    (quarter / "ndtms").mkdir()
    (report,) = check_extracts(quarter, "2023Q1", "outcome_profile")
    assert (report.status, report.problem, report.sha256) == ("not sent", "", "")
    assert report.warnings == [f"the file was not sent: {OUTCOME_PROFILE.absent_means}"]
    assert would_start([report])


@pytest.mark.parametrize("name", ["Outcome_Profile.csv", "outcome_profile.xlsx", "outcome_profiles.csv"])
def test_a_file_that_may_be_absent_but_lies_there_under_another_name_is_missing(quarter, name):
    (quarter / "ndtms").mkdir()
    (quarter / "ndtms" / name).write_text("x", encoding="utf-8")
    (report,) = check_extracts(quarter, "2023Q1", "outcome_profile")
    assert report.status == "rejected"
    assert name in report.remedy


@pytest.mark.parametrize("place", [".", "ndelius", "ndelius/offender.csv"])
def test_one_table_is_found_in_the_quarter_in_its_folder_and_as_a_file(quarter, place):
    reports = check_extracts(quarter / place, None, "offender")
    assert [(report.table, report.status, report.rows_kept) for report in reports] == [("offender", "accepted", 10)]
    assert would_start(reports)


def test_a_file_under_any_name_is_checked_as_the_table_that_is_named(quarter):
    renamed = (quarter / "ndelius" / "offender.csv").rename(quarter / "people from probation.csv")
    assert would_start(check_extracts(renamed, None, "offender"))
    assert not would_start(check_extracts(renamed, None, None))


def test_a_folder_of_parts_is_found_in_the_quarter_and_by_its_own_name(quarter):
    parts = quarter / "ndelius" / "offender.csv.d"
    (quarter / "ndelius" / "offender.csv").rename(parts)
    (quarter / "ndelius" / "offender.csv").mkdir()
    parts.rename(quarter / "ndelius" / "offender.csv" / "part-00000.csv")
    for place in (".", "ndelius/offender.csv"):
        report = check_extracts(quarter / place, None, "offender")[0]
        assert (report.status, report.rows_kept) == ("accepted", 10)
        assert "no _SUCCESS" in report.warnings[0]


def test_a_pipe_is_refused_at_once_wherever_it_lies(quarter):
    path = quarter / "ndelius" / "offender.csv"
    path.unlink()
    os.mkfifo(path)
    for place in (quarter, path):
        assert "the file is a pipe" in check_extracts(place, None, "offender")[0].problem


def test_a_quarter_that_is_a_link_is_the_folder_it_leads_to(quarter):
    link = quarter.parent / "2023Q2"
    link.symlink_to(quarter)
    assert check_extracts(link, None, "offender")[0].status == "accepted"


def test_a_share_set_for_a_table_that_does_not_exist_is_refused(quarter, monkeypatch, capsys):
    study = load_study_settings()
    limits = study.extracts.model_copy(update={"largest_quarantined_shares": {"offfender": 0.5}})
    monkeypatch.setattr(check, "load_study_settings", lambda: study.model_copy(update={"extracts": limits}))
    assert check_command(quarter, None, True, None) == 1
    assert "largest_quarantined_shares names offfender. Tables: offender" in capsys.readouterr().err


def test_the_check_allows_what_the_settings_allow(quarter, monkeypatch):
    path = quarter / "ndelius" / "offender.csv"
    path.write_text(path.read_text(encoding="utf-8") + "bad,,,,,,,,,0\n" * 3, encoding="utf-8")
    assert check_extracts(quarter, None, "offender")[0].status == "rejected"
    study = load_study_settings()
    limits = study.extracts.model_copy(update={"largest_quarantined_shares": {"offender": 0.3}})
    monkeypatch.setattr(check, "load_study_settings", lambda: study.model_copy(update={"extracts": limits}))
    assert check_extracts(quarter, None, "offender")[0].status == "rows quarantined"


def test_rows_without_their_person_are_a_warning(quarter):
    _write(quarter, OFFENDER, OFFENDER_ROW, range(8))
    reports = _by_table(check_extracts(quarter, "2023Q1"))
    assert reports["requirement"].warnings == ["the crn of 2 of 10 rows is not in offender"]
    assert reports["requirement"].status == "accepted"


def test_files_of_different_extracts_are_rejected(quarter):
    _write(quarter, OFFENDER, OFFENDER_ROW, range(6, 20))
    report = _by_table(check_extracts(quarter, "2023Q1"))["requirement"]
    assert report.status == "rejected"
    assert "6 of 10 rows" in report.problem


def test_the_name_of_the_folder_says_which_dates_lie_in_the_future(tmp_path):
    early, late = tmp_path / "2023Q1", tmp_path / "2023Q2"
    row = REQUIREMENT_ROW.replace("2022-01-05,,,6", "2022-01-05,2023-05-01,Completed,6")
    for folder in (early, late):
        _write(folder, REQUIREMENT, row, range(3))
    assert sum(finding.count for finding in check_extracts(early, None, "requirement")[0].voided) == 3
    assert check_extracts(late, None, "requirement")[0].voided == []


def test_a_folder_that_is_not_there_or_holds_quarters_is_explained(quarter):
    assert check_extracts(quarter / "nothing")[0].problem == "the folder does not exist"
    assert "2023Q1" in check_extracts(quarter.parent)[0].remedy


def test_an_unknown_table_is_answered_with_the_one_that_may_be_meant(quarter):
    with pytest.raises(NoSuchTable, match=r"Is it offender?"):
        check_extracts(quarter, None, "ofender")


def test_the_command_prints_one_json_line_per_file_and_returns_the_exit_code(quarter, capsys):
    assert check_command(quarter, "offender", True, None) == 0
    assert check_command(quarter, None, True, None) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 1 + len(ALL_EXTRACTS)
    assert lines[0]["table"] == "offender" and lines[0]["rows_read"] == 10


def test_the_rendered_report_names_rows_and_remedy(quarter):
    path = quarter / "ndelius" / "offender.csv"
    spoilt = ["X770099,J,S,30/02/1984,M,W1,,,,0", *(f"bad{number},,,,,,,,,0" for number in range(3))]
    path.write_text(path.read_text() + "\n".join(spoilt))
    stream = StringIO()
    render_reports(check_extracts(quarter, None, "offender"), stream)
    text = stream.getvalue()
    assert "3 x crn: does not match the identifier's pattern; data rows 12, 13, 14" in text
    assert "Send the identifier as the source system writes it." in text
    assert "1 x dob: date that does not exist; data rows 11" in text
    assert "30/02" not in text and "bad0" not in text
