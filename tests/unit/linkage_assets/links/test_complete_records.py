"""Linking as if a probation record needed all three identifiers, from the scores that there are."""

import polars as pl

from linkage_assets.steps.links.require_all_identifiers import find_complete_people, link_complete_records

THRESHOLD = 0.985
OFFENDERS = pl.DataFrame(
    {
        "record_id": ["n:A:1", "n:A:2", "n:B:1", "n:C:1"],
        "person_id": ["A", "A", "B", "C"],
        "initials": ["JS", "JS", "KL", "MN"],
        "dob": ["1980-01-01", "1980-01-01", None, "1990-02-02"],
        "utla_code": ["E1", None, "E2", "E3"],
    }
)
CLIENTS = pl.DataFrame(
    {
        "person_id": ["D1", "D2", "D3"],
        "initials": ["JS", "KL", "MN"],
        "dob": ["1980-01-01", "1985-05-05", "1990-02-02"],
    }
)
ONE_EACH = pl.DataFrame({"crn": ["A", "B", "C"], "cluster_id": ["A", "B", "C"]})
CLIENT_CLUSTERS = pl.DataFrame({"client_id": ["D1", "D2", "D3"], "client_cluster_id": ["D1", "D2", "D3"]})


def scored(*pairs: tuple[str, str, float]) -> pl.DataFrame:
    """scored_pairs from (probation record, NDTMS person, match probability)."""
    return pl.DataFrame(
        [
            (record, record.split(":")[1], f"t:{client}:1", client, 10.0 * probability, probability)
            for record, client, probability in pairs
        ],
        schema=["offender_record_id", "crn", "client_record_id", "client_id", "match_weight", "match_probability"],
        orient="row",
    )


def linked(pairs: pl.DataFrame, clusters: pl.DataFrame = ONE_EACH) -> list[tuple]:
    links = link_complete_records(pairs, OFFENDERS, CLIENTS, clusters, CLIENT_CLUSTERS, THRESHOLD)
    return links.select("cluster_id", "client_cluster_id").rows()


def test_a_pair_whose_probation_record_lacks_an_identifier_drops_out():
    pairs = scored(("n:A:1", "D1", 0.99), ("n:B:1", "D2", 0.99), ("n:C:1", "D3", 0.99))
    assert linked(pairs) == [("A", "D1"), ("C", "D3")]


def test_a_person_is_linked_by_the_complete_record_where_another_scored_higher():
    assert linked(scored(("n:A:1", "D1", 0.986), ("n:A:2", "D1", 0.999))) == [("A", "D1")]
    assert linked(scored(("n:A:1", "D1", 0.9), ("n:A:2", "D1", 0.999))) == []


def test_a_complete_record_of_any_identifier_of_a_person_counts_for_the_person():
    together = pl.DataFrame({"crn": ["A", "B", "C"], "cluster_id": ["A", "A", "C"]})
    assert linked(scored(("n:A:1", "D1", 0.99)), together) == [("A", "D1")]
    pseudonyms = pl.DataFrame({"crn": ["A", "B", "C"], "person_pseudonym": ["MP1", "MP1", "MP3"]})
    assert find_complete_people(OFFENDERS, pseudonyms)["person_pseudonym"].to_list() == ["MP1", "MP3"]


def test_people_without_a_complete_record_cannot_be_linked():
    pseudonyms = pl.DataFrame({"crn": ["A", "B", "C"], "person_pseudonym": ["MP1", "MP2", "MP3"]})
    assert find_complete_people(OFFENDERS, pseudonyms)["person_pseudonym"].to_list() == ["MP1", "MP3"]
