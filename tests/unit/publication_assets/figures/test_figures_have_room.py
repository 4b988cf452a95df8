"""Text of a figure stays within the figure, within its box and off other text, in the widest of the usual fonts."""

import re
from itertools import combinations

import polars as pl
import pytest

from drawing.text_room import placed_texts, text_width, with_room
from publication_assets.steps.figures.interval_chart import Interval, interval_panels, interval_plot
from publication_assets.steps.figures.of_quality.linkage_quality_charts import (
    court_chart,
    group_chart,
    threshold_chart,
    weight_chart,
)
from publication_assets.steps.figures.of_report.consort_diagram import consort_diagram
from publication_assets.steps.figures.of_report.tree_drawing import Node, narrow_tree, wide_tree
from publication_assets.steps.report.report_figures import report_figures
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import DARK_BLUE, ORANGE, Figure, wide_and_narrow
from publishing.charts.forest_plot import forest_plot

BOX = re.compile(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"')
VIEW = re.compile(r'viewBox="(-?[\d.]+) 0 ([\d.]+) ([\d.]+)"')
LONG = "Not in treatment: reconvicted, missed and wrong links"
LETTERS_HIGH = 11  # pixels between two lines that touch
COLOURS: dict[str, str] = {"ATRs": DARK_BLUE, "DRRs": ORANGE}


def faults_of(svg: str) -> list[str]:
    """Texts of a drawing that are cut, run out of their box or lie on another."""
    texts, view = placed_texts(svg), VIEW.search(svg)
    assert view and texts
    left, wide, _ = map(float, view.groups())
    found = [f"cut: {text.text}" for text in texts if text.left < left - 1 or text.right > left + wide + 1]
    for x, y, width, height in (map(float, box) for box in BOX.findall(svg)):
        within = [text for text in texts if x <= text.left < x + width and y < text.y < y + height]
        found += [f"out of its box: {text.text}" for text in within if text.right > x + width]
    found += [
        f"over each other: {one.text}, {other.text}"
        for one, other in combinations(texts, 2)
        if abs(one.y - other.y) < LETTERS_HIGH and one.left < other.right - 1 and other.left < one.right - 1
    ]
    return found


@pytest.fixture(scope="module")
def figures(cells, consort, facts) -> list[Figure]:
    return [*report_figures(ShownCells(cells), facts).values(), consort_diagram(consort, facts)]


def test_no_text_of_a_figure_of_the_release_is_cut_or_lies_over_another(figures):
    drawings = {f"{figure.name} {width}": svg for figure in figures for width, svg in _drawings(figure).items()}
    assert len(drawings) > 30
    assert {name: found for name, svg in drawings.items() if (found := faults_of(svg))} == {}


def test_the_charts_of_the_linkage_have_room_for_their_words(linkage_tables, quality_of):
    level = ("model", "Place", "Both of no fixed abode and no other place", "Weight (bits)", "bits", -3.8)
    tables = QualityTables(pl.concat([linkage_tables, quality_of([level]).with_columns(order=pl.lit(999, pl.Int32))]))
    charts = [weight_chart(tables), threshold_chart(tables), group_chart(tables, ["Sex"]), court_chart(tables)]
    assert [faults_of(svg) for pair in charts for svg in pair] == [[]] * 8


def _drawings(figure: Figure) -> dict[str, str]:
    return {"wide": figure.svg, "narrow": figure.narrow}


def test_long_names_and_large_numbers_stay_within_their_boxes(facts):
    leaf = Node("1,234,567", "Remained in structured treatment at the end of the time observed", "59% of not linked")
    side = Node("1,234,567", "Not linked to structured treatment", "54% of all ATRs and DRRs", (leaf, leaf))
    root = Node("12,345,678", "All ATRs and DRRs", "", (side, side))
    assert faults_of(wide_tree(root, "")) == faults_of(narrow_tree(root, "")) == []
    steps = [
        (1, "people", "no requirement left after: order also has a mental health treatment requirement", 4_000_000),
        (2, "requirements", "without enough identifiers", 4_000_000),
    ]
    rows = [(*step, 1_000_000, 3_000_000) for step in steps]
    counts = pl.DataFrame(rows, schema=["order", "stream", "step", "before", "removed", "after"], orient="row")
    drawn = consort_diagram(counts, facts)
    assert faults_of(drawn.svg) == faults_of(drawn.narrow) == []


@pytest.mark.parametrize("kind", ["plot", "panels", "levels"])
def test_long_names_of_rows_are_whole_and_off_the_numbers(kind):
    shares = [Interval(LONG, part, 49.0, 45.0, 56.0, "49 (45 to 56)") for part in COLOURS]
    shares += [Interval("Short", part, 9.0, 5.0, 16.0, "9 (5 to 16)") for part in COLOURS]
    level = {"odds_ratio": 0.84, "low": 0.74, "high": 0.97, "text": "0.84 (0.74 to 0.97)", "reference": False}
    levels = [{"factor": "Structured treatment at end of observation", "level": LONG, **level}]
    title = f"Percentage of {LONG.lower()}, with limits"

    def chart(narrow: bool):
        if kind == "levels":
            return forest_plot(levels, "95%", narrow)
        if kind == "plot":
            return interval_plot(shares, COLOURS, title, 100, narrow=narrow)
        return interval_panels({"One": shares, "Other": shares}, COLOURS, "Percentage, with limits", 100, narrow)

    for svg in wide_and_narrow(chart, kind, "alternative"):
        assert faults_of(svg) == []
        said = " ".join(text.text for text in placed_texts(svg))
        assert "…" not in said and set(LONG.split()) <= set(said.split())


def test_a_drawing_gets_room_at_its_sides_for_what_may_be_wider_than_it_was_measured():
    text = '<g transform="translate(10,20)"><text text-anchor="end">A name that is long</text></g>'
    made = with_room(f'<svg width="50" height="40" viewBox="0 0 50 40">{text}</svg>')
    view = VIEW.search(made)
    assert view and float(view[1]) == pytest.approx(10 - text_width("A name that is long", 15))
    assert faults_of(made) == []
