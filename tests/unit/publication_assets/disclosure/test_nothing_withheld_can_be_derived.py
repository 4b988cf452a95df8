"""Attacks on published tables: random tables that share counts, and a reader who knows every rule and every sum.

The reader sees the published cells only. What they can work out is computed here by integer programming over what is
published, with no code of disclosure control.
"""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from contracts.crossings import LOCAL_AUTHORITY, QUARTER_OF_SENTENCE
from publication_assets.steps.tables.check_tables_agree import check_tables_agree
from publication_assets.steps.tables.contents.tables_breakdowns import linked_by_region
from publication_assets.steps.tables.contents.tables_requirement_counts import (
    linked_and_reconvicted_by_quarter,
    linked_by_authority,
)
from publication_assets.steps.tables.contents.tables_years import linked_and_reconvicted_by_year
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.disclosure.disclosure_control import rounded
from publishing.disclosure.show_cells import log_suppression, published_cells, show_cells
from publishing.tables.declared import Measure, Row
from resources.settings.study_settings import Publication

PUBLICATION = Publication(disclosure_threshold=5, rounding_base=0, minimum_base=30)
THRESHOLD = PUBLICATION.disclosure_threshold
GROUPS = ("north", "south", "west")
STATUSES = ("stayed", "left", "died")
numbers = st.one_of(st.integers(0, 7), st.integers(0, 60))
grids = st.lists(st.lists(numbers, min_size=4, max_size=4), min_size=3, max_size=3)
grids_of_somebody = grids.filter(lambda grid: any(map(sum, grid)))


def at(row: str, header: str) -> tuple[Row, Measure]:
    """A row and a column of a table made up here."""
    return Row(row, row), Measure(header.replace("%", "share"), "count", header)


def linked_tables(grid: list[list[int]]) -> list[PublishedTable]:
    """Two tables of the same people: how many are linked by group, and the status of the linked by group.

    Columns of `grid` are the statuses and those not linked, whose counts stand in no table.
    """
    counts = {}
    for group, row in zip(GROUPS, grid, strict=True):
        counts |= {f"{group}/linked/{status}": number for status, number in zip(STATUSES, row, strict=False)}
        counts |= {f"{group}/linked": sum(row[:3]), f"{group}/not linked": row[3], group: sum(row)}
    for ending in ("", "/linked", "/not linked", *(f"/linked/{status}" for status in STATUSES)):
        counts[f"all{ending}"] = sum(counts[f"{group}{ending}"] for group in GROUPS)
    by_linkage, by_status = PublishedTable("identification", counts), PublishedTable("treatment_outcomes", counts)
    for group in (*GROUPS, "all"):
        by_linkage.count(*at(group, "people (count)"), group)
        by_linkage.count(*at(group, "linked (count)"), f"{group}/linked")
        by_linkage.percent(*at(group, "linked (%)"), f"{group}/linked", group)
        by_linkage.add_up(group, f"{group}/linked", f"{group}/not linked")
        by_status.count(*at(group, "linked (count)"), f"{group}/linked")
        by_status.add_up(f"{group}/linked", *(f"{group}/linked/{status}" for status in STATUSES))
        for status in STATUSES:
            by_status.count(*at(group, f"{status} (count)"), f"{group}/linked/{status}")
            by_status.percent(*at(group, f"{status} (%)"), f"{group}/linked/{status}", f"{group}/linked")
    for ending in ("", "/linked", "/not linked", *(f"/linked/{status}" for status in STATUSES)):
        by_linkage.add_up(f"all{ending}", *(f"{group}{ending}" for group in GROUPS))
    return [by_linkage, by_status]


def seen_by_a_reader(cells: pl.DataFrame) -> tuple[dict[str, int], set[str]]:
    """Counts shown, by name, and names of the withheld."""
    named = cells.filter(pl.col("quantity").is_not_null())
    shown = dict(named.filter(status="shown").select("quantity", pl.col("value").cast(pl.Int64)).iter_rows())
    return shown, set(named.filter(pl.col("status") != "shown")["quantity"])


def what_is_possible(name: str, tables: list[PublishedTable], shown: dict[str, int], withheld: set[str]) -> range:
    """Whole numbers from the least to the greatest that fit what is shown; a withheld count is at least 1."""
    sums = [total for table in tables for total in table.sums]
    names = sorted({member for total in sums for member in (total.total, *total.parts)})
    place = {member: column for column, member in enumerate(names)}
    equations = np.zeros((len(sums), len(names)))
    for row, total in enumerate(sums):
        equations[row, place[total.total]] = 1
        equations[row, [place[part] for part in total.parts]] = -1
    lower = [shown.get(member, 1 if member in withheld else 0) for member in names]
    upper = [shown.get(member, 10_000) for member in names]
    ends = []
    for sign in (1, -1):
        goal = np.zeros(len(names))
        goal[place[name]] = sign
        found = milp(goal, constraints=LinearConstraint(equations, 0, 0), bounds=(lower, upper), integrality=1)
        ends.append(round(sign * found.fun))
    return range(ends[0], ends[1] + 1)


@settings(max_examples=60, deadline=None)
@given(grids)
def test_no_small_count_can_be_derived_nor_narrowed_down_whether_it_stands_in_a_table_or_not(grid):
    tables = linked_tables(grid)
    cells = published_cells(show_cells(tables, PUBLICATION))
    shown, withheld = seen_by_a_reader(cells)
    for name, number in tables[0].counts.items():
        if 0 < number < THRESHOLD:
            assert name not in shown
            assert what_is_possible(name, tables, shown, withheld)[-1] >= number + THRESHOLD


@settings(max_examples=60, deadline=None)
@given(grids)
def test_everything_published_is_true_and_nothing_withheld_is_in_what_is_published(grid):
    tables = linked_tables(grid)
    counts = tables[0].counts
    cells = published_cells(show_cells(tables, PUBLICATION))
    for cell in cells.iter_rows(named=True):
        if cell["quantity"] and cell["status"] == "shown":
            assert cell["value"] == counts[cell["quantity"]]
        elif cell["status"] == "shown":
            part, base = (counts[name] for name in cell["depends_on"].split("; "))
            assert cell["value"] == float(rounded(100 * part / base, 0)) and base >= PUBLICATION.minimum_base
        elif cell["status"] != "[low]":
            assert cell["value"] is None


@settings(max_examples=40, deadline=None)
@given(grids)
def test_a_count_is_shown_in_every_table_or_in_none_and_its_shares_go_with_it(grid):
    cells = published_cells(show_cells(linked_tables(grid), PUBLICATION))
    _, withheld = seen_by_a_reader(cells)
    shown = cells.filter(status="shown")
    assert withheld.isdisjoint(shown["quantity"].drop_nulls())
    assert all(withheld.isdisjoint(names.split("; ")) for names in shown["depends_on"].drop_nulls())


@settings(max_examples=20, deadline=None)
@given(grids, st.sampled_from([3, 5, 10]))
def test_rounding_shows_multiples_only_and_withholds_what_was_withheld_without_it(grid, base):
    tables = linked_tables(grid)
    plain, coarse = (
        published_cells(show_cells(tables, replace_rounding(rounding_base))) for rounding_base in (0, base)
    )
    confidential = pl.col("status") == "[c]"
    assert plain.select(confidential).equals(coarse.select(confidential))
    counts = coarse.filter((pl.col("unit") == "count") & pl.col("value").is_not_null())["value"]
    assert (counts % base == 0).all()


def replace_rounding(rounding_base: int):
    return PUBLICATION.model_copy(update={"rounding_base": rounding_base})


@settings(max_examples=20, deadline=None)
@given(grids)
def test_the_same_counts_withhold_the_same_cells_in_whatever_order_tables_come(grid):
    tables = linked_tables(grid)
    once = show_cells(tables, PUBLICATION)
    assert once.equals(show_cells(tables, PUBLICATION))
    assert once.equals(show_cells(list(reversed(tables)), PUBLICATION))


def test_the_log_names_every_withheld_count_with_its_tables_and_what_kind_it_is():
    grid = [[3, 40, 20, 90], [30, 40, 20, 90], [50, 40, 20, 90]]
    counted = show_cells(linked_tables(grid), PUBLICATION)
    log = log_suppression(counted)
    assert log.filter(kind="primary").select("quantity", "tables", "cells").rows() == [("north/linked/stayed", "2", 1)]
    cells = published_cells(counted)
    _, withheld = seen_by_a_reader(cells)
    assert set(log.filter(pl.col("kind").is_in(["primary", "secondary"]))["quantity"]) == withheld
    assert log["cells"].sum() == cells.filter(pl.col("status").is_in(["[c]", "[u]"])).height
    assert log.filter(kind="derived").height > 0 and "value" not in log.columns


def test_a_share_of_a_count_that_stands_in_no_table_is_withheld_when_that_count_is_small():
    table = PublishedTable("identification", {"few": 3, "base": 100})
    table.count(*at("row", "base (count)"), "base")
    table.percent(*at("row", "few (%)"), "few", "base")
    shown = published_cells(show_cells([table], PUBLICATION))["shown"].to_list()
    assert shown == ["100", "[c]"]


def test_a_table_that_gives_a_small_count_away_whatever_is_hidden_is_withheld_whole_and_the_others_stand():
    counts = {"people": 40, "linked": 30, "not linked": 10, "recorded": 37, "missing": 3}
    first, second = PublishedTable("identification", counts), PublishedTable("treatment_outcomes", counts)
    first.count(*at("all", "people (count)"), "people")
    first.count(*at("all", "linked (count)"), "linked")
    first.add_up("people", "linked", "not linked")
    second.percent(*at("all", "recorded (%)"), "recorded", "people")
    second.words(*at("all", "remark"), "[z]")
    second.add_up("people", "recorded", "missing")
    second.known.update({"people", "recorded"})
    counted = show_cells([first, second], PUBLICATION)
    assert published_cells(counted)["shown"].to_list() == ["40", "30", "[c]", "[z]"]
    assert log_suppression(counted).select("quantity", "kind", "cells").rows() == [("table 2", "whole table", 1)]


QUARTERS = ("2019Q1", "2019Q2", "2020Q1")
PARTS = ((True, True, True), (True, True, False), (False, True, True), (False, False, False))
COLUMNS = ("linked_structured", "followed_in_full", "reconvicted")
SIZES = {
    "requirements": pl.len(),
    "linked": pl.col("linked_structured").sum(),
    "followed_in_full": pl.col("followed_in_full").sum(),
    "reconvicted_in_full": (pl.col("followed_in_full") & pl.col("reconvicted")).sum(),
}


def requirements_of(grid: list[list[int]], **where: tuple[str, ...]) -> pl.DataFrame:
    """ATRs of each row of `grid`, in which columns are PARTS; of each row the values of `where`."""
    rows = [
        {
            "requirement_type": "ATR",
            **dict(zip(COLUMNS, part, strict=True)),
            **{name: at[row] for name, at in where.items()},
        }
        for row, numbers_of in enumerate(grid)
        for number, part in zip(numbers_of, PARTS, strict=True)
        for _ in range(number)
    ]
    schema = {"requirement_type": pl.String, **dict.fromkeys(COLUMNS, pl.Boolean), **dict.fromkeys(where, pl.String)}
    frame = pl.DataFrame(rows, schema=schema)
    return frame.with_row_index("person_key").with_columns(sentence_year=2019)


def crossing_counts(frame: pl.DataFrame, grouping: str, **by: str) -> pl.DataFrame:
    """requirement_counts of a frame, with no small group counted together: the worst that could cross."""
    named = {"region": pl.lit(None, pl.String)} | {name: pl.col(column) for name, column in by.items()}
    keys = [pl.col("requirement_type"), *(column.alias(name) for name, column in named.items())]
    return frame.group_by(keys).agg(**SIZES).with_columns(grouping=pl.lit(grouping))


def assert_no_small_count_can_be_narrowed_down(tables: list[PublishedTable]) -> None:
    check_tables_agree(tables)
    shown, withheld = seen_by_a_reader(published_cells(show_cells(tables, PUBLICATION)))
    counts = {name: number for table in tables for name, number in table.counts.items()}
    held = {member for table in tables for total in table.sums for member in (total.total, *total.parts)}
    for name in (name for name in held if 0 < counts[name] < THRESHOLD):
        assert name not in shown
        assert what_is_possible(name, tables, shown, withheld)[-1] >= counts[name] + THRESHOLD


@settings(max_examples=12, deadline=None)
@given(grids_of_somebody)
def test_years_and_quarters_of_sentence_together_give_no_small_count_away(grid):
    frame = requirements_of(grid, quarter=QUARTERS)
    frame = frame.with_columns(sentence_year=pl.col("quarter").str.slice(0, 4).cast(pl.Int32))
    counts = crossing_counts(frame, QUARTER_OF_SENTENCE, level="quarter")
    by_year = linked_and_reconvicted_by_year(frame, 0.95, ("ATR",))
    assert_no_small_count_can_be_narrowed_down([by_year, linked_and_reconvicted_by_quarter(counts, 0.95, ("ATR",))])


@settings(max_examples=12, deadline=None)
@given(grids_of_somebody)
def test_regions_and_local_authorities_together_give_no_small_count_away(grid):
    where = {"region": ("North East", "North East", "North West"), "authority": ("Durham", "Gateshead", "Cumbria")}
    frame = requirements_of(grid, **where)
    counts = crossing_counts(frame, LOCAL_AUTHORITY, region="region", level="authority")
    tables = [linked_by_region(frame, 0.95, ("ATR",)), linked_by_authority(counts, 0.95, ("ATR",))]
    assert_no_small_count_can_be_narrowed_down(tables)
