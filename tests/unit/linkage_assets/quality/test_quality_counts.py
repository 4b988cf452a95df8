"""Counts by score and threshold, exact keys as a comparator, and comparison patterns in words."""

import polars as pl
import pytest

from linkage_assets.steps.links.link_deterministically import link_deterministically
from linkage_assets.steps.model.describe_patterns import pattern_in_words
from linkage_assets.steps.model.linkage_specification import comparisons
from linkage_assets.steps.quality.compare_linkages import BOTH, EXACT_ONLY, MODEL_ONLY, NOT_SCORED, compare_linkages
from linkage_assets.steps.quality.count_links import NORMALISED, PAIR, count_links, count_pairs_near_threshold
from record_linkage.model.words_of_levels import level_words

EXACT = {"initials": 3, "birth_date": 4, "sex": 1, "ethnicity": 2, "location": 6}


def people_pairs(*pairs, **gammas):
    """Pairs given as (cluster, client cluster, probability, normalised, weight)."""
    levels = {f"gamma_{name}": gammas.get(name, level) for name, level in EXACT.items()}
    return pl.DataFrame(
        [
            {
                "cluster_id": one,
                "client_cluster_id": other,
                "match_probability": probability,
                "normalised_probability": normalised,
                "match_weight": weight,
                **levels,
            }
            for one, other, probability, normalised, weight in pairs
        ]
    )


def records(*rows):
    """Standardised records given as (person, initials, date of birth, sex, authority)."""
    return pl.DataFrame(rows, schema=["person_id", "initials", "dob", "sex", "utla_code"], orient="row")


def clusters_of(**cluster):
    return pl.DataFrame({"crn": list(cluster), "cluster_id": list(cluster.values())})


def client_clusters_of(**cluster):
    return pl.DataFrame({"client_id": list(cluster), "client_cluster_id": list(cluster.values())})


def counted(counts, score, threshold):
    return counts.filter(score=score, threshold=threshold).select("pairs", "probation_people", "ndtms_people").row(0)


def test_both_scores_are_counted_at_each_threshold(settings):
    pairs = people_pairs(("X1", "C1", 0.99, 0.5, 7), ("X1", "C2", 0.985, 0.4, 6), ("X2", "C2", 0.9, 0.9, 3))
    counts = count_links(pairs, settings.linkage)
    assert counted(counts, PAIR, 0.985) == (2, 1, 2)
    assert counted(counts, PAIR, 0.9) == (3, 2, 2)
    assert counted(counts, NORMALISED, 0.5) == (2, 2, 2)
    assert counted(counts, NORMALISED, 0.985) == (0, 0, 0)


def test_exactly_the_studys_rule_is_marked(settings):
    marked = count_links(people_pairs(("X1", "C1", 0.99, 0.5, 7)), settings.linkage).filter("studys_rule")
    assert marked.select("score", "threshold").rows() == [(PAIR, settings.linkage.threshold)]


def test_a_threshold_that_is_not_on_the_published_grid_is_counted_too(settings):
    other = settings.linkage.model_copy(update={"threshold": 0.93})
    counts = count_links(people_pairs(("X1", "C1", 0.94, 0.5, 4)), other)
    assert counted(counts, PAIR, 0.93) == (1, 1, 1)
    assert counts.filter("studys_rule")["threshold"].to_list() == [0.93]


def test_pairs_are_counted_in_bits_from_the_threshold_and_far_ones_are_left_out(settings):
    half = settings.linkage.model_copy(update={"threshold": 0.5})  # zero bits
    pairs = people_pairs(
        ("X1", "C1", 0.5, 0.5, 0.0),
        ("X2", "C2", 0.6, 0.6, 0.9),
        ("X3", "C3", 0.4, 0.4, -0.1),
        ("X4", "C4", 1.0, 1.0, 5.0),
    )
    near = count_pairs_near_threshold(pairs, half)
    assert near.select("bits_from_threshold", "pairs").rows() == [(-1, 1), (0, 2)]


@pytest.mark.parametrize(
    ("gammas", "words"),
    [
        ({}, "all five the same"),
        ({"birth_date": 2, "location": 2}, "date of birth: day and month swapped; place: same authority"),
        ({"initials": -1, "sex": 0}, "initials: missing; sex: different"),
        ({"ethnicity": 1}, "ethnicity: either mixed or other"),
    ],
)
def test_a_pattern_says_what_is_not_the_same(settings, gammas, words):
    pairs = people_pairs(("X1", "C1", 0.9, 0.9, 3), **gammas)
    assert pairs.select(pattern_in_words(settings.linkage)).item() == words


def test_every_level_that_a_comparison_can_have_has_words(settings):
    words = level_words(comparisons(settings.linkage))
    assert {name: max(levels) for name, levels in words.items()} == EXACT
    assert all(sorted(levels) == list(range(-1, max(levels) + 1)) for levels in words.values())


def test_exact_keys_link_only_what_is_recorded_and_equal_on_both_sides():
    offenders = records(
        ("X1", "AB", "1980-01-02", "M", "E1"), ("X2", "CD", None, "F", "E1"), ("X3", "EF", "1990-05-06", "M", "E2")
    )
    clients = records(
        ("C1", "AB", "1980-01-02", "M", "E1"), ("C2", "CD", None, "F", "E1"), ("C3", "EF", "1990-06-05", "M", "E2")
    )
    found = link_deterministically(
        offenders, clients, clusters_of(X1="X1", X2="X2", X3="X3"), client_clusters_of(C1="C1", C2="C2", C3="C3")
    )
    assert found.rows() == [("X1", "C1", False)]


def test_places_and_identifiers_of_one_person_give_one_exact_pair():
    offenders = records(("X1", "AB", "1980-01-02", "M", "E1"), ("X2", "AB", "1980-01-02", "M", "E1"))
    clients = records(
        ("C1", "AB", "1980-01-02", "M", "E1"),
        ("C1", "AB", "1980-01-02", "M", "E2"),
        ("C2", "AB", "1980-01-02", "M", "E1"),
    )
    found = link_deterministically(
        offenders, clients, clusters_of(X1="X1", X2="X1"), client_clusters_of(C1="C1", C2="C1")
    )
    assert found.rows() == [("X1", "C1", False)]


def test_an_exact_key_that_two_people_share_is_ambiguous():
    offenders = records(("X1", "AB", "1980-01-02", "M", "E1"))
    clients = records(("C1", "AB", "1980-01-02", "M", "E1"), ("C2", "AB", "1980-01-02", "M", "E1"))
    found = link_deterministically(offenders, clients, clusters_of(X1="X1"), client_clusters_of(C1="C1", C2="C2"))
    assert found["ambiguous"].to_list() == [True, True]


def test_pairs_are_compared_one_by_one_with_the_pattern_of_their_best_records(settings):
    person_pairs = pl.concat(
        [
            people_pairs(("X1", "C1", 0.999, 0.99, 10)),
            people_pairs(("X2", "C2", 0.99, 0.99, 7), birth_date=2),
            people_pairs(("X3", "C3", 0.7, 0.7, 1), ethnicity=0),
        ]
    )
    linked = person_pairs.filter(pl.col("match_probability") >= 0.985)
    exact = pl.DataFrame(
        {"cluster_id": ["X1", "X3", "X4"], "client_cluster_id": ["C1", "C3", "C4"], "ambiguous": [False, True, False]}
    )
    comparison = compare_linkages(exact, linked, person_pairs, settings.linkage)
    assert comparison.select("cluster_id", "found_by", "ambiguous", "match_probability", "pattern").rows() == [
        ("X1", BOTH, False, 0.999, "all five the same"),
        ("X2", MODEL_ONLY, None, 0.99, "date of birth: day and month swapped"),
        ("X3", EXACT_ONLY, True, 0.7, "ethnicity: different"),
        ("X4", EXACT_ONLY, False, None, NOT_SCORED),
    ]
