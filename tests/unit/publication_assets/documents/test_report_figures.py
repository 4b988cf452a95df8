import re

import polars as pl
import pytest

from drawing.svg import to_svg
from drawing.text_room import placed_texts
from publication_assets.steps.documents.clear_differences import clear_differences
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.documents.write_document import write_document
from publication_assets.steps.figures.of_report.outcome_tree import outcome_tree
from publication_assets.steps.report.report_figures import report_figures
from publication_assets.steps.report.report_linkage import linkage_values, region_text
from publication_assets.steps.report.write_report import report_values
from publishing.charts.bar_charts import Bar, labelled_bars, stacked_bars
from publishing.charts.charts import DARK_BLUE, GREY, NARROW, ORANGE
from publishing.documents.document import Box
from tests.seen_cells import SeenCells as ShownCells

TABLE, MEASURE = "linked_by_region", "linked_share/ATR"


@pytest.fixture(scope="module")
def regional(build, link, tabulate, pooled):
    """Cells of a study in three regions that link 75, 50 and 25 of 100."""
    groups = []
    for region, linked in (("North East", 75), ("South West", 50), ("West Midlands", 25)):
        for kind in ("ATR", "DRR"):
            groups += [
                (linked, link("Completed", requirement_type=kind, region=region)),
                (100 - linked, {"requirement_type": kind, "region": region}),
            ]
    return tabulate(build(*groups), pooled.clear())


def _withhold(cells: pl.DataFrame, facts, table: int, *labels: str) -> ShownCells:
    covered = (pl.col("table") == table) & pl.col("row_label").is_in(list(labels))
    return ShownCells(
        cells.with_columns(
            pl.when(covered).then(pl.lit("[c]")).otherwise(name).alias(name) for name in ("shown", "status")
        ),
        facts.wording,
    )


def test_the_sentence_on_regions_names_those_that_differ_clearly_from_england_with_their_limits(regional, facts):
    text = region_text(ShownCells(regional, facts.wording), TABLE, MEASURE, "ATRs were linked")
    assert text == (
        "ATRs were linked more often than in England as a whole (50%) in North East (75%, 66% to 82%); less often in "
        "West Midlands (25%, 18% to 34%)."
    )


def test_regions_within_their_limits_are_not_ranked_in_words_or_in_a_figure(build, link, tabulate, pooled, facts):
    groups = []
    for region, linked in (("North East", 53), ("South West", 50), ("West Midlands", 47)):
        for kind in ("ATR", "DRR"):
            groups += [
                (linked, link("Completed", requirement_type=kind, region=region)),
                (100 - linked, {"requirement_type": kind, "region": region}),
            ]
    shown = ShownCells(tabulate(build(*groups), pooled.clear()), facts.wording)
    text = region_text(shown, TABLE, MEASURE, "ATRs were linked")
    assert text == "No region differs clearly from England as a whole in how often ATRs were linked (50% in England)."
    figure = report_figures(shown, facts)["6 and 7"]
    assert "no clear difference from the share in England (50%)." in figure.alt and "ighest" not in figure.alt
    assert ["North East", "53 (43 to 62)", "53 (43 to 62)"] in figure.rows


def test_a_withheld_region_is_not_compared_and_the_sentence_says_so(regional, facts):
    text = region_text(_withhold(regional, facts, 5, "North East"), TABLE, MEASURE, "ATRs were linked")
    assert text.startswith("Of the regions shown, ATRs were linked less often than in England as a whole (50%) in West")
    assert "North East" not in text


def test_nothing_is_said_where_nothing_can_be_compared(regional, facts):
    hidden = _withhold(regional, facts, 5, *regional.filter(pl.col("table") == 5)["row_label"].unique())
    assert region_text(hidden, TABLE, MEASURE, "ATRs were linked") == ""
    said = str(linkage_values(hidden, report_figures(hidden, facts)))
    assert "more often" not in said and "more common for ATRs" not in said


@pytest.mark.parametrize(
    ("doubts", "boxes"),
    [
        ({"identification": ["a doubt"], "models": ["another"]}, [["a doubt"], ["another"]]),
        ({}, []),
    ],
)
def test_a_headline_has_a_box_on_its_uncertainty_where_something_is_known_of_it(
    regional, consort, facts, doubts, boxes
):
    values = report_values(regional, consort, facts)
    headlines = {name: [] for name in values if name.startswith("uncertainty_of_")}
    assert len(headlines) == 4
    known = {f"uncertainty_of_{headline}": said for headline, said in doubts.items()}
    release = write_document("report", {**values, **headlines, **known}, facts)
    found = [block for block in release.blocks() if isinstance(block, Box) and block.heading == "Uncertainty"]
    assert [box.items for box in found] == boxes


def test_regions_stand_in_the_order_of_the_alphabet_with_england_last(regional, facts):
    figure = report_figures(_withhold(regional, facts, 5, "North East"), facts)["6 and 7"]
    names = [row[0] for row in figure.rows]
    assert names == [*sorted(names[:-1]), "England"]
    assert {row[0]: row[1:] for row in figure.rows}["North East"] == ["[c]", "[c]"]
    assert "75%" not in figure.svg + figure.narrow + figure.alt


def test_the_text_alternative_of_a_region_figure_says_what_is_seen_for_each_type(regional, facts):
    figure = report_figures(ShownCells(regional, facts.wording), facts)["6 and 7"]
    seen = "more often than in England (50%) in North East (75%, 66% to 82%); less often in West Midlands"
    assert f"ATRs: {seen}" in figure.alt and f"DRRs: {seen}" in figure.alt


def test_one_group_alone_is_not_compared(cells, facts):
    shown = ShownCells(cells, facts.wording)
    assert clear_differences(shown, TABLE, ["Greater London"], MEASURE, "all") is None
    assert listed(["one"]) == "one" and listed(["one", "two"]) == "one and two"


def test_a_withheld_part_of_a_stacked_bar_has_no_mark_but_its_shorthand():
    bars = [Bar("row", "first", 40.0, "40%", "first"), Bar("row", "second", None, "[c]", "second")]
    colours = {"first": DARK_BLUE, "second": ORANGE}
    svg = to_svg(stacked_bars(bars, colours, "Percentage"), "figure-x", "words")
    assert "second [c]" in svg and svg.count(ORANGE) == 1  # the legend's
    shown = [bars[0], Bar("row", "second", 60.0, "60%", "second")]
    assert to_svg(stacked_bars(shown, colours, "Percentage"), "figure-x", "words").count(ORANGE) == 2


def test_what_is_withheld_of_a_bar_makes_no_figure_wider_than_a_phone():
    colours = {"Engaged": DARK_BLUE, "No indication": ORANGE, "No keyword note": GREY}
    shown = {"Engaged": (80.0, "80%"), "No indication": (None, "[c]"), "No keyword note": (None, "[c]")}
    bars = [Bar(name, part, *shown[part]) for name in ("ATRs and DRRs", "ATRs") for part in colours]
    svg = to_svg(stacked_bars(bars, colours, "Percentage", narrow=True), "figure-x", "words")
    (width,) = re.findall(r'viewBox="0 0 ([0-9.]+)', svg)
    said = " ".join(text.text for text in placed_texts(svg))
    assert float(width) < 1.15 * NARROW and said.count("No indication [c], No keyword note [c]") == 2


def test_labels_of_bars_side_by_side_name_their_part_so_that_colour_is_not_needed():
    bars = [Bar("row", "ATRs", 40.0, "40%"), Bar("row", "DRRs", None, "[u]")]
    svg = to_svg(labelled_bars(bars, {"ATRs": DARK_BLUE, "DRRs": ORANGE}, "Percentage"), "figure-x", "words")
    assert "ATRs 40%" in svg and "DRRs [u]" in svg


def test_the_outcome_tree_writes_every_outcome_with_its_count_and_shares(cells, facts):
    figure = outcome_tree(ShownCells(cells, facts.wording), "ATR", facts)
    assert figure.number == "2" and len(figure.rows) == 8
    assert "Tree from 240 ATRs to their outcomes. Linked to structured treatment: 120 (50%)" in figure.alt
    assert all(row[2] in figure.svg and row[2] in figure.narrow for row in figure.rows)


def test_the_outcome_tree_of_withheld_counts_shows_their_shorthand(cells, facts):
    figure = outcome_tree(_withhold(cells, facts, 2, "Died"), "ATR", facts)
    assert ["Linked to structured treatment", "Died", "[c]", "[c]", "[c]"] in figure.rows
    assert "[c] of all, [c] of linked" in figure.svg


def test_types_of_requirement_are_compared_by_region_where_their_limits_do_not_overlap(regional, facts):
    known = ["north_east", "south_west", "west_midlands", "all"]
    cells = regional.filter((pl.col("table_key") != TABLE) | pl.col("row_key").is_in(known))
    alike = linkage_values(ShownCells(cells, facts.wording), report_figures(ShownCells(regional, facts.wording), facts))
    assert alike["linkage_by_region"] == "In no region does linkage differ clearly between ATRs and DRRs."
