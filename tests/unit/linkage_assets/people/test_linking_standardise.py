"""The linkage view: cleaning of each field, and which places count."""

from datetime import date

import polars as pl
import pytest

from linkage_assets.schemas.linking import LinkageView
from linkage_assets.steps.people.locate_places import GEOGRAPHY, count_places, locate
from linkage_assets.steps.people.name_authorities import authorities_meant, count_authorities
from linkage_assets.steps.people.standardise_people import standardise_clients, standardise_offenders
from resources.zone.schema_check import check_frame

SECURE_AND_OTHERS = ("yp_community", "adult_secure", "yp_secure", "cjit")


def person(crn="X100001", **other):
    return {
        "crn": crn,
        "forename_initial": "J",
        "surname_initial": "S",
        "dob": date(1984, 3, 7),
        "sex": "M",
        "ethnicity": "W1",
        "soft_deleted": "0",
        **other,
    }


def address(postcode, crn="X100001", start=date(2020, 1, 1), end=None, status="M", **other):
    return {"crn": crn, "postcode": postcode, "start_date": start, "end_date": end, "address_status": status, **other}


def episode(client="C1", **other):
    return {
        "CLIENTID": client,
        "CONSENT": "Y",
        "FINITIAL": "J",
        "SINITIAL": "S",
        "DOB": date(1984, 3, 7),
        "SEX": "M",
        "ETHNIC": "A",
        "REFLD": date(2020, 5, 1),
        "PC": "LS1 4AP",
        **other,
    }


@pytest.fixture
def offenders(extract, settings):
    def make(people, addresses=(), sentenced=date(2021, 6, 1)):
        sentences = [{"crn": row["crn"], "disposal_date": sentenced} for row in people]
        return standardise_offenders(
            extract("offender", *people),
            extract("offender_address", *addresses),
            extract("requirement", *sentences),
            settings.linkage,
        )

    return make


@pytest.fixture
def clients(extract, settings):
    def make(*episodes, **others):
        frames = [extract(name, *others.get(name, ())) for name in SECURE_AND_OTHERS]
        return standardise_clients(extract("adult_community", *episodes), *frames, settings.linkage)

    return make


@pytest.mark.parametrize(
    "typed",
    ["LS1 4AP", "ls14ap", " LS1  4AP ", "LS1 4", "LS1  4.", "ls1-4", "LSI 4AP", "L51 4AP", "LS1 4AP."],
)
def test_a_postcode_is_read_however_it_is_typed(typed, settings):
    located = locate(pl.DataFrame({"postcode": [typed]}), "postcode", None, settings.linkage)
    assert located.select("postcode_sector", "utla_code").row(0) == ("LS1 4", "E08000035")
    assert located["easting"][0] == pytest.approx(430_000, abs=2_000)


@pytest.mark.parametrize(
    ("typed", "authority"),
    [
        ("SE15", "E09000028"),
        ("M14", "E08000003"),
        ("m 14", "E08000003"),
        ("SEI5", "E09000028"),
        ("LS14", "E08000035"),
        ("SE1", None),
        ("W1A", None),
    ],
)
def test_a_postcode_cut_to_its_district_has_no_sector_and_an_authority_only_where_all_of_it_lies_in_one(
    typed, authority, settings
):
    located = locate(pl.DataFrame({"postcode": [typed]}), "postcode", None, settings.linkage)
    assert located.select("postcode_sector", "utla_code", "easting").row(0) == (None, authority, None)


@pytest.mark.parametrize(
    ("typed", "sector"),
    [
        ("SE1 5", "SE1 5"),
        ("SE151", "SE15 1"),
        ("M14 5", "M14 5"),
        ("M145", "M14 5"),
        ("SW1A1", "SW1A 1"),
        ("L51", "L5 1"),
    ],
)
def test_a_postcode_cut_to_its_sector_is_told_by_its_space_or_as_no_district_has_that_name(typed, sector, settings):
    located = locate(pl.DataFrame({"postcode": [typed]}), "postcode", None, settings.linkage)
    assert located["postcode_sector"].to_list() == [sector]


@pytest.mark.parametrize(
    "typed",
    [
        "ZZ99 3VZ",
        "nf11nf",
        "ZZ99 3",
        "ZZ993VZ.",
        "NFA",
        "N.F.A.",
        "n/f/a",
        "no fixed abode",
        "NO FIX ABODE",
        "without fixed address",
        "no permanent address",
        "Of No Fixed Abode",
        "NO FIXED ADDRESS",
        "NFA - Leeds",
        "homeless",
    ],
)
def test_a_dummy_postcode_means_no_fixed_abode_and_no_place(typed, settings):
    located = locate(pl.DataFrame({"postcode": [typed]}), "postcode", None, settings.linkage)
    assert located.select("postcode_sector", "utla_code", "no_fixed_abode_postcode").row(0) == (None, None, True)


@pytest.mark.parametrize("typed", ["unknown", "QQ1 1AA", "ZZ99 3WZ", "not fixed", "", None])
def test_a_postcode_that_does_not_exist_is_no_place(typed, settings):
    frame = pl.DataFrame({"postcode": [typed]}, schema={"postcode": pl.String})
    located = locate(frame, "postcode", None, settings.linkage)
    assert located.select("postcode_sector", "no_fixed_abode_postcode").row(0) == (None, False)


def test_the_recorded_authority_stands_in_only_where_there_is_no_sector(settings):
    frame = pl.DataFrame({"postcode": ["LS1 4AP", None, None], "utla": ["E09000001", "e09000001", "somewhere"]})
    located = locate(frame, "postcode", "utla", settings.linkage)
    assert located["utla_code"].to_list() == ["E08000035", "E09000001", None]


def test_the_recorded_authority_outranks_a_postcode_that_lies_in_several(settings):
    frame = pl.DataFrame({"postcode": ["SE1", "SE15", "DE7 5"], "utla": ["E09000022", "E09000012", "E06000015"]})
    assert locate(frame, "postcode", "utla", settings.linkage)["utla_code"].to_list() == frame["utla"].to_list()


@pytest.mark.parametrize(
    ("stated", "today"),
    [
        ("E10000002", "E06000060"),
        ("E06000028", "E06000058"),
        ("E10000023", "E06000065"),
        ("E10000027", "E06000066"),
        ("E08000020", "E08000037"),
        ("E06000048", "E06000057"),
        ("E08000019", "E08000039"),
        ("E07000150", "E06000061"),
        ("E07000240", "E10000015"),
        ("E07000097", "E10000015"),
        ("e08000035", "E08000035"),
        ("LEEDS CITY COUNCIL", "E08000035"),
        ("Bristol", "E06000023"),
        ("Buckinghamshire", "E06000060"),
        ("City of Bristol", "E06000023"),
        ("City of London", "E09000001"),
        ("London", None),
        ("St Helens", "E08000013"),
        ("Newcastle-upon-Tyne", "E08000021"),
        ("LB Hackney", "E09000012"),
        ("E10000021", None),
        ("Cumbria", None),
        ("E99999999", None),
        ("A12B", None),
    ],
)
def test_an_authority_is_todays_also_where_it_was_abolished_or_recoded(stated, today):
    assert authorities_meant(pl.Series([stated]), pl.Series([None], dtype=pl.String)).to_list() == [today]


def test_an_authority_that_was_split_is_the_successor_in_which_the_postcode_lies(settings):
    frame = pl.DataFrame({"postcode": ["NN1 4AA", "NN16 0AA", "LS1", None], "utla": ["E10000021"] * 4})
    located = locate(frame, "postcode", "utla", settings.linkage)
    assert located["utla_code"].to_list() == ["E06000062", "E06000061", "E08000035", None]


def test_authorities_and_postcodes_that_say_too_little_are_counted(settings):
    stated = pl.Series(["E08000035", "E10000002", "E10000021", "A12B", None])
    assert count_authorities(stated) == {
        "rows_with_former_authority": 1,
        "rows_with_authority_since_split": 1,
        "rows_with_unknown_authority": 1,
    }
    typed = pl.Series(["LS1 4AP", "M14", "M14", "QQ1 1AA", "NFA", None])
    assert count_places(typed, settings.linkage) == {
        "rows_with_no_fixed_abode_postcode": 1,
        "rows_with_postcode_district_only": 2,
        "rows_with_unreadable_postcode": 1,
    }


def test_every_successor_of_a_former_authority_is_an_authority_of_today():
    changes = pl.read_csv(GEOGRAPHY / "utla_changes.csv", try_parse_dates=True)
    today = pl.read_csv(GEOGRAPHY / "utla_population.csv")
    assert changes.join(today, on=["utla_code", "utla_name"], how="anti").height == 0
    assert not set(changes["former_code"]) & set(today["utla_code"])
    assert changes["changed_on"].dtype == pl.Date and changes.equals(changes.unique(maintain_order=True))


def test_both_standardised_tables_are_what_their_schema_says(offenders, clients):
    check_frame(offenders([person()], [address("LS1 4AP")]), LinkageView, "standardised_offenders")
    check_frame(clients(episode()), LinkageView, "standardised_clients")


def test_both_systems_give_the_same_view_of_the_same_person(offenders, clients):
    of_the_record = {"source", "record_id", "person_id"}
    compared = [column for column in LinkageView.to_schema().columns if column not in of_the_record]
    ours, theirs = offenders([person()], [address("LS1 4AP")]), clients(episode(SEX="1"))
    assert ours.select(compared).rows() == theirs.select(compared).rows()


def test_the_address_is_the_main_one_on_the_day_of_sentence(offenders):
    addresses = [
        address("M1 1AE", start=date(2018, 1, 1), end=date(2021, 1, 1), status="P"),
        address("LS1 4AP", start=date(2021, 1, 2), end=date(2021, 9, 1), status="P"),
        address("B1 1BB", start=date(2021, 9, 2)),
        address("S1 2HE", start=date(2021, 2, 1), status="PO"),
        address("S1 2HE", start=date(2021, 2, 1), status="S"),
    ]
    assert offenders([person()], addresses)["postcode_sector"].to_list() == ["LS1 4"]


def test_a_person_with_a_bail_address_in_force_has_two_rows_and_distinct_records(offenders):
    addresses = [address("LS1 4AP"), address("M1 1AE", status="B"), address("LS1 4DL", status="B")]
    view = offenders([person()], addresses)
    assert set(view["postcode_sector"]) == {"LS1 4", "M1 1"} and view["record_id"].n_unique() == view.height == 2


def test_without_an_address_in_force_the_last_known_one_stands(offenders):
    addresses = [
        address("M1 1AE", start=date(2015, 1, 1), end=date(2016, 1, 1)),
        address("LS1 4AP", start=date(2017, 1, 1), end=date(2018, 1, 1), status="P"),
    ]
    assert offenders([person()], addresses)["postcode_sector"].to_list() == ["LS1 4"]


def test_a_person_without_any_address_still_has_a_row(offenders):
    assert offenders([person()]).select("postcode_sector", "no_fixed_abode", "linkable").rows() == [(None, False, True)]


def test_deleted_offenders_are_left_out(offenders):
    assert offenders([person(), person("X100002", soft_deleted="1")])["person_id"].to_list() == ["X100001"]


@pytest.mark.parametrize("born", [date(1900, 1, 1), date(1899, 5, 5), date(2015, 1, 1)])
def test_a_placeholder_or_impossible_birth_date_is_empty(offenders, born):
    view = offenders([person(dob=born)])
    assert view.select("dob", "dob_swapped", "dob_month_day", "dob_year").row(0) == (None, None, None, None)


def test_a_birth_date_after_the_first_of_several_sentences_is_empty(extract, settings):
    sentences = [{"crn": "X100001", "disposal_date": date(year, 6, 1)} for year in (2010, 2022)]
    view = standardise_offenders(
        extract("offender", person(dob=date(2011, 3, 7))),
        extract("offender_address"),
        extract("requirement", *sentences),
        settings.linkage,
    )
    assert view["dob"].to_list() == [None]


def test_a_birth_date_is_swapped_only_where_that_gives_a_date(offenders):
    view = offenders([person(), person("X100002", dob=date(1984, 3, 13))])
    assert view["dob_swapped"].to_list() == ["1984-07-03", None]


@pytest.mark.parametrize(
    ("fields", "linkable"),
    [
        ({}, True),
        ({"dob": None}, True),
        ({"forename_initial": None}, True),
        ({"forename_initial": None, "dob": None}, False),
        ({"forename_initial": None, "dob": date(1900, 1, 1)}, False),
    ],
)
def test_a_record_needs_two_of_initials_birth_date_and_place(offenders, fields, linkable):
    assert offenders([person(**fields)], [address("LS1 4AP")])["linkable"].to_list() == [linkable]


def test_ethnicity_that_is_not_stated_is_empty_in_both_systems(offenders, clients):
    assert offenders([person(ethnicity="NS")])["ethnicity"].to_list() == [None]
    assert clients(episode(ETHNIC="Z"))["ethnicity"].to_list() == [None]


def test_a_client_who_refused_to_share_is_left_out(clients):
    refused = {"CLIENTID": "C2", "CONSENT": "N"}
    assert clients(episode(), refused)["person_id"].to_list() == ["C1"]


def test_a_client_has_one_row_per_place_over_all_data_sets(clients):
    view = clients(
        episode(),
        episode(PC="ls14ap"),
        cjit=[
            {"CLIENTID": "C1", "CONSENT": "Y", "FINITIAL": "J", "SINITIAL": "S", "PC": "M1 1AE"},
        ],
    )
    assert view.select("person_id", "postcode_sector").rows() == [("C1", "LS1 4"), ("C1", "M1 1")]
    assert view["dob"].to_list() == ["1984-03-07"] * 2


def test_a_secure_episode_without_a_postcode_adds_a_row_only_for_another_authority(clients):
    secure = [{"CLIENTID": "C1", "CONSENT": "Y", "UTLA": utla} for utla in ("E08000035", "E08000003", None)]
    view = clients(episode(), adult_secure=secure)
    assert view.select("postcode_sector", "utla_code").rows() == [("LS1 4", "E08000035"), (None, "E08000003")]


def test_where_episodes_differ_the_most_frequent_value_stands_and_the_earliest_on_a_tie(clients):
    view = clients(
        episode(FINITIAL="T", REFLD=date(2018, 1, 1), SINITIAL="B"),
        episode(FINITIAL="A", SINITIAL="C"),
        episode(FINITIAL="A", SINITIAL=None),
    )
    assert view.select("forename_initial", "surname_initial").rows() == [("A", "B")]


def test_the_order_of_the_input_does_not_matter(clients):
    episodes = [episode(client, PC=pc) for client in ("C2", "C1") for pc in ("M1 1AE", "LS1 4AP")]
    assert clients(*episodes).equals(clients(*reversed(episodes)))


@pytest.mark.parametrize(("births", "kept"), [(4, {"C1", "C2"}), (5, {"C2"})])
def test_an_identifier_with_many_dates_of_birth_stands_for_nobody(births, kept, clients):
    shared = [episode("C1", DOB=date(1970 + number, 3, 7)) for number in range(births)]

    assert set(clients(*shared, episode("C2"))["person_id"]) == kept
