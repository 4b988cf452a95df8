"""The axis of a figure with intervals is marked at round numbers."""

import pytest

from publication_assets.steps.figures.interval_chart import round_steps


@pytest.mark.parametrize(
    ("longest", "marks"),
    [
        (70, [0, 20, 40, 60]),
        (80, [0, 20, 40, 60, 80]),
        (100, [0, 20, 40, 60, 80, 100]),
        (35, [0, 10, 20, 30]),
        (5, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_the_axis_is_marked_at_round_numbers_in_few_steps(longest, marks):
    assert round_steps(longest) == marks
