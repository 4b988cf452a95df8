"""The title of a figure says a finding only where it holds by the limits that the figure shows."""

import pytest

from publication_assets.steps.figures.of_report.figure_findings import (
    groups_finding,
    highest_row,
    regions_finding,
    rows_finding,
    types_finding,
)
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import FILLS, PAGE
from publishing.tables.declared import and_limits


class Estimates(ShownCells):
    """Cells of one table: of each row the estimate and its limits for ATRs and, if given, other ones for DRRs."""

    def __init__(self, of_atrs, of_drrs=None):
        self._estimates = {"ATR": of_atrs, "DRR": of_drrs or of_atrs}

    def value(self, table, row, measure):
        found = self._estimates[self._kind(measure)][row]
        return found and found[1 if "_lower" in measure else 2 if "_upper" in measure else 0]

    def text(self, table, row, measure):
        found = self.value(table, row, measure)
        return "[c]" if found is None else f"{found:.0f}"

    def percent(self, table, row, measure):
        return self.text(table, row, measure) + "%"

    def estimate(self, table, row, measure):
        return [self.value(table, row, name) for name in and_limits(measure)]

    def label(self, table, row):
        return row

    def levels(self, table, *but):
        return [row for row in self._estimates["ATR"] if row != "all"]

    def _kind(self, measure):
        return "DRR" if measure.endswith("DRR") else "ATR"


APART = {"Settled": (70, 65, 75), "Other housed": (50, 45, 55), "No fixed address": (30, 25, 35), "all": (50, 49, 51)}
ALIKE = {"Settled": (52, 40, 60), "Other housed": (50, 45, 55), "No fixed address": (48, 40, 60), "all": (50, 49, 51)}
WITHHELD = APART | {"Settled": None}


@pytest.mark.parametrize(
    ("of_atrs", "of_drrs", "title"),
    [
        (
            APART,
            APART,
            "ATRs were linked more often than in England in 1 region and less often in 1; DRRs more often in 1 and "
            "less often in 1",
        ),
        (
            APART,
            ALIKE,
            "ATRs were linked more often than in England in 1 region and less often in 1; DRRs in none clearly",
        ),
        (ALIKE, ALIKE, "In no region do ATRs and DRRs differ clearly from England in how often they were linked"),
        (APART, WITHHELD, ""),
    ],
)
def test_a_title_counts_the_regions_that_differ_clearly_and_ranks_none(of_atrs, of_drrs, title):
    cells = Estimates(of_atrs, of_drrs)
    assert regions_finding(cells, "table", "share", "were linked", "all") == title


@pytest.mark.parametrize(
    ("of_atrs", "of_drrs", "title"),
    [
        (
            APART,
            APART,
            "ATRs and DRRs were linked more often than overall for settled accommodation; less often for no fixed "
            "address",
        ),
        (APART, ALIKE, ""),
        (APART, WITHHELD, ""),
    ],
)
def test_a_title_names_the_groups_that_differ_in_the_same_direction_for_both_types(of_atrs, of_drrs, title):
    rows = [row for row in APART if row != "all"]
    assert groups_finding(Estimates(of_atrs, of_drrs), "table", rows, "share", "were linked", "all") == title


@pytest.mark.parametrize(
    ("of_atrs", "of_drrs", "title"),
    [
        (
            {"a": (40, 35, 45), "b": (60, 55, 65)},
            {"a": (20, 15, 25), "b": (30, 25, 35)},
            "ATRs dropped out more often than DRRs on each day",
        ),
        (
            {"a": (20, 15, 25), "b": (30, 25, 35)},
            {"a": (40, 35, 45), "b": (60, 55, 65)},
            "DRRs dropped out more often than ATRs on each day",
        ),
        ({"a": (40, 35, 45), "b": (31, 25, 37)}, {"a": (20, 15, 25), "b": (30, 25, 35)}, ""),
        ({"a": (40, 35, 45), "b": (31, 25, 37)}, {"a": (20, 15, 25), "b": None}, ""),
    ],
)
def test_types_are_said_to_differ_where_they_do_in_every_row(of_atrs, of_drrs, title):
    pairs = [("table", row, "share/{kind}") for row in ("a", "b")]
    assert types_finding(Estimates(of_atrs, of_drrs), pairs, "dropped out", "on each day") == title


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ((30, 25, 35), (50, 45, 55), "less"),
        ((50, 45, 55), (30, 25, 35), "more"),
        ((50, 45, 55), (51, 46, 56), ""),
        ((50, 45, 55), None, ""),
    ],
)
def test_a_row_is_more_or_less_than_another_where_the_limits_of_the_difference_say_so(one, other, how):
    assert rows_finding(Estimates({"one": one, "other": other}), "table", "one", "other", "share") == how


@pytest.mark.parametrize(
    ("rows", "highest"),
    [
        ({"one": (30, 28, 32), "two": (20, 18, 22), "three": (10, 8, 12)}, "one"),
        ({"one": (30, 20, 40), "two": (29, 18, 42), "three": (10, 8, 12)}, ""),
        ({"one": (30, 28, 32), "two": None, "three": None}, ""),
    ],
)
def test_a_row_is_the_highest_where_it_is_clearly_above_every_other(rows, highest):
    assert highest_row(Estimates(rows), "table", list(rows), "share") == highest


@pytest.mark.parametrize("fill", FILLS)
def test_every_fill_has_a_contrast_of_three_to_one_with_the_page(fill):
    assert _contrast(fill, PAGE) >= 3


def _contrast(one, other):
    """WCAG 2.2, contrast ratio."""

    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)
