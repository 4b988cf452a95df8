"""Courts and pre-sentence reports of the date of the sentence."""

from datetime import date

import polars as pl
import pytest

from linkage_assets.schemas.combining import PreSentenceReports
from linkage_assets.steps.requirements.collect_probation_attributes import collect_pre_sentence_reports
from linkage_assets.steps.treatment.join_same_date_records import join_same_date_records
from resources.zone.schema_check import check_frame

DISPOSAL = date(2021, 6, 1)
IDS = pl.DataFrame({"requirement_id": ["R1"], "requirement_pseudonym": ["MR1"]})


def _found(extract, recorded=None, appearances=(), reports=(), tolerance=0) -> tuple:
    """court_type and psr_type of a requirement of person MP1 sentenced on DISPOSAL, by the court `recorded`."""
    attributes = pl.DataFrame(
        {
            "requirement_pseudonym": ["MR1"],
            "person_pseudonym": ["MP1"],
            "disposal_date": [DISPOSAL],
            "recorded_court": [recorded],
        },
        schema_overrides={"recorded_court": pl.String},
    )
    rows = [
        {
            "report_id": key,
            "event_id": "E1",
            "date_requested": date(2021, 5, 1),
            "completed_date": done,
            "sent_to_court_date": sent,
            "type_delivered": given,
        }
        for key, done, sent, given in reports
    ]
    requirement = extract("requirement", {"requirement_id": "R1", "event_id": "E1"})
    delivered = collect_pre_sentence_reports(requirement, extract("pre_sentence_report", *rows), IDS)
    check_frame(delivered, PreSentenceReports, "pre_sentence_reports")
    courts = pl.DataFrame(
        [(*appearance, True)[:4] for appearance in appearances],
        orient="row",
        schema={
            "person_pseudonym": pl.String,
            "appearance_date": pl.Date,
            "court_type": pl.String,
            "conviction_outcome": pl.Boolean,
        },
    )
    return join_same_date_records(attributes, delivered, courts, tolerance).select("court_type", "psr_type").row(0)


@pytest.mark.parametrize(
    ("recorded", "appearances", "expected"),
    [
        ("Crown", [("MP1", DISPOSAL, "magistrates")], "Magistrates"),
        ("Crown", [("MP1", DISPOSAL, "magistrates", False)], "Crown"),
        ("Crown", [("MP1", DISPOSAL, "magistrates"), ("MP1", DISPOSAL, "crown")], "Crown"),
        ("Crown", [("MP1", DISPOSAL, "magistrates", False), ("MP1", DISPOSAL, "crown")], "Crown"),
        ("Crown", [("MP1", date(2021, 6, 2), "magistrates"), ("MP2", DISPOSAL, "magistrates")], "Crown"),
        ("Crown", [("MP1", DISPOSAL, "youth")], "Crown"),
        ("Crown", [], "Crown"),
        (None, [("MP1", DISPOSAL, "magistrates"), ("MP1", DISPOSAL, "magistrates")], "Magistrates"),
        (None, [("MP1", DISPOSAL, "magistrates"), ("MP1", DISPOSAL, "crown")], None),
        (None, [("MP1", date(2021, 6, 2), "crown"), ("MP2", DISPOSAL, "crown")], None),
        (None, [("MP1", DISPOSAL, "youth")], None),
    ],
    ids=[
        "courts come first",
        "but not an acquittal of the day",
        "two courts leave it to probation",
        "an acquittal beside the sentence is none",
        "another day and another person",
        "a youth court",
        "no appearance",
        "nothing recorded",
        "nothing recorded and two courts",
        "nothing recorded, another day",
        "nothing recorded, a youth court",
    ],
)
def test_the_sentencing_court_is_that_of_the_conviction_of_the_day_else_as_recorded(
    recorded, appearances, expected, extract
):
    assert _found(extract, recorded, appearances) == (expected, None)


@pytest.mark.parametrize(("days", "tolerance", "expected"), [(2, 2, "Crown"), (3, 2, None), (1, 0, None)])
def test_an_appearance_of_the_same_date_may_lie_as_many_days_off_as_the_setting_says(
    days, tolerance, expected, extract
):
    for day in (DISPOSAL.replace(month=5, day=32 - days), DISPOSAL.replace(day=1 + days)):
        assert _found(extract, None, [("MP1", day, "crown")], tolerance=tolerance) == (expected, None)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([("P1", DISPOSAL, None, "CJO")], "Oral"),
        ([("P1", date(2021, 5, 30), DISPOSAL, "CJS")], "Standard"),
        ([("P1", date(2021, 5, 30), None, "CJS")], None),
        ([("P1", DISPOSAL, None, None)], None),
        ([("P2", DISPOSAL, None, "CJF"), ("P1", DISPOSAL, None, "CJS")], "Fast"),
    ],
)
def test_a_pre_sentence_report_counts_when_done_or_sent_on_the_disposal_date(reports, expected, extract):
    assert _found(extract, reports=reports) == (None, expected)


def test_of_reports_within_the_tolerance_the_nearest_counts(extract):
    reports = [("P2", date(2021, 5, 30), None, "CJF"), ("P1", DISPOSAL, None, "CJS")]

    assert _found(extract, reports=reports, tolerance=2) == (None, "Standard")
    assert _found(extract, reports=reports[:1], tolerance=2) == (None, "Fast")
    assert _found(extract, reports=reports[:1], tolerance=1) == (None, None)
