"""The page on the quality of the links tells rounded counts, and no share of few."""

import polars as pl

from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.quality_page.drift_shown import drift_grid
from justice_assets.steps.quality_page.hold_out_shown import hold_out_grid
from justice_assets.steps.quality_page.shown_shares import share
from justice_assets.steps.quality_page.write_quality_page import impossible_grid, quality_page_html
from resources.drift.judge_drift import drift_frame
from resources.settings.study_settings import load_study_settings

SETTINGS = load_study_settings()
HOLD_OUT = pl.DataFrame(
    [
        ("pnc", "sex", "F", 203, 101, 0.5, 102, 0.99),
        ("pnc", "sex", "M", 12, 11, 0.9, 11, 1.0),
        ("cro", "ethnicity", "O", 0, 0, None, 0, None),
    ],
    schema=["number", "kind", "group", "true_pairs", "found_pairs", "recall", "linked_pairs", "precision"],
    orient="row",
)
IMPOSSIBLE = pl.DataFrame(
    [("medium", "people in two prisons one night", "false links", 3, 1001)],
    schema=["threshold", "measure", "bounds", "found", "of"],
    orient="row",
)
SIZES = pl.DataFrame(
    [("high", 1, 101, 101, 0, 0), ("high", 2, 52, 111, 7, 0)],
    schema=["threshold", "size_from", "clusters", "records", "held_by_one_pair", "too_large"],
    orient="row",
)
ANONYMITY = pl.DataFrame(
    [("order_view", 5, 8, 61, 44, 1003, 58, 1)],
    schema=[
        *("view", "k", "columns", "combinations", "combinations_under_k", "records", "records_under_k", "smallest"),
    ],
    orient="row",
)
DRIFT = drift_frame(
    [
        ("files", "rows of crown_defendant_case", "rows", 1003.0, 1003, None, 1203.0, 1143.1, 1503.7, False, "2022Q4"),
        ("crown", "completeness of pnc, crown", "share", 0.51345, 1003, 0.6, 0.5, 0.45, 0.55, True, "2022Q4"),
        ("crown", "completeness of crn, crown", "share", 0.5, 12, None, 0.4, 0.2, 0.8, True, "2022Q4"),
        ("linkage", "records per person", "ratio", 2.34567, 500, None, None, None, None, True, "2022Q4"),
        ("linkage", "stability index", "ratio", 4e-06, 500, 0.0, 12345.6, None, None, True, "2022Q4"),
        ("prison", "prison_person rows per person", "ratio", 20.04, 500, 1e-09, 0.25, None, None, True, "2022Q4"),
    ]
)
TABLES = {
    "hold_out": HOLD_OUT,
    "impossible_people": IMPOSSIBLE,
    "cluster_sizes": SIZES,
    "view_anonymity": ANONYMITY,
    "justice_source_drift": DRIFT,
    "justice_linkage_drift": DRIFT,
}


def test_drift_is_shown_in_rounded_counts_and_withheld_of_few():
    assert drift_grid(DRIFT, "Extracts", "", 5, 30).rows == [
        ["Rows of crown_defendant_case", "1,005", "[x]", "1,205", "from 1,145 to 1,505", "no"],
        ["Completeness of pnc, crown", "51.2 %", "59.7 %", "49.8 %", "from 45 to 55 %", "yes"],
        ["Completeness of crn, crown", "[u]", "[x]", "[u]", "[u]", "yes"],
        ["Records per person", "2.35", "[x]", "[x]", "no earlier quarter to compare with", "yes"],
        ["Stability index", "0.000004", "0", "12,346", "no earlier quarter to compare with", "yes"],
        ["prison_person rows per person", "20", "0", "0.25", "no earlier quarter to compare with", "yes"],
    ]


def test_counts_are_rounded_and_shares_of_few_are_withheld():
    grid = hold_out_grid(HOLD_OUT, "pnc", "", 5, 30)
    assert grid.rows == [["Sex: Male", "10", "[u]", "[u]"], ["Sex: Female", "205", "48.8", "100.0"]]
    assert hold_out_grid(HOLD_OUT, "cro", "", 5, 30).rows == []
    assert share(0, 2, 5, 30) == "[x]"


def test_the_page_holds_no_exact_count():
    facts = PanelFacts("2023Q1", synthetic=True)
    page = quality_page_html(TABLES, facts, SETTINGS.justice, SETTINGS.publication)
    exact = [f">{number:,}<" for number in (203, 101, 1001, 111, 52, 61, 44, 1003, 58)]
    assert [number for number in exact if number in page] == []
    assert ">1,000<" in page and "Middle threshold" not in page


def test_groups_stand_in_their_order_and_are_called_as_people_call_them():
    groups = [("age", "50 and over"), ("age", "Under 18"), ("pair of sources", "crown and magistrates")]
    counted = [("pnc", kind, group, 400, 399, 400) for kind, group in groups]
    columns = ["number", "kind", "group", "true_pairs", "found_pairs", "linked_pairs"]
    grid = hold_out_grid(pl.DataFrame(counted, schema=columns, orient="row"), "pnc", "", 5, 30)
    named = ["Sources: Crown Court and magistrates' courts", "Age: Under 18", "Age: 50 and over"]
    assert [row[0] for row in grid.rows] == named


def test_what_cannot_be_names_numbers_in_words():
    columns = ["threshold", "measure", "bounds", "found", "of"]
    row = ("high", "people with two valid numbers: cro", "false links", 0, 400)
    grid = impossible_grid(pl.DataFrame([row], schema=columns, orient="row"), "", 5, 30)
    assert grid.rows[0][0] == "People with two valid criminal record numbers, strictest threshold"
