"""The magistrates' case of each Crown Court case."""

from datetime import date

import polars as pl

from justice_assets.steps.journeys.match_crown_cases import match_crown_cases

DAY = date(2020, 3, 2)


def crown(key: str, received: date, court: str | None = "2570", offence: str = "00700", sort: str = "trial") -> dict:
    return {
        "defendant_on_case_id": key,
        "case_id": f"T{key}",
        "receipt_date": received,
        "receipt_type": sort,
        "sent_from_court_code": court,
        "offence_code": offence,
    }


def magistrates(key: str, committed: date | None, court: str = "2570", offence: str = "00700") -> dict:
    return {
        "defendant_on_case_id": key,
        "case_id": f"N{key}",
        "committal_date": committed,
        "committed_for": "trial" if committed else None,
        "court_code": court,
        "offence_code": offence,
    }


def matched(received: list[dict], committed: list[dict], people: dict[str, int]) -> dict[str, str | None]:
    rows = [("crown" if key.startswith("C") else "magistrates", key, *[who] * 3) for key, who in people.items()]
    names = ["source", "record_key", "cluster_high", "cluster_medium", "cluster_low"]
    committals = pl.DataFrame(committed, schema_overrides={"committal_date": pl.Date, "committed_for": pl.String})
    found = match_crown_cases(pl.DataFrame(received), committals, pl.DataFrame(rows, schema=names, orient="row"))
    return dict(found.select("crown_record_key", "magistrates_record_key").rows())


def test_a_committal_goes_to_the_receipt_that_follows_it():
    cases = [magistrates("M1", DAY), magistrates("M2", date(2019, 1, 7)), magistrates("M3", None)]
    found = matched([crown("C1", date(2020, 3, 9))], cases, {"C1": 1, "M1": 1, "M2": 1, "M3": 1})
    assert found == {"C1": "M1"}


def test_a_committal_of_another_person_is_none():
    found = matched([crown("C1", date(2020, 3, 9))], [magistrates("M1", DAY)], {"C1": 1, "M1": 2})
    assert found == {"C1": None}


def test_two_cases_of_one_person_go_to_one_each_by_court_and_offence():
    cases = [magistrates("M1", DAY, "2570", "00700"), magistrates("M2", DAY, "1013", "03000")]
    received = [crown("C1", date(2020, 3, 9), "1013", "03000"), crown("C2", date(2020, 3, 10), None, "00700")]
    assert matched(received, cases, {"C1": 1, "C2": 1, "M1": 1, "M2": 1}) == {"C1": "M2", "C2": "M1"}


def test_a_receipt_before_the_committal_or_long_after_has_none():
    received = [crown("C1", date(2020, 1, 1)), crown("C2", date(2021, 3, 9))]
    assert matched(received, [magistrates("M1", DAY)], {"C1": 1, "C2": 1, "M1": 1}) == {"C1": None, "C2": None}
