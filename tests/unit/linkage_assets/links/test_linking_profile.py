"""The profile of a quarter's linkage and the bands that stop a refresh."""

import dagster as dg
import polars as pl
import pytest

from linkage_assets.steps.links.profile_linkage import (
    IDENTIFIERS,
    LINK_RATE,
    compare_linkage,
    profile_linkage,
)
from record_linkage.scoring.earlier_linkage import linkage_of_quarter_before
from record_linkage.scoring.profile_linkage import CANDIDATES, LINKAGE, STABILITY, WEIGHTS, values
from resources.drift.earlier_profile import profile_of_quarter_before
from resources.drift.quarter_profile import Drift, Profile
from resources.zone.dagster_partitions import quarters
from resources.zone.schema_check import check_frame
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import Zone


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
        records("1980-01-01", None),
        records("1980-01-01", "1980-01-02", "1980-01-03", None),
        pairs(("P0", 0.99, 7.0), ("P0", 0.5, 0.0), ("P1", 0.1, -3.2), ("P1", 0.985, 6.1)),
        0.985,
    )


def changed(profile, **measures):
    """A profile with other values of some measures."""
    value = pl.col("measure").replace_strict(measures, default=pl.col("value"), return_dtype=pl.Float64)
    return profile.with_columns(value=value)


def compare(now, training, last, settings, errors=0.0):
    return compare_linkage(now, values(training), last, settings.linkage.drift, errors, "training")


def outside(table):
    return table.filter(~pl.col("within"))["measure"].to_list()


def test_completeness_is_the_share_of_rows_with_a_value(profile):
    assert values(profile)["completeness of dob, nDelius"] == 0.5
    assert values(profile)["completeness of dob, NDTMS"] == 0.75
    assert values(profile)["completeness of sex, NDTMS"] == 1


def test_the_link_rate_counts_people_with_a_pair_at_the_threshold(profile):
    assert values(profile)[LINK_RATE] == 1


def test_candidates_are_counted_per_million_possible_pairs(profile):
    assert values(profile)[CANDIDATES] == 4 / (2 * 4) * 1e6


def test_the_shares_of_the_weight_bands_add_up(profile):
    assert sum(value or 0 for name, value in values(profile).items() if name.startswith(WEIGHTS)) == pytest.approx(1)


def test_a_quarter_like_training_is_within_every_band(profile, settings):
    table = compare(profile, profile, None, settings)
    check_frame(profile, Profile, "linkage_profile")
    check_frame(table, Drift, "linkage_drift")
    assert table["within"].all() and table["last_quarter"].null_count() == table.height


def store_after_a_quarter(before, settings, root, models):
    """Store of 2023Q2, where 2023Q1 has the profile `before`, and the model is `models` of either quarter."""

    @dg.asset(partitions_def=quarters)
    def linkage_profile() -> pl.DataFrame:
        return before

    @dg.asset(partitions_def=quarters)
    def linkage_drift(linkage_profile: pl.DataFrame) -> pl.DataFrame:
        return compare(linkage_profile, linkage_profile, None, settings)

    @dg.asset(partitions_def=quarters)
    def linkage_model(context: dg.AssetExecutionContext) -> pl.DataFrame:
        return pl.DataFrame({"model_json": [models[context.partition_key]]})

    store = ZoneStore(Zone("linkage", root, "code", "settings", {}))
    assets = [linkage_profile, linkage_drift, linkage_model]
    dg.materialize(assets, partition_key="2023Q1", resources={"io_manager": store})
    later = ZoneStore(Zone("linkage", root, "other code", "other settings", {}))
    dg.materialize([linkage_model], partition_key="2023Q2", resources={"io_manager": later})
    return later


def read_back(store):
    return linkage_of_quarter_before(store, "2023Q2", "linkage_profile", "linkage_drift", "linkage_model")


def test_a_quarter_read_back_as_the_quarter_before_is_what_was_in_memory(profile, settings, tmp_path):
    before = read_back(store_after_a_quarter(profile, settings, tmp_path, {"2023Q1": "a", "2023Q2": "a"}))
    assert before.words == "2023Q1" and before.frame is not None and before.frame.equals(profile)
    table = compare(profile, profile, before.frame, settings)
    assert table["within"].all()
    assert table.filter(measure=STABILITY).select("training", "last_quarter").row(0) == (0, 0)


def test_a_quarter_before_that_was_not_refreshed_or_not_passed_is_said_and_not_compared(profile, tmp_path):
    store = ZoneStore(Zone("linkage", tmp_path, "code", "settings", {}))
    assert profile_of_quarter_before(store, "2023Q1", "linkage_profile", "linkage_drift").words.startswith("no quarter")
    missing = profile_of_quarter_before(store, "2023Q2", "linkage_profile", "linkage_drift")
    assert missing.frame is None and missing.words == "2023Q1 has not been refreshed here"


def test_with_another_model_only_completeness_is_compared_with_the_quarter_before(profile, settings, tmp_path):
    other = changed(profile, **{LINK_RATE: 0.2, "completeness of sex, NDTMS": 0.2})
    last = read_back(store_after_a_quarter(other, settings, tmp_path, {"2023Q1": "a", "2023Q2": "b"}))
    assert last.beside_training == "training and 2023Q1, which another model scored: completeness only"
    assert last.frame is not None and LINKAGE not in last.frame["source"]
    assert outside(compare(profile, profile, last.frame, settings)) == ["completeness of sex, NDTMS"]


@pytest.mark.parametrize(
    ("measure", "value"),
    [("completeness of dob, NDTMS", 0.6), (LINK_RATE, 0.9), (CANDIDATES, 900_000.0), (CANDIDATES, 300_000.0)],
)
def test_a_measure_that_left_its_band_is_outside(profile, settings, measure, value):
    assert outside(compare(changed(profile, **{measure: value}), profile, None, settings)) == [measure]


def test_a_slow_drift_shows_against_training_even_when_the_quarter_before_had_it_too(profile, settings):
    drifted = changed(profile, **{LINK_RATE: 0.9})
    assert outside(compare(drifted, profile, drifted, settings)) == [LINK_RATE]


def test_a_jump_shows_against_the_quarter_before_even_when_training_looked_like_it(profile, settings):
    assert outside(compare(profile, profile, changed(profile, **{LINK_RATE: 0.9}), settings)) == [LINK_RATE]


def test_match_weights_that_moved_to_other_bands_are_outside(profile, settings):
    gone = {name: 0.0 for name in values(profile) if name.startswith(WEIGHTS)}
    moved = changed(profile, **gone | {WEIGHTS + "above 20": 1.0})
    assert outside(compare(moved, profile, None, settings)) == [STABILITY]
