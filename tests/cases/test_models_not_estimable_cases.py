"""Runs the hard cases of tests/cases/models_not_estimable.yaml."""

import csv
from pathlib import Path

import pytest
import yaml

from pathways.bench.model.model import Asked, bench_model

CASES = yaml.safe_load((Path(__file__).resolve().parent / "models_not_estimable.yaml").read_text(encoding="utf-8"))


def _records(case: dict) -> list[dict]:
    records = []
    for row in case["rows"]:
        values = {name: value for name, value in row.items() if name != "records"}
        for outcome, count in enumerate(row["records"]):
            for number in range(count):
                group = "ab"[number % 2] if outcome else "cd"[number % 2]
                records.append({**values, "y": outcome, "g": group if case.get("by_group") else "abcd"[number % 4]})
    return records


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_cannot_be_estimated_has_a_reason_and_no_number(case, tmp_path):
    records = _records(case)
    with (tmp_path / "data.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]))
        writer.writeheader()
        writer.writerows(records)
    found = bench_model(Asked(tmp_path / "data.csv", case["formula"]))
    without = {term["term"] for term in found["terms"] if term["status"] == "not estimable"}
    assert without == set(case["not_estimable"])
    for term in found["terms"]:
        if term["term"] in without:
            assert case["reason"] in term["reason"]
            assert term["estimate"] is term["std_error"] is term["check_estimate"] is None
        else:
            assert abs(term["estimate"]) < 16 and 0 < term["std_error"] < 5
    assert found["predicted_perfectly_and_left_out"] == case.get("left_out", 0)
    if found["converged"]:
        assert found["cross_check"]["agrees"]
