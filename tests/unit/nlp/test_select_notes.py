"""Which contacts belong to which requested requirement."""

from datetime import date

import polars as pl

from nlp_assets.schemas.notes import RequestedNotes
from nlp_assets.steps.select_notes import count_sensitive, select_notes
from resources.schema_check import check_frame
from resources.study_settings import load_study_settings

REQUEST = pl.DataFrame(
    {
        "requirement_key": ["key1", "key2", "key3"],
        "requirement_id": ["R1", "R2", "R3"],
        "crn": ["A000001", "A000001", "B000002"],
        "window_start": [date(2021, 1, 1), date(2021, 6, 1), date(2021, 1, 1)],
        "window_end": [date(2021, 12, 31), date(2022, 5, 31), date(2021, 12, 31)],
        "terminated": [True, True, False],
    }
)


def contact(number, crn, day, requirement=None, sensitive=None, text="a note"):
    return {
        "contact_id": f"C{number}", "crn": crn, "requirement_id": requirement, "contact_date": day,
        "sensitive": sensitive, "notes": text,
    }


def selected(*contacts):
    frame = pl.DataFrame(list(contacts), schema_overrides={"requirement_id": pl.String, "sensitive": pl.String})
    notes = select_notes(frame, REQUEST, termination_weeks=12)
    check_frame(notes, RequestedNotes, "requested_notes")
    return notes


def pairs(notes):
    return list(notes.select("requirement_key", "contact_id").iter_rows())


def test_a_contact_under_a_requirement_belongs_to_that_one_alone():
    assert pairs(selected(contact(1, "A000001", date(2021, 7, 1), "R2"))) == [("key2", "C1")]


def test_a_contact_under_none_belongs_to_every_window_of_the_person_that_holds_its_date():
    notes = selected(contact(1, "A000001", date(2021, 7, 1)), contact(2, "A000001", date(2021, 2, 1)))
    assert pairs(notes) == [("key1", "C2"), ("key1", "C1"), ("key2", "C1")]


def test_a_contact_under_a_requirement_that_was_not_requested_is_left_out():
    assert pairs(selected(contact(1, "A000001", date(2021, 7, 1), "R9"))) == []


def test_both_ends_of_a_window_belong_to_it_and_the_days_outside_do_not():
    days = [date(2020, 12, 31), date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1)]
    notes = selected(*(contact(number, "B000002", day, "R3") for number, day in enumerate(days)))
    assert pairs(notes) == [("key3", "C1"), ("key3", "C2")]


def test_a_sensitive_contact_is_left_out_and_an_unmarked_one_is_not():
    notes = selected(
        contact(1, "B000002", date(2021, 5, 1), sensitive="Y"),
        contact(2, "B000002", date(2021, 5, 1), sensitive="N"),
        contact(3, "B000002", date(2021, 5, 1)),
    )
    assert pairs(notes) == [("key3", "C2"), ("key3", "C3")]


def test_the_last_weeks_are_84_days_that_end_with_the_day_of_termination():
    days = [date(2021, 10, 8), date(2021, 10, 9), date(2021, 12, 31)]
    notes = selected(*(contact(number, "A000001", day, "R1") for number, day in enumerate(days)))
    assert notes["before_termination"].to_list() == [False, True, True]


def test_an_active_requirement_has_no_last_weeks():
    notes = selected(contact(1, "B000002", date(2021, 12, 31), "R3"))
    assert notes["before_termination"].to_list() == [False]


def test_a_stored_table_gives_what_the_frame_gives(tmp_path):
    contacts = [contact(number, "A000001", date(2021, 7, 1), text=f"note {number}") for number in range(50)]
    frame = pl.DataFrame(contacts, schema_overrides={"requirement_id": pl.String, "sensitive": pl.String})
    frame.write_parquet(tmp_path / "contact_note.parquet", row_group_size=7)
    scan = pl.scan_parquet(tmp_path / "contact_note.parquet")
    assert select_notes(scan, REQUEST, 12).equals(select_notes(frame, REQUEST, 12))


def test_sensitive_contacts_are_counted():
    marks = pl.DataFrame({"sensitive": ["Y", "N", None, "Y"]})
    assert count_sensitive(marks) == 2 and count_sensitive(marks.lazy()) == 2


def test_the_sample_is_the_published_one_at_the_published_size():
    assert round(23_307 * load_study_settings().notes.unlinked_sample_share) == 5_271


def test_a_contact_without_text_is_kept():
    first, second = date(2021, 5, 1), date(2021, 5, 2)
    notes = selected(contact(1, "B000002", first, text=None), contact(2, "B000002", second, text=""))
    assert notes["note_text"].to_list() == [None, ""]
