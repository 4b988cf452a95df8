"""People who cannot be one person are counted, and nothing else of them."""

from datetime import date

import polars as pl

from justice_assets.steps.quality.find_impossible import find_impossible

PEOPLE = {"prison A": 1, "prison B": 1, "prison C": 2, "probation X": 1, "crown C1": 2, "crown C2": 3}


def clusters() -> pl.DataFrame:
    rows = [(*record.split(), who, who, who) for record, who in PEOPLE.items()]
    names = ["source", "record_key", "cluster_high", "cluster_medium", "cluster_low"]
    return pl.DataFrame(rows, schema=names, orient="row")


def stay(number: str, prison: str, first: date, last: date | None) -> dict:
    return {"prison_number": number, "establishment_code": prison, "reception_date": first, "release_date": last}


def found(journeys: list[dict]) -> dict[str, int]:
    numbers = pl.DataFrame(
        [
            ("prison", "A", "1", None),
            ("prison", "B", "2", None),
            ("prison", "C", "3", None),
            ("crown", "C1", "3", None),
        ],
        schema={"source": pl.String, "record_key": pl.String, "pnc": pl.String, "cro": pl.String},
        orient="row",
    )
    deaths = pl.DataFrame({"source": ["probation"], "record_key": ["X"], "died_on": [date(2019, 1, 1)]})
    sentences = pl.DataFrame(
        {"source": ["prison"] * 2, "record_key": ["A", "C"], "sentence_date": [date(2020, 1, 1)] * 2}
    )
    cases = pl.DataFrame({"magistrates_record_key": ["M1", None]})
    table = find_impossible(clusters(), numbers, pl.DataFrame(journeys), deaths, sentences, cases)
    return dict(table.filter(threshold="medium").select("measure", "found").rows())


def test_two_prisons_in_one_night_two_numbers_a_sentence_after_death_and_a_case_from_nowhere():
    overlapping = [stay("A", "LEI", date(2020, 1, 1), None), stay("B", "MRI", date(2020, 5, 1), date(2020, 6, 1))]
    assert found(overlapping) == {
        "people with two valid numbers: pnc": 1,
        "people with two valid numbers: cro": 0,
        "people in two prisons one night": 1,
        "people sentenced after their death": 1,
        "Crown Court cases without a magistrates' case": 1,
    }


def test_a_transfer_on_the_day_of_release_is_possible():
    after = [stay("A", "LEI", date(2020, 1, 1), date(2020, 5, 1)), stay("B", "MRI", date(2020, 5, 1), None)]
    assert found(after)["people in two prisons one night"] == 0
