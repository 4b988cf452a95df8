"""The profile of a quarter's linkage and the bands that stop a refresh."""

import polars as pl
import pytest

from linkage_assets.schemas.linking import LinkageProfile
from linkage_assets.steps.links.profile_linkage import (
    CANDIDATES,
    IDENTIFIERS,
    LINK_RATE,
    WEIGHTS,
    compare_profiles,
    profile_linkage,
)
from resources.schema_check import check_frame


def records(*dobs, linkable=True):
    """Records of one person each; everything but the date of birth is known."""
    known = {column: ["x"] * len(dobs) for column in IDENTIFIERS if column != "dob"}
    ids = [f"P{number}" for number in range(len(dobs))]
    return pl.DataFrame(
        {"person_id": ids, "dob": list(dobs), "linkable": [linkable] * len(dobs), **known},
        schema_overrides={"dob": pl.String},
    )


def pairs(*scores):
    """Scored pairs given as (crn, probability, weight)."""
    return pl.DataFrame(scores, schema=["crn", "match_probability", "match_weight"], orient="row")


@pytest.fixture
def profile():
    return profile_linkage(
        records("1980-01-01", None), records("1980-01-01", "1980-01-02", "1980-01-03", None),
        pairs(("P0", 0.99, 7.0), ("P0", 0.5, 0.0), ("P1", 0.1, -3.2), ("P1", 0.985, 6.1)), 0.985,
    )


def test_completeness_is_the_share_of_rows_with_a_value(profile):
    assert profile["completeness of dob, nDelius"] == 0.5
    assert profile["completeness of dob, NDTMS"] == 0.75
    assert profile["completeness of sex, NDTMS"] == 1


def test_the_link_rate_counts_people_with_a_pair_at_the_threshold(profile):
    assert profile[LINK_RATE] == 1


def test_candidates_are_counted_per_million_possible_pairs(profile):
    assert profile[CANDIDATES] == 4 / (2 * 4) * 1e6


def test_the_shares_of_the_weight_bands_add_up(profile):
    assert sum(value for name, value in profile.items() if name.startswith(WEIGHTS)) == pytest.approx(1)


def test_a_quarter_like_training_is_within_every_band(profile, settings):
    table = compare_profiles(profile, profile, None, settings.linkage.drift)
    check_frame(table, LinkageProfile, "linkage_profile")
    assert table["within"].all() and table["last_quarter"].null_count() == table.height


@pytest.mark.parametrize(
    ("measure", "value"),
    [("completeness of dob, NDTMS", 0.6), (LINK_RATE, 0.9), (CANDIDATES, 900_000.0), (CANDIDATES, 300_000.0)],
)
def test_a_measure_that_left_its_band_is_outside(profile, settings, measure, value):
    table = compare_profiles(profile | {measure: value}, profile, None, settings.linkage.drift)
    assert table.filter(~pl.col("within"))["measure"].to_list() == [measure]


def test_a_slow_drift_shows_against_training_even_when_the_quarter_before_had_it_too(profile, settings):
    drifted = profile | {LINK_RATE: 0.9}
    table = compare_profiles(drifted, profile, drifted, settings.linkage.drift)
    assert not table.filter(measure=LINK_RATE)["within"].item()


def test_a_jump_shows_against_the_quarter_before_even_when_training_looked_like_it(profile, settings):
    table = compare_profiles(profile, profile, profile | {LINK_RATE: 0.9}, settings.linkage.drift)
    assert not table.filter(measure=LINK_RATE)["within"].item()


def test_match_weights_that_moved_to_other_bands_are_outside(profile, settings):
    moved = profile | {name: 0.0 for name in profile if name.startswith(WEIGHTS)} | {WEIGHTS + "above 20": 1.0}
    table = compare_profiles(moved, profile, None, settings.linkage.drift)
    assert table.filter(~pl.col("within"))["measure"].to_list() == ["stability index of match weights"]
