"""A next release that compares only what is new or changed says what comparing everything says, row by row."""

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from justice_assets.steps.identities.code_identities import code_identities
from justice_assets.steps.identities.condense_persons import condense_persons
from justice_assets.steps.linking.score_justice_pairs import score_justice_pairs
from justice_assets.steps.linking.score_parts import COMPARED, ONE_GROUP, LastRelease
from tests.unit.justice_assets.stated_linkage import SCORING, SETTINGS, person, persons

PNC, OTHER_PNC = "2004/0123456A", "2011/0654321B"
record = st.tuples(
    st.sampled_from(["JOHN", "JON", "DARREN", "SMITH", None]),
    st.sampled_from(["PRICE", "SMITH", "JOHN"]),
    st.sampled_from(["1984-03-07", "1984-07-03", "1984-03-17", None]),
    st.sampled_from(["LS1 4AB", "LS1 4AC", "M1 1AA", None]),
    st.sampled_from([PNC, OTHER_PNC, None, None]),
    st.sampled_from(["X1", "X2", None, None]),
    st.sampled_from(["last", "next", "both", "both"]),
)


def of(rows: list[tuple], release: str) -> pl.DataFrame:
    given = [
        person(f"M{number}", *names, postcode=postcode, pnc=pnc, crn=crn)
        for number, (*names, postcode, pnc, crn, when) in enumerate(rows)
        if when in (release, "both")
    ]
    return condense_persons([persons(*given)]).identities


def beside(last: pl.DataFrame, identities: pl.DataFrame, largest_block: int) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """A next release that takes over the last one, beside one that compares everything, and how many pairs it did."""
    limited = SETTINGS.model_copy(update={"largest_block": largest_block})
    everything, _ = score_justice_pairs(identities, SCORING, limited)
    codes = code_identities(last.lazy()).lazy()
    before = LastRelease(last.lazy(), codes, score_justice_pairs(last, SCORING, limited)[0].lazy())
    taken_over = code_identities(identities.lazy(), (last.lazy(), codes))
    assert taken_over.equals(code_identities(identities.lazy()))
    again, looked_at = score_justice_pairs(identities, SCORING, limited, codes=taken_over, last=before)
    return again, everything, looked_at.pairs.height


@pytest.mark.parametrize("largest_block", [2, 3, 5, 2000])
@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate])
@given(rows=st.lists(record, min_size=10, max_size=60))
def test_what_is_taken_over_is_what_comparing_everything_gives(rows, largest_block):
    again, everything, _ = beside(of(rows, "last"), of(rows, "next"), largest_block)
    assert again.equals(everything)


def test_of_the_same_identities_nothing_is_compared():
    rows = [person("M1", "JOHN", "PRICE"), person("M2", "JON", "PRICE"), person("M3", "ANN", "HALL", "1970-02-01")]
    identities = condense_persons([persons(*rows)]).identities
    again, everything, compared = beside(identities, identities, 2000)
    assert compared == 0
    assert again.equals(everything)
    assert again.filter(kind=COMPARED).height > 0


def test_only_the_group_that_a_new_record_joins_is_compared():
    rows = [person(f"M{place}", "JOHN", "PRICE", pnc=PNC, postcode=f"M{place} 1AA") for place in range(5)]
    rows += [person("M8", "JON", "PRICE", postcode="M3 1AA"), person("M9", "ANN", "HALL", "1970-02-01")]
    rows += [person("M10", "ANNE", "HALL", "1970-02-01"), person("M11", "JOHN", "PRICE", pnc=PNC, postcode="M7 1AA")]
    last, now = (condense_persons([persons(*rows[:end])]).identities for end in (-1, len(rows)))
    again, everything, compared = beside(last, now, 2000)
    assert compared == 1
    assert again.equals(everything)
    assert again.filter(kind=ONE_GROUP).height == 5


def test_a_second_police_number_takes_a_group_apart_that_stood():
    rows = [person("M1", "JOHN", "PRICE", pnc=PNC), person("M2", "JOHN", "PRICE", "1984-03-07", postcode="M1 1AA")]
    rows += [person("M3", "JOHN", "PRICE", pnc=OTHER_PNC, postcode="M1 1AA")]
    last, now = (condense_persons([persons(*rows[:end])]).identities for end in (-1, len(rows)))
    again, everything, _ = beside(last, now, 2000)
    assert again.equals(everything)
    assert again.filter(kind=ONE_GROUP).height < 2


def test_a_block_that_has_become_too_large_leaves_out_pairs_that_stood():
    rows = [person(f"M{place}", name, "PRICE", postcode=None) for place, name in enumerate(["ADA", "BOB", "CY", "DEE"])]
    last, now = (condense_persons([persons(*rows[:end])]).identities for end in (-1, len(rows)))
    again, everything, _ = beside(last, now, 3)
    assert again.equals(everything)
