"""Ids of people: random, nested, and the same from release to release for whoever was left alone."""

import polars as pl

from justice_assets.steps.release.assign_person_ids import assign_person_ids, random_ids
from justice_assets.steps.release.compare_releases import compare_releases

SECRET = bytes(range(32))


def clusters(**people: list[int]) -> pl.DataFrame:
    """Records by key with their cluster, the same at all three thresholds unless three are given."""
    rows = [("crown", key, *(of if len(of) == 3 else of * 3)) for key, of in people.items()]
    names = ["source", "record_key", "cluster_high", "cluster_medium", "cluster_low"]
    return pl.DataFrame(rows, schema=names, orient="row")


def by_key(link: pl.DataFrame, level: str = "medium") -> dict[str, str]:
    return dict(link.select("record_key", f"person_{level}").rows())


def test_ids_are_the_same_for_one_person_and_say_nothing_else():
    link = assign_person_ids(clusters(a=[1], b=[1], c=[2]), None, SECRET, "2023Q1")
    ids = by_key(link)
    assert ids["a"] == ids["b"] != ids["c"]
    assert all(len(one) == 12 for one in ids.values())
    assert link.columns == ["source", "record_key", "person_high", "person_medium", "person_low"]


def test_ids_are_nested():
    link = assign_person_ids(clusters(a=[1, 1, 1], b=[2, 1, 1], c=[3, 3, 1]), None, SECRET, "2023Q1")
    assert [link[f"person_{level}"].n_unique() for level in ("high", "medium", "low")] == [3, 2, 1]


def test_whoever_is_left_alone_keeps_the_id_and_a_new_record_of_theirs_gets_it():
    first = assign_person_ids(clusters(a=[1], b=[1], c=[2]), None, SECRET, "2023Q1")
    second = assign_person_ids(clusters(a=[7], b=[7], c=[9], d=[9], e=[11]), first, SECRET, "2023Q2")
    before, now = by_key(first), by_key(second)
    assert all(now[key] == before[key] for key in before)
    assert now["d"] == now["c"]
    assert now["e"] not in before.values()
    changes, counts = compare_releases(second, first)
    assert changes.is_empty()
    medium = {row[1]: row[2:] for row in counts.rows() if row[0] == "medium"}
    assert medium == {"kept": (2, 3), "new": (1, 1)}


def test_a_merged_person_has_the_id_of_most_records_and_a_split_one_leaves_it_with_most():
    first = assign_person_ids(clusters(a=[1], b=[1], c=[2], d=[3], e=[3], f=[3]), None, SECRET, "2023Q1")
    second = assign_person_ids(clusters(a=[1], b=[1], c=[1], d=[2], e=[2], f=[4]), first, SECRET, "2023Q2")
    before, now = by_key(first), by_key(second)
    assert now["c"] == now["a"] == before["a"]
    assert now["d"] == before["d"] != now["f"]
    changes, _ = compare_releases(second, first)
    assert sorted(changes.filter(threshold="medium")["change"]) == ["merged", "merged", "split", "split"]


def test_an_id_is_never_given_twice():
    ids = random_ids(5_000, SECRET, "2023Q1", pl.Series([], dtype=pl.String))
    assert ids.n_unique() == 5_000
    again = random_ids(100, SECRET, "2023Q1", ids)
    assert not again.is_in(ids.implode()).any()
    assert random_ids(100, SECRET, "2023Q2", pl.Series([], dtype=pl.String)).is_in(ids.implode()).sum() == 0
