"""Contacts that hang on another requirement of the person, and what is true of requirements that overlap."""

from datetime import date

import polars as pl
import pytest

from synthetic_extracts.measure_notes import measure_notes
from synthetic_extracts.notes.make_notes import make_contact_notes
from synthetic_extracts.notes.of_a_person import engaged_by_notes, other_requirements


def asked(size: int = 400) -> pl.DataFrame:
    """Requirements of 2021; every second one has another requirement on its order."""
    return pl.DataFrame(
        {
            "requirement_id": [f"R{number:05}" for number in range(size)],
            "crn": [f"X{number:06}" for number in range(size)],
            "requirement_type": ["ATR" if number % 4 < 2 else "DRR" for number in range(size)],
            "window_start": [date(2021, 1, 4)] * size,
            "window_end": [date(2021, 8, 31)] * size,
            "terminated": [True] * size,
            "termination_reason": ["Completed"] * size,
            "truly_engaged": [number % 5 > 0 for number in range(size)],
            "late_engagement": [0.5] * size,
            "other_requirement_id": [f"RAR{number}" if number % 2 else None for number in range(size)],
        }
    )


def test_some_contacts_hang_on_another_requirement_of_the_order_where_there_is_one():
    requirements = asked()
    notes, truth = make_contact_notes(requirements, seed=5)
    known = notes.join(truth.select("contact_id", about="requirement_id"), on="contact_id")
    known = known.join(requirements.select("crn", "other_requirement_id"), on="crn").drop_nulls("requirement_id")
    with_other = known.filter(pl.col("other_requirement_id").is_not_null())
    under_other = with_other["requirement_id"] == with_other["other_requirement_id"]
    assert under_other.mean() == pytest.approx(0.25, abs=0.02)
    own = known.filter(pl.col("requirement_id") != pl.col("other_requirement_id").fill_null(""))
    assert (own["requirement_id"] == own["about"]).all()


def test_a_contact_may_hang_on_the_first_requirement_of_another_type_on_the_same_order():
    requirement = pl.DataFrame(
        [("1", "E1", "DRR"), ("9", "E1", "UPW"), ("8", "E1", "RAR"), ("2", "E2", "ATR"), ("7", "E3", "RAR")],
        schema=["requirement_id", "event_id", "requirement_type"],
        orient="row",
    )
    assert other_requirements(requirement).rows() == [("1", "8")]


WINDOWS = pl.DataFrame(
    {
        "requirement_id": ["R1", "R2", "R3"],
        "crn": ["A", "A", "B"],
        "window_start": [date(2021, 1, 1), date(2021, 6, 1), date(2021, 1, 1)],
        "window_end": [date(2021, 8, 31), date(2021, 12, 31), date(2021, 12, 31)],
    }
)


def test_treatment_in_the_window_is_the_persons_also_where_the_note_is_of_a_requirement_that_overlaps():
    notes = pl.DataFrame(
        {
            "contact_id": ["1", "2", "3"],
            "crn": ["A", "A", "B"],
            "contact_date": [date(2021, 7, 1), date(2021, 2, 1), date(2021, 7, 1)],
        }
    )
    truth = pl.DataFrame({"contact_id": ["1", "2", "3"], "requirement_id": ["R2", "R1", "R3"], "label": [1, 0, 0]})
    assert engaged_by_notes(WINDOWS, notes, truth).to_list() == ["R1", "R2"]


def test_what_is_measured_of_notes_depends_on_whose_contacts_are_read():
    requirements = WINDOWS.with_columns(
        requirement_type=pl.lit("ATR"),
        terminated=pl.lit(True),
        termination_reason=pl.lit("Completed"),
        weight=pl.Series([1.0, 1.0, 0.0]),
    )
    notes = pl.DataFrame(
        {
            "contact_id": ["1", "2"],
            "crn": ["A", "A"],
            "contact_date": [date(2021, 7, 1), date(2021, 7, 2)],
            "requirement_id": ["R2", "RAR"],
            "sensitive": ["N", "N"],
            "has_keyword": [True, True],
            "label": [1, 0],
        }
    )
    person, requirement = (measure_notes(requirements, notes, reading) for reading in ("person", "requirement"))
    assert person["keyword notes per requirement that has any"] == 2
    assert (person["engaged, ATR"], requirement["engaged, ATR"]) == (1.0, 0.5)
    assert person["share of notes under another requirement"] == 0.75
    assert requirement["share without a keyword note"] == 0.5
