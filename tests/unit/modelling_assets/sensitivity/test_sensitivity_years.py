"""The trend by year of sentence, beside other factors, in tables and in words."""

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from modelling_assets.steps.imputation.impute_frames import impute_frames
from modelling_assets.steps.models.fit_models import fit_models
from modelling_assets.steps.models.pool_estimates import pool_estimates
from modelling_assets.steps.sensitivity.sensitivity_models import estimate_alternatives
from modelling_assets.steps.sensitivity.sensitivity_years import YEAR, YEAR_ADDED
from publication_assets.catalogue.measures_of_models import alternative_measures as odds_ratio_measures
from publication_assets.catalogue.measures_of_requirements import (
    FOLLOWED_RECONVICTED_SHARE,
    LINKED_SHARE,
    RECONVICTED_SHARE,
)
from publication_assets.steps.report.assumptions.trend_text import trend_text
from publication_assets.steps.tables.check_tables_agree import check_tables_agree
from publication_assets.steps.tables.contents.tables_years import linked_and_reconvicted_by_year, year_label
from publication_assets.steps.tables.estimates.tables_sensitivity_models import alternative_odds_ratios
from publishing.disclosure.show_cells import published_cells, show_cells
from publishing.tables.declared import limits_of
from resources.settings.study_settings import load_study_settings
from tests.seen_cells import SeenCells as ShownCells
from tests.unit.modelling_assets.random_requirements import requirements

STUDY = load_study_settings()
TREND = -0.2  # log odds per year
YEARS = [2019, 2020, 2021, 2022]
RECONVICTED_OF_FOLLOWED = FOLLOWED_RECONVICTED_SHARE.of_type("ATR")


def falling(n: int = 4000) -> pl.DataFrame:
    """Later sentences are linked less often; later years have more women, who are linked more often."""
    random = np.random.default_rng(8)
    year = random.choice(YEARS, n)
    women = random.random(n) < 0.2 + 0.1 * (year - 2019)
    linked = random.random(n) < expit(0.3 + TREND * (year - 2019) + 0.8 * women)
    return requirements(
        n,
        sentence_year=year.tolist(),
        sex=np.where(women, "Female", "Male").tolist(),
        linked_structured=linked.tolist(),
        reconvicted=[False, True] * (n // 2),
        convicted_again=[False] * n,
        followed_in_full=[each < 2022 for each in year],
        person_key=[f"p{number}" for number in range(n)],
        linked_up_to_threshold=[0.999 if hit else None for hit in linked],
    )


@pytest.fixture(scope="module")
def settings():
    model = STUDY.modelling.models["linked_atr"].model_copy(update={"factors": ["sex"]})
    imputation = STUDY.modelling.imputation.model_copy(update={"imputations": 2, "iterations": 1})
    sensitivity = STUDY.modelling.sensitivity.model_copy(update={"imputations": 2, "link_thresholds": [0.5, 0.999]})
    modelling = STUDY.modelling.model_copy(
        update={"models": {"linked_atr": model}, "imputation": imputation, "sensitivity": sensitivity}
    )
    return STUDY.model_copy(update={"modelling": modelling})


@pytest.fixture(scope="module")
def cells(settings):
    frame = falling()
    imputed = impute_frames(frame, settings.modelling)
    pooled = pool_estimates(fit_models(imputed, settings.modelling), settings.modelling)
    alternatives = estimate_alternatives(frame, imputed, settings.modelling)
    tables = [
        linked_and_reconvicted_by_year(frame, 0.95),
        alternative_odds_ratios(frame, pooled, alternatives, settings),
    ]
    check_tables_agree(tables)
    return ShownCells(published_cells(show_cells(tables, settings.publication)))


def test_the_trend_is_that_of_years_with_other_factors_held_equal(cells):
    label, group = f"Year of sentence: {YEAR[1]}", "Linkage to structured treatment, ATRs"
    odds_ratio, low, high = (cells.value(27, label, measure, group) for measure in odds_ratio_measures(YEAR_ADDED))
    assert low < np.exp(TREND) < high and odds_ratio == pytest.approx(np.exp(TREND), abs=0.05)
    # The crude trend is weaker, as later years have more women.
    shares = [cells.value(32, year_label(year), LINKED_SHARE.of_type("ATR")) for year in YEARS]
    crude = np.log(shares[-1] / (100 - shares[-1])) - np.log(shares[0] / (100 - shares[0]))
    assert crude / 3 > np.log(odds_ratio)


def test_each_year_has_those_reconvicted_of_the_followed(cells):
    row = year_label(2020)
    shares = [cells.value(32, row, each) for each in (RECONVICTED_OF_FOLLOWED, *limits_of(RECONVICTED_OF_FOLLOWED))]
    assert shares[0] == cells.value(32, row, RECONVICTED_SHARE.of_type("ATR"))
    assert shares[1] < shares[0] < shares[2]
    assert cells.text(32, year_label(2022), RECONVICTED_OF_FOLLOWED) == "[x]"


def test_only_one_alternative_has_the_year_and_no_published_model(cells):
    label, group = f"Year of sentence: {YEAR[1]}", "Linkage to structured treatment, ATRs"
    for words in ("main model", "region fixed effects", "complete cases"):
        assert cells.text(27, label, odds_ratio_measures(words)[0], group) == "[z]"


def test_the_report_says_the_shares_and_the_trend_with_a_caution(cells):
    said = trend_text(cells, "linked")
    assert "of those sentenced in 2019 and" in said and "per later year is 0.8" in said
    assert "less time to be linked" in said


def test_reconvictions_are_told_of_years_alone_whose_requirements_have_been_followed(cells):
    said = trend_text(cells, "reconvicted")
    assert "of those sentenced in 2019 and" in said and "sentenced in 2022" not in said
    assert "per later year" not in said and "too few of their requirements have been followed" in said
