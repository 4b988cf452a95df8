"""The modelling stage at the published size against the same in R (mice, lme4), in one run.

    python benchmarks/modelling_against_r.py [--fits 1] [--models linked_atr ...] [--scale 1] [--method ...]

Ours: impute_frames, fit_models (with its check by another engine) and pool_estimates, as in a refresh, of all models of
study.toml. R: mice with pmm and as many imputations and iterations, then glmer (nAGQ=1, bobyqa; nAGQ=0 beside it) on
our completed data sets, so that both fit the same; and pool when every data set was fitted. glmer takes minutes a fit:
`--fits` says how many completed data sets of each model it is given, and nothing is extrapolated from them.

Prints a JSON line per model with the largest differences of log odds and (relative) standard errors, the same of the
modes of the regions (ranef) and their standard deviations, and the seconds of a fit; and one line of the stage.
`ratio_at_least` sets all that R was given to do, nAGQ=0 aside, against ALL of our stage: a lower bound until R has done
as much (`r_did_everything`). Processor seconds bear a busy machine better than the clock. Records are SYNTHETIC
(simulated_study.py): 21,090 ATRs and 24,853 DRRs. Needs R (`make bench-peers`).
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import polars as pl
from scipy.special import expit
from simulated_study import MISSING, indicators, known_model, lose_values, simulate

from modelling_assets.steps.imputation.impute_frames import impute_frames
from modelling_assets.steps.models.fit_models import fit_models
from modelling_assets.steps.models.pool_estimates import pool_estimates
from modelling_assets.steps.records.build_analysis_frame import MOTORING, OTHER_MOTORING
from modelling_assets.steps.records.select_model_records import records_of_model
from resources.settings.modelling_settings import Modelling
from resources.settings.study_settings import load_study_settings

PEER = Path(__file__).resolve().parent / "peers" / "modelling_stage.R"
REQUIREMENTS = {"ATR": 21_090, "DRR": 24_853}  # published sizes (report 1.4)
SEED = 8112
# Of linked requirements: shares of treatment statuses, rounded from table 2 of the report.
STATUSES = {"Completed": 0.40, "Remained": 0.13, "Dropped out": 0.32, "Prison": 0.12, "Died": 0.03}


def analysis_frame(scale: float) -> pl.DataFrame:
    """Requirements of both types with both outcomes, factors and missing values as in the study."""
    parts = []
    for number, (kind, size) in enumerate(REQUIREMENTS.items()):
        random = np.random.default_rng([SEED, number])
        complete = simulate(round(size * scale), random, known_model(seed=number))
        chance = expit(indicators(complete) @ known_model(seed=number + 10).truth - 0.3)
        status = random.choice(list(STATUSES), complete.height, p=list(STATUSES.values()))
        lost = lose_values(complete, MISSING["study"], random)
        parts.append(
            lost.rename({"outcome": "linked_structured"}).with_columns(
                requirement_type=pl.lit(kind),
                reconvicted=pl.Series(random.random(complete.height) < chance),
                offence_group=pl.col("offence_group").replace(MOTORING, OTHER_MOTORING),
                treatment_status=pl.when("linked_structured").then(pl.Series(status)).otherwise(pl.lit("Not linked")),
            )
        )
    keys = pl.int_range(pl.len()).cast(pl.String).str.zfill(6)
    return pl.concat(parts).with_columns(requirement_key=keys)


def our_stage(frame: pl.DataFrame, settings: Modelling) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, list[float]]]:
    """Completed records, fits, and seconds with processor seconds per part of the stage."""
    spent: dict[str, list[float]] = {}

    def clocked(name: str, work, *arguments):
        started, processor = perf_counter(), process_time()
        result = work(*arguments)
        spent[name] = [perf_counter() - started, process_time() - processor]
        return result

    imputed = clocked("impute", impute_frames, frame, settings)
    fits = clocked("fit", fit_models, imputed, settings)
    clocked("pool", pool_estimates, fits, settings)
    return imputed, fits, spent


def in_r(
    frame: pl.DataFrame, imputed: pl.DataFrame, name: str, settings: Modelling, fits: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What R estimates and what it spends on one model; see modelling_stage.R."""
    factors = settings.models[name].factors
    columns = ["outcome", settings.random_intercept, *factors]
    with TemporaryDirectory() as name_of_folder:
        folder = Path(name_of_folder)
        records_of_model(frame, settings.models[name], settings).select(columns).write_csv(folder / "gaps.csv")
        completed = imputed.filter(pl.col("model") == name).partition_by("imputation", maintain_order=True)
        for number, data in enumerate(completed[:fits], start=1):
            data.select(columns).write_csv(folder / f"completed-{number}.csv")
        levels = [(factor, level) for factor in factors for level in settings.factors[factor].levels]
        pl.DataFrame(levels, schema=["factor", "level"], orient="row").write_csv(folder / "levels.csv")
        asked = [settings.imputation.imputations, settings.imputation.iterations, fits, settings.seed]
        subprocess.run(["Rscript", "--vanilla", str(PEER), str(folder), *map(str, asked)], check=True)
        return pl.read_csv(folder / "estimates.csv"), pl.read_csv(folder / "seconds.csv")


def compare(ours: pl.DataFrame, theirs: pl.DataFrame, how: str) -> dict[str, float | None]:
    """Largest differences over the terms of the fits that both have made; None where both have none, such as modes of
    regions that do not differ."""
    in_r = pl.when(pl.col("factor").is_null()).then("term").otherwise(pl.concat_str("factor", "level"))
    named = ours.filter(pl.col("status") == "ok").select(
        pl.col("imputation").cast(pl.Int64).alias("fit"), "estimate", "std_error", in_r.alias("term")
    )
    both = theirs.filter(pl.col("how") == how).join(named, on=["fit", "term"], suffix="_ours")
    if both.is_empty():
        return {"terms_compared": 0, "largest_difference_log_odds": None, "largest_relative_difference_std_error": None}
    log_odds = (both["estimate"] - both["estimate_ours"]).abs().max()
    errors = (both["std_error_ours"] / both["std_error"] - 1).abs().max()
    return {
        "terms_compared": both.height,
        "largest_difference_log_odds": float(f"{log_odds:.2g}"),
        "largest_relative_difference_std_error": float(f"{errors:.2g}"),
    }


def main() -> None:
    """Run both sides and print the lines."""
    settings = load_study_settings().modelling
    asked = _asked(settings)
    imputation = settings.imputation.model_copy(update={"method": asked.method})
    settings = settings.model_copy(update={"imputation": imputation})
    frame = analysis_frame(asked.scale)
    imputed, fits, spent = our_stage(frame, settings)
    print(f"Ours is done: { {name: round(part[0], 1) for name, part in spent.items()} }", file=sys.stderr)
    of_r: list[pl.DataFrame] = []
    for name in asked.models:
        theirs, seconds = in_r(frame, imputed, name, settings, asked.fits)
        of_r.append(seconds)
        line = _line_of_model(name, fits.filter(pl.col("model") == name), theirs, seconds)
        print(json.dumps({**line, "fits_in_r": asked.fits}), flush=True)
    line = _line_of_stage(pl.concat(of_r), spent, len(settings.models) * imputation.imputations)
    of_stage = {"method": imputation.method, "requirements": frame.height, "models_in_r": asked.models}
    times = {"imputations": imputation.imputations, "iterations": imputation.iterations}
    print(json.dumps({**line, **of_stage, **times}))


def _asked(settings: Modelling) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fits", type=int, default=1)
    parser.add_argument("--models", nargs="+", default=list(settings.models), choices=list(settings.models))
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--method", default=settings.imputation.method)
    return parser.parse_args()


def _line_of_model(name: str, ours: pl.DataFrame, theirs: pl.DataFrame, seconds: pl.DataFrame) -> dict:
    """How far R and we are apart on one model, and what R spent on it."""
    per_fit = {how: seconds.filter(pl.col("what") == how)["seconds"].mean() for how in ("nAGQ=0", "nAGQ=1")}
    return {
        "benchmark": "modelling_against_r",
        "model": name,
        "records": int(ours["n"].max() or 0),  # type: ignore[arg-type]
        **compare(ours, theirs, "nAGQ=1"),
        "nAGQ=0": compare(ours, theirs, "nAGQ=0"),
        "modes_of_regions": compare(ours, theirs, "modes"),
        "seconds_mice": round(seconds.filter(pl.col("what") == "mice")["seconds"].sum(), 1),
        "seconds_per_glmer": {how: round(float(each), 1) for how, each in per_fit.items()},  # type: ignore[arg-type]
    }


def _line_of_stage(of_r: pl.DataFrame, spent: dict[str, list[float]], total_fits: int) -> dict:
    """What the stage cost here and in R; `spent`: as our_stage gives."""
    counted = of_r.filter(pl.col("what") != "nAGQ=0")
    fits_in_r = counted.filter(pl.col("what") == "nAGQ=1").height
    our_total = [sum(part[place] for part in spent.values()) for place in (0, 1)]
    r_total = [float(counted["seconds"].sum()), float(counted["processor_seconds"].sum())]
    r_fit = float(counted.filter(pl.col("what") == "nAGQ=1")["seconds"].mean())  # type: ignore[arg-type]
    return {
        "benchmark": "modelling_against_r",
        "stage": True,
        "our_fits": total_fits,
        "fits_in_r": fits_in_r,
        "our_seconds": {name: round(part[0], 1) for name, part in spent.items()},
        "our_processor_seconds": round(our_total[1], 1),
        "r_seconds": round(r_total[0], 1),
        "r_processor_seconds": round(r_total[1], 1),
        "ratio_at_least": round(r_total[0] / our_total[0], 1),
        "ratio_at_least_processor": round(r_total[1] / our_total[1], 1),
        "ratio_per_fit": round(r_fit / (spent["fit"][0] / total_fits), 1),
        "r_did_everything": fits_in_r == total_fits,
    }


if __name__ == "__main__":
    main()
