"""The comparison with truth counts what it says it counts."""

import polars as pl
import pytest

from pathways.refresh.compare_with_truth import (
    TruthNotAvailable,
    candidate_recall,
    compare_labels,
    compare_links,
    compare_with_truth,
)

PEOPLE = pl.DataFrame({"crn": ["X000001", "X000002", "X000003", "X000004"], "true_person_id": ["P1", "P1", "P2", "P3"]})
CLUSTERS = pl.DataFrame(
    {
        "crn": ["X000001", "X000002", "X000003", "X000004"],
        "cluster_id": ["K1", "K1", "K2", "K3"],
        "linkable": [True, True, True, False],
    }
)
CLIENTS = pl.DataFrame(
    {
        "CLIENTID": ["C1", "C2", "C3", "C4"],
        "true_person_id": ["P1", "P2", "P2", "P3"],
        "consents": [True, True, False, True],
    }
)


def test_a_wrong_link_lowers_precision_and_a_missing_one_recall():
    key = pl.DataFrame({"cluster_id": ["K1", "K2"], "client_id": ["C1", "C9"], "match_probability": [0.99, 0.99]})
    found = compare_links(PEOPLE, CLIENTS, CLUSTERS, key)
    assert found["linkage_precision"] == 0.5
    assert found["linkage_recall"] == 0.5


def test_refusers_and_people_without_identifiers_are_not_expected_to_be_found():
    key = pl.DataFrame({"cluster_id": ["K1", "K2"], "client_id": ["C1", "C2"], "match_probability": [0.99, 0.99]})
    found = compare_links(PEOPLE, CLIENTS, CLUSTERS, key)
    assert found["true_pairs"] == 2
    assert found["linkage_recall"] == 1.0


def test_two_identifiers_of_one_person_are_one_link():
    key = pl.DataFrame({"cluster_id": ["K1"], "client_id": ["C1"], "match_probability": [0.99]})
    found = compare_links(PEOPLE, CLIENTS, CLUSTERS, key)
    assert (found["links"], found["linkage_precision"]) == (1, 1.0)


def test_a_true_pair_that_was_not_scored_lowers_candidate_recall():
    scored = pl.DataFrame({"crn": ["X000002", "X000003"], "client_id": ["C1", "C7"]})
    assert candidate_recall(PEOPLE, CLIENTS, CLUSTERS, scored) == 0.5


def test_labels_are_judged_per_requirement_and_missing_answers_are_counted_apart():
    truth = pl.DataFrame({"requirement_id": list("abcd"), "in_any_treatment": [True, True, False, False]})
    request = pl.DataFrame({"requirement_key": ["1", "2", "3", "4"], "requirement_id": list("abcd")})
    engagement = pl.DataFrame({"requirement_key": ["1", "2", "3", "4"], "any_engaged": [True, False, True, None]})
    found = compare_labels(truth, request, engagement)
    assert found["label_accuracy_per_requirement"] == pytest.approx(1 / 3, abs=1e-4)
    assert (found["label_sensitivity"], found["label_specificity"]) == (0.5, 0.0)
    assert found["labels_without_answer"] == 1


def test_without_truth_the_message_names_the_file_and_the_remedy(tmp_path):
    with pytest.raises(TruthNotAvailable, match=r"person_truth.parquet.*python -m synthetic_extracts"):
        compare_with_truth(tmp_path, "2023Q1")
