"""Pools the estimates of the completed data sets and puts them into words.

Belongs here: Rubin's rules, odds ratios, significance, direction and strength. Does not belong here: fitting, and how a
table shows them.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from modelling_assets.steps.models.fit_models import NO_DIFFERENCE
from resources.settings.modelling_settings import Modelling

POOLED_COLUMNS = [
    "model",
    "factor",
    "level",
    "reference",
    "records",
    "outcome_records",
    "estimate",
    "std_error",
    "odds_ratio",
    "ci_low",
    "ci_high",
    "p_value",
    "df",
    "fmi",
    "riv",
    "fraction_between",
    "engines_agree",
    "significant",
    "direction",
    "strength",
    "status",
    "reason",
]


@dataclass(frozen=True)
class Pooled:
    """Pooled log odds with their standard errors and tests, one per term.

    fmi: fraction of missing information. riv: relative increase of the variance because of imputation.
    fraction_between: share of the variance between imputations, which mice calls lambda.
    """

    estimate: np.ndarray
    std_error: np.ndarray
    statistic: np.ndarray
    df: np.ndarray
    p_value: np.ndarray
    fmi: np.ndarray
    riv: np.ndarray
    fraction_between: np.ndarray

    def interval(self, confidence_level: float) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper confidence limits of the log odds, from t(df)."""
        reach = stats.t.ppf((1 + confidence_level) / 2, self.df) * self.std_error
        return self.estimate - reach, self.estimate + reach


def pool_by_rubin(estimate: np.ndarray, std_error: np.ndarray, complete_df: np.ndarray) -> Pooled:
    """Rubin's rules with Barnard and Rubin's degrees of freedom (methodology 2.8.4; equal to R's mice::pool).

    `estimate` and `std_error` have one row per imputation and one column per term; `complete_df`, one per term, are the
    degrees of freedom that the data would have had without missing values, and may be infinite.
    """
    m = len(estimate)
    within = (std_error**2).mean(axis=0)
    between_share = (1 + 1 / m) * estimate.var(axis=0, ddof=1)
    total = within + between_share
    increase = between_share / within
    # Floored only here, as mice does: imputations that agree exactly would divide by zero.
    fraction = np.maximum(between_share / total, 1e-4)
    old_df = (m - 1) / fraction**2
    with np.errstate(invalid="ignore"):
        observed_df = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - fraction)
    df = np.where(np.isinf(complete_df), old_df, old_df * observed_df / (old_df + observed_df))
    pooled = estimate.mean(axis=0)
    return Pooled(
        estimate=pooled,
        std_error=np.sqrt(total),
        statistic=pooled / np.sqrt(total),
        df=df,
        p_value=2 * stats.t.sf(np.abs(pooled) / np.sqrt(total), df),
        fmi=(increase + 2 / (df + 3)) / (increase + 1),
        riv=increase,
        fraction_between=between_share / total,
    )


def pool_estimates(fits: pl.DataFrame, settings: Modelling) -> pl.DataFrame:
    """Adjusted odds ratio of every level of every factor of every model (methodology 2.8.4 and 2.8.5; tables 16-19).

    `fits` is what fit_models returns. One row per model, factor and level, in the order of study.toml, with columns
    POOLED_COLUMNS. records and outcome_records are means of the completed data sets, rounded so that the levels of a
    factor add up to the model's records, and those of a model that pools others to theirs; estimate and std_error are
    log odds; significant, direction ("higher", "lower", "no difference") and strength ("strong", "moderate", "weak";
    empty when not significant) describe the association; status is "ok" or "not estimable" with a reason. The reference
    level has odds ratio 1 and nothing else. A level that is not estimable in one of the completed data sets has no
    numbers.

    Regions come last, as the factor that the random intercept groups by. They are compared with the average region, and
    there is no reference level: the estimate is the mean of the conditional modes, the variance within is the mean of
    their conditional variances, and the degrees of freedom are those of any other level. Status "no difference", and no
    numbers, when the random intercept has no spread in any completed data set.
    """
    levels = _with_counts_of_pooled(_levels(fits), settings)
    estimable = levels.filter(~pl.col("reference"), pl.col("status") == "ok")
    pooled = pool_by_rubin(
        np.array(estimable["estimate"].to_list()).reshape(estimable.height, settings.imputation.imputations).T,
        np.array(estimable["std_error"].to_list()).reshape(estimable.height, settings.imputation.imputations).T,
        estimable["complete_df"].to_numpy(),
    )
    low, high = pooled.interval(settings.confidence_level)
    numbers = estimable.select("model", "factor", "level").with_columns(
        estimate=pooled.estimate,
        std_error=pooled.std_error,
        odds_ratio=np.exp(pooled.estimate),
        ci_low=np.exp(low),
        ci_high=np.exp(high),
        p_value=pooled.p_value,
        df=pooled.df,
        fmi=pooled.fmi,
        riv=pooled.riv,
        fraction_between=pooled.fraction_between,
    )
    return (
        levels.drop("estimate", "std_error")
        .join(numbers, on=["model", "factor", "level"], how="left", maintain_order="left")
        .with_columns(pl.when("reference").then(1.0).otherwise("odds_ratio").alias("odds_ratio"))
        .with_columns(*_words(settings))
        .select(POOLED_COLUMNS)
    )


def _levels(fits: pl.DataFrame) -> pl.DataFrame:
    """One row per model, factor and level, with its estimates and standard errors as lists over the imputations."""
    level, factor = ["model", "factor", "level"], ["model", "factor"]
    return (
        fits.filter(pl.col("factor").is_not_null())
        .group_by(level, maintain_order=True)
        .agg(
            (pl.col("status").first() == "reference").alias("reference"),
            pl.col("outcome_records").mean().alias("with_outcome"),
            (pl.col("records") - pl.col("outcome_records")).mean().alias("without_outcome"),
            pl.when((pl.col("status") == "not estimable").any())
            .then(pl.lit("not estimable"))
            .when((pl.col("status") == NO_DIFFERENCE).all())
            .then(pl.lit(NO_DIFFERENCE))
            .otherwise(pl.lit("ok"))
            .alias("status"),
            pl.col("reason").drop_nulls().first(),
            pl.col("engines_agree").all(ignore_nulls=False),
            "estimate",
            pl.when(pl.col("status") == NO_DIFFERENCE).then(0.0).otherwise("std_error").alias("std_error"),
            # The random intercept's sd is a parameter too, as in mice.
            (pl.col("n") - pl.col("parameters") - 1).min().cast(pl.Float64).alias("complete_df"),
        )
        .with_columns(_rounded_in_sum("with_outcome").over(factor), _rounded_in_sum("without_outcome").over(factor))
        .with_columns(outcome_records="with_outcome", records=pl.col("with_outcome") + pl.col("without_outcome"))
    )


def _with_counts_of_pooled(levels: pl.DataFrame, settings: Modelling) -> pl.DataFrame:
    """`levels` with the counts of models that pool others as the sums of theirs, which were rounded one by one."""
    place, counts = ["model", "factor", "level"], ["records", "outcome_records"]
    of_parts = [
        levels.filter(pl.col("model").is_in(model.pools)).with_columns(model=pl.lit(name))
        for name, model in settings.models.items()
        if model.pools
    ]
    if not of_parts:
        return levels
    summed = pl.concat(of_parts).group_by(place).agg(pl.col(counts).sum())
    return (
        levels.join(summed, on=place, how="left", suffix="_of_parts", maintain_order="left")
        .with_columns(pl.coalesce(f"{name}_of_parts", name).alias(name) for name in counts)
        .select(levels.columns)
    )


def _rounded_in_sum(column: str) -> pl.Expr:
    """Whole numbers that add up to the (whole) sum of `column`: the largest remainders are rounded up."""
    whole = pl.col(column).floor()
    remainder = pl.col(column) - whole
    to_round_up = remainder.sum().round()
    return (whole + (remainder.rank("ordinal", descending=True) <= to_round_up)).cast(pl.Int64).alias(column)


def _words(settings: Modelling) -> list[pl.Expr]:
    significant = (pl.col("p_value") < 1 - settings.confidence_level).fill_null(False)
    higher = pl.col("estimate") > 0
    distance = pl.col("estimate").abs().exp()  # an odds ratio and its inverse are equally strong
    return [
        significant.alias("significant"),
        pl.when(pl.col("status") == NO_DIFFERENCE)
        .then(pl.lit(NO_DIFFERENCE))
        .when(pl.col("p_value").is_null())
        .then(pl.lit(""))
        .when(~significant)
        .then(pl.lit(NO_DIFFERENCE))
        .when(higher)
        .then(pl.lit("higher"))
        .otherwise(pl.lit("lower"))
        .alias("direction"),
        pl.when(~significant)
        .then(pl.lit(""))
        .when(distance >= settings.strong_odds_ratio)
        .then(pl.lit("strong"))
        .when(distance >= settings.moderate_odds_ratio)
        .then(pl.lit("moderate"))
        .otherwise(pl.lit("weak"))
        .alias("strength"),
    ]
