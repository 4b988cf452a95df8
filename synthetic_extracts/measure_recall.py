"""Measures how the pipeline's linkage depends on what people are, for calibration.toml [linkage.log_odds].

    python -m synthetic_extracts.measure_recall --root var

Belongs here: the fit, run by hand after the linkage zone has run on synthetic extracts. Does not belong here: any use
of it (treatment.expected_recall).
"""

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from resources.extracts.synthetic_mark import written_with
from synthetic_extracts.calibration import calibration
from synthetic_extracts.recording import Truth, draw_truth
from synthetic_extracts.treatment.journeys import recall_factors
from synthetic_extracts.write_extracts import BASE_QUARTER


def measure_recall(truth: Truth, linked_structured: pl.DataFrame) -> dict[str, float]:
    """Log odds of being linked, per key of [linkage.log_odds], among analysed sentences truly in structured treatment.

    `linked_structured`: requirement_id, linked_structured.
    """
    cohort = truth.cohort
    frame = pl.DataFrame({"requirement_id": truth.numbers.requirement, "sentence": cohort.requirements.sentence})
    frame = frame.filter(pl.Series(cohort.requirements.analysed)).join(
        linked_structured.select("requirement_id", "linked_structured"), on="requirement_id"
    )
    sentence = frame["sentence"].to_numpy()
    treated = truth.treatment.structured[sentence]
    factors = recall_factors(cohort)[sentence][treated]
    linked = frame["linked_structured"].to_numpy()[treated].astype(float)
    names = list(calibration()["linkage"]["log_odds"])
    return {name: round(float(value), 3) for name, value in zip(names, _fit(factors, linked), strict=True)}


def _fit(factors: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton steps, with a weak ridge so that an empty group does no harm."""
    odds = np.zeros(factors.shape[1])
    ridge = 0.01 * np.eye(len(odds))
    for _ in range(30):
        p = 1 / (1 + np.exp(-(factors @ odds)))
        step = np.linalg.solve(
            (factors * (p * (1 - p))[:, None]).T @ factors + ridge, factors.T @ (outcome - p) - ridge @ odds
        )
        odds = odds + step
        if np.abs(step).max() < 1e-8:
            break
    return odds


def main() -> None:
    """Read the mark, draw the same truth again, print the fitted lines."""
    parser = argparse.ArgumentParser(prog="python -m synthetic_extracts.measure_recall")
    parser.add_argument("--root", type=Path, default=Path("var"))
    given = parser.parse_args()
    # Later quarters hold people of several draws.
    mark = written_with(given.root / "extracts" / BASE_QUARTER)
    linkage = given.root / "linkage" / BASE_QUARTER
    combined = pl.read_parquet(
        linkage / "combined_requirements.parquet", columns=["requirement_pseudonym", "linked_structured"]
    ).join(pl.read_parquet(linkage / "requirement_pseudonyms.parquet"), on="requirement_pseudonym")
    truth = draw_truth(BASE_QUARTER, mark["scale"], mark["seed"])
    for name, value in measure_recall(truth, combined).items():
        print(f"{name} = {value}")


if __name__ == "__main__":
    main()
