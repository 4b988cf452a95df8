"""Every case of tests/cases/extracts_together.yaml, through what `pathways check` and a refresh judge."""

import re
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import tomlkit
import yaml

from contracts.extracts import EXTRACT_BY_NAME
from pathways.check.check_together import judge_together
from pathways.check.file_report import FileReport
from resources.extracts.values.identity_numbers import CHECK_LETTERS

CASES = yaml.safe_load((Path(__file__).parent / "extracts_together.yaml").read_text(encoding="utf-8"))
PEOPLE = 60
ROWS = {
    "all": lambda n: True,
    "third": lambda n: n % 3 == 0,
    "few": lambda n: n % 12 == 0,
    "forty": lambda n: n < 40,
    "two": lambda n: n < 2,
}
QUARTER = {
    "offender": {
        "crn": "X{n:06}",
        "dob": "{born}",
        "sex": "M",
        "soft_deleted": "0",
        "pnc_number": "{police}",
        "noms_number": "A{n:04}AA",
    },
    "offender_address": {"crn": "X{n:06}", "start_date": "2020-01-01", "address_status": "M"},
    "event_disposal": {"event_id": "E{n:06}", "disposal_date": "2022-01-05"},
    "requirement": {
        "requirement_id": "Q{n:06}",
        "crn": "X{n:06}",
        "event_id": "E{n:06}",
        "disposal_id": "O{n:06}",
        "disposal_date": "2022-01-05",
        "disposal_type": "CO",
        "requirement_type": "ATR",
        "start_date": "2022-01-05",
        "probation_region": "North East",
    },
    "main_offence": {
        "event_id": "E{n:06}",
        "offence_date": "2021-11-01",
        "offence_code": "10501",
        "offence_group": "Theft offences",
        "is_drink_driving": "0",
    },
    "risk": {"event_id": "E{n:06}", "assessment_date": "2022-01-07"},
    "pre_sentence_report": {"report_id": "R{n:06}", "event_id": "E{n:06}", "date_requested": "2021-12-20"},
    "contact_note": {
        "contact_id": "C{n:06}",
        "crn": "X{n:06}",
        "requirement_id": "Q{n:06}",
        "contact_date": "2022-02-01",
    },
    "defendant": {
        "source_system": "libra",
        "defendant_id": "D{n:06}",
        "crn": "X{n:06}",
        "dob": "{born}",
        "pnc_number": "{police}",
    },
    "case": {"case_id": "L{n:06}", "defendant_id": "D{n:06}"},
    "offence": {"offence_id": "F{n:06}", "case_id": "L{n:06}", "defendant_id": "D{n:06}", "offence_date": "2021-11-01"},
    "result": {
        "result_id": "S{n:06}",
        "offence_id": "F{n:06}",
        "appearance_date": "2022-01-05",
        "result_text": "Community Order",
    },
    "adult_community": {
        "AGNCY": "Leeds",
        "CLIENTID": "C{n:06}",
        "CONSENT": "Y",
        "DOB": "{born}",
        "DRUG1": "7000",
        "DISRSN": "80",
    },
    "prison_spell": {
        "noms_number": "A{n:04}AA",
        "booking_id": "B{n:06}",
        "reception_date": "2022-03-01",
        "spell_type": "remand",
    },
}


def _police(number: int) -> str:
    return f"2009/{number:07}{CHECK_LETTERS[(9 * 10**7 + number) % 23]}"


def _row(template: dict, number: int) -> dict:
    """A row of the person `number`; {m} is another person, {first} the police number of the first."""
    police = _police(number)
    words = {
        "n": number,
        "m": 1000 + (number + 7) % PEOPLE,
        "police": police,
        "first": _police(1000),
        "short": police[2:].replace("/", ""),
        "born": date(1960, 1, 1) + timedelta(days=97 * (number - 1000)),
    }
    return {column: value.format(**words) for column, value in template.items()}


def _tables(case: dict) -> dict[str, list[dict]]:
    tables = {table: [_row(row, 1000 + n) for n in range(PEOPLE)] for table, row in QUARTER.items()}
    for change in (case, *case.get("also", ())):
        changed, written = tables[change["table"]], {change["column"]: change["value"]}
        if "extra" in case:
            template = QUARTER[change["table"]] | written
            changed += [_row(template, 5000 + n) for n in range(case["extra"])]
            continue
        for n, row in enumerate(changed):
            if ROWS[case.get("rows", "all")](n):
                row |= _row(written, 1000 + n)
    return tables


def _frame(table: str, rows: list[dict]) -> pl.DataFrame:
    columns = {column.name: column.polars_type for column in EXTRACT_BY_NAME[table].columns}
    written = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))
    return written.with_columns(pl.col(name).str.to_date() for name, kind in columns.items() if kind == pl.Date)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_extracts_that_do_not_fit_together_stop_and_others_do_not(case, tmp_path, monkeypatch):
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    tables = _tables(case)
    reports = {table: FileReport(table, f"{table}.csv", "accepted") for table in tables}
    stopped = judge_together(reports, {table: _frame(table, rows) for table, rows in tables.items()}, "2023Q1")
    said = {table: report.problem for table, report in reports.items() if report.problem}
    assert set(said) == stopped
    if "stops" in case:
        assert case["says"] in said.get(case["stops"], ""), said
        assert "pathways accept --quarter 2023Q1 --check accepted_extracts" in reports[case["stops"]].remedy
    else:
        assert not stopped, said
        warnings = reports[case["table"]].warnings
        assert any(case["warns"] in warning for warning in warnings) if "warns" in case else not warnings, warnings
    assert not _values_repeated(tables, reports)


def _values_repeated(tables: dict[str, list[dict]], reports: dict[str, FileReport]) -> list[str]:
    values = {value for rows in tables.values() for row in rows for value in row.values() if re.search(r"\d{3}", value)}
    said = " ".join(" ".join([report.problem, report.remedy, *report.warnings]) for report in reports.values())
    return [value for value in values if value in said]


def test_what_somebody_has_accepted_stops_no_more_but_any_other_share_does(tmp_path, monkeypatch):
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    (tmp_path / "decisions").mkdir()
    case = next(case for case in CASES if case["name"] == "a third of the results under other offences")

    def judged(case: dict) -> tuple[set[str], FileReport]:
        reports = {table: FileReport(table, "", "accepted") for table in QUARTER}
        frames = {table: _frame(table, rows) for table, rows in _tables(case).items()}
        return judge_together(reports, frames, "2023Q1"), reports["result"]

    stopped, report = judged(case)
    assert stopped == {"result"}
    (measure,) = report.refused
    assert measure["name"] == "result.offence_id found in offence"
    decision = {
        "quarter": "2023Q1",
        "check": "accepted_extracts",
        "measure": measure["name"],
        "value": measure["value"],
        "by": "asha",
        "on": date(2023, 4, 20),
        "reason": "one court is late",
    }
    (tmp_path / "decisions" / "2023Q1.toml").write_text(tomlkit.dumps({"accepted": [decision]}), encoding="utf-8")
    stopped, report = judged(case)
    assert not stopped
    assert "accepted by asha on 2023-04-20: one court is late" in report.warnings[0]
    assert judged(case | {"rows": "forty"})[0] == {"result"}
