"""Every case of tests/cases/bad_extracts.yaml, through the same code as `pathways check` and the refresh."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from contracts.extracts import EXTRACT_BY_NAME
from pathways.check.check import check_extracts
from pathways.check.file_report import would_start
from resources.extracts.extract_reader import read_extract_file
from resources.zone.partitions import quarter_end

CASES = yaml.safe_load((Path(__file__).parent / "bad_extracts.yaml").read_text(encoding="utf-8"))
VALUES = re.compile(r"77\d{4,5}|2\.5\d?E|(?<!\d)(19|20)\d\d[-/.]\d|\d/\d{4}|Piracy|Nathaniel|fifty|suspended")
GOOD_ROW = {
    "risk": "E77001{:02},2022-01-05,55,2.5,low\n",
    "offender": "X7701{:02},J,S,1984-03-07,M,W1,,,,0\n",
    "result": "R77001{:02},O7700001,2022-01-05,Fine\n",
    "adult_community": "N0001,C0077001{:02},,Y,A,B,1980-05-05,M,A,M14 5AA,E08000003,3,2019-01-20,2019-02-01,7000,9996,"
    "9997,,\n",
    "offender_address": "X7701{:02},2020-05-01,,M,N,M14 5AA,A01A\n",
    "requirement": "Q77001{0:02},X7701{0:02},E77001{0:02},D77001{0:02},2020-03-01,CO,ATR,2020-03-01,,,6,M,North West\n",
    "prison_spell": "A77{0:02}BB,B77001{0:02},2020-05-01,2020-06-30,remand,\n",
    "outcome_profile": "A1,C77001{0:02},E77001{0:02},2020-03-01,S,20,0,0,0,0,4,0\n",
    "main_offence": "E77001{:02},2022-01-05,00873,Theft offences,0\n",
}


def _bytes(case: dict) -> bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    rows = "".join(GOOD_ROW[case["table"]].format(number) for number in range(case.get("repeat", 0)))
    exchanged = rows.replace("2019-02-01", "2018-12-01")  # the triage a month before the referral
    text = case["content"].replace("{header}", ",".join(EXTRACT_BY_NAME[case["table"]].column_names))
    text = text.replace("{rows}", rows).replace("{exchanged}", exchanged)
    text = text.replace("{commas}", "," * 2_499).replace("{zeros}", "\0" * 4096)
    if case.get("encoding") == "mixed":  # \udc96 in the case stands for the byte 96
        return text.encode("utf-8", errors="surrogateescape")
    return text.encode(case.get("encoding", "utf-8"))


def _check(case: dict, folder: Path):
    path = folder / f"{case['table']}.{case.get('file', 'csv')}"
    path.write_bytes(_bytes(case))
    reports = check_extracts(path, "2023Q1", case["table"])
    assert len(reports) == 1
    return reports[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_spoilt_extract_is_judged_as_the_case_says(case, tmp_path):
    report = _check(case, tmp_path)
    assert report.status == case["status"], report.problem
    assert would_start([report]) == (case["status"] != "rejected")
    assert case.get("problem", "") in report.problem
    assert case.get("remedy", "") in report.remedy
    assert bool(report.remedy) == (case["status"] == "rejected")
    if "rule" in case:
        found = {(finding.column, finding.rule[: len(case["rule"])]): finding for finding in report.quarantined}
        assert found[(case["column"], case["rule"])].row_numbers == case["rows"]
    if case["status"] != "rejected":
        assert {finding.column: finding.rule for finding in report.voided} == case.get("voided", {})
    for column, words in case.get("normalised", {}).items():
        assert any(words in rule for rule in report.normalised[column])
    assert any(case.get("note", "") in note for note in [*report.notes, ""])
    assert any(case.get("warning", "") in warning for warning in [*report.warnings, ""])
    assert report.columns_ignored == case.get("ignored", report.columns_ignored)
    for column, values in case.get("kept", {}).items():
        read = read_extract_file(Path(report.file), EXTRACT_BY_NAME[case["table"]], quarter_end("2023Q1"))
        assert read.frame[column].to_list() == values


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_no_value_of_a_spoilt_extract_is_repeated(case, tmp_path):
    report = asdict(_check(case, tmp_path))
    report.pop("file"), report.pop("sha256")
    text = json.dumps(report, ensure_ascii=False)
    assert not VALUES.search(text), text
