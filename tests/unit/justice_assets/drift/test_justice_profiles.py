"""The profile of a justice release: what of its extracts and its linkage is measured."""

import polars as pl

from contracts.extracts import JUSTICE_EXTRACTS
from justice_assets.steps.drift.profile_linkage import (
    ANOTHER,
    OTHER_SOURCE,
    PER_PERSON,
    compare_linkage,
    plausible_measures_of,
    profile_linkage,
)
from justice_assets.steps.drift.profile_linkage import REMEDIES as REMEDIES_OF_LINKAGE
from justice_assets.steps.drift.profile_sources import REMEDIES, profile_sources
from justice_assets.steps.linking.score_parts import COMPARED, ONE_GROUP
from record_linkage.scoring.profile_linkage import CANDIDATES, STABILITY, values
from resources.drift.judge_drift import compare_profiles, drift_measures, source_bands
from resources.drift.quarter_profile import Profile
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

DRIFT = load_study_settings().justice_drift


def extracts(rows: int) -> dict[str, pl.LazyFrame]:
    """Every extract with so many rows, of which each second has a value in each column that may be empty."""
    half = pl.int_range(rows, eager=True) % 2 == 0
    return {
        extract.name: pl.LazyFrame(
            {
                column.name: pl.Series([1 if there or not column.null else None for there in half], dtype=pl.Int8)
                for column in extract.columns
            }
        )
        for extract in JUSTICE_EXTRACTS
    }


def test_every_extract_is_counted_and_each_column_that_may_be_empty():
    profile = check_frame(profile_sources(extracts(1_000)), Profile, "justice_source_profile")
    measured = values(profile)
    assert {measured[f"rows of {extract.name}"] for extract in JUSTICE_EXTRACTS} == {1_000.0}
    for extract in JUSTICE_EXTRACTS:
        for column in extract.columns:
            assert measured.get(f"{extract.name} rows with {column.name}") == (0.5 if column.null else None)
    assert {*profile["source"]} <= {*REMEDIES}


def test_a_file_that_lost_38_per_cent_of_its_rows_is_outside_and_nothing_else_is():
    before, cut = profile_sources(extracts(1_000)), extracts(1_000)
    cut["crown_defendant_case"] = cut["crown_defendant_case"].head(620)
    drift = compare_profiles(profile_sources(cut), {}, before, source_bands(DRIFT), "2022Q4")
    outside = [measure for measure in drift_measures(drift, REMEDIES) if not measure.within]
    assert [measure.name for measure in outside] == ["rows of crown_defendant_case"]


def test_a_column_that_is_no_longer_filled_is_outside_beside_training_alone():
    tables = extracts(1_000)
    trained = values(profile_sources(tables))
    tables["prison_person"] = tables["prison_person"].with_columns(postcode=pl.lit(None, pl.Int8))
    drift = compare_profiles(profile_sources(tables), trained, None, source_bands(DRIFT), "training")
    assert drift.filter(~pl.col("within"))["measure"].to_list() == ["prison_person rows with postcode"]


PERSONS = pl.LazyFrame(
    {
        "source": ["crown", "crown", "magistrates", "probation", "probation"],
        "name_form": [0, 0, 0, 0, 1],
        **dict.fromkeys(("forename", "surname", "sex", "ethnicity", "postcode", "pnc", "cro", "crn"), ["A"] * 5),
        "birth_date": ["1990-01-01", None, "1990-01-01", "1990-01-01", None],
        "sentence_dates": ["2020-01-01"] * 5,
        "prison_number": [None, None, None, None, "A"],
    }
)
CLUSTERS = pl.LazyFrame({"source": ["crown", "crown", "magistrates", "probation"], "cluster_medium": [1, 2, 1, 3]})


def scored(weights: list[float]) -> pl.LazyFrame:
    """Pairs that were compared, and one that was not."""
    kinds = [*([COMPARED] * len(weights)), ONE_GROUP]
    return pl.LazyFrame({"match_weight": [*weights, 99.0], "kind": kinds}, schema_overrides={"kind": pl.UInt8})


def test_the_linkage_is_measured_by_records_people_and_pairs_that_were_compared():
    profile = check_frame(profile_linkage(PERSONS, 4, scored([7.0, 25.0]), CLUSTERS), Profile, "p")
    measured = values(profile)
    assert measured["completeness of birth_date, crown"] == 0.5
    assert measured["completeness of prison_number, probation"] == 0.0  # an alias is no record
    assert measured["completeness of surname, prison"] is None
    assert (measured[ANOTHER], measured[PER_PERSON]) == (0.5, round(4 / 3, 6))
    assert [measured[OTHER_SOURCE[source]] for source in ("crown", "magistrates", "probation")] == [0.5, 1.0, 0.0]
    assert measured[CANDIDATES] == round(2 / 6 * 1e6, 6)
    assert {*plausible_measures_of(DRIFT.plausible)} <= {*measured}
    assert {*profile["source"]} <= {*REMEDIES_OF_LINKAGE}


def test_other_weights_of_the_same_number_of_pairs_are_outside():
    before, now = (profile_linkage(PERSONS, 400, scored([weight] * 500), CLUSTERS) for weight in (7.0, 25.0))
    drift = compare_linkage(now, {}, before, DRIFT.linkage, DRIFT.sampling_errors, "2022Q4")
    assert drift.filter(~pl.col("within"))["measure"].to_list() == [STABILITY]
    same = compare_linkage(now, {}, now, DRIFT.linkage, DRIFT.sampling_errors, "2022Q4")
    assert same["within"].all() and same.filter(measure=STABILITY)["value"].to_list() == [0.0]
