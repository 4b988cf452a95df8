"""What leaves the zone by quarter of sentence and by local authority: counts that add up, of no small authority."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.crossings import LOCAL_AUTHORITY, QUARTER_OF_SENTENCE, RequirementCounts
from linkage_assets.steps.release.count_by_quarter_and_authority import count_by_quarter_and_authority
from linkage_assets.steps.requirements.describe_authority import describe_authority
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

STUDY = load_study_settings()
PUBLICATION, TYPES = STUDY.publication, STUDY.study.requirement_types
THRESHOLD, BASE = PUBLICATION.disclosure_threshold, PUBLICATION.minimum_base
SCHEMA = {
    "region": pl.String,
    "authority": pl.String,
    "requirement_type": pl.String,
    "disposal_date": pl.Date,
    "linked_structured": pl.Boolean,
    "followed_in_full": pl.Boolean,
    "reconvicted": pl.Boolean,
}


def analysed(*groups: tuple[int, dict]) -> pl.DataFrame:
    """Analysed requirements: each group is a number of them and in what they differ from most."""
    usual = {
        "region": "North West",
        "authority": "Lancashire",
        "requirement_type": "ATR",
        "disposal_date": date(2019, 3, 31),
        "linked_structured": False,
        "followed_in_full": True,
        "reconvicted": False,
    }
    rows = [usual | values for number, values in groups for _ in range(number)]
    return pl.DataFrame(rows, schema=SCHEMA)


def counted(frame: pl.DataFrame) -> pl.DataFrame:
    made = count_by_quarter_and_authority(frame, TYPES, PUBLICATION, synthetic=True)
    return check_frame(made, RequirementCounts, "requirement_counts")


def of_authority(name: str | None, linked: int, others: int, **values) -> list[tuple[int, dict]]:
    return [
        (number, {"authority": name, "linked_structured": is_linked, "requirement_type": kind, **values})
        for kind in TYPES
        for number, is_linked in ((linked, True), (others, False))
    ]


def test_a_quarter_of_sentence_is_a_calendar_quarter_and_reconvictions_are_of_those_followed():
    made = counted(
        analysed(
            (3, {"reconvicted": True}),
            (4, {"disposal_date": date(2019, 4, 1), "reconvicted": True, "followed_in_full": False}),
            (2, {"disposal_date": date(2019, 6, 30), "linked_structured": True}),
        )
    )
    quarters = made.filter(grouping=QUARTER_OF_SENTENCE)
    shown = quarters.select("level", "requirements", "linked", "followed_in_full", "reconvicted_in_full").rows()
    assert shown == [("2019Q1", 3, 0, 3, 3), ("2019Q2", 6, 2, 2, 0)]


def test_a_small_authority_is_counted_with_the_rest_of_its_region_for_every_type():
    large = of_authority("Lancashire", 40, 40) + of_authority("Cumbria", 30, 30)
    small = [*of_authority("Blackpool", 30, 30)[:2], *of_authority("Blackpool", THRESHOLD - 1, BASE)[2:]]
    made = counted(analysed(*large, *small, *of_authority(None, 10, 10))).filter(grouping=LOCAL_AUTHORITY)
    assert set(made["level"]) == {"Lancashire", "Cumbria", None}
    rest = made.filter(pl.col("level").is_null(), requirement_type="ATR")
    assert rest.select("requirements", "linked").row(0) == (80, 40)


def test_what_is_left_of_a_region_takes_the_smallest_authority_in_when_it_is_small_itself():
    groups = of_authority("Lancashire", 40, 40) + of_authority("Cumbria", 30, 30) + of_authority(None, 1, 8)
    made = counted(analysed(*groups)).filter(grouping=LOCAL_AUTHORITY, requirement_type="DRR")
    assert made.select("level", "linked").rows() == [("Lancashire", 40), (None, 31)]


sizes = st.integers(0, 60)
authorities = st.lists(st.tuples(sizes, sizes, sizes, sizes), min_size=1, max_size=5)


@settings(max_examples=30, deadline=None)
@given(st.lists(authorities, min_size=1, max_size=2))
def test_no_small_count_of_an_authority_crosses_and_the_rest_gives_none_away(regions):
    groups = [
        (number, {"region": region, "authority": f"A{at}", "requirement_type": kind, "linked_structured": linked})
        for region, places in zip(("North West", "North East"), regions, strict=False)
        for at, cells in enumerate(places)
        for number, (kind, linked) in zip(
            cells, [(kind, side) for kind in TYPES for side in (True, False)], strict=True
        )
    ]
    frame = analysed(*groups)
    made = counted(frame).filter(grouping=LOCAL_AUTHORITY)
    named = made.drop_nulls("level")
    assert (named["requirements"] >= BASE).all() and (named["linked"] >= THRESHOLD).all()
    assert (named["requirements"] - named["linked"] >= THRESHOLD).all()
    with_named = made.filter(pl.col("region").is_in(named["region"].unique().implode()) & pl.col("level").is_null())
    for side in (with_named["linked"], with_named["requirements"] - with_named["linked"]):
        assert ((side == 0) | (side >= THRESHOLD)).all()
    totals = frame.group_by("region", "requirement_type").len("requirements").sort(pl.all())
    assert (
        made.group_by("region", "requirement_type")
        .agg(pl.col("requirements").sum().cast(pl.UInt32))
        .sort(pl.all())
        .equals(totals)
    )


def test_the_same_requirements_give_the_same_counts_in_whatever_order_they_come():
    frame = analysed(*of_authority("Lancashire", 40, 40), *of_authority("Cumbria", 40, 40), *of_authority(None, 1, 3))
    assert counted(frame).equals(counted(frame[::-1]))


@pytest.mark.parametrize(
    ("postcode", "region", "expected"),
    [
        ("LS1 4AA", "Yorkshire and the Humber", "Leeds"),
        ("ls14aa", "Yorkshire and the Humber", "Leeds"),
        ("LS1 4AA", "North West", None),
        ("ZZ99 3VZ", "Yorkshire and the Humber", None),
        (None, "Yorkshire and the Humber", None),
    ],
)
def test_an_authority_is_that_of_the_postcode_at_sentence_within_the_probation_region(postcode, region, expected):
    requirement = pl.DataFrame({"requirement_id": ["R1"], "probation_region": [region]})
    address = pl.DataFrame({"requirement_id": ["R1"], "postcode": [postcode]}, schema_overrides={"postcode": pl.String})
    assert describe_authority(requirement, address, STUDY.linkage)["authority"].to_list() == [expected]
