"""Says how the imputed values compare with the recorded ones, and whether the chains have settled.

Belongs here: figures that a reader judges an imputation by. Does not belong here: imputing (impute_frames.py), what of
it is published (tables_missing_values.py, imputation_figures.py).

Imputed shares may well differ from recorded ones: values are lost at random only given the other factors.
"""

import numpy as np
import polars as pl

from modelling_assets.steps.imputation.draw_missing import incomplete_factors
from modelling_assets.steps.records.select_model_records import records_of_model
from resources.settings.modelling_settings import Modelling

LEVEL = ["model", "factor", "level"]
CONVERGENCE_COLUMNS = {
    "model": pl.String,
    "factor": pl.String,
    "level": pl.String,
    "imputation": pl.Int32,
    "iteration": pl.Int32,
    "missing": pl.Int64,
    "imputed": pl.Int64,
}
DIAGNOSTIC_COLUMNS = {
    "model": pl.String,
    "factor": pl.String,
    "level": pl.String,
    "recorded": pl.Int64,
    "all_recorded": pl.Int64,
    "missing": pl.Int64,
    "recorded_share": pl.Float64,
    "imputed_share": pl.Float64,
    "lowest_imputed_share": pl.Float64,
    "highest_imputed_share": pl.Float64,
    "difference": pl.Float64,
    "r_hat": pl.Float64,
}


def trace_imputation(frame: pl.DataFrame, draws: pl.DataFrame, settings: Modelling) -> pl.DataFrame:
    """How often each level was imputed after each iteration of each chain, with columns CONVERGENCE_COLUMNS.

    `frame` is the analysis frame, `draws` what draw_missing returns for `imputation.traced_iterations`; the first
    `imputation.iterations` made the completed data sets. One row per model, factor with missing values, recorded level,
    imputation and iteration, in that order. `missing` are the values imputed in all. Models that pool others have no
    rows: their values are those of the models that they pool.
    """
    chain = ["model", "factor", "imputation", "iteration"]
    counted = draws.group_by(*chain, "level").agg(imputed=pl.len().cast(pl.Int64))
    iterations = draws.select(chain).unique()
    rows = [pl.DataFrame(schema=CONVERGENCE_COLUMNS)]
    for name, model in settings.models_of_one_type().items():
        records = records_of_model(frame, model, settings)
        for factor in incomplete_factors(records, model.factors):
            recorded = set(records[factor].drop_nulls())
            levels = [level for level in settings.factors[factor].levels if level in recorded]
            rows.append(
                iterations.filter(model=name, factor=factor)
                .sort("imputation", "iteration")
                .join(pl.DataFrame({"level": levels}), how="cross")
                .join(counted, on=[*chain, "level"], how="left")
                .with_columns(pl.col("imputed").fill_null(0), missing=pl.lit(records[factor].null_count(), pl.Int64))
                .sort(pl.col("level").cast(pl.Enum(levels)), "imputation", "iteration")
                .select(list(CONVERGENCE_COLUMNS))
            )
    return pl.concat(rows)


def diagnose_imputation(frame: pl.DataFrame, trace: pl.DataFrame, settings: Modelling) -> pl.DataFrame:
    """Recorded and imputed shares of each level of each factor with missing values, with columns DIAGNOSTIC_COLUMNS.

    `frame` is the analysis frame, `trace` what trace_imputation returns. Shares run from 0 to 1: of the recorded values
    of the factor, and of its imputed values as used, over all imputations together and of the lowest and highest one;
    difference is imputed less recorded. r_hat compares the spread between chains with that within them (Gelman and
    Rubin, without splitting) over all traced iterations; near 1 when chains have mixed, empty when nothing varies.
    """
    rows = []
    of_model = {name: records_of_model(frame, model, settings) for name, model in settings.models_of_one_type().items()}
    for (name, factor, level), values in trace.group_by(LEVEL, maintain_order=True):
        records = of_model[str(name)]
        recorded, missing = records[str(factor)].drop_nulls(), int(values["missing"][0])
        shares = (values["imputed"] / missing).to_numpy().reshape(settings.imputation.imputations, -1)
        used = shares[:, settings.imputation.iterations - 1]
        share = float((recorded == level).mean() or 0)  # type: ignore[arg-type]
        rows.append(
            (
                name,
                factor,
                level,
                int((recorded == level).sum()),
                recorded.len(),
                missing,
                share,
                float(used.mean()),
                float(used.min()),
                float(used.max()),
                float(used.mean()) - share,
                r_hat(shares),
            )
        )
    return pl.DataFrame(rows, schema=DIAGNOSTIC_COLUMNS, orient="row")


def r_hat(chains: np.ndarray) -> float | None:
    """Potential scale reduction of `chains`, one row each; None with one iteration or without any variation."""
    length = chains.shape[1]
    if length < 2:
        return None
    within, between = chains.var(axis=1, ddof=1).mean(), chains.mean(axis=1).var(ddof=1)
    return float(np.sqrt((length - 1) / length + between / within)) if within > 0 else None
