"""What a reader of the open data can work out of withheld counts: no more than a reader of the workbook.

Belongs here: the attack on counts with sums and shares. A share v of a part and a base, each known or not, says that
100 part - v base lies within half of its last place times the base: a condition that a linear programme can hold.
"""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from publication_assets.steps.open_data.observations import observations
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.disclosure.show_cells import published_cells, show_cells
from publishing.tables.declared import Measure, Row
from resources.settings.study_settings import load_study_settings

PUBLICATION = load_study_settings().publication
GROUPS, PARTS = ("north", "south"), ("stayed", "left", "other")
MOST = 10_000
counts_of_parts = st.lists(
    st.lists(st.one_of(st.integers(0, 9), st.integers(30, 400)), min_size=3, max_size=3), min_size=2, max_size=2
)


def at(row: str, header: str) -> tuple[Row, Measure]:
    """A row and a column of a table made up here."""
    return Row(row, row), Measure(header.replace("%", "share"), "count", header)


def a_table(grid: list[list[int]], shares_of_counts_not_shown: bool) -> PublishedTable:
    """Two groups in three parts, with all; the shares of one part are of counts that no cell shows, if so asked."""
    counts = {
        f"{group}/{part}": n
        for group, row in zip(GROUPS, grid, strict=True)
        for part, n in zip(PARTS, row, strict=True)
    }
    counts |= {group: sum(row) for group, row in zip(GROUPS, grid, strict=True)}
    counts |= {f"all/{part}": sum(row[at] for row in grid) for at, part in enumerate(PARTS)}
    counts["all"] = sum(map(sum, grid))
    table = PublishedTable("identification", counts)
    for group in (*GROUPS, "all"):
        table.count(*at(group, "people (count)"), group)
        table.add_up(group, *(f"{group}/{part}" for part in PARTS))
        for part in PARTS:
            if not (shares_of_counts_not_shown and part == "stayed"):
                table.count(*at(group, f"{part} (count)"), f"{group}/{part}")
            table.percent(*at(group, f"{part} (%)"), f"{group}/{part}", group)
    for ending in ("", *(f"/{part}" for part in PARTS)):
        table.add_up(f"all{ending}", *(f"{group}{ending}" for group in GROUPS))
    return table


def what_is_possible(table: PublishedTable, cells: pl.DataFrame, values: list[str]) -> dict[str, tuple[int, int]]:
    """Least and greatest of each count that fits the counts shown, the sums, and the shares as `values` give them."""
    names = sorted(table.counts)
    place = {name: at for at, name in enumerate(names)}
    lower, upper = np.zeros(len(names)), np.full(len(names), float(MOST))
    rows, least, most = [], [], []
    for total in table.sums:
        row = np.zeros(len(names))
        row[place[total.total]] = 1
        row[[place[part] for part in total.parts]] -= 1
        for kept, more in ((rows, row), (least, 0), (most, 0)):
            kept.append(more)
    for cell, value in zip(cells.iter_rows(named=True), values, strict=True):
        if not value:
            continue
        if cell["quantity"]:
            lower[place[cell["quantity"]]] = upper[place[cell["quantity"]]] = float(value)
            continue
        part, base = cell["depends_on"].split("; ")
        half = 0.5 / 10 ** len(value.partition(".")[2])
        for share, low, high in ((float(value) - half, 0, np.inf), (float(value) + half, -np.inf, 0)):
            row = np.zeros(len(names))
            row[place[part]], row[place[base]] = 100, -share
            for kept, more in ((rows, row), (least, low), (most, high)):
                kept.append(more)
    limits: Any = (np.array(least), np.array(most))
    bound = LinearConstraint(np.array(rows), *limits)
    found = {}
    for name in names:
        goal = np.zeros(len(names))
        goal[place[name]] = 1
        ends = [
            sign * milp(sign * goal, constraints=bound, bounds=(lower, upper), integrality=1).fun for sign in (1, -1)
        ]
        found[name] = round(ends[0]), round(ends[1])
    return found


def seen_in_the_workbook(cells: pl.DataFrame) -> list[str]:
    return [
        shown.replace(",", "") if status == "shown" else "" for shown, status in cells["shown", "status"].iter_rows()
    ]


@pytest.mark.parametrize("shares_of_counts_not_shown", [False, True])
@settings(max_examples=15, deadline=None)
@given(grid=counts_of_parts)
def test_the_decimal_of_a_share_narrows_no_count_down(shares_of_counts_not_shown, grid):
    table = a_table(grid, shares_of_counts_not_shown)
    cells = published_cells(show_cells([table], PUBLICATION))
    data = observations(cells, counts_are_rounded=False)
    in_workbook = what_is_possible(table, cells, seen_in_the_workbook(cells))
    assert what_is_possible(table, cells, data["value"].to_list()) == in_workbook


def test_the_attack_finds_a_count_that_a_decimal_would_give_away():
    table = a_table([[180, 40, 33], [210, 60, 35]], shares_of_counts_not_shown=True)
    for group in (*GROUPS, "all"):
        del table.cells[next(at for at, cell in enumerate(table.cells) if cell.quantity == f"{group}/other")]
    cells = published_cells(show_cells([table], PUBLICATION))
    careless = [
        f"{100 * table.counts[cell['depends_on'].split('; ')[0]] / table.counts[cell['depends_on'].split('; ')[1]]:.1f}"
        if cell["unit"] == "percent"
        else shown
        for cell, shown in zip(cells.iter_rows(named=True), seen_in_the_workbook(cells), strict=True)
    ]
    before = what_is_possible(table, cells, seen_in_the_workbook(cells))["north/stayed"]
    after = what_is_possible(table, cells, careless)["north/stayed"]
    assert after[1] - after[0] < before[1] - before[0]
    data = observations(cells, counts_are_rounded=False)
    assert what_is_possible(table, cells, data["value"].to_list())["north/stayed"] == before
