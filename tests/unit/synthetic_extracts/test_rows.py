"""Rows of typed tables: taken, put and one table after the other."""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.rows import Rows, together


@dataclass
class Homes(Rows):
    person: np.ndarray
    places: np.ndarray


def homes() -> Homes:
    return Homes(np.array([3, 1, 2]), np.array([[30, 31], [10, 11], [20, 21]]))


def test_rows_are_taken_by_place_in_that_order_or_by_mask():
    taken, masked = homes().take(np.array([2, 0])), homes().take(homes().person > 1)
    assert len(taken) == 2 and taken.person.tolist() == [2, 3] and taken.places.tolist() == [[20, 21], [30, 31]]
    assert masked.person.tolist() == [3, 2]


def test_rows_that_are_taken_and_changed_leave_the_table_as_it_was():
    every = homes()
    taken = every.take(np.array([0, 1]))
    taken.places[0, 0] = 99
    assert every.places[0, 0] == 30


def test_rows_put_into_a_table_replace_those_at_the_places_and_no_others():
    every = homes()
    every.put(np.array([1, 0]), homes().take(np.array([2, 2])))
    assert every.person.tolist() == [2, 2, 2] and every.places.tolist() == [[20, 21]] * 3


def test_tables_together_keep_their_order():
    both = together([homes(), homes().take(np.array([1]))])
    assert isinstance(both, Homes) and both.person.tolist() == [3, 1, 2, 1] and both.places.shape == (4, 2)
