"""Who is one person among a few justice records, and who is not."""

import polars as pl

from justice_assets.steps.clusters.cluster_persons import cluster_records
from justice_assets.steps.clusters.list_clusters import list_clusters
from justice_assets.steps.clusters.overrides import COLUMNS as DECIDED
from justice_assets.steps.identities.code_identities import code_identities
from justice_assets.steps.identities.condense_persons import batches_of, condense_persons, identities_of_forms
from justice_assets.steps.linking.score_justice_pairs import score_justice_pairs
from justice_assets.steps.linking.score_parts import LastRelease
from tests.unit.justice_assets.stated_linkage import SCORING, SETTINGS, linked, person, persons

PNC, OTHER_PNC = "2004/0123456A", "2011/0654321B"


def medium(found) -> list[int]:
    return found.records["cluster_medium"].to_list()


def test_equal_records_are_one_person_and_married_names_with_one_number_too():
    found = medium(
        linked(
            persons(
                person("M1", "SIOBHAN", "ONEILL", sex="F", pnc=PNC),
                person("M2", "SIOBHAN", "ONEILL", sex="F", pnc=PNC),
                person("M3", "SIOBHAN", "BAKER", sex="F", pnc=PNC, postcode="M1 1AA"),
            )
        )
    )
    assert len(set(found)) == 1


def test_names_in_each_others_place_and_a_birth_date_one_digit_off_are_one_person_at_one_address():
    found = medium(
        linked(
            persons(
                person("M1", "KEMAL", "YILDIZ"),
                person("M2", "YILDIZ", "KEMAL"),
                person("M3", "KEMAL", "YILDIZ", "1984-03-17"),
            )
        )
    )
    assert len(set(found)) == 1


def test_twins_at_one_address_are_two():
    found = medium(linked(persons(person("M1", "DARREN", "PRICE"), person("M2", "MICHAEL", "PRICE"))))
    assert len(set(found)) == 2


def test_father_and_son_of_one_name_at_one_address_are_two():
    found = medium(
        linked(persons(person("M1", "JOHN", "PRICE", "1950-01-02"), person("M2", "JOHN", "PRICE", "1981-11-20")))
    )
    assert len(set(found)) == 2


def test_two_police_numbers_keep_records_apart_that_look_the_same():
    rows = [person("M1", "JOHN", "PRICE", pnc=PNC), person("M2", "JOHN", "PRICE", pnc=OTHER_PNC)]
    found = linked(persons(*rows))
    assert len(set(medium(found))) == 2
    assert found.refused.height == 1


def test_fifty_of_one_name_without_birth_date_and_place_are_fifty_people():
    rows = [person(f"M{number}", "JOHN", "SMITH", None, postcode=None) for number in range(50)]
    assert len(set(medium(linked(persons(*rows))))) == 50


def test_an_alias_is_the_same_person_and_brings_in_a_record_of_the_other_name():
    rows = [
        person("X1", "SIOBHAN", "ONEILL", source="probation", crn="X1", sex="F"),
        person("X1", "SHIVAUN", "BAKER", "1985-05-05", source="probation", crn="X1", sex="F", name_form=1),
        person("M1", "SHIVAUN", "BAKER", "1985-05-05", sex="F"),
    ]
    assert len(set(medium(linked(persons(*rows))))) == 1


def test_a_record_is_found_by_a_former_address():
    rows = [
        person(
            "X1", "ABDI", "WARSAME", source="probation", crn="X1", postcode="M1 1AA", postcodes=["LS1 4AB", "M1 1AA"]
        ),
        person("M1", "ABDI", "WARSAM", postcode="LS1 4AB"),
    ]
    assert len(set(medium(linked(persons(*rows))))) == 1


def test_people_can_say_that_two_records_that_look_the_same_are_two_and_that_two_others_are_one():
    frame = persons(
        person("M1", "JOHN", "PRICE"),
        person("M2", "JOHN", "PRICE"),
        person("M3", "ANN", "HALL", "1970-02-01", postcode="B1 1AA"),
        person("M4", "LISE", "ROY", "1991-09-09", postcode="CF1 1AA"),
    )
    decided = pl.DataFrame(
        {"l": [0, 2], "r": [1, 3], "same": [False, True]}, schema_overrides={"l": pl.UInt32, "r": pl.UInt32}
    )
    found = medium(linked(frame, decided, apart=frame[:2].select("source", "record_key")))
    assert found[0] != found[1]
    assert found[2] == found[3]


def test_records_that_share_a_number_and_a_name_are_a_group_and_no_pair_is_made_of_them():
    rows = [person(f"M{place}", "JOHN", "PRICE", pnc=PNC, postcode=f"M{place} 1AA") for place in range(30)]
    made = condense_persons([persons(*rows, person("M99", "JON", "PRICE", postcode="M7 1AA"))])
    scored, looked_at = score_justice_pairs(made.identities, SCORING, SETTINGS)
    assert made.identities.height == 31
    assert looked_at.pairs.height == 1
    assert scored.height == 30


def test_a_group_is_found_by_what_any_of_its_records_has():
    rows = [
        person("M1", "ABDI", "WARSAME", pnc=PNC, postcode="M1 1AA"),
        person("M2", "ABDI", "WARSAME", pnc=PNC, postcode="LS1 4AB"),
        person("M3", "ABDI", "WARSAM", postcode="LS1 4AB"),
        person("M4", "ABDI", "WARSAME", "1984-07-03", postcode="M1 1AA"),
    ]
    assert len(set(medium(linked(persons(*rows))))) == 1


def test_two_police_numbers_in_a_group_leave_it_to_the_pairs():
    rows = [person("M1", "JOHN", "PRICE", pnc=PNC, cro="1"), person("M2", "JOHN", "PRICE", pnc=OTHER_PNC, cro="1")]
    made = condense_persons([persons(*rows)])
    assert score_justice_pairs(made.identities, SCORING, SETTINGS)[1].pairs.height == 1


def test_batches_keep_the_rows_of_a_record_together_and_change_nothing():
    rows = [
        person(f"X{one}", "A", "B", source="probation", crn=f"X{one}", name_form=form)
        for one in range(5)
        for form in range(3)
    ]
    frame = persons(*rows)
    batches = list(batches_of(frame.lazy(), 4))
    assert sum(batch.height for batch in batches) == 15
    assert len(batches) > 2
    assert condense_persons(batches).identities.equals(condense_persons([frame]).identities)
    assert identities_of_forms(batches).equals(identities_of_forms([frame]))


def test_a_file_of_identities_that_is_scanned_is_linked_as_identities_in_memory_are(tmp_path):
    rows = [
        person("M1", "ABDI", "WARSAME", pnc=PNC, postcode="M1 1AA"),
        person("M2", "ABDI", "WARSAME", pnc=PNC, postcode="LS1 4AB"),
        person("M3", "ABDI", "WARSAM", postcode="LS1 4AB", middle_names="ALI"),
        person("M4", "ABDI", "WARSAME", "1984-07-03", postcode="M1 1AA", sex=None),
        *(person(f"M{place}", "ANN", "HALL", None, postcode=None) for place in range(5, 9)),
    ]
    identities = condense_persons([persons(*rows)]).identities
    identities.write_parquet(tmp_path / "identities.parquet", row_group_size=2)
    scored, looked_at = score_justice_pairs(identities, SCORING, SETTINGS)
    scanned = pl.scan_parquet(tmp_path / "identities.parquet")
    again, as_well = score_justice_pairs(scanned, SCORING, SETTINGS)
    assert scored.height > 3
    assert again.equals(scored)
    assert as_well.pairs.equals(looked_at.pairs)
    codes = code_identities(scanned).lazy()
    taken_over, _ = score_justice_pairs(scanned, SCORING, SETTINGS, last=LastRelease(scanned, codes, scored.lazy()))
    assert taken_over.equals(scored)


def test_clusters_are_listed_by_size_with_those_that_one_pair_holds():
    rows = [
        person("M1", "JOHN", "PRICE", postcode="LS1 4AB"),
        person("M2", "JOHN", "PRICE", postcode="LS1 4AB", middle_names="PAUL"),
        person("M3", "JOHN", "PRICE", "1984-03-17", postcode="LS1 4AB"),
    ]
    frame = persons(*rows)
    identities, members = condense_persons([frame]).identities, identities_of_forms([frame])
    scored = score_justice_pairs(identities, SCORING, SETTINGS)[0]
    clusters = cluster_records(identities, members, scored, SETTINGS, pl.DataFrame(schema=DECIDED)).by_record
    listed = list_clusters(clusters.lazy(), members.lazy(), scored.lazy(), SETTINGS)
    assert listed.filter(threshold="medium").select("records", "held_by_one_pair").sum().row(0) == (3, 1)
    assert listed["too_large"].sum() == 0
    assert listed.columns == ["threshold", "size_from", "clusters", "records", "held_by_one_pair", "too_large"]
