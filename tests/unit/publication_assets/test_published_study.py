"""The published study's own figures: what they say together, and what they cannot both be."""

import pytest

from publication_assets.steps.comparison.published_study import (
    called_engaged,
    corrected_published_share,
    explains_to_the_unit,
    notes_per_requirement,
    published_figures,
    readings_of_the_estimate,
    reconcile_review_with_labels,
)


@pytest.fixture(scope="module")
def figures():
    return published_figures()


def test_figures_are_found_by_their_id_and_words_are_left_out(figures):
    assert (figures["F003"], figures["F028"], figures["F133"]) == (18712, 65, 4282)
    assert "F158" not in figures


def test_no_rounding_of_the_sample_rate_gives_the_published_estimate(figures):
    rate, exact, by_type, *_ = readings_of_the_estimate(figures)
    assert (round(rate.gives), round(exact.gives), round(by_type.gives)) == (18879, 18934, 18995)
    assert not any(reading.allows(18712) for reading in (rate, exact, by_type))


def test_one_reading_alone_gives_the_published_estimate_to_the_unit(figures):
    found = [reading for reading in readings_of_the_estimate(figures) if explains_to_the_unit(reading, 18712)]
    assert [reading.words for reading in found] == ["90% of all requirements, less those linked"]
    assert found[0].gives == pytest.approx(18712.7)


def test_perfect_sensitivity_and_a_specificity_near_a_half_turn_65_into_81_percent(figures):
    perfect = reconcile_review_with_labels(figures)[0]
    assert perfect.specificity == pytest.approx(0.536, abs=1e-3)
    assert corrected_published_share(figures, 1.0, perfect.specificity) == pytest.approx(0.65)


def test_a_note_specificity_of_97_percent_is_enough_for_that_when_any_note_counts(figures):
    assert notes_per_requirement(figures) == pytest.approx(18.8, abs=0.05)
    assert reconcile_review_with_labels(figures)[0].note_specificity == pytest.approx(0.967, abs=1e-3)
    shares = [called_engaged(specificity, 18.8) for specificity in (0.999, 0.99, 0.97, 0.9)]
    assert shares == pytest.approx([0.02, 0.17, 0.44, 0.86], abs=0.005)
