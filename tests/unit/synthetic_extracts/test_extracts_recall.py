"""Measuring the linkage gives back the dependence that was put in."""

import numpy as np
import polars as pl
import pytest

from synthetic_extracts.measure_recall import measure_recall
from synthetic_extracts.recording import draw_truth
from synthetic_extracts.treatment.journeys import recall_factors


def test_the_log_odds_of_being_linked_are_found_again():
    truth = draw_truth("2023Q1", 0.25, 5)
    given = np.array([1.5, 1.0, 0.0, 0.0, -1.0, -1.0, 0.0, -0.3, -0.5])
    chance = 1 / (1 + np.exp(-(recall_factors(truth.cohort) @ given)))
    linked = np.random.default_rng(5).random(len(chance)) < chance
    table = pl.DataFrame(
        {
            "requirement_id": truth.numbers.requirement,
            "linked_structured": linked[truth.cohort.requirements.sentence],
        }
    )
    found = measure_recall(truth, table)
    assert found["atr"] == pytest.approx(1.5, abs=0.25)
    assert found["drr"] == pytest.approx(1.0, abs=0.25)
    assert found["disorder"] == pytest.approx(-0.5, abs=0.15)
    assert found["no_fixed_address"] < -0.5
