"""Codes and keys: in which order rows come, and whether groups have two values."""

import numpy as np
import pytest

from record_linkage.identities.value_codes import differ, first_rows, in_order


@pytest.mark.parametrize("spread", [1, 3, 2**40, 2**58])
def test_rows_come_in_the_order_of_their_keys_even_where_these_differ_in_their_last_bits_alone(spread):
    drawn = np.random.default_rng(3).integers(0, 40, 500, dtype=np.uint64) * np.uint64(spread)
    rows, ordered = in_order(drawn)
    assert rows.tolist() == np.argsort(drawn, kind="stable").tolist()
    assert ordered.tolist() == sorted(drawn.tolist())


def test_of_no_keys_there_is_no_order():
    rows, ordered = in_order(np.empty(0, dtype=np.uint64))
    assert rows.size == ordered.size == 0


def test_the_first_row_of_each_combination_is_kept():
    columns = [np.array(values, dtype=np.uint32) for values in ([7, 7, 9, 7], [1, 2, 1, 1])]
    assert sorted(first_rows(columns).tolist()) == [0, 1, 2]


def test_a_group_has_two_values_only_where_two_are_given():
    codes = np.array([5, 0, 5, 5, 6, 0, 0, 9, 2**32 - 2], dtype=np.uint32)
    assert differ(codes, np.array([0, 3, 5, 7])).tolist() == [False, True, False, True]
