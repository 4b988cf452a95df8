"""Links made without identity numbers are held against them."""

from datetime import date

import polars as pl

from justice_assets.steps.identities.condense_persons import condense_persons
from justice_assets.steps.quality.date_records import date_records
from justice_assets.steps.quality.describe_records import describe_records
from justice_assets.steps.quality.hold_out_numbers import hold_out_numbers, link_without_numbers
from tests.unit.justice_assets.stated_linkage import BACKEND, KEY, SETTINGS, person, persons, stated_model

ROWS = [
    person("M1", "JOHN", "PRICE", pnc="1"),
    person("M2", "JOHN", "PRICE", pnc="1"),
    person("C1", "JOHN", "PRICE", pnc="2", source="crown"),
    person("M3", "ANN", "HALL", "1970-02-01", sex="F", pnc="3"),
    person("C2", "LISE", "ROY", "1991-09-09", sex="F", pnc="3", source="crown", postcode="B1 1AA"),
    person("M4", "ZOE", "KERR", "1960-09-09", sex="F"),
]

HEARD = {"M1": 2000, "M2": 2001, "C1": 2012, "M3": 2012, "C2": 2012}


def dated() -> pl.LazyFrame:
    """A court record is of the first of March of a year."""
    rows = [(key, date(year, 3, 1)) for key, year in HEARD.items()]
    courts = [
        pl.LazyFrame([row for row in rows if row[0][0] == letter], schema=["defendant_on_case_id", day], orient="row")
        for letter, day in (("C", "receipt_date"), ("M", "first_hearing_date"))
    ]
    probation = pl.LazyFrame(schema={"crn": pl.String, "disposal_date": pl.Date})
    prison = pl.LazyFrame(schema={"noms_number": pl.String, "reception_date": pl.Date})
    return date_records(probation, prison, *courts)


def test_a_record_of_probation_or_prison_is_of_its_first_day():
    days = [date(2012, 5, 1), date(2010, 5, 1), None]
    sentences = pl.LazyFrame({"crn": ["A", "A", "B"], "disposal_date": days})
    stays = pl.LazyFrame({"noms_number": ["P", "P", "Q"], "reception_date": days})
    courts = dated().collect().filter(pl.col("source").is_in(["crown", "magistrates"]))
    columns = ("defendant_on_case_id", "receipt_date"), ("defendant_on_case_id", "first_hearing_date")
    none = [pl.LazyFrame(schema={key: pl.String, day: pl.Date}) for key, day in columns]
    found = date_records(sentences, stays, *none).collect().sort("source", "record_key").rows()
    assert found == [
        ("prison", "P", date(2010, 5, 1)),
        ("prison", "Q", None),
        ("probation", "A", date(2010, 5, 1)),
        ("probation", "B", None),
    ]
    assert courts.height == len(HEARD)


def test_recall_and_precision_are_those_of_pairs_with_a_number():
    frame = persons(*ROWS)
    given = describe_records(frame.with_columns(ethnicity=pl.lit(None, pl.String)).lazy(), dated())
    ages = ["Under 18", "Under 18", "18 to 29", "40 to 49", "18 to 29", None]  # on the day, not today
    assert given["age"].to_list() == ages
    made = condense_persons([frame])
    cluster = link_without_numbers(made.identities.lazy(), made.members, stated_model(), KEY, BACKEND, SETTINGS)
    found = hold_out_numbers(given, cluster)
    by_group = {row["group"]: row for row in found.filter(number="pnc").to_dicts()}
    within, between = by_group["magistrates"], by_group["crown and magistrates"]
    assert (within["true_pairs"], within["found_pairs"], within["recall"], within["precision"]) == (1, 1, 1.0, 1.0)
    assert (between["true_pairs"], between["found_pairs"], between["linked_pairs"]) == (1, 0, 2)
    assert (by_group["F"]["recall"], by_group["M"]["recall"]) == (0.0, 1.0)
    assert (by_group["Under 18"]["true_pairs"], by_group["Under 18"]["recall"]) == (1, 1.0)
    assert by_group["18 to 29"]["true_pairs"] == by_group["40 to 49"]["true_pairs"] == 0
    assert found.filter(number="cro")["true_pairs"].sum() == 0
