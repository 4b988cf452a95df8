"""The dry run says of justice extracts what it says of the study's: accepted, or which file, what and what to do."""

import shutil

import polars as pl
import pytest

from contracts.extracts import JUSTICE_EXTRACTS
from contracts.zones import JUSTICE_SOURCES_FOLDER
from pathways.check.check import check_extracts
from pathways.check.file_report import would_start
from synthetic_extracts.justice.write_justice_extracts import write_justice_extracts

QUARTER = "2023Q1"


@pytest.fixture
def folder(tmp_path):
    write_justice_extracts(tmp_path, QUARTER, 0.0001, 1)
    return tmp_path / JUSTICE_SOURCES_FOLDER / "extracts" / QUARTER


def test_extracts_as_they_are_written_are_accepted(folder):
    reports = check_extracts(folder)
    assert [report.table for report in reports] == [extract.name for extract in JUSTICE_EXTRACTS]
    assert would_start(reports) and not any(report.rows_quarantined for report in reports)


def test_what_is_missing_is_said_by_name_with_what_follows(folder):
    shutil.rmtree(folder / "crown")
    person = folder / "prison" / "prison_person.parquet"
    whole = pl.read_parquet(person / "*")
    shutil.rmtree(person)
    whole.drop("postcode").write_csv(person.with_suffix(".csv"))
    reports = {report.table: report for report in check_extracts(folder)}
    assert not would_start(list(reports.values())) and reports["crown_defendant_case"].problem
    (said,) = reports["prison_person"].warnings
    assert "postcode is absent" in said and "person_link" in said


def test_sentences_of_others_than_those_sent_are_refused(folder):
    place = folder / "probation" / "probation_disposal.parquet"
    table = pl.read_parquet(place / "*").with_columns(pl.col("crn").str.replace("^.", "Q").str.replace(".$", "9"))
    shutil.rmtree(place)
    table.write_parquet(place)
    refused = {report.table for report in check_extracts(folder) if report.refused}
    assert refused == {"probation_disposal"}
