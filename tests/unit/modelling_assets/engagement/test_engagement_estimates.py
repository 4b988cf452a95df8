"""Share engaged of requirements not linked: the draw, wrong labels, decoys, and what cannot be estimated."""

import numpy as np
import polars as pl
import pytest

from modelling_assets.schemas.modelling import EngagementEstimates
from modelling_assets.steps.engagement.correct_for_label_error import correct, corrected_share
from modelling_assets.steps.engagement.design_based import Estimate, mean_of_population, share_of_population
from modelling_assets.steps.engagement.estimate_engagement import estimate_engagement
from modelling_assets.steps.engagement.label_errors import (
    NOBODY_REVIEWED,
    NOT_LINKED,
    WITH_DECOYS,
    ReviewedCases,
    reviewed_cases,
)
from resources.drift.proportions import wilson
from resources.settings.modelling_settings import Engagement
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

REVIEWED_COLUMNS = {"requirement_key": pl.String, "engaged": pl.Boolean, "simulated": pl.Boolean}


def sample(hits: int, misses: int, *, per_person: int = 1) -> pl.DataFrame:
    """Requirements with a result, all with keyword notes, `per_person` alike for each person."""
    engaged = [True] * hits + [False] * misses
    people = [f"p{number // per_person}" for number in range(len(engaged))]
    return pl.DataFrame({"person_key": people, "any_engaged": engaged, "keyword_notes": [5] * len(engaged)})


def frame(*groups: tuple[int, dict]) -> pl.DataFrame:
    """An analysis frame of the columns that estimates need: number of rows and their values."""
    values = {
        "requirement_type": "ATR",
        "linked_structured": False,
        "note_sampled": False,
        "any_engaged": None,
        "keyword_notes": None,
    }
    rows = [values | changes for number, changes in groups for _ in range(number)]
    types = {"any_engaged": pl.Boolean, "keyword_notes": pl.Int32}
    keys = {
        "requirement_key": [f"r{number}" for number in range(len(rows))],
        "person_key": [f"p{number}" for number in range(len(rows))],
    }
    return pl.DataFrame(keys | {name: [row[name] for row in rows] for name in values}, schema_overrides=types)


def read(any_engaged: bool | None, **changes) -> dict:
    """A requirement whose notes were read."""
    return {"note_sampled": True, "any_engaged": any_engaged, "keyword_notes": 4, **changes}


def reviewed(*counts: int) -> dict[str, ReviewedCases]:
    """Reviewed cases not linked, and no decoy among them."""
    return {NOT_LINKED: ReviewedCases(*counts), WITH_DECOYS: ReviewedCases(*counts)}


def decided(*groups: tuple[bool | None, int]) -> pl.DataFrame:
    """The crossing table reviewed_requirements: what was decided of so many requirements, in the order of the frame."""
    engaged = [answer for answer, number in groups for _ in range(number)]
    rows = [(f"r{number}", answer, False) for number, answer in enumerate(engaged)]
    return pl.DataFrame(rows, schema=REVIEWED_COLUMNS, orient="row")


@pytest.fixture
def estimates():
    """Function: engagement_estimates of a frame as a dict by type, quantity and basis."""

    def make(analysis_frame: pl.DataFrame, cases: dict | None = None) -> dict:
        found = estimate_engagement(analysis_frame, cases or NOBODY_REVIEWED, load_study_settings().modelling)
        check_frame(found, EngagementEstimates, "engagement_estimates")
        return {(row["requirement_type"], row["quantity"], row["basis"]): row for row in found.to_dicts()}

    return make


def settings(**changes) -> Engagement:
    return Engagement(**{"seed": 1, "bootstrap_replicates": 400, "least_informative_labels": 0.1, **changes})


def share_of(drawn: pl.DataFrame, population: float, level: float = 0.95) -> Estimate:
    """The share engaged of a population that `drawn` is a sample of."""
    found = share_of_population(drawn, "any_engaged", population, level)
    assert found
    return found


SHARE, ANY = "share engaged of those not linked", "any treatment"


def test_a_draw_from_an_endless_population_has_the_plain_wilson_interval_and_half_of_it_drawn_a_narrower_one():
    endless = share_of(sample(50, 50), 10**9)
    half_drawn = share_of(sample(50, 50), 200)
    assert (endless.lower, endless.upper) == pytest.approx(wilson(0.5, 100 * 99 / 100, 0.95), abs=1e-6)
    assert (half_drawn.lower, half_drawn.upper) == pytest.approx(wilson(0.5, 2 * 100 * 99 / 100, 0.95), abs=1e-6)


def test_with_everybody_drawn_nothing_is_left_to_chance():
    found = share_of(sample(30, 70), 100)
    assert (found.value, found.lower, found.upper) == (0.3, 0.3, 0.3)


def test_two_requirements_of_a_person_that_are_alike_say_no_more_than_one():
    alike = share_of(sample(50, 50, per_person=2), 10**9)
    assert (alike.lower, alike.upper) == pytest.approx(wilson(0.5, 50 * 49 / 50, 0.95), abs=1e-6)


def test_limits_of_random_draws_hold_the_share_of_the_population_about_as_often_as_they_say():
    random = np.random.default_rng(8)
    population = sample(600, 400, per_person=2)
    drawn = [share_of(population[random.choice(1000, 200, replace=False)], 1000, 0.9) for _ in range(300)]
    covered = np.mean([found.lower <= 0.6 <= found.upper for found in drawn])
    assert 0.86 <= covered <= 0.97


def test_a_mean_has_no_interval_with_one_person():
    assert mean_of_population(pl.DataFrame({"person_key": ["a", "a"], "x": [1.0, 3.0]}), "x", 10, 0.95) is None


def test_the_correction_turns_labels_of_known_errors_back_into_the_share_they_came_from():
    labelled = 0.9 * 0.4 + 0.2 * 0.6
    assert corrected_share(labelled, 0.9, 0.8) == pytest.approx(0.4)


def test_requirements_without_a_keyword_note_are_not_corrected_but_count_as_not_engaged():
    with_keyword = 0.9 * 0.4 + 0.2 * 0.6
    assert corrected_share(with_keyword * 0.75, 0.9, 0.8, 0.75) == pytest.approx(0.4 * 0.75)


def test_limits_of_the_correction_widen_when_fewer_cases_were_reviewed():
    samples, populations = {"All": sample(600, 400)}, {"All": 5000}
    many = correct(samples, populations, ReviewedCases(900, 100, 200, 800), settings(), 0.95)["All"]
    few = correct(samples, populations, ReviewedCases(45, 5, 10, 40), settings(), 0.95)["All"]
    assert many.uncut == pytest.approx(few.uncut) == pytest.approx((0.6 + 0.8 - 1) / 0.7)
    width = [found.estimate.upper - found.estimate.lower for found in (many, few)]
    assert 2 * width[0] < width[1]
    assert many.estimate.lower < many.estimate.value < many.estimate.upper


def test_limits_of_the_correction_hold_the_truth_about_as_often_as_they_say():
    random = np.random.default_rng(4)
    engaged, covered = 0.5, []
    for _ in range(150):
        truth = random.random(300) < engaged
        labels = np.where(truth, random.random(300) < 0.9, random.random(300) < 0.3)
        right = random.binomial(100, 0.9), random.binomial(100, 0.7)
        cases = ReviewedCases(right[0], 100 - right[0], 100 - right[1], right[1])
        drawn = {"All": sample(int(labels.sum()), int((~labels).sum()))}
        found = correct(drawn, {"All": 10**9}, cases, settings(), 0.9)["All"].estimate
        covered.append(found.lower <= engaged <= found.upper)
    assert 0.84 <= np.mean(covered) <= 0.97


def test_the_same_sample_in_another_order_is_corrected_to_the_same_limits():
    ordered = sample(60, 40, per_person=3)
    cases = ReviewedCases(90, 10, 20, 80)
    first, second = (
        correct({"All": drawn}, {"All": 500}, cases, settings(), 0.95)["All"]
        for drawn in (ordered, ordered.sample(fraction=1.0, shuffle=True, seed=5))
    )
    assert first == second


def test_a_correction_that_leaves_what_is_possible_is_cut_and_says_so(estimates):
    analysis = frame((10, read(True)), (90, read(False)), (200, {}))
    found = estimates(analysis, reviewed(80, 20, 40, 60))["ATR", SHARE, "corrected for label error"]
    assert (found["value"], found["lower"], found["status"]) == (0.0, 0.0, "clipped")
    assert "contradict the reviewed cases" in found["reason"]


def test_without_reviewed_cases_there_is_no_corrected_number(estimates):
    analysis = frame((40, read(True)), (60, read(False)))
    for quantity in (SHARE, "engaged, not linked", ANY):
        found = estimates(analysis)["All", quantity, "corrected for label error"]
        assert [found[name] for name in ("value", "lower", "upper")] == [None, None, None]
        assert (found["status"], found["base"]) == ("not available", 0)
        assert "no reviewed cases" in found["reason"]


def test_labels_that_say_next_to_nothing_are_not_corrected_with(estimates):
    analysis = frame((40, read(True)), (60, read(False)))
    found = estimates(analysis, reviewed(55, 45, 50, 50))
    assert found["All", SHARE, "corrected for label error"]["value"] is None
    assert "say too little" in found["All", SHARE, "corrected for label error"]["reason"]
    assert found["All", "sensitivity", "reviewed cases"]["value"] == pytest.approx(0.55)


def test_the_share_of_the_sample_is_applied_to_all_not_linked_and_added_to_the_linked(estimates):
    analysis = frame((100, {"linked_structured": True}), (30, read(True)), (10, read(False)), (60, {}))
    found = estimates(analysis)
    assert found["ATR", "engaged, not linked", "as labelled"]["value"] == pytest.approx(75)
    assert found["ATR", ANY, "as labelled"]["value"] == pytest.approx(0.875)
    share, any_treatment = (found["ATR", quantity, "as labelled"] for quantity in (SHARE, ANY))
    assert any_treatment["lower"] == pytest.approx(0.5 + 0.5 * share["lower"])


def test_requirements_without_a_result_bound_the_share(estimates):
    found = estimates(frame((40, read(True)), (40, read(False)), (20, read(None)), (300, {})))
    bases = ("no result counts as not engaged", "as labelled", "no result counts as engaged")
    assert [found["All", SHARE, basis]["value"] for basis in bases] == [0.4, 0.5, 0.6]
    assert [found["All", SHARE, basis]["base"] for basis in bases] == [100, 80, 100]


def test_decoys_measure_the_sensitivity_and_never_count_as_not_linked(estimates):
    linked = {"linked_structured": True}
    analysis = frame(
        (45, read(True, **linked)),
        (5, read(False, **linked)),
        (5, read(None, **linked)),
        (10, read(False, requirement_type="DRR")),
    )
    found = estimates(analysis)
    decoys = found["ATR", "sensitivity", "linked decoys"]
    assert (decoys["value"], decoys["base"]) == (0.9, 50)
    assert (decoys["lower"], decoys["upper"]) == pytest.approx(wilson(0.9, 49, 0.95), abs=1e-3)
    assert found["DRR", "sensitivity", "linked decoys"]["status"] == "not available"
    assert found["All", SHARE, "as labelled"]["base"] == 10
    assert found["ATR", SHARE, "as labelled"]["status"] == "not available"


LINKED = {"linked_structured": True}


def test_the_correction_rests_on_reviewed_requirements_that_are_not_linked_and_decoys_stand_beside(estimates):
    analysis = frame(
        (60, read(True, **LINKED)), (40, read(True)), (10, read(False)), (20, read(True)), (30, read(False))
    )
    cases = reviewed_cases(analysis, decided((True, 110), (False, 50)), 5)
    assert cases == {NOT_LINKED: ReviewedCases(40, 10, 20, 30), WITH_DECOYS: ReviewedCases(100, 10, 20, 30)}
    found = estimates(analysis, cases)
    assert found["All", "sensitivity", "reviewed cases"]["value"] == pytest.approx(0.8)
    assert found["All", "sensitivity", "reviewed cases with linked decoys"]["value"] == pytest.approx(10 / 11)
    corrected = (0.6 + 0.6 - 1) / (0.8 + 0.6 - 1)
    assert found["All", SHARE, "corrected for label error"]["value"] == pytest.approx(corrected)


def test_a_small_count_of_decoys_does_not_follow_from_reviewed_cases_with_and_without_them():
    analysis = frame(
        (63, read(True, **LINKED)),
        (2, read(False, **LINKED)),
        (41, read(True)),
        (11, read(False)),
        (22, read(True)),
        (33, read(False)),
    )
    cases = reviewed_cases(analysis, decided((True, 117), (False, 55)), 5)
    assert cases[WITH_DECOYS] == ReviewedCases(104, 13, 22, 33)
    assert cases[NOT_LINKED] == ReviewedCases(40, 10, 20, 35, slack=2)


def test_a_rounded_count_widens_the_limits_to_all_that_it_may_have_been():
    exact, rounded = ReviewedCases(40, 10, 20, 35), ReviewedCases(40, 10, 20, 35, slack=2)
    assert rounded.sensitivity(0.95).lower == pytest.approx(wilson(38 / 50, 50, 0.95)[0])
    assert rounded.specificity(0.95).upper == pytest.approx(wilson(37 / 55, 55, 0.95)[1])
    many = settings(bootstrap_replicates=8000)
    found = [
        correct({"All": sample(60, 40)}, {"All": 100}, cases, many, 0.95)["All"].estimate for cases in (exact, rounded)
    ]
    assert found[1].upper - found[1].lower > 1.02 * (found[0].upper - found[0].lower)


def test_reviewed_requirements_that_are_undecided_or_have_no_result_are_in_no_count():
    analysis = frame((20, read(True)), (10, read(None)), (20, read(False)))
    cases = reviewed_cases(analysis, decided((True, 30), (None, 5), (False, 15)), 5)
    assert cases[NOT_LINKED] == ReviewedCases(20, 0, 0, 15)


def test_reviewed_cases_of_one_kind_only_are_none():
    analysis = frame((20, read(True)), (30, read(False, **LINKED)))
    assert reviewed_cases(analysis, decided((True, 20), (False, 30)), 5)[NOT_LINKED] is None
    assert reviewed_cases(analysis, decided(), 5) == NOBODY_REVIEWED
