"""Comparing engines on the same notes: figures that can be worked out by hand."""

import polars as pl
import pytest

from nlp_assets.steps.quality.compare_readings import calibration, compare_pair, describe_reading, mcnemar
from resources.settings.study_settings import load_study_settings

NOTES = load_study_settings().notes


def read(*notes):
    """Notes given as (requirement_key, truth, label, p1)."""
    schema = {"requirement_key": pl.String, "truth": pl.Int8, "label": pl.Int8, "p1": pl.Float64}
    return pl.DataFrame(notes, schema=schema, orient="row")


def requirements(**engaged):
    return pl.DataFrame(
        {"requirement_key": list(engaged), "engaged": list(engaged.values())},
        schema={"requirement_key": pl.String, "engaged": pl.Boolean},
    )


def test_one_wrong_note_of_two_makes_one_wrong_requirement():
    notes = read(("a", 0, 0, 0.1), ("a", 0, 1, 0.8), ("b", 1, 1, 0.9), ("b", 0, 0, 0.2))
    found = describe_reading(notes, requirements(a=False, b=True), NOTES)
    assert found["notes"]["specificity"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["requirements"]["specificity"]["value"] == 0.0
    assert found["requirements"]["sensitivity"]["value"] == 1.0


def test_a_note_without_a_label_is_counted_and_is_no_zero():
    found = describe_reading(read(("a", 1, None, None), ("a", 1, 1, 0.9)), requirements(a=True), NOTES)
    assert found["notes"]["unlabelled"] == 1
    assert (found["notes"]["true_positives"], found["notes"]["false_negatives"]) == (1, 0)


def test_brier_and_calibration_error_are_those_of_the_definition():
    notes = read((None, 1, 1, 0.8), (None, 0, 1, 0.8), (None, 0, 0, 0.1))
    found = calibration(notes)
    assert found["brier"] == pytest.approx((0.04 + 0.64 + 0.01) / 3, abs=1e-4)
    assert found["expected_calibration_error"] == pytest.approx((2 * 0.3 + 0.1) / 3, abs=1e-4)
    assert [(row["p1_from"], row["notes"], row["share_engaged"]) for row in found["reliability"]] == [
        (0.1, 1, 0.0),
        (0.8, 2, 0.5),
    ]


def test_mcnemar_looks_only_at_what_one_of_the_two_has_right():
    first = pl.Series([True] * 8 + [False] * 2 + [True] * 50)
    second = pl.Series([False] * 8 + [True] * 2 + [True] * 50)
    found = mcnemar(first, second)
    assert (found.only_first_right, found.only_second_right) == (8, 2)
    assert found.p_value == pytest.approx(2 * (1 + 10 + 45) / 2**10, rel=1e-2)
    assert mcnemar(first, first).p_value == 1.0


def test_the_difference_of_two_engines_is_paired_and_has_an_interval_around_it():
    truth = [number % 2 for number in range(200)]
    first = read(*[(f"r{number // 4}", one, one, float(one)) for number, one in enumerate(truth)])
    tenth = pl.int_range(pl.len()) % 10 == 1
    second = first.with_columns(label=pl.when(tenth).then(0).otherwise("label").cast(pl.Int8))
    engaged = requirements(**{f"r{number}": True for number in range(50)})
    found = compare_pair(first, second, engaged, NOTES)["differences"]
    assert found["sensitivity"]["value"] == pytest.approx(0.2)
    assert found["sensitivity"]["lower"] < 0.2 < found["sensitivity"]["upper"]
    assert found["specificity"] == {"value": 0.0, "lower": 0.0, "upper": 0.0}
    assert compare_pair(second, first, engaged, NOTES)["differences"]["sensitivity"]["value"] == pytest.approx(-0.2)


def test_notes_without_a_requirement_are_compared_all_the_same():
    notes = read((None, 1, 1, 0.9), (None, 0, 0, 0.1))
    found = compare_pair(notes, notes, requirements(), NOTES)
    assert found["requirements"]["p_value"] == 1.0 and found["differences"]["accuracy"]["value"] == 0.0
