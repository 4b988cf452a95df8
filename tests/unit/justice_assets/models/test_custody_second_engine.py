"""The fit of custody is that of lme4 and of another engine, and finds how courts differ in synthetic records."""

from math import exp, log, sqrt
from pathlib import Path
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest

from justice_assets.steps.models.fit_custody import COURT, SPREAD, TERMS, fit_custody
from justice_assets.steps.views.custody import view_custody
from mixed_models.fit_mixed_logistic import fit_mixed_logistic
from modelling_assets.steps.models.check_fit import check_fit
from resources.settings.study_settings import load_study_settings
from resources.zone.partitions import quarter_end
from synthetic_extracts.draws import day_number
from synthetic_extracts.justice.careers import draw_cases
from synthetic_extracts.justice.court_tables import crown_table, magistrates_table, true_courts
from synthetic_extracts.justice.people import draw_people
from synthetic_extracts.justice.rates import rates

GOLDEN = Path(__file__).resolve().parents[4] / "reference" / "golden"
SETTINGS = load_study_settings().justice_views
FACTORS = ("sex", "age_band", "ethnicity", "accommodation", "rsr", "ogrs")  # of the golden fits, for TERMS in turn
MEDIAN = sqrt(2) * NormalDist().inv_cdf(0.75)  # log of the median odds ratio, for an sd of 1
SEED, PEOPLE = 5, 60_000


def golden_view() -> pl.DataFrame:
    """The golden records as a view of custody: its six factors for the six terms, its regions for courts."""
    data = pl.read_csv(GOLDEN / "imputed.csv", infer_schema=False).filter(pl.col(".imp") == "1")
    terms = {term: pl.col(factor) for term, factor in zip(TERMS, FACTORS, strict=True)}
    custody = pl.when(pl.col("engaged") == "1").then(pl.lit("Yes")).otherwise(pl.lit("No"))
    rows = data.select(**terms, **{COURT: pl.col("region")}, custody=custody)
    return rows.group_by(pl.all()).len("records").with_columns(pl.col("records").cast(pl.Int64)).sort(pl.all())


def test_estimates_and_the_spread_of_courts_equal_lme4():
    found = fit_custody(golden_view(), SETTINGS)
    in_r = pl.read_csv(GOLDEN / "per_imputation.csv", infer_schema_length=None).filter(model="glmer", imp=1)
    log_odds = dict(in_r.select("term", "est").iter_rows())
    compared = 0
    for term, factor in zip(TERMS, FACTORS, strict=True):
        rows = found.filter(term=term)
        reference = rows.filter(status="reference")["level"].item()
        for row in rows.filter(status="estimated").to_dicts():
            expected = log_odds.get(factor + row["level"], 0.0) - log_odds.get(factor + reference, 0.0)
            assert log(row["odds_ratio"]) == pytest.approx(expected, abs=2e-5)
            compared += 1
    assert compared == in_r.height - 1
    between = found.filter(term=SPREAD).row(0, named=True)
    assert log(between["odds_ratio"]) / MEDIAN == pytest.approx(in_r["theta"][0], abs=2e-5)


@pytest.fixture(scope="module")
def view() -> pl.DataFrame:
    """The view of custody of synthetic court records, each of whose people is known."""
    people, last = draw_people(SEED, 0, PEOPLE), day_number(quarter_end("2023Q1"))
    cases = draw_cases(SEED, people)
    tables = {"crown": crown_table, "magistrates": magistrates_table}
    drawn = {court: table(SEED, people, cases, last) for court, table in tables.items()}
    links = [
        pl.DataFrame(
            {
                "source": [court] * len(rows),
                "record_key": table["defendant_on_case_id"],
                "person_medium": people.ids[cases.person[rows]].astype(str),
            }
        )
        for court, (table, rows) in drawn.items()
    ]
    return view_custody(drawn["crown"][0].lazy(), drawn["magistrates"][0].lazy(), pl.concat(links).lazy(), SETTINGS)


def test_the_spread_of_courts_that_synthetic_records_were_drawn_with_is_found(view):
    between = fit_custody(view, SETTINGS).filter(term=SPREAD).row(0, named=True)
    drawn = rates()["careers"]["between_courts"]
    assert true_courts(SEED)["custody_log_odds"].std() == pytest.approx(drawn, rel=0.1)
    assert between["lower"] < exp(MEDIAN * drawn) < between["upper"]
    assert between["lower"] > exp(MEDIAN * drawn / 2)


def test_a_second_engine_gives_the_same_fit_of_the_records_one_by_one(view):
    levels = {
        term: view.group_by(term).agg(pl.col("records").sum()).sort("records", term, descending=True)[term][:3]
        for term in ("sex_and_ethnic_group", "age_band", "court")
    }
    some = view.filter(*(pl.col(term).is_in(kept.implode()) for term, kept in levels.items()))
    alike = some.with_columns(pl.lit("All").alias(term) for term in TERMS if term not in levels)
    one_by_one = some.select(pl.exclude("records").repeat_by("records")).explode(pl.all())
    compared = [(term, level) for term, kept in levels.items() for level in kept[1:]]
    design = np.column_stack(
        [np.ones(one_by_one.height), *((one_by_one[term] == level).to_numpy() for term, level in compared)]
    ).astype(float)
    courts, custody = one_by_one[COURT].to_list(), (one_by_one["custody"] == "Yes").to_numpy()
    fit = fit_mixed_logistic(design, custody, courts)
    check = check_fit(fit, design, custody, courts)
    assert check.agrees and check.reason is None
    found = fit_custody(alike, SETTINGS)
    for (term, level), estimate, error in zip(compared, check.estimate[1:], fit.std_error[1:], strict=True):
        assert log(found.filter(term=term, level=level)["odds_ratio"].item()) == pytest.approx(estimate, abs=error / 20)
    between = found.filter(term=SPREAD)["odds_ratio"].item()
    assert log(between) / MEDIAN == pytest.approx(check.random_intercept_sd, abs=fit.sd_error / 20)
    assert log(between) / MEDIAN > 0.1
