"""How far `pathways bench model` is from lme4::glmer on simulated data sets of many shapes. Prints JSON lines.

Groups 2 to 200, sd of the random intercept 0 to 1.5, outcomes from 3 % on; numbers, factors and TRUE/FALSE.
lme4 is run twice: as it comes, and with tolPwrss = 1e-13. As it comes, it stops looking for the modes of the random
effects early, and its own log likelihood is then below the one it would find. Needs R with lme4 (`make bench-peers`).
"""

import argparse
import json
import subprocess
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from pathways.bench.model.model import Asked, bench_model

PEER = Path(__file__).resolve().parent / "peers" / "glmer_files.R"
FORMULA = "y ~ a + b + x + z + flag + (1 | g)"


def simulate(seed: int) -> pl.DataFrame:
    """Records of one data set, whose shape is drawn too."""
    random = np.random.default_rng(seed)
    records = int(random.choice([300, 500, 1000, 2000, 4000]))
    groups = int(random.choice([2, 3, 5, 8, 11, 20, 50, 100, 200]))
    sd, base = float(random.choice([0, 0.1, 0.2, 0.4, 0.7, 1, 1.5])), float(random.choice([0.03, 0.1, 0.2, 0.4, 0.6]))
    group, a = random.integers(0, groups, records), random.choice(["low", "mid", "top"], records, p=[0.5, 0.3, 0.2])
    b, x = random.choice(["F", "M"], records), random.normal(size=records).round(3)
    z, flag = random.integers(0, 5, records), random.random(records) < 0.3
    log_odds = (
        np.log(base / (1 - base))
        + 0.5 * (a == "mid")
        - 0.4 * (a == "top")
        + 0.3 * (b == "M")
        + 0.3 * x
        + 0.1 * (z - 2)
        + 0.4 * flag
        + random.normal(0, sd, groups)[group]
    )
    return pl.DataFrame(
        {
            "y": (random.random(records) < 1 / (1 + np.exp(-log_odds))).astype(int),
            "a": a,
            "b": b,
            "x": x,
            "z": z,
            "flag": np.where(flag, "TRUE", "FALSE"),
            "g": [f"g{number}" for number in group],
        }
    )


def main() -> None:
    """Simulate, fit here and in R, and print a line per way of running lme4."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=40)
    asked = parser.parse_args()
    if not which("Rscript"):
        raise SystemExit("Rscript is not installed. Run `make bench-peers`.")
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number:03d}.csv" for number in range(asked.sets)]
        for number, file in enumerate(files):
            simulate(number).write_csv(file)
        ours = {file.name: bench_model(Asked(file, FORMULA)) for file in files}
        for tolerance in ("1e-7", "1e-13"):
            subprocess.run(["Rscript", str(PEER), folder, tolerance], check=True)
            print(json.dumps(compare(ours, pl.read_csv(Path(folder) / "estimates.csv"), tolerance)))


def compare(ours: dict[str, dict], in_r: pl.DataFrame, tolerance: str) -> dict:
    """Largest differences, and how many data sets are within 0.001 (log odds) and 1 % (standard errors)."""
    log_odds, errors, sds, likelihoods, estimable = [], [], [], [], 0
    for file, found in ours.items():
        expected = {row["term"]: row for row in in_r.filter(pl.col("file") == file).iter_rows(named=True)}
        terms = [term for term in found["terms"] if term["status"] == "ok"]
        estimable += len(terms) == len(found["terms"])
        if len(terms) < len(found["terms"]):
            continue
        log_odds.append(max(abs(term["estimate"] - expected[term["term"]]["estimate"]) for term in terms))
        errors.append(max(abs(term["std_error"] / expected[term["term"]]["std_error"] - 1) for term in terms))
        sds.append(abs(found["random_effect_sd"] - expected["(Intercept)"]["sd"]))
        likelihoods.append(found["log_likelihood"] - expected["(Intercept)"]["log_likelihood"])
    near = [one < 1e-3 and other < 0.01 for one, other in zip(log_odds, errors, strict=True)]
    return {
        "benchmark": "fits_against_lme4",
        "tolPwrss": tolerance,
        "data_sets": len(ours),
        "all_terms_estimable": estimable,
        "within_0.001_and_1_percent": sum(near),
        "largest_difference_log_odds": float(f"{max(log_odds):.2g}"),
        "largest_relative_difference_std_error": float(f"{max(errors):.2g}"),
        "largest_difference_sd": float(f"{max(sds):.2g}"),
        "our_log_likelihood_is_higher_by_at_most": float(f"{max(likelihoods):.2g}"),
        "our_log_likelihood_is_lower_by_at_most": float(f"{max(-min(likelihoods), 0):.2g}"),
        "second_engine_agrees": sum(
            bool(found["cross_check"] and found["cross_check"]["agrees"]) for found in ours.values()
        ),
    }


if __name__ == "__main__":
    main()
