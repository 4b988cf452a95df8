"""Recall by group is counted from sizes, and is that of listing every pair."""

import random
from itertools import combinations

import polars as pl

from pathways.bench.justice.measure_groups import SOURCES, recall_by_group


def drawn(records: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records in clusters that are right for most, and people with a sex and a decade that one of them lacks."""
    chance = random.Random(7)
    persons = [chance.randrange(records // 5) for _ in range(records)]
    found = pl.DataFrame(
        {
            "cluster": [person if chance.random() < 0.8 else 1_000 + chance.randrange(20) for person in persons],
            "person": persons,
            "source": [chance.choice(["crown", "magistrates", "prison"]) for _ in persons],
        }
    )
    every = sorted({*persons})
    decades = [None if person == every[0] else 1950 + 10 * (person % 4) for person in every]
    return found, pl.DataFrame({"person": every, "sex": ["FM"[person % 2] for person in every], "decade": decades})


def listed(records: pl.DataFrame, people: pl.DataFrame) -> dict[tuple[str, str], list[bool]]:
    """Whether each pair of records of one person is in one cluster, by kind and group."""
    of_person = {row["person"]: row for row in people.to_dicts()}
    pairs: dict[tuple[str, str], list[bool]] = {}
    for one, other in combinations(records.to_dicts(), 2):
        if one["person"] == other["person"]:
            found = one["cluster"] == other["cluster"]
            sources = sorted({one["source"], other["source"]})
            groups = {SOURCES: " and ".join(sources)} | of_person[one["person"]]
            for kind in (SOURCES, "sex", "decade"):
                if groups[kind] is not None:
                    pairs.setdefault((kind, str(groups[kind])), []).append(found)
    return pairs


def test_recall_by_group_is_that_of_listing_every_pair():
    records, people = drawn(400)
    found = recall_by_group(records, people)
    told = {(kind, group): counts for kind, groups in found.items() for group, counts in groups.items()}
    expected = listed(records, people)
    assert {*told} == {*expected} and len(expected) == 6 + 2 + 4
    for key, pairs in expected.items():
        assert (told[key]["true_pairs"], told[key]["recall"]) == (len(pairs), round(sum(pairs) / len(pairs), 5))


def test_a_group_more_than_3_points_under_the_best_of_its_kind_is_named_and_one_of_few_pairs_is_not():
    sizes = {1: 300, 2: 300, 3: 2}
    split = {1: 1, 2: 20, 3: 2}  # records of each person that stand alone
    persons = [person for person, size in sizes.items() for _ in range(size)]
    alone = [place < split[person] for person, size in sizes.items() for place in range(size)]
    cluster = [
        10_000 + place if apart else person for place, (person, apart) in enumerate(zip(persons, alone, strict=True))
    ]
    records = pl.DataFrame({"cluster": cluster, "person": persons, "source": "crown"})
    people = pl.DataFrame({"person": [1, 2, 3], "names": ["best", "behind", "few"]})
    groups = recall_by_group(records, people)["names"]
    assert [group for group, counts in groups.items() if "behind" in counts] == ["behind"]
    assert groups["few"]["recall"] == 0.0
    assert groups["behind"]["behind"] == round(groups["best"]["recall"] - groups["behind"]["recall"], 5)
