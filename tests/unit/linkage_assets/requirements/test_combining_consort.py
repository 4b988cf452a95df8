"""The consort counts: what every step kept and removed, and that it adds up."""

from datetime import date

import polars as pl
import pytest

from contracts.crossings import ConsortCounts
from linkage_assets.schemas.combining import EXCLUSIONS, NO_PERSON
from linkage_assets.steps.requirements.count_consort import count_consort, episodes_in_period, find_broken_chains
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

SIZE = 400
# Requirements of one person follow each other, two of each person; those without a reason are analysed.
REASONS = [*EXCLUSIONS, None, None]


def _episodes(*rows: tuple) -> pl.DataFrame:
    schema = {"client_pseudonym": pl.String, "start_date": pl.Date, "end_date": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.fixture
def consort_inputs(extract) -> dict:
    exclusions = [REASONS[number % len(REASONS)] for number in range(SIZE)]
    people = [None if reason == NO_PERSON else f"MP{number // 2}" for number, reason in enumerate(exclusions)]
    offenders = [{"crn": f"X{number:06d}", "soft_deleted": "1" if number < 3 else "0"} for number in range(200)]
    clients = [("N1", "Y"), ("N1", "Y"), ("N2", "N"), ("N3", "Y"), ("N4", "N"), ("N4", "Y"), ("N5", "Y"), ("N6", "Y")]
    rows = [{"CLIENTID": client, "CONSENT": consent} for client, consent in clients]
    return {
        "offender": extract("offender", *offenders),
        "probation_pseudonyms": pl.DataFrame(
            {
                "crn": [f"X{number:06d}" for number in range(3, 200)],
                "person_pseudonym": [f"MP{number // 2 * 2 if number < 20 else number}" for number in range(3, 200)],
                "linkable": [number >= 30 for number in range(3, 200)],
            }
        ),
        "clients": [extract("adult_community", *rows[:4]), extract("cjit", *rows[4:])],
        "standardised_clients": pl.DataFrame(
            {
                "person_id": ["N1", "N1", "N3", "N4", "N5", "N6"],
                "linkable": [True, True, True, True, False, True],
            }
        ),
        "treatment_pseudonyms": pl.DataFrame(
            {
                "client_id": ["N1", "N3", "N4", "N5", "N6"],
                "client_pseudonym": ["DP1", "DP3", "DP4", "DP5", "DP1"],
            }
        ),
        "person_key": pl.DataFrame({"person_pseudonym": ["MP40", "MP41"], "client_pseudonym": ["DP1", "DP4"]}),
        "requirement": extract("requirement", *({"requirement_id": str(number)} for number in range(SIZE + 25))),
        "combined_requirements": pl.DataFrame(
            {"person_pseudonym": people, "exclusion": exclusions}, schema_overrides={"exclusion": pl.String}
        ),
        "quarantined_rows": pl.DataFrame(
            {
                "extract": ["requirement", "requirement", "requirement", "offender"],
                "row_number": [3, 3, 8, 5],
            }
        ),
        "treatment_episodes": _episodes(("DP1", date(2019, 1, 1), None), ("DP4", date(2015, 1, 1), date(2016, 1, 1))),
        "cohort": load_study_settings().for_quarter(date(2023, 3, 31)).study,
    }


def _analysed(consort_inputs) -> tuple[int, int]:
    """Analysed requirements and their people, counted another way."""
    left = [
        person
        for person, reason in consort_inputs["combined_requirements"].select("person_pseudonym", "exclusion").rows()
        if reason is None
    ]
    return len(left), len(set(left))


def test_the_consort_counts_are_what_the_contract_says_and_add_up(consort_inputs):
    counts = check_frame(count_consort(**consort_inputs), ConsortCounts, "consort_counts")
    requirements, people = _analysed(consort_inputs)

    assert find_broken_chains(counts, requirements, people) == []
    rows = {(stream, step): (before, removed, after) for _, stream, step, before, removed, after in counts.rows()}
    assert rows["requirements", "row not as agreed (quarantined)"] == (SIZE + 27, 2, SIZE + 25)
    assert rows["requirements", "of a type that is not studied"] == (SIZE + 25, 25, SIZE)
    assert rows["requirements", EXCLUSIONS[-1]][2] == requirements


def test_the_requirements_stream_counts_requirements_and_the_people_stream_people(consort_inputs):
    counts = count_consort(**consort_inputs)
    requirements, people = _analysed(consort_inputs)

    assert counts.filter(stream="requirements")["after"].to_list()[-1] == requirements
    assert counts.filter(stream="people")["after"].to_list()[-1] == people
    assert people < requirements


def test_a_person_leaves_with_the_last_requirement(consort_inputs):
    consort_inputs["combined_requirements"] = pl.DataFrame(
        {
            "person_pseudonym": ["MP1", "MP1", "MP2", "MP2", "MP3", None],
            "exclusion": [EXCLUSIONS[0], EXCLUSIONS[-1], EXCLUSIONS[0], None, EXCLUSIONS[0], NO_PERSON],
        }
    )
    chain = count_consort(**consort_inputs).filter(stream="people").filter(pl.col("removed") > 0)

    assert chain.select("before", "removed", "after").rows() == [(3, 1, 2), (2, 1, 1)]
    assert chain["step"].str.ends_with(EXCLUSIONS[0]).to_list() == [True, False]


def test_offenders_are_counted_from_identifiers_to_linked_people(consort_inputs):
    counts = count_consort(**consort_inputs).filter(stream="offenders")

    assert counts["removed"].to_list() == [1, 3, 8, 19, 168, 1]
    assert counts["before"].to_list()[0] == 201
    assert counts["after"].to_list()[-2:] == [2, 1]


@pytest.mark.parametrize(
    ("start", "end", "counts"),
    [
        (date(2018, 7, 1), None, True),
        (date(2018, 7, 1), date(2018, 8, 1), True),
        (date(2018, 7, 1), date(2018, 7, 31), False),
        (date(2023, 3, 31), None, True),
        (date(2023, 4, 1), None, False),
    ],
)
def test_a_treatment_record_is_of_the_period_when_it_overlaps_it_on_any_day(start, end, counts):
    cohort = load_study_settings().for_quarter(date(2023, 3, 31)).study
    assert episodes_in_period(_episodes(("DP1", start, end)), cohort).height == int(counts)


def test_a_person_with_one_record_in_the_period_and_one_before_it_is_counted(consort_inputs):
    consort_inputs["treatment_episodes"] = _episodes(
        ("DP1", date(2019, 1, 1), None),
        ("DP4", date(2015, 1, 1), date(2016, 1, 1)),
        ("DP4", date(2020, 1, 1), date(2020, 2, 1)),
    )
    assert count_consort(**consort_inputs).filter(stream="offenders")["after"].to_list()[-1] == 2


def test_clients_are_counted_from_identifiers_to_linked_people(consort_inputs):
    counts = count_consort(**consort_inputs).filter(stream="clients")

    assert counts.select("before", "removed", "after").rows() == [(6, 1, 5), (5, 1, 4), (4, 1, 3), (3, 1, 2)]


@pytest.mark.parametrize("column", ["before", "removed", "after"])
def test_a_count_that_is_one_off_is_found(column, consort_inputs):
    counts = count_consort(**consort_inputs)

    for order in counts["order"]:
        wrong = counts.with_columns(pl.col(column) + (pl.col("order") == order).cast(pl.Int64))
        assert find_broken_chains(wrong, *_analysed(consort_inputs)), (column, order)


def test_a_missing_stream_and_a_wrong_total_are_found(consort_inputs):
    counts = count_consort(**consort_inputs)
    requirements, people = _analysed(consort_inputs)

    without_clients = counts.filter(pl.col("stream") != "clients")
    assert find_broken_chains(without_clients, requirements, people) == ["1 stream(s) missing"]
    assert find_broken_chains(counts, requirements + 1, people) == ["1 count(s) of analysed requirements not reached"]
    assert find_broken_chains(counts, requirements, people + 1) == [
        "1 count(s) of people with an analysed requirement not reached"
    ]
