"""The contact_note extract: its columns, its calibration, its truth."""

from datetime import date, timedelta

import polars as pl
import pytest

from contracts.extracts import CONTACT_NOTE
from synthetic_extracts.notes.make_notes import make_contact_notes

REASONS = ["Completed", "Revoked", "Suspended Sentence Activated", "Expired"]


def requirements(size: int, engaged_every: float = 0.8, **columns) -> pl.DataFrame:
    start = date(2021, 1, 4)
    frame = pl.DataFrame(
        {
            "requirement_id": [f"R{number:05}" for number in range(size)],
            "crn": [f"X{number:06}" for number in range(size)],
            "requirement_type": ["ATR" if number % 2 else "DRR" for number in range(size)],
            "window_start": [start] * size,
            "window_end": [start + timedelta(days=150 + number % 90) for number in range(size)],
            "terminated": [True] * size,
            "termination_reason": [REASONS[number % 4] for number in range(size)],
            "truly_engaged": [(number // 4) % 10 < engaged_every * 10 for number in range(size)],
            "late_engagement": [((number // 7) % 10) / 10 for number in range(size)],
        }
    )
    return frame.with_columns(**{name: pl.lit(value) for name, value in columns.items()})


@pytest.fixture(scope="module")
def written() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    asked = requirements(2000)
    notes, truth = make_contact_notes(asked, seed=11)
    return asked, notes, truth


def test_notes_have_the_columns_of_the_extract_and_unique_keys(written):
    _, notes, truth = written
    assert set(CONTACT_NOTE.column_names) <= set(notes.columns)
    assert notes.schema["contact_date"] == pl.Date
    assert notes["contact_id"].is_unique().all()
    assert notes["contact_id"].equals(truth["contact_id"])
    for column in CONTACT_NOTE.columns:
        if not column.null:
            assert notes[column.name].null_count() == 0
        if column.allowed:
            assert set(notes[column.name].drop_nulls()) <= set(column.allowed)


def test_a_requirement_has_a_note_labelled_1_exactly_when_its_person_was_engaged(written):
    asked, _, truth = written
    engaged = truth.filter(label=1)["requirement_id"].unique()
    assert set(engaged) == set(asked.filter("truly_engaged")["requirement_id"])
    assert truth.filter(label=1)["has_keyword"].all()


def test_keyword_notes_per_requirement_are_as_published(written):
    asked, _, truth = written
    counts = truth.filter("has_keyword").group_by("requirement_id").len()
    assert counts["len"].mean() == pytest.approx(18.8, rel=0.06)
    none = 1 - counts.height / asked.height
    assert none == pytest.approx(0.0226, abs=0.012)  # 11.3 % of the 20 % not engaged


def test_the_share_engaged_before_termination_is_as_published(written):
    asked, notes, truth = written
    late = (
        truth.join(notes.select("contact_id", "contact_date"), on="contact_id")
        .join(asked, on="requirement_id")
        .filter(pl.col("contact_date") >= pl.col("window_end") - pl.duration(weeks=12))
        .group_by("requirement_id", "termination_reason")
        .agg(pl.col("label").mean())
        .group_by("termination_reason")
        .agg(pl.col("label").mean())
    )
    shares = dict(late.iter_rows())
    assert shares["Completed"] == pytest.approx(0.10, abs=0.015)
    assert shares["Revoked"] == pytest.approx(0.03, abs=0.01)
    assert shares["Suspended Sentence Activated"] == pytest.approx(0.03, abs=0.01)
    assert shares["Expired"] == pytest.approx(0.06, abs=0.012)


def test_contacts_lie_in_the_window_on_weekdays(written):
    asked, notes, truth = written
    dated = truth.join(notes.select("contact_id", "contact_date"), on="contact_id").join(asked, on="requirement_id")
    assert dated.filter(~pl.col("contact_date").is_between("window_start", "window_end")).height == 0
    assert notes["contact_date"].dt.weekday().max() <= 5


def test_the_requirement_is_often_not_recorded_on_the_contact(written):
    _, notes, _ = written
    assert notes["requirement_id"].null_count() / notes.height == pytest.approx(0.30, abs=0.02)


def test_held_out_wordings_are_never_written_into_an_extract(written):
    _, _, truth = written
    assert not truth["wording_id"].drop_nulls().str.contains("-h").any()


def test_most_keyword_notes_are_distinct(written):
    _, notes, truth = written
    texts = notes.filter(truth["has_keyword"])["notes"]
    assert texts.n_unique() / texts.len() > 0.9


def test_the_same_seed_gives_the_same_notes_whatever_the_order_of_the_requirements():
    asked = requirements(40)
    notes, truth = make_contact_notes(asked, seed=2)
    again, truth_again = make_contact_notes(asked.reverse(), seed=2)
    assert notes.equals(again)
    assert truth.equals(truth_again)


def test_active_requirements_without_a_reason_are_written_too():
    asked = requirements(30).with_columns(terminated=False, termination_reason=pl.lit(None, dtype=pl.String))
    notes, truth = make_contact_notes(asked, seed=2)
    assert truth.filter(label=1)["requirement_id"].n_unique() == asked["truly_engaged"].sum()
    assert notes.height == truth.height > 0


def test_no_requirements_give_empty_tables():
    notes, truth = make_contact_notes(requirements(4).clear(), seed=1)
    assert notes.is_empty() and truth.is_empty()
    assert set(CONTACT_NOTE.column_names) <= set(notes.columns)
