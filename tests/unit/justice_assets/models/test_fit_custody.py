"""The mixed model of custody finds what the records were drawn with, and says what it cannot estimate."""

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from justice_assets.schemas.estimates import CustodyEstimates
from justice_assets.schemas.views import CustodyView
from justice_assets.steps.models.fit_custody import COURT, SPREAD, TERMS, fit_custody
from justice_assets.steps.view_tables.add_odds_ratios import TABLE, add_odds_ratios
from justice_assets.steps.view_tables.count_view_tables import VIEW_TABLES, count_view_table
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

SETTINGS = load_study_settings().justice_views
WOMEN, SPREAD_OF_COURTS = -0.8, 0.5


def drawn(defendants: int = 40_000) -> pl.DataFrame:
    """A view of defendants whose odds of custody are lower for women and differ between 60 courts. SYNTHETIC."""
    rng = np.random.default_rng(3)
    women, court = rng.random(defendants) < 0.3, rng.integers(0, 60, defendants)
    age = rng.integers(0, 3, defendants)
    eta = -1.5 + WOMEN * women + 0.2 * age + SPREAD_OF_COURTS * rng.normal(size=60)[court]
    rows = pl.DataFrame(
        {
            "years": "2013 to 2016",
            "court": np.where(court < 10, "Crown Court", "Magistrates' court"),
            "court_sentencing": [f"M{number:02}" for number in court],
            "sex_and_ethnic_group": np.where(women, "Female, White", "Male, White"),
            "age_band": np.array(["18 to 29", "30 to 39", "40 to 49"])[age],
            "offence_group": "Theft offences",
            "earlier": "None",
            "custody": np.where(rng.random(defendants) < expit(eta), "Yes", "No"),
        }
    )
    return rows.group_by(pl.all()).len("records").with_columns(pl.col("records").cast(pl.Int64)).sort(pl.all())


VIEW = drawn()
FOUND = fit_custody(VIEW, SETTINGS)


def row(term: str, level: str, estimates: pl.DataFrame = FOUND) -> dict:
    return estimates.filter(term=term, level=level).row(0, named=True)


def test_estimates_hold_what_the_records_were_drawn_with():
    check_frame(VIEW, CustodyView, "custody_view")
    check_frame(FOUND, CustodyEstimates, "custody_estimates")
    women = row("sex_and_ethnic_group", "Female, White")
    assert women["lower"] < np.exp(WOMEN) < women["upper"] < 1
    assert women["upper"] / women["lower"] < 1.2
    between = row(SPREAD, SPREAD)
    assert between["lower"] < np.exp(np.sqrt(2) * 0.6744898 * SPREAD_OF_COURTS) < between["upper"]
    assert between["lower"] > 1.2


def test_the_level_of_most_defendants_is_what_others_are_compared_with():
    assert row("sex_and_ethnic_group", "Male, White")["status"] == "reference"
    assert FOUND.filter(status="reference").height == len(TERMS)


def test_an_estimate_is_that_of_defendants_one_by_one_in_another_order():
    shuffled = VIEW.sample(fraction=1, shuffle=True, seed=1)
    assert fit_custody(shuffled, SETTINGS).equals(FOUND)


def test_a_level_with_few_with_custody_or_without_leaves_the_model_with_its_defendants():
    rare = VIEW.head(1).with_columns(age_band=pl.lit("50 and over"), records=pl.lit(SETTINGS.fewest_of_level - 1))
    all_in_custody = VIEW.head(1).with_columns(age_band=pl.lit("Under 18"), custody=pl.lit("Yes"), records=pl.lit(500))
    with_rare = fit_custody(pl.concat([VIEW, rare, all_in_custody], how="vertical_relaxed"), SETTINGS)
    assert {row("age_band", level, with_rare)["status"] for level in ("50 and over", "Under 18")} == {"few"}
    assert row("age_band", "30 to 39", with_rare) == row("age_band", "30 to 39")


def test_a_level_that_cannot_be_told_from_another_has_no_estimate():
    same = VIEW.with_columns(earlier=pl.when(pl.col("age_band") == "30 to 39").then(pl.lit("One")).otherwise("earlier"))
    found = fit_custody(same, SETTINGS)
    assert row("earlier", "One", found)["status"] == "not estimated"
    assert row("age_band", "30 to 39", found)["odds_ratio"] == pytest.approx(row("age_band", "30 to 39")["odds_ratio"])


@pytest.mark.parametrize("view", [VIEW.clear(), VIEW.with_columns(court_sentencing=pl.lit("M01"))])
def test_without_records_or_with_one_court_nothing_is_estimated(view):
    found = fit_custody(view, SETTINGS)
    assert "estimated" not in found["status"].to_list()
    assert row(SPREAD, SPREAD, found)["odds_ratio"] is None


def test_an_odds_ratio_goes_with_the_counts_of_its_level_and_of_the_one_it_is_compared_with():
    table = count_view_table(VIEW_TABLES[TABLE], VIEW)
    add_odds_ratios(table, FOUND)
    cells = {(cell.row.key, cell.measure.key): cell for cell in table.cells}
    women = cells["sex_and_ethnic_group/female_white", "odds_ratio_lower"]
    assert len(women.depends_on) == 6
    assert {name for name in women.depends_on if name.endswith("Male, White")}
    assert {*women.depends_on} <= {*table.counts}
    assert cells["sex_and_ethnic_group/male_white", "odds_ratio"].value == 1
    assert cells["sex_and_ethnic_group/male_white", "odds_ratio_lower"].text == "[z]"
    assert COURT not in {key.partition("/")[0] for key, _ in cells}
