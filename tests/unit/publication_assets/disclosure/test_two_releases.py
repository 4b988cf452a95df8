"""An attack on two cumulative releases: a reader who subtracts one from the next."""

from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.disclosure.disclosure_control import published_value
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Measure, Row

BASE = 5
ROW, MEASURE = Row("row", "row"), Measure("people", "count", "people (count)")


def shown(count: int) -> int:
    """What a release shows of a count."""
    cell = Cell(ROW, MEASURE, "count", float(count), quantity="count")
    return int(published_value(cell, {"count": count}, BASE) or 0)


def differences_that_fit(before: int, after: int) -> set[int]:
    """Every true difference under which two releases show this, for a reader who knows how counts are rounded."""
    near = range(-BASE, BASE + 1)
    return {
        later - earlier
        for earlier in (before + each for each in near)
        for later in (after + each for each in near)
        if earlier >= 0 and later >= 0 and (shown(earlier), shown(later)) == (before, after)
    }


@settings(max_examples=200, deadline=None)
@given(st.integers(BASE, 500), st.integers(1, BASE - 1))
def test_a_small_difference_between_two_rounded_releases_is_told_from_none_or_from_a_large_one_never(count, grown):
    possible = differences_that_fit(shown(count), shown(count + grown))
    assert grown in possible
    assert 0 in possible or max(possible) >= BASE


def test_without_rounding_the_difference_is_the_people_who_joined():
    cells = [Cell(ROW, MEASURE, "count", float(number), quantity="count") for number in (40, 42)]
    before, after = (int(published_value(cell, {"count": 0}) or 0) for cell in cells)
    assert after - before == 2
