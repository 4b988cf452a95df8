"""Research views say year and bands of what happened, and nothing by which a record could be found."""

import inspect
from datetime import date

import polars as pl
import pytest

from contracts.extracts import JUSTICE_EXTRACT_BY_NAME
from justice_assets.assets.views.research_views import KNOWN_BY, LAST_DAY, MADE_BY, SETTINGS, without_who
from justice_assets.schemas.people import StandardisedPersons
from justice_assets.schemas.release import PersonLink
from justice_assets.schemas.views import VIEWS
from justice_assets.steps.views import reconvictions, releases, reports, services, supervision
from justice_assets.steps.views.bands import age_band
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

SETTINGS_NOW = load_study_settings().justice_views
LAST = date(2023, 3, 31)
KNOWN = {SETTINGS: SETTINGS_NOW, LAST_DAY: LAST}


def table(name: str, *rows: dict) -> pl.DataFrame:
    """Rows of an extract, what is not given empty."""
    schema = JUSTICE_EXTRACT_BY_NAME[name].schema
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)


PERSON = table("probation_person", {"crn": "X1", "sex": "F", "ethnicity": "B2", "dob": date(1990, 6, 1)})
DISPOSAL = {
    "disposal_id": "D1",
    "event_id": "E1",
    "crn": "X1",
    "disposal_date": date(2018, 3, 1),
    "disposal_type": "DSC",
    "sentence_days": 200,
    "probation_region": "North East",
    "sentencing_court_type": "crown",
}
RELEASE = {
    "release_id": "S1",
    "disposal_id": "D1",
    "crn": "X1",
    "release_date": date(2018, 6, 9),
    "release_type": "AUTOMATIC",
    "licence_days": 365,
}


def released(*services: dict, conditions: tuple[dict, ...] = (), **changed) -> dict:
    view = releases.view_releases(
        table("release_and_recall", {**RELEASE, **changed}),
        table("licence_condition", *conditions),
        table("intervention", *services),
        table("probation_disposal", DISPOSAL),
        PERSON,
        SETTINGS_NOW,
        LAST,
    )
    return view.row(0, named=True) if view.height else {}


@pytest.mark.parametrize("name", MADE_BY)
def test_a_view_is_made_of_declared_columns_without_a_name_or_number_even_where_nothing_was_sent(name):
    sent = {each: pl.DataFrame(schema=extract.schema) for each, extract in JUSTICE_EXTRACT_BY_NAME.items()}
    for each, schema in (("person_link", PersonLink), ("standardised_persons", StandardisedPersons)):
        columns = {column: field.dtype.type for column, field in schema.to_schema().columns.items()}
        sent[each] = pl.DataFrame(schema=columns)
    asked = inspect.signature(MADE_BY[name]).parameters
    given = without_who(MADE_BY[name], {each: rows.lazy() for each, rows in sent.items() if each in asked})
    made = MADE_BY[name](**given, **{each: known for each, known in KNOWN.items() if each in asked})
    assert check_frame(made, VIEWS[name], name).is_empty()


WORDED = {
    "Requirement Completed": "Completed",
    "completed": "Completed",
    "REVOKED - Breach": "Revoked",
    "Expired (Normal)": "Expired",
    "Offender died": "Died",
    "Suspended Sentence Activated": "Suspended Sentence Activated",
    "Some other reason": "Other",
    None: "Not recorded",
}


@pytest.mark.parametrize("worded", WORDED)
def test_how_an_order_or_requirement_ended_is_read_in_the_words_of_ndelius_as_the_study_reads_them(worded):
    ended = {"termination_date": date(2019, 1, 1), "termination_reason": worded}
    imposed = {"requirement_id": "R1", "disposal_id": "D1", "requirement_type": "DRR", "start_date": date(2018, 3, 1)}
    requirements = reconvictions.view_requirements(table("probation_requirement", imposed | ended))
    order = table("probation_disposal", DISPOSAL | {"disposal_type": "CO"} | ended)
    orders = reconvictions.view_orders(order, PERSON, table("court_report"))
    assert [view["ended"].to_list() for view in (requirements, orders)] == [[WORDED[worded]]] * 2


def test_no_view_has_an_id_a_date_or_a_name():
    asked = {column.name: column.kind for extract in JUSTICE_EXTRACT_BY_NAME.values() for column in extract.columns}
    for view in VIEWS.values():
        columns = view.to_schema().columns
        assert not {name for name in columns if asked.get(name) in {"id", "date"}} and not {*columns} & {*KNOWN_BY}
        assert {str(field.dtype) for field in columns.values()} <= {"String", "Int64"}


def test_a_recall_counts_within_a_year_of_release_and_not_after_it():
    assert released()["recalled"] == "No"
    assert released(recall_date=date(2019, 6, 9))["recalled"] == "Yes"
    assert released(recall_date=date(2019, 6, 10))["recalled"] == "No"


def test_a_condition_that_began_after_the_release_is_not_of_it():
    curfew = {"condition_id": "K1", "disposal_id": "D1", "condition_type": "CURFEW", "start_date": date(2018, 6, 9)}
    later = {**curfew, "condition_id": "K2", "condition_type": "RESIDENCE", "start_date": date(2018, 9, 1)}
    assert released(conditions=(curfew, later))["conditions"] == "One"
    assert released(conditions=(later,))["conditions"] == "None but the standard ones"


def test_a_release_that_is_not_followed_for_a_year_or_comes_after_a_recall_is_left_out():
    assert released(release_date=date(2022, 3, 31)) and not released(release_date=date(2022, 4, 1))
    assert not released(release_type="REREL")


def test_through_the_gate_counts_when_referred_in_the_months_before_release():
    gate = {"intervention_id": "V1", "crn": "X1", "intervention_type": "TTG", "referral_date": date(2018, 5, 1)}
    assert released()["through_the_gate"] == "Not referred"
    assert released(gate)["through_the_gate"] == "Referred, not started"
    assert released({**gate, "start_date": date(2018, 5, 20)})["through_the_gate"] == "Started"
    assert released({**gate, "referral_date": date(2017, 5, 1)})["through_the_gate"] == "Not referred"
    assert released(release_date=date(2015, 4, 30))["through_the_gate"] == "Released before it began"


def test_support_in_custody_is_a_service_that_started_between_sentence_and_release():
    service = {"intervention_id": "V1", "crn": "X1", "intervention_type": "ETE", "referral_date": date(2018, 3, 9)}
    assert released({**service, "start_date": date(2018, 4, 1)})["support_in_custody"] == "Yes"
    assert released({**service, "start_date": date(2018, 7, 1)})["support_in_custody"] == "No"


def test_a_report_is_as_asked_when_its_type_is_and_followed_when_the_sentence_is_of_the_kind_proposed():
    asked = {"report_id": "P1", "event_id": "E1", "crn": "X1", "court_code": "M1", "date_requested": date(2018, 2, 1)}
    asked |= {"type_requested": "CJS", "type_delivered": "CJF", "proposed_disposal": "CO"}
    view = reports.view_reports(table("court_report", asked), table("probation_disposal", DISPOSAL), SETTINGS_NOW)
    (row,) = view.to_dicts()
    assert (row["asked"], row["delivered"], row["as_asked"], row["followed"]) == ("Standard", "Fast", "No", "No")
    assert row["court_asking"] == reports.FEW


DAYS = [date(2018, 3, 10), date(2018, 4, 10), date(2018, 5, 10), date(2018, 7, 1)]
CONTACTS = [
    {"contact_id": f"N{place}", "crn": "X1", "contact_date": day, "method": "PRISON", "staff_key": "F1"}
    for place, day in enumerate(DAYS)
]


@pytest.fixture(params=[1, 3, 500_000])
def of_contacts(request, monkeypatch) -> tuple:
    """What views of contacts are made of, some of which are looked at together."""
    monkeypatch.setattr(supervision, "AT_ONCE", request.param)
    again = {**DISPOSAL, "disposal_id": "D2", "event_id": "E2", "disposal_date": date(2018, 5, 1)}
    return (
        table("probation_disposal", DISPOSAL, again),
        table("release_and_recall", RELEASE),
        table("supervision_contact", *CONTACTS).lazy(),
        LAST,
    )


def test_contacts_before_release_are_of_custody_and_officers_are_counted_once(of_contacts):
    _, releases_, contacts, last = of_contacts
    view = supervision.view_supervision(table("probation_disposal", DISPOSAL), releases_, contacts, last)
    found = {row["phase"]: (row["contacts"], row["officers"]) for row in view.to_dicts()}
    assert found == {
        "In custody": ("Under 1 a month", "One"),
        "In the community": ("Under 1 a month", "One"),
    }


def test_a_contact_counts_once_however_many_sentences_it_is_in_the_time_of(of_contacts):
    view = supervision.view_contacts(*of_contacts)
    assert dict(view.select("phase", "records").iter_rows()) == {"In custody": 3, "In the community": 1}
    assert view["attended"].unique().to_list() == ["Not recorded"]


def test_where_nobody_was_met_no_contact_is_counted(of_contacts):
    disposals, releases_, _, last = of_contacts
    assert supervision.view_contacts(disposals, releases_, table("supervision_contact").lazy(), last).height == 0


@pytest.mark.parametrize(
    ("again", "said"), [(date(2018, 6, 20), "No"), (date(2019, 6, 9), "Yes"), (date(2019, 6, 10), "No")]
)
def test_a_conviction_counts_from_two_weeks_to_a_year_after_release_of_whoever_is_the_same_person(again, said):
    case = {"defendant_on_case_id": "M1", "case_id": "T1", "outcome": "FINE", "sentence_date": again}
    link = pl.DataFrame(
        {"source": ["probation", "magistrates"], "record_key": ["X1", "M1"], "person_medium": ["ABCDEFGHIJKL"] * 2}
    )
    view = reconvictions.view_followed(
        table("probation_disposal", DISPOSAL),
        PERSON,
        table("release_and_recall", RELEASE),
        link.lazy(),
        table("crown_defendant_case").lazy(),
        table("magistrates_defendant_case", case).lazy(),
        SETTINGS_NOW,
    )
    assert view.select("kind", "reconvicted").row(0) == ("Custody: 6 to under 12 months", said)


def test_age_is_in_completed_years():
    born = pl.DataFrame({"born": [date(1990, 6, 1)] * 2, "day": [date(2008, 5, 31), date(2008, 6, 1)]})
    assert born.select(age_band("born", "day"))["age_band"].to_list() == ["Under 18", "18 to 29"]


@pytest.mark.parametrize(
    ("started", "waited"),
    [
        (None, "Not started"),
        (date(2018, 3, 1), "Within 2 weeks"),
        (date(2018, 3, 15), "Within 2 weeks"),
        (date(2018, 3, 16), "Over 2 to 4 weeks"),
        (date(2018, 4, 27), "Over 8 weeks"),
    ],
)
def test_the_time_to_a_service_is_from_referral_to_start(started, waited):
    referral = {"intervention_id": "N1", "crn": "X1", "intervention_type": "ETE", "referral_date": date(2018, 3, 1)}
    (row,) = services.view_services(table("intervention", referral | {"start_date": started}), PERSON).to_dicts()
    assert row["waited"] == waited
