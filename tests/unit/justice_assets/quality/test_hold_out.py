"""Links made without identity numbers are held against them."""

from datetime import date

import polars as pl

from justice_assets.steps.identities.code_identities import code_identities
from justice_assets.steps.identities.condense_persons import condense_persons
from justice_assets.steps.linking.justice_specification import NUMBERS
from justice_assets.steps.linking.score_justice_pairs import score_justice_pairs
from justice_assets.steps.linking.score_parts import LastRelease
from justice_assets.steps.quality.date_records import date_records
from justice_assets.steps.quality.describe_records import describe_records
from justice_assets.steps.quality.hold_out_numbers import hold_out_numbers
from justice_assets.steps.quality.link_without_numbers import link_without_numbers
from resources.settings.justice_settings import Justice
from resources.settings.study_settings import load_study_settings
from tests.unit.justice_assets.stated_linkage import SCORING, SETTINGS, linked, person, persons

ROWS = [
    person("M1", "JOHN", "PRICE", pnc="1"),
    person("M2", "JOHN", "PRICE", pnc="1"),
    person("C1", "JOHN", "PRICE", pnc="2", source="crown"),
    person("M3", "ANN", "HALL", "1970-02-01", sex="F", pnc="3"),
    person("C2", "LISE", "ROY", "1991-09-09", sex="F", pnc="3", source="crown", postcode="B1 1AA"),
    person("M4", "ZOE", "KERR", "1960-09-09", sex="F"),
]

HEARD = {"M1": 2000, "M2": 2001, "C1": 2012, "M3": 2012, "C2": 2012}


SETTINGS_OF_ALL = load_study_settings().justice


def without_numbers(frame: pl.DataFrame, settings: Justice) -> pl.DataFrame:
    """Linked without the numbers of some of the records."""
    made = condense_persons([frame])
    scored, _ = score_justice_pairs(made.identities, SCORING, SETTINGS)
    release = LastRelease(made.identities.lazy(), code_identities(made.identities.lazy()).lazy(), scored.lazy())
    return link_without_numbers(release, made.members, SCORING, settings)


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
    found = hold_out_numbers(given, without_numbers(frame, SETTINGS_OF_ALL))
    by_group = {row["group"]: row for row in found.filter(number="pnc").to_dicts()}
    within, between = by_group["magistrates"], by_group["crown and magistrates"]
    assert (within["true_pairs"], within["found_pairs"], within["recall"], within["precision"]) == (1, 1, 1.0, 1.0)
    assert (between["true_pairs"], between["found_pairs"], between["linked_pairs"]) == (1, 0, 2)
    assert (by_group["F"]["recall"], by_group["M"]["recall"]) == (0.0, 1.0)
    assert (by_group["Under 18"]["true_pairs"], by_group["Under 18"]["recall"]) == (1, 1.0)
    assert by_group["18 to 29"]["true_pairs"] == by_group["40 to 49"]["true_pairs"] == 0
    assert found.filter(number="cro")["true_pairs"].sum() == 0


def holding_out(records: int) -> Justice:
    hold_out = SETTINGS_OF_ALL.hold_out.model_copy(update={"records": records})
    return SETTINGS_OF_ALL.model_copy(update={"hold_out": hold_out})


def test_numbers_are_held_out_of_whole_people_and_nobody_elses_links_change():
    surnames = ["BRAITHWAITE", "CRUMP", "DOYLE", "EARL", "FOX", "GILL"]
    rows = [
        person(f"{surname}{number}", forename, surname, f"{1960 + place}-03-02", postcode=None, pnc=pnc, cro=cro)
        for place, surname in enumerate(surnames)
        for number, (forename, pnc, cro) in enumerate(
            [("ADA", f"{place}", f"c{place}"), ("BOB", f"{place}", None), ("CYRUS", None, f"c{place}")]
        )
    ]
    found = without_numbers(persons(*rows), holding_out(9))
    people = found.with_columns(person=pl.Series([surname for surname in surnames for _ in range(3)]))
    by_person = people.group_by("person").agg("held_out", apart=pl.col("cluster").n_unique() > 1)
    drawn = by_person.filter(pl.col("held_out").list.all())
    left = by_person.filter(~pl.col("held_out").list.any())
    assert drawn.height + left.height == len(surnames)
    assert min(drawn.height, left.height) > 0
    assert drawn["apart"].all()  # nothing but their numbers held them together
    assert not left["apart"].any()


def test_with_all_numbers_held_out_records_are_linked_as_if_they_had_been_sent_without():
    close = [person("M5", "JON", "PRICE", pnc="2"), person("M6", "ANN", "HALL", "1970-02-01", sex="F", cro="c9")]
    frame = persons(*ROWS, *close)
    sent_without = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in NUMBERS)
    found = without_numbers(frame, SETTINGS_OF_ALL)
    assert found["held_out"].sum() == frame.filter(pl.any_horizontal(pl.col(NUMBERS).is_not_null())).height
    assert found["cluster"].n_unique() < frame.height
    assert found["cluster"].equals(linked(sent_without).records["cluster_medium"], check_names=False)


def test_a_pair_of_which_one_record_was_drawn_counts_half():
    records = pl.DataFrame({"source": ["crown"] * 4, "pnc": ["1", "1", "2", "3"], "cro": [None] * 4})
    records = records.cast({"cro": pl.String})
    linked = pl.DataFrame({"held_out": [True, True, False, False], "cluster": [7, 7, 7, 7]})
    counted = hold_out_numbers(records, linked).filter(number="pnc").row(0, named=True)
    # One pair of the same number, and four of a drawn record with another: two of them are theirs.
    assert (counted["true_pairs"], counted["found_pairs"], counted["linked_pairs"]) == (1, 1, 3)


def test_people_of_whom_no_record_was_drawn_are_not_counted():
    records = pl.DataFrame({"source": ["crown"] * 4, "pnc": ["1", "1", "2", "2"], "cro": ["1", "1", None, None]})
    linked = pl.DataFrame({"held_out": [True, True, False, False], "cluster": [7, 8, 9, 9]})
    counted = hold_out_numbers(records, linked).filter(number="pnc").row(0, named=True)
    assert (counted["true_pairs"], counted["found_pairs"], counted["linked_pairs"]) == (1, 0, 0)
