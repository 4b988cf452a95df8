"""Which contacts belong to which requested requirement."""

from datetime import date

import polars as pl

from nlp_assets.schemas.notes import NoteSelection, RequestedNotes
from nlp_assets.steps.labels.summarise_engagement import summarise_engagement
from nlp_assets.steps.notes.filter_notes import filter_notes, treatment_keywords
from nlp_assets.steps.notes.select_notes import count_selection, keep_requested, select_notes
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

NOTES = load_study_settings().notes
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


def contact(number, crn, day, requirement=None, sensitive=None, text: str | None = "a note"):
    return {
        "contact_id": f"C{number}",
        "crn": crn,
        "requirement_id": requirement,
        "contact_date": day,
        "sensitive": sensitive,
        "notes": text,
    }


def selected(*contacts):
    frame = pl.DataFrame(list(contacts), schema_overrides={"requirement_id": pl.String, "sensitive": pl.String})
    notes = select_notes(frame, REQUEST, NOTES)
    check_frame(notes, RequestedNotes, "requested_notes")
    return notes


def pairs(notes):
    return list(notes.select("requirement_key", "contact_id").iter_rows())


def test_a_contact_belongs_to_every_window_of_the_person_that_holds_its_date_whatever_it_hangs_on():
    notes = selected(contact(1, "A000001", date(2021, 7, 1), "R2"), contact(2, "A000001", date(2021, 2, 1), "R9"))
    assert pairs(notes) == [("key1", "C2"), ("key1", "C1"), ("key2", "C1")]


def test_both_ends_of_a_window_belong_to_it_and_the_days_outside_do_not():
    days = [date(2020, 12, 31), date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1)]
    notes = selected(*(contact(number, "B000002", day, "R3") for number, day in enumerate(days)))
    assert pairs(notes) == [("key3", "C1"), ("key3", "C2")]


def test_of_people_who_are_not_asked_for_no_contact_is_stored_and_nothing_is_lost_by_it():
    contacts = [
        contact(1, "A000001", date(2019, 7, 1)),
        contact(2, "C000003", date(2021, 7, 1)),
        contact(3, "C000003", date(2021, 7, 1), "R2"),
        contact(4, "C000003", date(2021, 7, 1), "R9"),
        contact(5, "B000002", date(2021, 7, 1), sensitive="Y"),
    ]
    frame = pl.DataFrame(contacts, schema_overrides={"requirement_id": pl.String, "sensitive": pl.String})
    stored = keep_requested(frame, REQUEST)
    assert stored["contact_id"].to_list() == ["C1", "C3", "C5"]
    assert select_notes(stored, REQUEST, NOTES).equals(select_notes(frame, REQUEST, NOTES))
    assert count_selection(stored, REQUEST, NOTES).equals(count_selection(frame, REQUEST, NOTES))


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
    of_first = notes.filter(requirement_key="key1")
    assert of_first["before_termination"].to_list() == [False, True, True]


def test_an_active_requirement_has_no_last_weeks():
    notes = selected(contact(1, "B000002", date(2021, 12, 31), "R3"))
    assert notes["before_termination"].to_list() == [False]


def test_a_stored_table_gives_what_the_frame_gives(tmp_path):
    contacts = [contact(number, "A000001", date(2021, 7, 1), text=f"note {number}") for number in range(50)]
    frame = pl.DataFrame(contacts, schema_overrides={"requirement_id": pl.String, "sensitive": pl.String})
    frame.write_parquet(tmp_path / "contact_note.parquet", row_group_size=7)
    scan = pl.scan_parquet(tmp_path / "contact_note.parquet")
    assert select_notes(scan, REQUEST, NOTES).equals(select_notes(frame, REQUEST, NOTES))


def test_a_shared_note_is_one_text_to_label_and_counts_for_each_requirement():
    notes = selected(contact(1, "A000001", date(2021, 7, 1), "R2", text="Attended CGL"))
    filtered = filter_notes(notes, treatment_keywords(), NOTES.filter, bytes(32))
    labels = pl.DataFrame({"note_hash": filtered["note_hash"].unique()}).with_columns(
        label=pl.lit(1, pl.Int8), p1=pl.lit(0.9)
    )
    assert labels.height == 1
    found = summarise_engagement(REQUEST, notes, filtered, labels, NOTES).filter("any_engaged")
    counts = found.select("requirement_key", "keyword_notes", "labelled_notes")
    assert counts.rows() == [("key1", 1, 1), ("key2", 1, 1)]


def test_contacts_are_counted_by_what_they_are_recorded_under_and_sensitive_ones_apart():
    contacts = pl.DataFrame(
        [
            contact(1, "A000001", date(2021, 7, 1), "R2"),
            contact(2, "A000001", date(2021, 2, 1), "R9"),
            contact(3, "B000002", date(2021, 2, 1)),
            contact(4, "B000002", date(2021, 2, 1), "R3", sensitive="Y"),
            contact(5, "B000002", date(2022, 2, 1), "R3"),
        ],
        schema_overrides={"requirement_id": pl.String, "sensitive": pl.String},
    )
    found = check_frame(count_selection(contacts, REQUEST, NOTES), NoteSelection, "note_selection")
    assert found.rows() == [
        ("the requirement itself", 1, 1, True),
        ("another requirement of the person", 2, 1, True),
        ("no requirement", 1, 1, True),
        ("in the windows of several requested requirements", 1, 2, True),
        ("marked sensitive, not read", 1, 1, False),
    ]
    by_requirement = NOTES.model_copy(update={"contacts_of": "requirement"})
    others = count_selection(contacts.lazy(), REQUEST, by_requirement)
    assert others.row(1) == ("another requirement of the person", 2, 1, False)
    assert others.row(3) == ("in the windows of several requested requirements", 0, 0, True)


def test_the_sample_is_the_published_one_at_the_published_size():
    assert round(23_307 * load_study_settings().notes.unlinked_sample_share) == 5_271


def test_a_contact_without_text_is_kept():
    first, second = date(2021, 5, 1), date(2021, 5, 2)
    notes = selected(contact(1, "B000002", first, text=None), contact(2, "B000002", second, text=""))
    assert notes["note_text"].to_list() == [None, ""]
