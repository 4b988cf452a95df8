"""Dagster's own records of a whole refresh hold no data value: governance staff read them."""

import re

import polars as pl

QUARTER = "2023Q1"


def dagster_bytes(var) -> bytes:
    files = [path for path in (var / "dagster").rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    return b"".join(path.read_bytes() for path in files)


def test_no_identifier_of_any_person_is_in_the_event_log(small_quarter):
    records = dagster_bytes(small_quarter)
    identifiers = pl.read_parquet(small_quarter / "linkage" / QUARTER / "offender.parquet")
    for column in ("crn", "noms_number", "pnc_number", "cro_number"):
        found = [value for value in identifiers[column].drop_nulls().unique() if value.encode() in records]
        assert found == [], f"{len(found)} values of {column} are in Dagster's records"


def test_no_postcode_is_in_the_event_log(small_quarter):
    assert not re.search(rb"\b[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\b", dagster_bytes(small_quarter))


def test_no_note_is_in_the_event_log(small_quarter):
    records = dagster_bytes(small_quarter)
    notes = pl.read_parquet(small_quarter / "nlp" / QUARTER / "filtered_notes.parquet")["note_text"].drop_nulls()
    for note in notes.unique().sort().gather_every(max(1, notes.len() // 300)):
        assert note[:40].encode() not in records


def test_the_modelling_zone_holds_no_identifier(small_quarter):
    identifiers = set(pl.read_parquet(small_quarter / "linkage" / QUARTER / "offender.parquet")["crn"])
    for path in (small_quarter / "modelling" / QUARTER).glob("*.parquet"):
        frame = pl.read_parquet(path)
        for column, kind in frame.schema.items():
            if kind == pl.String:
                assert not identifiers & set(frame[column].drop_nulls().unique()), f"{path.name}.{column}"


def test_the_notes_zone_stores_contacts_of_the_people_who_are_asked_for_only(small_quarter):
    request = pl.read_parquet(small_quarter / "crossings" / "note_request" / QUARTER / "note_request.parquet")
    stored = pl.read_parquet(small_quarter / "nlp" / QUARTER / "contact_note.parquet")
    of_people = stored["crn"].is_in(request["crn"].implode())
    assert (of_people | stored["requirement_id"].is_in(request["requirement_id"].implode()).fill_null(False)).all()
    assert stored.filter(sensitive="Y")["notes"].null_count() == stored.filter(sensitive="Y").height > 0
