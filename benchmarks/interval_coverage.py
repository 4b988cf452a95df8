"""How often pooled 95 % intervals hold the true log odds ratio, by simulation, beside R's mice and complete data.

    python benchmarks/interval_coverage.py [--replications 120] [--records 2500] [--scenarios study stress]
        [--methods ...]

Each replication simulates records from a known model (simulated_study.py: SYNTHETIC), loses values at random given what
is recorded, imputes them in every way, fits a logistic regression with fixed region effects to each completed data set
and pools by Rubin's rules. All ways see the same records. Two processes; progress goes to the standard error.

Prints a JSON line per scenario and way: `coverage` over all log odds ratios with its Monte Carlo standard error (over
replications), the same of the factors that lost values, mean width of the intervals, mean of |estimate - truth|, and
intervals that could not be computed, which count as not holding the truth. `r_mice_pmm` needs R with mice
(`make bench-peers`) and is left out, and said so, without. With `--keep FILE` finished replications are kept there and
not run again; a change of the code or of the settings needs another file. `processor_seconds` are those of imputing.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from multiprocessing import get_context
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from time import process_time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import miceforest
import numpy as np
import polars as pl
from simulated_study import FACTORS, MISSING, TERMS, indicators, known_model, lose_values, simulate

from modelling_assets.steps.imputation.impute_by_forests import draw_by_forests
from modelling_assets.steps.imputation.impute_by_regressions import draw_by_regressions
from modelling_assets.steps.imputation.impute_frames import fill
from modelling_assets.steps.models.pool_estimates import pool_by_rubin
from modelling_assets.steps.sensitivity.ordinary_logistic import fit_ordinary

PEER = Path(__file__).resolve().parent / "peers" / "mice_pmm.R"
SEED = 4093
LARGEST_STD_ERROR = 5.0  # a larger one: the level cannot be estimated in this replication
METHODS = ("complete_data", "regressions", "miceforest_pmm", "miceforest_defaults", "r_mice_pmm")


def fit(frame: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Estimates and standard errors (log odds) by TERMS, of a logistic regression with a fixed effect per region."""
    regions = frame["region"].unique().sort().to_list()[1:]
    others = np.column_stack([(frame["region"] == region).to_numpy() for region in regions])
    fitted = fit_ordinary(np.hstack([indicators(frame), others]).astype(float), frame["outcome"].to_numpy())
    return fitted.estimate[: len(TERMS)], fitted.std_error[: len(TERMS)]


def pooled_intervals(completed: list[pl.DataFrame]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pooled estimates with lower and upper 95 % limits, by TERMS; of one data set, its own with t(n - parameters)."""
    estimates, errors = (np.array(part) for part in zip(*(fit(frame) for frame in completed), strict=True))
    if len(completed) == 1:
        estimates, errors = np.repeat(estimates, 2, axis=0), np.repeat(errors, 2, axis=0)
    complete_df = np.full(len(TERMS), completed[0].height - len(TERMS) - completed[0]["region"].n_unique() + 1.0)
    pooled = pool_by_rubin(estimates, errors, complete_df)
    low, high = pooled.interval(0.95)
    failed = ~(errors < LARGEST_STD_ERROR).all(axis=0)
    return pooled.estimate, np.where(failed, np.nan, low), np.where(failed, np.nan, high)


def impute(method: str, records: pl.DataFrame, settings: dict, peer: "Mice | None") -> list[pl.DataFrame]:
    """The completed data sets by one way of imputing."""
    if method == "r_mice_pmm":
        assert peer
        return peer.complete(records, **settings)
    incomplete = [name for name in FACTORS if records[name].has_nulls()]
    text = records.with_columns(pl.col("outcome").cast(pl.String))
    if method == "regressions":
        drawn = draw_by_regressions(text, incomplete, **settings)
    elif method == "miceforest_pmm":
        drawn = draw_by_forests(text, incomplete, **settings)
    else:
        own = {"kernel_class": miceforest.ImputationKernel, "trees": {"num_threads": 1}}
        drawn = draw_by_forests(text, incomplete, **settings, **own)
    return [fill(records, chain[-1]) for chain in drawn]


class Mice:
    """A running R that imputes with mice (benchmarks/peers/mice_pmm.R)."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            ["Rscript", "--vanilla", str(PEER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.folder = TemporaryDirectory()
        self.seconds = 0.0  # of its processor, the latest

    def complete(self, records: pl.DataFrame, imputations: int, iterations: int, seed: int) -> list[pl.DataFrame]:
        """The completed data sets."""
        given, made = Path(self.folder.name) / "in.csv", Path(self.folder.name) / "out.csv"
        records.with_columns(pl.col("outcome").cast(pl.String)).write_csv(given)
        assert self.process.stdin and self.process.stdout
        print(given, made, imputations, iterations, seed, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("R ended; its message stands above. Run `make bench-peers`.")
        self.seconds = float(answer)
        long = pl.read_csv(made, infer_schema=False).with_columns(pl.col("outcome") == "true")
        return [long.slice(number * records.height, records.height) for number in range(imputations)]


def replicate(task: tuple[str, int, int, int, int, tuple[str, ...]]) -> tuple[str, int, dict[str, list[np.ndarray]]]:
    """One replication of a scenario: per way of imputing, estimates, lower and upper limits, and processor seconds."""
    global _peer
    scenario, number, records, imputations, iterations, methods = task
    random = np.random.default_rng([SEED, number, list(MISSING).index(scenario)])
    complete = simulate(records, random, known_model())
    lost = lose_values(complete, MISSING[scenario], random)
    if "r_mice_pmm" in methods and _peer is None:
        _peer = Mice()
    found = {}
    for method in methods:
        started = process_time()
        settings = {"imputations": imputations, "iterations": iterations, "seed": number + 1}
        completed = [complete] if method == "complete_data" else impute(method, lost, settings, _peer)
        seconds = _peer.seconds if method == "r_mice_pmm" and _peer else process_time() - started
        found[method] = [*pooled_intervals(completed), np.array(seconds)]
    return scenario, number, found


_peer: Mice | None = None


def summary(results: list[list[np.ndarray]], scenario: str) -> dict:
    """Coverage and width over replications of one way of imputing; intercept left out."""
    truth, terms = known_model().truth[1:], np.array([name for name, _ in TERMS[1:]])
    estimate, low, high = (np.array([result[part][1:] for result in results]) for part in range(3))
    holds, width = (low <= truth) & (truth <= high), high - low
    incomplete = np.isin(terms, list(MISSING[scenario]))

    def share(columns: np.ndarray) -> dict:
        each = holds[:, columns].mean(axis=1)
        error = each.std(ddof=1) / len(each) ** 0.5 if len(each) > 1 else float("nan")
        return {"coverage": round(float(each.mean()), 4), "standard_error": round(float(error), 4)}

    of_incomplete = share(incomplete)
    return {
        **share(np.ones(len(terms), bool)),
        "coverage_incomplete_factors": of_incomplete["coverage"],
        "standard_error_incomplete_factors": of_incomplete["standard_error"],
        "mean_width": round(float(np.nanmean(width)), 3),
        "mean_width_incomplete_factors": round(float(np.nanmean(width[:, incomplete])), 3),
        "bias_incomplete_factors": round(float(_toward_zero(estimate, truth)[incomplete].mean()), 4),
        "not_computed": int(np.isnan(width).sum()),
    }


def _toward_zero(estimate: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Mean error of each log odds ratio, positive when away from zero."""
    return (np.nanmean(estimate, axis=0) - truth) * np.sign(truth)


def main() -> None:
    """Run the replications in two processes and print a line per scenario and way."""
    asked = _asked()
    methods = tuple(name for name in asked.methods if name != "r_mice_pmm" or which("Rscript"))
    if methods != tuple(asked.methods):
        print("R is not here: r_mice_pmm is left out. `make bench-peers` installs it.", file=sys.stderr)
    found = _kept(asked.keep)
    tasks = []
    for number in range(asked.replications):
        for scenario in asked.scenarios:
            wanted = tuple(method for method in methods if number not in found[scenario, method])
            if wanted:
                tasks.append((scenario, number, asked.records, asked.imputations, asked.iterations, wanted))
    with get_context("spawn").Pool(asked.processes) as pool:
        for done, (scenario, number, results) in enumerate(pool.imap_unordered(replicate, tasks), start=1):
            print(f"\r{done} of {len(tasks)} replications", end="", file=sys.stderr, flush=True)
            for method, result in results.items():
                found[scenario, method][number] = result
                if asked.keep:
                    _keep(asked.keep, scenario, number, method, result)
    print(file=sys.stderr)
    for scenario, method in ((scenario, method) for scenario in asked.scenarios for method in methods):
        by_number = found[scenario, method]
        results = [by_number[number] for number in sorted(by_number) if number < asked.replications]
        print(
            json.dumps(
                {
                    "benchmark": "coverage",
                    "scenario": scenario,
                    "method": method,
                    "replications": len(results),
                    "records": asked.records,
                    "imputations": asked.imputations,
                    "iterations": asked.iterations,
                    **summary(results, scenario),
                    "processor_seconds": round(float(np.mean([result[3] for result in results])), 2),
                }
            )
        )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=120)
    parser.add_argument("--records", type=int, default=2500)
    parser.add_argument("--imputations", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=3)
    parser.add_argument("--scenarios", nargs="+", default=list(MISSING), choices=list(MISSING))
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=METHODS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


def _kept(file: Path | None) -> dict[tuple[str, str], dict[int, list[np.ndarray]]]:
    """Results of replications that were kept before: by scenario and way, then by number."""
    found: dict[tuple[str, str], dict[int, list[np.ndarray]]] = defaultdict(dict)
    for line in file.read_text(encoding="utf-8").splitlines() if file and file.exists() else []:
        kept = json.loads(line)
        found[kept["scenario"], kept["method"]][kept["number"]] = [np.array(part, float) for part in kept["result"]]
    return found


def _keep(path: Path, scenario: str, number: int, method: str, result: list[np.ndarray]) -> None:
    line = {"scenario": scenario, "number": number, "method": method, "result": [part.tolist() for part in result]}
    with path.open("a", encoding="utf-8") as file:
        print(json.dumps(line), file=file)


if __name__ == "__main__":
    main()
