"""Agreement by chance: columns that hang together are not counted as independent, true pairs not as chance."""

import random

import polars as pl
import pytest

from pathways.bench.linkage.mapping import File, MappedField
from pathways.bench.linkage.prepare_fields import prepare_fields
from record_linkage.planning.chance import Chance, agreement
from record_linkage.planning.plan_linkage import plan_linkage


def people(count, seed, same=0):
    """`count` people, the first `same` of them the same for every seed; a postcode lies in one county."""
    rows = []
    for number in range(count):
        draw = random.Random(number if number < same else f"{seed} {number}")
        postcode = draw.randrange(40)
        rows.append(
            {
                "dob": str(draw.randrange(5000)),
                "postcode": f"{postcode:04d}",
                "county": f"C{postcode // 4}",
                "sex": draw.choice("MF"),
            }
        )
    return pl.DataFrame(rows)


COLUMNS = ["dob", "postcode", "county", "sex"]


def test_agreement_is_the_share_of_pairs_of_given_values():
    assert agreement(pl.Series(["a", "a", None]), pl.Series(["a", "b"])) == 0.5


def test_columns_that_hang_together_agree_together_as_often_as_the_rarer_alone():
    chance = Chance(people(400, 1), people(400, 2), COLUMNS)
    assert chance.together(["postcode", "county"]) == pytest.approx(chance.alone["postcode"], rel=0.1)
    assert chance.together(["postcode", "sex"]) == pytest.approx(chance.alone["postcode"] / 2, rel=0.2)


def test_what_true_pairs_agree_in_is_no_lift():
    chance = Chance(people(400, 1, same=300), people(400, 2, same=300), COLUMNS)
    assert chance.true_share(["dob", "sex"]) > 0.9
    assert chance.together(["dob", "sex"]) == pytest.approx(chance.alone["dob"] * chance.alone["sex"], rel=0.01)


def test_postcode_and_county_identify_nobody_but_postcode_and_date_of_birth_do():
    chance = Chance(people(400, 1, same=300), people(400, 2, same=300), COLUMNS)
    sure = [set(columns) for columns, _ in chance.sure_rules()]
    assert {"dob", "postcode"} in sure
    assert {"postcode", "county"} not in sure and {"postcode", "county", "sex"} not in sure


def test_within_one_file_every_pair_counts_once():
    frame = pl.DataFrame({"dob": ["a", "a", "a", "b"]})
    assert Chance(frame, frame, ["dob"], same_file=True).pairs_sharing(["dob"]) == 3


def test_a_county_says_nothing_more_where_the_postcode_agrees():
    left, right = people(400, 1, same=300), people(400, 2, same=300)
    ids = pl.int_range(400, eager=True).cast(pl.String)
    mapped = [
        MappedField("dob", "dob", "day", "day"),
        MappedField("postcode", "postcode", "postcode", "postcode"),
        MappedField("area", "area", "county", "county"),
        MappedField("sex", "sex", "sex", "sex"),
    ]
    day = pl.date(1970, 1, 1) + pl.duration(days=pl.col("dob").cast(pl.Int32))
    files = [File(None, frame.with_columns(day=day.cast(pl.String))) for frame in (left, right)]  # pyright: ignore[reportArgumentType]  # read from no path
    found = prepare_fields(files[0], files[1], (ids, ids), mapped, False)
    plan = plan_linkage(found.left, found.right, found.fields, "a test", seed=1)
    settled = {one.name: one.settled_by for one in plan.specification.comparisons}
    assert str(settled["area"][0][0]).startswith("postcode")
    assert (settled["dob"], settled["postcode"], settled["sex"]) == ((), (), ())
