"""Earlier convictions are counted in days, within a time that the extracts hold whole; further ones by who is alike."""

from datetime import date

import polars as pl
import pytest

from justice_assets.steps.views.compared import SHORT_CUSTODY, view_compared
from justice_assets.steps.views.convictions import first_day_with_history, with_earlier
from justice_assets.steps.views.custody import FEW, view_custody
from tests.unit.justice_assets.views.test_research_views import DISPOSAL, PERSON, RELEASE, SETTINGS_NOW, table

SETTINGS = SETTINGS_NOW.model_copy(update={"fewest_defendants_of_court": 2})
CASE = {
    "case_id": "L1",
    "sex": "F",
    "ethnicity": "B",
    "dob": date(1990, 6, 1),
    "first_hearing_date": date(2015, 1, 1),
    "court_code": "M01",
    "offence_group": "Theft offences",
    "outcome": "CUSTODY",
    "sentence_date": date(2015, 3, 1),
}


def link(*records: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(records, schema=["source", "record_key", "person_medium"], orient="row")


def earlier(*days: date) -> str:
    convicted = pl.DataFrame({"person": ["P"] * len(days), "sentenced": sorted(days)}, schema_overrides=DAYS)
    rows = pl.DataFrame({"person": ["P"], "day": [date(2015, 3, 1)]})
    return with_earlier(rows, "day", convicted, SETTINGS)["earlier"].item()


DAYS = {"person": pl.String, "sentenced": pl.Date}


@pytest.mark.parametrize(
    ("days", "band"),
    [
        ([], "None"),
        ([date(2015, 3, 1), date(2015, 3, 2)], "None"),
        ([date(2015, 2, 28)], "One"),
        ([date(2013, 2, 28), date(2013, 2, 27)], "One"),
        ([date(2014, 1, 1), date(2014, 1, 2), date(2015, 3, 1)], "Two or three"),
        ([date(2014, 1, day) for day in range(1, 5)], "Four and more"),
    ],
)
def test_days_of_conviction_count_before_the_day_and_within_the_days_that_settings_name(days, band):
    assert earlier(*days) == band


def custody(*cases: dict) -> list[dict]:
    frame = table("magistrates_defendant_case", *({**CASE, **case} for case in cases))
    people = link(*(("magistrates", case["defendant_on_case_id"], "P") for case in cases))
    return view_custody(table("crown_defendant_case").lazy(), frame.lazy(), people.lazy(), SETTINGS).to_dicts()


def test_defendants_of_whom_the_extracts_lack_earlier_or_later_records_are_left_out():
    first = first_day_with_history(SETTINGS)
    assert custody({"defendant_on_case_id": "M1", "sentence_date": first})
    assert not custody({"defendant_on_case_id": "M1", "sentence_date": first.replace(year=first.year - 1)})
    assert not custody({"defendant_on_case_id": "M1", "sentence_date": date(2020, 9, 1)})
    assert not custody({"defendant_on_case_id": "M1", "outcome": "NOT_CONVICTED"})


def test_a_court_that_sentenced_few_is_counted_with_others():
    (only,) = custody({"defendant_on_case_id": "M1"})
    assert (only["court_sentencing"], only["custody"], only["sex_and_ethnic_group"]) == (FEW, "Yes", "Female, Black")
    both = custody({"defendant_on_case_id": "M1"}, {"defendant_on_case_id": "M2", "sex": None, "outcome": "FINE"})
    assert {row["court_sentencing"] for row in both} == {"M01"}
    assert {row["sex_and_ethnic_group"] for row in both} == {"Female, Black", "Sex not recorded"}


def test_somebody_is_compared_by_the_first_of_the_two_sentences_and_once():
    custody_first = {**DISPOSAL, "disposal_date": date(2015, 3, 1)}
    order = {**DISPOSAL, "disposal_id": "D2", "disposal_type": "CO", "disposal_date": date(2016, 3, 1)}
    long = {**DISPOSAL, "disposal_id": "D3", "sentence_days": 800, "disposal_date": date(2014, 3, 1)}
    released = [
        {**RELEASE, "release_id": each, "disposal_id": each, "release_date": date(2015, 6, 9)} for each in ("D1", "D3")
    ]
    again = {**CASE, "defendant_on_case_id": "M1", "sentence_date": date(2015, 12, 1)}
    view = view_compared(
        table("probation_disposal", custody_first, order, long),
        PERSON,
        table("release_and_recall", *released),
        link(("probation", "X1", "P"), ("magistrates", "M1", "P")).lazy(),
        table("crown_defendant_case").lazy(),
        table("magistrates_defendant_case", again).lazy(),
        SETTINGS,
    )
    (row,) = view.to_dicts()
    assert (row["given"], row["reconvicted"], row["earlier"], row["records"]) == (SHORT_CUSTODY, "Yes", "None", 1)
