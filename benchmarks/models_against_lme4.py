"""How far mixed models, modes of regions and pooling are from R (lme4, mice) on the golden data. Prints a JSON line."""

import json
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from mixed_models.fit_mixed_logistic import fit_mixed_logistic
from mixed_models.group_modes import group_modes
from modelling_assets.steps.models.pool_estimates import pool_by_rubin

GOLDEN = Path(__file__).resolve().parent.parent / "reference" / "golden"
FACTORS = ["sex", "age_band", "ethnicity", "accommodation", "rsr", "ogrs"]


def main() -> None:
    """Fit the five completed data sets, pool them, and compare with R."""
    in_r = pl.read_csv(GOLDEN / "per_imputation.csv", infer_schema_length=None).filter(pl.col("model") == "glmer")
    completed = pl.read_csv(GOLDEN / "imputed.csv", infer_schema=False)
    of_regions = pl.read_csv(GOLDEN / "region_modes.csv")
    log_odds, errors, modes, spreads, seconds, estimates, std_errors = [], [], [], [], 0.0, [], []
    for number in range(1, 6):
        expected = in_r.filter(pl.col("imp") == number)
        data = completed.filter(pl.col(".imp") == str(number))
        columns = {"(Intercept)": np.ones(data.height)}
        columns |= {
            factor + level: (data[factor] == level).to_numpy().astype(float)
            for factor in FACTORS
            for level in data[factor].unique()
        }
        design = np.column_stack([columns[term] for term in expected["term"]])
        started = perf_counter()
        outcome, regions = (data["engaged"] == "1").to_numpy(), data["region"].to_list()
        fit = fit_mixed_logistic(design, outcome, regions)
        seconds += perf_counter() - started
        found, in_lme4 = group_modes(fit, design, outcome, regions), of_regions.filter(pl.col("imp") == number)
        modes.append(np.abs(found.mode - in_lme4["mode"].to_numpy()).max())
        spreads.append(np.abs(found.std_error / np.sqrt(in_lme4["conditional_variance"].to_numpy()) - 1).max())
        log_odds.append(np.abs(fit.estimate - expected["est"].to_numpy()).max())
        errors.append(np.abs(fit.std_error / expected["se"].to_numpy() - 1).max())
        estimates.append(expected["est"].to_numpy())
        std_errors.append(expected["se"].to_numpy())
    mice = pl.read_csv(GOLDEN / "pooled_glmer.csv", infer_schema_length=None)
    pooled = pool_by_rubin(np.array(estimates), np.array(std_errors), mice["dfcom"].to_numpy().astype(float))
    print(
        json.dumps(
            {
                "benchmark": "models_against_lme4",
                "fits": 5,
                "records": completed.height // 5,
                "seconds": round(seconds, 2),
                "largest_difference_log_odds": float(f"{max(log_odds):.2g}"),
                "largest_relative_difference_std_error": float(f"{max(errors):.2g}"),
                "largest_difference_mode_of_a_region": float(f"{max(modes):.2g}"),
                "largest_relative_difference_conditional_sd": float(f"{max(spreads):.2g}"),
                "largest_difference_pooled_from_mice": float(
                    f"{np.abs(pooled.std_error - mice['std.error'].to_numpy()).max():.2g}"
                ),
            }
        )
    )


if __name__ == "__main__":
    main()
