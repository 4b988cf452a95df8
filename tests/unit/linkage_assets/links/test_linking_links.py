"""From scored pairs to links between people: best pair, second score, threshold."""

import polars as pl
import pytest

from linkage_assets.steps.links.link_pairs import ThresholdNotDecided, link_pairs
from linkage_assets.steps.links.pair_people import pair_people
from record_linkage.entities.clusters import smallest_connected


def scored(*pairs):
    """Pairs given as (crn, place of it, client, place of it, probability, weight)."""
    return pl.DataFrame(
        [
            {
                "offender_record_id": f"ndelius:{crn}:{one}",
                "client_record_id": f"ndtms:{client}:{other}",
                "crn": crn,
                "client_id": client,
                "match_probability": probability,
                "match_weight": weight,
            }
            for crn, one, client, other, probability, weight in pairs
        ]
    )


def clusters(**cluster_of):
    return pl.DataFrame({"crn": list(cluster_of), "cluster_id": list(cluster_of.values())})


def people(pairs, offenders, clients=None):
    """Person pairs of scored pairs; every client is a person of its own unless said."""
    own = {client: client for client in pairs["client_id"]} | (clients or {})
    merged = pl.DataFrame({"client_id": list(own), "client_cluster_id": list(own.values())})
    return pair_people(pairs, offenders, merged)


def test_a_pair_below_the_threshold_is_no_link_and_one_at_it_is(settings):
    pairs = scored(("X1", 1, "C1", 1, 0.985, 6.1), ("X2", 1, "C2", 1, 0.984999, 6.0))
    linked = link_pairs(people(pairs, clusters(X1="X1", X2="X2")), settings.linkage, synthetic=False)
    assert linked["crn"].to_list() == ["X1"]


def test_a_threshold_adopted_on_synthetic_extracts_is_refused_on_real_ones(settings):
    decision = settings.linkage.threshold_decision.model_copy(update={"basis": "clerical_review_of_synthetic_extracts"})
    adopted = settings.linkage.model_copy(update={"threshold_decision": decision})
    pairs = people(scored(("X1", 1, "C1", 1, 0.99, 6.6)), clusters(X1="X1"))
    assert link_pairs(pairs, adopted, synthetic=True).height == 1
    with pytest.raises(ThresholdNotDecided, match="synthetic extracts"):
        link_pairs(pairs, adopted, synthetic=False)


def test_places_of_one_person_never_compete(settings):
    pairs = scored(("X1", 1, "C1", 1, 0.99, 7.0), ("X1", 2, "C1", 2, 0.999, 10.0), ("X1", 1, "C1", 2, 0.99, 7.0))
    linked = link_pairs(people(pairs, clusters(X1="X1")), settings.linkage, synthetic=False)
    assert linked.select("offender_record_id", "client_record_id").rows() == [("ndelius:X1:2", "ndtms:C1:2")]


def test_identifiers_of_one_person_give_one_link(settings):
    pairs = scored(("X1", 1, "C1", 1, 0.99, 7.0), ("X2", 1, "C1", 1, 0.999, 10.0))
    linked = link_pairs(people(pairs, clusters(X1="X1", X2="X1")), settings.linkage, synthetic=False)
    assert linked.select("cluster_id", "crn", "client_id").rows() == [("X1", "X2", "C1")]


def test_candidates_of_one_person_compete_for_the_normalised_probability():
    pairs = scored(("X1", 1, "C1", 1, 0.99, 7.0), ("X1", 1, "C2", 1, 0.99, 7.0), ("X2", 1, "C3", 1, 0.99, 7.0))
    found = people(pairs, clusters(X1="X1", X2="X2"))
    odds = 2**7
    assert found["normalised_probability"].to_list() == pytest.approx(
        [odds / (1 + 2 * odds), odds / (1 + 2 * odds), odds / (1 + odds)], abs=1e-6
    )


def test_two_identifiers_of_one_client_do_not_compete():
    pairs = scored(("X1", 1, "C1", 1, 0.99, 7.0), ("X1", 1, "C2", 1, 0.98, 6.0))
    found = people(pairs, clusters(X1="X1"), {"C2": "C1"})
    assert found.select("client_cluster_id", "client_id").rows() == [("C1", "C1")]
    assert found["normalised_probability"].item() == pytest.approx(2**7 / (1 + 2**7), abs=1e-6)


def test_the_odds_of_a_very_sure_pair_do_not_overflow():
    found = people(scored(("X1", 1, "C1", 1, 1.0, 2000.0)), clusters(X1="X1"))
    assert found["normalised_probability"].item() == 1


def test_a_chain_of_duplicates_is_one_person_named_by_the_smallest():
    ids = pl.Series(["X1", "X2", "X3", "X4", "X5", "X8", "X9"])
    pairs = pl.DataFrame({"l": ["X3", "X2", "X1", "X8"], "r": ["X4", "X4", "X2", "X9"]})
    assert smallest_connected(ids, pairs).to_list() == ["X1", "X1", "X1", "X1", "X5", "X8", "X8"]
