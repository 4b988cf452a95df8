"""Everyday dirt in justice extracts is normalised or set aside with counts; what cannot be read is refused by name."""

import polars as pl
import pytest

from contracts.extracts import JUSTICE_EXTRACT_BY_NAME
from contracts.references import EXTRACTS_CHECK, JUSTICE_LISTS, JUSTICE_REFERENCES
from justice_assets.definitions import defs
from resources.extracts.extract_lists import judge_lists
from resources.extracts.extract_reader import counts_by_rule, read_extract
from resources.extracts.extract_references import judge_references
from resources.extracts.extract_rules import ExtractError
from resources.zone.partitions import quarter_end

LAST_DAY = quarter_end("2023Q1")
CASE = "magistrates_defendant_case"


def sent(folder, table: str, *rows: dict, without: tuple[str, ...] = (), **besides: str):
    """The reading of a CSV file with these rows; what is not given is empty."""
    extract = JUSTICE_EXTRACT_BY_NAME[table]
    names = [name for name in extract.column_names if name not in without] + list(besides)
    frame = pl.DataFrame([dict.fromkeys(names) | besides | row for row in rows], schema=dict.fromkeys(names, pl.String))
    (folder / extract.system).mkdir(exist_ok=True)
    frame.write_csv(folder / extract.system / f"{table}.csv")
    return read_extract(folder, extract, LAST_DAY)


def case(number: int, **other: str) -> dict[str, str]:
    given = {"defendant_on_case_id": f"M{number}", "case_id": f"L{number}", "surname": "Lee", "court_code": "C1"}
    return given | {"first_hearing_date": "2015-02-11"} | other


def test_dirt_of_every_day_is_normalised_and_counted(tmp_path):
    read = sent(
        tmp_path,
        CASE,
        case(1, dob=" 07/03/1984 ", sex="Male", ethnicity="Black or Black British", outcome="custody"),
        case(2, pnc_number="2012/123456a", forename=" NULL ", surname="O\u2019Neill"),
        staff_name="nobody's business",
    )
    assert read.rows_quarantined == 0 and read.ignored == ["(1 name not shown: column 21)"]
    assert read.frame["sex"].to_list() == ["M", None] and read.frame["ethnicity"].to_list() == ["B", None]
    assert read.frame["outcome"].to_list() == ["CUSTODY", None] and read.frame["forename"].to_list() == [None, None]
    assert read.normalised["dob"] and read.normalised["sex"] and read.normalised["pnc_number"]
    assert "staff_name" not in read.frame.columns


def test_rows_that_cannot_be_told_are_set_aside_and_optional_values_are_emptied(tmp_path):
    rows = [case(number) for number in range(40)]
    read = sent(
        tmp_path,
        CASE,
        *rows,
        case(1, surname="Ray"),
        case(50, first_hearing_date="2030-01-01"),
        case(51, committed_for="somewhere", crn="not one"),
    )
    assert read.rows_quarantined == 3 and read.frame.height == 40
    assert {"committed_for", "crn"} <= set(counts_by_rule(read.voided))


def test_a_file_without_names_or_keys_is_refused_by_name_without_a_value(tmp_path):
    with pytest.raises(ExtractError, match="surname") as refused:
        sent(tmp_path, CASE, case(1, surname="Quillfeather"), without=("forename", "surname"))
    assert CASE in str(refused.value) and "Quillfeather" not in str(refused.value)
    with pytest.raises(ExtractError, match="defendant_on_case_id"):
        sent(tmp_path, CASE, case(1), without=("defendant_on_case_id",))
    with pytest.raises(ExtractError, match="prison_person"):
        read_extract(tmp_path, JUSTICE_EXTRACT_BY_NAME["prison_person"], LAST_DAY)


NAMES = [
    "Quillfeather, Nathaniel",
    "Quillfeather",
    "Quillfeather 7",
    '=HYPERLINK("http://x.org",1)',
    "-1+1",
    "A" + "9" * 500,
]


@pytest.mark.parametrize("written", NAMES)
def test_no_name_and_no_formula_is_released_as_the_key_of_a_record(tmp_path, written):
    rows = [case(number) for number in range(40)]
    spoilt = [case(50) | {"defendant_on_case_id": written}, case(51) | {"case_id": written}]
    read = sent(tmp_path, CASE, *rows, *spoilt)
    assert read.frame.height == 40 and read.rows_quarantined == 2
    with pytest.raises(ExtractError, match="defendant_on_case_id") as refused:
        sent(
            tmp_path, CASE, *[row | {"defendant_on_case_id": f"Quillfeather {place}"} for place, row in enumerate(rows)]
        )
    assert CASE in str(refused.value) and "Quillfeather" not in str(refused.value)


@pytest.mark.parametrize(
    "written", ["0012345", "ab-12/2019", "5F3C9E1A" * 8, "{5f3c9e1a-77b2-4c1d-9a4e-1c2d3e4f5a6b}", "Z/9=="]
)
def test_a_key_may_be_a_number_a_hash_or_letters_with_a_number(tmp_path, written):
    read = sent(tmp_path, CASE, case(1) | {"defendant_on_case_id": written, "case_id": written})
    assert read.rows_quarantined == 0 and read.frame["case_id"].to_list() == [written.upper()]


def test_a_name_in_place_of_the_pseudonym_of_an_officer_is_emptied_and_a_file_of_names_refused(tmp_path):
    met = {"crn": "X123456", "contact_date": "2020-02-03", "method": "OFFICE", "attended": "Y"}
    rows = [met | {"contact_id": f"N{number}", "staff_key": f"F{number % 3}"} for number in range(40)]
    named = [rows[0] | {"contact_id": "N77", "staff_key": "Quillfeather, N"}]
    read = sent(tmp_path, "supervision_contact", *rows, *named)
    assert read.frame.height == 41 and read.frame["staff_key"].null_count() == 1
    assert counts_by_rule(read.voided).keys() == {"staff_key"}
    with pytest.raises(ExtractError, match="staff_key") as refused:
        sent(tmp_path, "supervision_contact", *[row | {"staff_key": "Quillfeather"} for row in rows])
    assert "supervision_contact" in str(refused.value) and "Quillfeather" not in str(refused.value)


def test_somebody_released_before_reception_is_set_aside(tmp_path):
    stay = {"journey_id": "J1", "noms_number": "A1234BC", "reception_date": "2016-05-01"}
    rows = [stay | {"journey_id": f"J{number}", "release_date": "2016-06-01"} for number in range(2, 40)]
    read = sent(tmp_path, "custodial_journey", stay | {"release_date": "2016-04-01"}, *rows)
    assert read.rows_quarantined == 1 and read.frame.height == 38


def test_sentences_of_other_people_than_those_sent_stop_the_zone():
    frames = {
        "probation_person": pl.DataFrame({"crn": [f"X{number:06}" for number in range(100)]}),
        "probation_disposal": pl.DataFrame(
            {"crn": [f"Y{number:06}" for number in range(100)], "disposal_id": ["D"] * 100}
        ),
    }
    fits = judge_references([r for r in JUSTICE_REFERENCES if r.child == "probation_disposal"], frames)
    assert any(fit.stops for fit in fits)


@pytest.mark.parametrize(("unknown", "stops"), [(0, False), (15, False), (19, False), (20, True), (100, True)])
@pytest.mark.parametrize("table", ["probation_disposal", "probation_requirement"])
def test_reasons_for_an_end_that_no_list_holds_stop_the_zone_where_they_are_many(table, unknown, stops):
    known = ["Completed", "REVOKED - breach of requirement", "expired (normal)"] * 40
    reasons = ["Qxz 17"] * unknown + known[unknown:100] + [None] * 50
    (fit,) = judge_lists(JUSTICE_LISTS, {table: pl.DataFrame({"termination_reason": reasons})})
    assert (fit.rows, fit.fitting, fit.stops) == (100, 100 - unknown, stops)
    assert "Qxz" not in fit.problem + fit.remedy and "termination_reasons.csv" in fit.remedy


def test_nothing_is_linked_of_extracts_that_are_not_accepted():
    graph = defs().resolve_asset_graph()
    (key,) = [key for key in graph.asset_check_keys if key.name == EXTRACTS_CHECK]
    assert graph.get(key).blocking
    assert "standardised_persons" in {child.path[-1] for child in graph.get(key.asset_key).child_keys}
