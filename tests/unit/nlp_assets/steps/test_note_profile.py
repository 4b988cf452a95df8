"""The profile of the notes: like the last quarter's is within, lost notes or keywords are outside."""

import polars as pl
import pytest

from nlp_assets.steps.profile.note_drift_rows import add_drift
from nlp_assets.steps.profile.profile_notes import PLAUSIBLE, REMEDIES, compared_by_requirement, profile_notes
from nlp_assets.steps.quality.reading_cells import ReadingCells
from resources.drift.judge_drift import compare_profiles, plausible_measures, source_bands
from resources.drift.quarter_profile import Drift, Profile
from resources.zone.schema_check import check_frame

REQUESTED = 600


def notes(per_requirement, with_keyword, requirements=REQUESTED):
    """Requests, their notes (20 more or fewer by turns) and those of them with a keyword."""
    keys = [f"K{number:04d}" for number in range(REQUESTED)]
    numbers = [per_requirement + (number % 3 - 1) * per_requirement // 3 for number in range(requirements)]
    requested = [key for key, number in zip(keys, numbers, strict=False) for _ in range(number)]
    kept = [key for key, number in zip(keys, numbers, strict=False) for _ in range(round(number * with_keyword))]
    return [
        pl.DataFrame({"requirement_key": names}, schema={"requirement_key": pl.String})
        for names in (keys, requested, kept)
    ]


def drift(now, last, settings):
    profiles = [compared_by_requirement(profile_notes(*tables)) for tables in (now, last)]
    bands = source_bands(settings.drift, continued=False)
    return check_frame(compare_profiles(profiles[0], {}, profiles[1], bands, "2022Q4"), Drift, "note_drift")


def outside(now, last, settings):
    return set(drift(now, last, settings).filter(~pl.col("within"))["measure"])


def test_the_measures_say_what_the_tables_hold():
    profile = check_frame(profile_notes(*notes(30, 0.2, 300)), Profile, "note_profile")
    found = dict(profile.select("measure", "value").rows())
    assert found["requested requirements with a contact note"] == 0.5
    assert found["notes with a treatment keyword"] == pytest.approx(0.2)
    assert found["notes per requested requirement"] == 15 and found["keyword notes per requested requirement"] == 3


def test_notes_like_those_of_last_quarter_are_within(settings):
    assert outside(notes(30, 0.2), notes(30, 0.2), settings) == set()
    assert outside(notes(33, 0.2), notes(30, 0.2), settings) == set()


def test_a_third_of_the_notes_or_of_the_keywords_lost_is_outside(settings):
    assert outside(notes(18, 0.2), notes(30, 0.2), settings) >= {"notes per requested requirement"}
    assert "share of a requirement's notes with a keyword" in outside(notes(30, 0.1), notes(30, 0.2), settings)
    assert "requested requirements with a contact note" in outside(notes(30, 0.2, 390), notes(30, 0.2), settings)


@pytest.mark.parametrize(
    ("tables", "measure"),
    [
        (notes(30, 0.2, 0), "requested requirements with a contact note"),
        (notes(30, 0.0), "notes with a treatment keyword"),
    ],
)
def test_no_notes_and_no_keywords_are_implausible_in_a_first_quarter(settings, tables, measure):
    bounds = {name: getattr(settings.drift.plausible, field) for field, name in PLAUSIBLE.items()}
    for given, expected in ((tables, {measure}), (notes(30, 0.2), set())):
        judged = plausible_measures(profile_notes(*given), bounds, settings.drift.sampling_errors, REMEDIES)
        assert {found.name for found in judged if not found.within} >= expected
        assert expected or all(found.within for found in judged)


def test_the_page_shows_shares_of_rounded_counts_and_withholds_few(settings):
    cells = ReadingCells(5, 30)
    add_drift(cells, drift(notes(30, 0.2, 598), notes(30, 0.2), settings))
    shown = cells.figures().filter(pl.col("row_label") == "requested requirements with a contact note")
    values = dict(shown.select("measure", "value").rows())
    assert values["this quarter"] == 100 and set(shown["words"].drop_nulls()) >= {"yes", "2022Q4"}
    few = ReadingCells(5, 1000)
    add_drift(few, drift(notes(30, 0.2), notes(30, 0.2), settings))
    assert set(few.figures().filter(pl.col("measure") == "this quarter")["status"]) == {"[u]"}
