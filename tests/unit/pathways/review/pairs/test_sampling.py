"""The samples: strata, allocation, weights."""

import numpy as np
import polars as pl
import pytest

from linkage_assets.schemas.reviewing import ReviewRecords, ReviewSample
from linkage_assets.steps.review.review_records import compare_records, review_records
from linkage_assets.steps.review.sample_review_pairs import (
    NothingToReview,
    allocate,
    describe_strata,
    sample_first,
    sample_second,
    stratum_edges,
    weigh,
)
from resources.review.compare_fields import mark_differences
from resources.zone.schema_check import check_frame

RECORD = {
    "forename_initial": "J",
    "surname_initial": "S",
    "dob": "1984-03-07",
    "sex": "Male",
    "ethnicity": "White: Irish",
    "postcode_sector": "LS1 4",
    "authority": "Leeds",
    "no_fixed_abode": False,
    "other_places": None,
    "easting": 430000.0,
    "northing": 433000.0,
}


def test_the_first_sample_stands_for_every_pair(pairs, linkage):
    sample = check_frame(sample_first(pairs, linkage.review), ReviewSample, "review_sample")
    assert sample.height == linkage.review.first_sample_pairs
    assert sample["sampling_weight"].sum() == pytest.approx(pairs.height)
    counted = describe_strata(sample, pairs, stratum_edges(pairs, linkage.review))
    assert sum(stratum["pairs"] for stratum in counted) == pairs.height
    assert all(stratum["sampled"] > 0 for stratum in counted)


def test_same_pairs_in_another_order_give_the_same_sample(pairs, linkage):
    shuffled = pairs.sample(fraction=1, shuffle=True, seed=3)
    assert sample_first(pairs, linkage.review).equals(sample_first(shuffled, linkage.review))


def test_another_seed_gives_another_sample(pairs, linkage):
    other = linkage.review.model_copy(update={"seed": linkage.review.seed + 1})
    assert not sample_first(pairs, linkage.review).equals(sample_first(pairs, other))


def test_the_number_of_a_pair_says_nothing_of_its_weight(pairs, linkage):
    sample = sample_first(pairs, linkage.review)
    assert abs(np.corrcoef(sample["pair"], sample["match_weight"])[0, 1]) < 0.4
    assert sample["match_weight"].to_list() != sample["match_weight"].sort().to_list()


def test_the_second_sample_holds_new_pairs_near_the_disagreement(pairs, linkage):
    first = sample_first(pairs, linkage.review)
    second, edges = sample_second(pairs, first, 6.0, linkage.review)
    near = second.filter(pl.col("match_weight").is_between(4.5, 7.5))
    assert near.height == min(
        linkage.review.second_sample_pairs,
        pairs.filter(pl.col("match_weight").is_between(4.5, 7.5, closed="left")).height
        - first.filter(pl.col("match_weight").is_between(4.5, 7.5, closed="left")).height,
    )
    assert second.join(first, on=["cluster_id", "client_cluster_id"]).is_empty()
    assert second["pair"].min() == first.height + 1
    both = weigh(pl.concat([first, second]), pairs, edges)
    assert both["sampling_weight"].sum() == pytest.approx(pairs.height)


def test_every_pair_is_sampled_when_there_are_few(pairs, linkage):
    few = pairs.head(20)
    sample = sample_first(few, linkage.review)
    assert sample.height == 20
    assert sample["sampling_weight"].to_list() == [1.0] * 20


def test_no_pairs_is_refused(pairs, linkage):
    with pytest.raises(NothingToReview, match="person_pairs"):
        sample_first(pairs.clear(), linkage.review)


def test_half_is_spread_evenly_and_half_by_size_and_none_is_asked_for_more_than_it_has():
    # evenly: 14, 13 and all 3; the other 30 at ten to one: 28 and 2
    assert allocate(np.array([1000, 100, 3]), 60, 0.5).tolist() == [42, 15, 3]
    assert allocate(np.array([2, 2]), 60, 0.5).tolist() == [2, 2]
    assert allocate(np.array([5, 0, 5]), 4, 1.0).tolist() == [2, 0, 2]


def test_both_sides_of_each_pair_are_shown_in_words(root, pairs, linkage):
    zone = root / "linkage" / "2023Q1"
    sample = sample_first(pairs, linkage.review)
    shown = review_records(
        sample,
        pl.read_parquet(zone / "standardised_offenders.parquet"),
        pl.read_parquet(zone / "standardised_clients.parquet"),
    )
    check_frame(shown, ReviewRecords, "review_records")
    assert shown.height == 2 * sample.height
    assert shown.row(0, named=True)["sex"] == "Male"
    assert shown.row(0, named=True)["authority"] == "Leeds"


def test_differences_are_marked_character_by_character():
    assert mark_differences("07/03/1984", "17/03/1984", True) == (
        [("0", True), ("7/03/1984", False)],
        [("1", True), ("7/03/1984", False)],
    )
    assert mark_differences("LS1 4", "LS11 4", False) == (
        [("LS1 4", False)],
        [("LS1", False), ("1", True), (" 4", False)],
    )


@pytest.mark.parametrize(
    ("change", "label", "verdict"),
    [
        ({}, "Date of birth", "same"),
        ({"dob": "1984-07-03"}, "Date of birth", "differs: day and month swapped"),
        ({"dob": "1986-03-07"}, "Date of birth", "differs: 2 year(s) apart"),
        ({"dob": "1984-03-17"}, "Date of birth", "differs: 1 character(s)"),
        ({"dob": None}, "Date of birth", "recorded in one only"),
        ({"postcode_sector": "LS2 7", "easting": 431000.0}, "Postcode sector", "differs: 1.0 km apart"),
        ({"ethnicity": "White: Other"}, "Ethnicity", "differs: same group"),
        ({"ethnicity": "Asian: Indian"}, "Ethnicity", "differs"),
        ({"no_fixed_abode": True}, "No fixed abode", "differs"),
    ],
)
def test_a_line_says_in_words_how_the_records_compare(change, label, verdict):
    lines = {line.label: line for line in compare_records(RECORD, RECORD | change)}
    assert lines[label].verdict == verdict
    assert lines[label].differs == verdict.startswith("differs")
    assert [line.label for line in lines.values() if line.differs] == ([label] if lines[label].differs else [])
