"""Sentences of the panel's report say what the published cells say, and no more."""

import polars as pl
import pytest

from justice_assets.steps.panel_report.findings import (
    compared_with,
    custody_findings,
    largest_gap,
    matched_finding,
    population_grid,
)
from justice_assets.steps.panel_report.shown_views import ShownViews
from publishing.tables.declared import as_key


def shown(*cells: tuple[str, str, str, str]) -> ShownViews:
    """Cells of table, row, column and what is shown, as published."""
    rows = [
        {
            "table_key": table,
            "row_key": as_key(row),
            "measure_key": as_key(measure),
            "row_group": "",
            "row_label": row.partition("/")[2],
            "shown": text,
            "value": None if text.startswith("[") else float(text.replace(",", "")),
            "status": text if text.startswith("[") else "shown",
        }
        for table, row, measure, text in cells
    ]
    return ShownViews(pl.DataFrame(rows, schema_overrides={"value": pl.Float64}), "", {})


def odds(group: str, value: str, low: str, high: str) -> list[tuple[str, str, str, str]]:
    row = f"sex_and_ethnic_group/{group}"
    measures = ("odds_ratio", "odds_ratio_lower", "odds_ratio_upper")
    return [("custody_model", row, measure, text) for measure, text in zip(measures, (value, low, high), strict=True)]


def test_groups_are_told_apart_by_whether_their_limits_hold_one():
    views = shown(
        *odds("men", "1.00", "[z]", "[z]"),
        *odds("women", "0.58", "0.50", "0.67"),
        *odds("others", "1.40", "1.10", "1.80"),
        *odds("few", "[u]", "[u]", "[u]"),
        *odds("near", "1.08", "0.93", "1.27"),
    )
    lower, higher, neither = custody_findings(views).items
    assert lower == "Lower odds: women (0.58, from 0.50 to 0.67)."
    assert higher == "Higher odds: others (1.40, from 1.10 to 1.80)."
    assert neither == "No clear difference: near (1.08, from 0.93 to 1.27)."
    assert compared_with(views) == "men"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("0.69", "0.96", "less often"),
        ("1.10", "1.60", "more often"),
        ("0.69", "1.04", "no clear"),
        ("[c]", "[c]", "few"),
    ],
)
def test_the_finding_of_matched_people_follows_the_limits(low, high, said):
    cells = [("matched", "beside", f"odds_ratio_{end}", text) for end, text in (("lower", low), ("upper", high))]
    assert said in matched_finding(shown(*cells))


def test_the_largest_gap_is_named_and_what_is_withheld_is_left_out():
    cells = [
        ("balance", "sex/Male", "all/community_order", "60"),
        ("balance", "sex/Male", "all/custody_under_12_months", "65"),
        ("balance", "age_band/Old", "all/community_order", "[c]"),
        ("balance", "age_band/Old", "all/custody_under_12_months", "20"),
    ]
    assert largest_gap(shown(*cells), "all") == "5 points (Male)"
    assert largest_gap(shown(*cells), "matched") == "[x]"


def test_people_before_courts_are_beside_the_population_by_group_unless_a_group_is_withheld():
    groups = {"White": "800", "Asian": "100", "Black": "60", "Mixed": "30", "Other": "10", "Not recorded": "1,000"}

    def cells(**changed: str) -> ShownViews:
        return shown(
            *(("people_reached", f"ethnic_group/{group}", "all", text) for group, text in (groups | changed).items())
        )

    assert population_grid(cells(), "").rows[2] == ["Black", "6.0", "4.0"]
    assert {row[1] for row in population_grid(cells(Other="[c]"), "").rows} == {"[c]"}


def test_the_lowest_and_highest_share_leave_out_what_is_withheld_or_not_recorded():
    shares = {"Wales": "70", "London": "75", "North": "[c]", "Not recorded": "10"}
    views = shown(*(("orders_ended", f"region/{region}", "share/completed", text) for region, text in shares.items()))
    assert views.range("orders_ended", "region", "Completed") == "from 70% (Wales) to 75% (London)"
    assert (
        shown(("orders_ended", "region/Wales", "share/completed", "70")).range("orders_ended", "region", "Completed")
        == "70% in each"
    )
    assert views.range("orders_ended", "sex", "Completed") == "[x]"
