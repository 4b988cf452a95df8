"""Identities are found in a sorted list by where hashes of their size stand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from record_linkage.identities.places import NOWHERE, places_of
from record_linkage.identities.rows_sharing import rows_sharing

ids = st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 30), max_size=30)


@given(ids, ids)
def test_each_is_where_it_stands_and_the_others_are_nowhere(sought, among):
    known = sorted(set(among))
    found = places_of(np.array(sought, dtype=np.uint64), np.array(known, dtype=np.uint64))
    assert [known.index(each) if each in known else int(NOWHERE) for each in sought] == found.tolist()


codes = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


@given(codes, codes)
def test_no_row_that_shares_what_another_has_is_missed_and_what_is_missing_is_shared_with_nobody(every, some):
    many, few = (
        {"a": np.array([a for a, _ in rows], dtype=np.uint32), "b": np.array([b for _, b in rows], dtype=np.uint32)}
        for rows in (every, some)
    )
    known = np.arange(len(every)) == len(every) - 1  # the last row, though it may share nothing
    found = rows_sharing(many, [few], [[["a", "b"]], [["a"], ["b"]]], known)
    both = {pair for pair in some if all(pair)}
    either = {value for pair in some for value in pair if value}
    assert found[-1]
    for row, (a, b) in zip(found[:-1].tolist(), every[:-1], strict=True):
        if (a, b) in both or a in either or b in either:
            assert row
        if not a and not b:
            assert not row
