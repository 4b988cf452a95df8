"""People are compared with people who are alike, and the tables say how alike they are."""

import numpy as np
import polars as pl
import pytest

from justice_assets.schemas.views import ComparedView
from justice_assets.steps.models.match_sentences import (
    ARMS,
    MATCHED_BY,
    matched_people,
    odds_of_all,
    odds_of_matched,
)
from justice_assets.steps.view_tables.compare_matched import add_matched, count_balance
from justice_assets.steps.view_tables.count_view_tables import VIEW_TABLES, count_view_table
from resources.zone.schema_check import check_frame

ORDER, CUSTODY = ARMS


def people(age: str, given: str, again: int, not_again: int, region: str = "Wales") -> list[dict]:
    same = dict.fromkeys((*MATCHED_BY, "ethnic_group", "region"), "A") | {
        "age_band": age,
        "region": region,
        "given": given,
    }
    return [same | {"reconvicted": part, "records": n} for part, n in (("Yes", again), ("No", not_again)) if n]


# Custody is given to the young, who are convicted again more often whatever they are given. Nobody like the old is
# given custody.
VIEW = pl.DataFrame(
    [
        *people("18 to 29", ORDER, 50, 50),
        *people("18 to 29", CUSTODY, 100, 100),
        *people("30 to 39", ORDER, 20, 180),
        *people("30 to 39", CUSTODY, 5, 45),
        *people("50 and over", ORDER, 0, 60),
    ]
).select(*ComparedView.to_schema().columns)


def test_matching_takes_away_what_goes_with_what_people_are_matched_by():
    check_frame(VIEW, ComparedView, "compared_view")
    apart, alike = odds_of_all(VIEW, 0.95), odds_of_matched(matched_people(VIEW), 0.95)
    assert apart.lower > 1.5
    assert alike.value == pytest.approx(1.0)
    assert alike.lower < 1 < alike.upper


def test_who_has_nobody_alike_is_left_out_and_orders_are_weighted_to_custody():
    matched = matched_people(VIEW)
    assert "50 and over" not in matched["age_band"].to_list()
    weighed = matched.group_by("given", "age_band").agg((pl.col("records") * pl.col("weight")).sum().alias("n"))
    of = {(given, age): n for given, age, n in weighed.iter_rows()}
    assert of[ORDER, "18 to 29"] == of[CUSTODY, "18 to 29"] == 200
    assert of[ORDER, "30 to 39"] == of[CUSTODY, "30 to 39"] == 50


def test_the_pooled_odds_ratio_is_that_of_mantel_and_haenszel():
    view = pl.DataFrame([*people("a", ORDER, 10, 30), *people("a", CUSTODY, 8, 12), *people("b", ORDER, 5, 5)])
    view = pl.concat([view, pl.DataFrame(people("b", CUSTODY, 9, 3))])
    strata = [np.array([[8, 12], [10, 30]]), np.array([[9, 3], [5, 5]])]
    expected = sum(t[0, 0] * t[1, 1] / t.sum() for t in strata) / sum(t[0, 1] * t[1, 0] / t.sum() for t in strata)
    assert odds_of_matched(matched_people(view), 0.95).value == pytest.approx(expected)


def test_without_anybody_alike_or_without_a_conviction_there_is_no_odds_ratio():
    assert odds_of_matched(matched_people(VIEW.filter(pl.col("given") == ORDER)), 0.95).value is None
    assert odds_of_matched(matched_people(VIEW.filter(pl.col("reconvicted") == "No")), 0.95).value is None
    assert odds_of_all(VIEW.clear(), 0.95).value is None


def test_tables_show_shares_of_matched_people_and_what_adds_up_adds_up():
    table = count_view_table(VIEW_TABLES["matched"], VIEW)
    add_matched(table, VIEW, 0.95)
    cells = {(cell.row.key, cell.measure.key): cell.value for cell in table.cells}
    assert cells["given/community_order", "matched"] == 300
    assert cells["given/community_order", "share/yes"] == pytest.approx(100 * 70 / 360)
    both = [cells[f"given/{arm}", "matched_share"] for arm in ("community_order", "custody_under_12_months")]
    assert both == pytest.approx([42.0, 42.0])
    balance = count_balance(VIEW)
    for counted in (table, balance):
        for total in counted.sums:
            assert counted.counts[total.total] == sum(counted.counts[part] for part in total.parts)


def test_what_people_are_matched_on_is_alike_and_goes_with_the_counts_of_both_sides():
    cells = {(cell.row.key, cell.measure.key): cell for cell in count_balance(VIEW).cells}
    young = [cells["age_band/18_to_29", f"matched/{arm}"] for arm in ("community_order", "custody_under_12_months")]
    assert young[0].value == pytest.approx(80) and young[1].value == pytest.approx(80)
    assert len(young[0].depends_on) == 3
    assert cells["age_band/18_to_29", "all/community_order"].value == pytest.approx(100 * 100 / 360)
    assert len(cells["region/wales", "matched/community_order"].depends_on) == 2
