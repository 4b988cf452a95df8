"""Compares engines on the same notes with known labels: agreement, calibration, and paired differences.

Belongs here: measures of one engine and of two. Does not belong here: which engines and which file
(pathways/notes/compare.py). All of it is counts and shares; no note is named.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl
from statsmodels.stats import contingency_tables

from nlp_assets.steps.labels.requirement_rules import by_count
from nlp_assets.steps.quality.confusion import Confusion, confusion
from resources.settings.study_settings import Notes

DIGITS = 4
BINS = 10
MEASURES = ("sensitivity", "specificity", "accuracy")


@dataclass(frozen=True)
class PairedTest:
    """How many cases only one of two engines has right, and how likely as uneven a split is by chance (McNemar)."""

    only_first_right: int
    only_second_right: int
    p_value: float


def describe_reading(read: pl.DataFrame, truth: pl.DataFrame, settings: Notes) -> dict[str, Any]:
    """Figures of one engine. `read`: requirement_key, truth (0, 1 or empty), label, p1 of every note; `truth`:
    requirement_key, engaged (empty when not known), or no row where notes belong to no requirement.

    Returns notes and requirements (counts, shares with intervals, kappa) and calibration (Brier score, expected
    calibration error, reliability table); unlabelled notes are counted and are no 0.
    """
    decided = read.drop_nulls("truth")
    answers = requirement_answers(read, truth, settings)
    return {
        "notes": {
            "notes": decided.height,
            "unlabelled": decided["label"].null_count(),
            **_measured(confusion(decided["truth"] == 1, decided["label"] == 1), settings),
        },
        "requirements": {
            "requirements": answers.height,
            "no_answer": answers["said"].null_count(),
            **_measured(confusion(answers["engaged"], answers["said"]), settings),
        },
        "calibration": calibration(decided.drop_nulls("label")),
    }


def requirement_answers(read: pl.DataFrame, truth: pl.DataFrame, settings: Notes) -> pl.DataFrame:
    """Columns requirement_key, engaged, said of requirements whose truth is known, by notes.requirement_rule."""
    rule = settings.requirement_rule
    answers = by_count(read.drop_nulls("requirement_key"), rule.minimum_notes, settings.engaged_p1)
    return truth.drop_nulls("engaged").join(answers, on="requirement_key").sort("requirement_key")


def calibration(labelled: pl.DataFrame) -> dict[str, Any]:
    """Brier score, expected calibration error and the reliability table (tenths of p1) of labelled notes."""
    if labelled.is_empty():
        return {"brier": None, "expected_calibration_error": None, "reliability": []}
    bins = (
        labelled.select(
            pl.col("p1"),
            truth=pl.col("truth").cast(pl.Float64),
            place=(pl.col("p1") * BINS).floor().clip(upper_bound=BINS - 1).cast(pl.Int32),
        )
        .group_by("place")
        .agg(notes=pl.len(), mean_p1=pl.col("p1").mean(), share_engaged=pl.col("truth").mean())
        .sort("place")
    )
    gap = (bins["mean_p1"] - bins["share_engaged"]).abs() * bins["notes"]
    brier = ((labelled["p1"] - labelled["truth"].cast(pl.Float64)) ** 2).mean()
    return {
        "brier": round(float(str(brier)), DIGITS),
        "expected_calibration_error": round(float(gap.sum()) / labelled.height, DIGITS),
        "reliability": [
            {
                "p1_from": row["place"] / BINS,
                "p1_to": (row["place"] + 1) / BINS,
                "notes": row["notes"],
                "mean_p1": round(row["mean_p1"], DIGITS),
                "share_engaged": round(row["share_engaged"], DIGITS),
            }
            for row in bins.iter_rows(named=True)
        ],
    }


def compare_pair(first: pl.DataFrame, second: pl.DataFrame, truth: pl.DataFrame, settings: Notes) -> dict[str, Any]:
    """Paired tests of two engines that read the same notes, as describe_reading takes them, in the same order.

    On notes and on requirements that both answer: McNemar's exact test. Differences (first minus second) of note-level
    shares with intervals of a bootstrap that draws requirements, or notes where they belong to none.
    """
    notes = pl.DataFrame(
        {
            "requirement_key": first["requirement_key"],
            "truth": first["truth"],
            "first": first["label"],
            "second": second["label"],
        }
    )
    both = notes.drop_nulls(["truth", "first", "second"])
    answers = (
        requirement_answers(first, truth, settings)
        .join(
            requirement_answers(second, truth, settings).select("requirement_key", second="said"), on="requirement_key"
        )
        .drop_nulls(["said", "second"])
    )
    return {
        "notes": asdict(mcnemar(both["first"] == both["truth"], both["second"] == both["truth"])),
        "requirements": asdict(mcnemar(answers["said"] == answers["engaged"], answers["second"] == answers["engaged"])),
        "differences": paired_differences(both, settings),
    }


def mcnemar(first_right: pl.Series, second_right: pl.Series) -> PairedTest:
    """Exact test of two series of right and wrong answers on the same cases; 1 when they never differ."""
    only_first, only_second = int((first_right & ~second_right).sum()), int((~first_right & second_right).sum())
    found = vars(contingency_tables.mcnemar([[0, only_first], [only_second, 0]], exact=True))
    return PairedTest(only_first, only_second, float(f"{found['pvalue']:.3g}"))


def paired_differences(both: pl.DataFrame, settings: Notes) -> dict[str, Any]:
    """Difference of each measure with its interval. `both`: requirement_key, truth, first, second, none but the first
    empty; notes of one requirement are drawn together.
    """
    review = settings.review
    groups = both.with_row_index("row").with_columns(
        group=pl.col("requirement_key").fill_null(pl.format("note {}", "row"))
    )
    yes, one, two = pl.col("truth") == 1, pl.col("first") == 1, pl.col("second") == 1
    sums = (
        groups.group_by("group")
        .agg(
            engaged=yes.sum(),
            first_engaged=(yes & one).sum(),
            second_engaged=(yes & two).sum(),
            others=(~yes).sum(),
            first_others=(~yes & ~one).sum(),
            second_others=(~yes & ~two).sum(),
        )
        .sort("group")
        .drop("group")
        .cast(pl.Float64)
        .to_numpy()
    )
    if not len(sums):
        return {}
    generator = np.random.default_rng(review.seed)
    times = generator.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), review.bootstrap_replicates)
    value, spread = _differences(sums.sum(axis=0)[None, :]), _differences(times @ sums)
    ends = [(1 - review.confidence_level) / 2, (1 + review.confidence_level) / 2]
    return {
        name: dict(
            zip(
                ("value", "lower", "upper"), _rounded(value[0, place], *_quantiles(spread[:, place], ends)), strict=True
            )
        )
        for place, name in enumerate(MEASURES)
    }


def _differences(sums: np.ndarray) -> np.ndarray:
    """Per row: differences of sensitivity, specificity and accuracy; NaN where there is no case."""
    engaged, first_engaged, second_engaged, others, first_others, second_others = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.stack(
            [
                (first_engaged - second_engaged) / engaged,
                (first_others - second_others) / others,
                (first_engaged + first_others - second_engaged - second_others) / (engaged + others),
            ],
            axis=1,
        )


def _quantiles(spread: np.ndarray, ends: Sequence[float]) -> np.ndarray:
    known = spread[~np.isnan(spread)]
    return np.quantile(known, ends) if len(known) else np.array([np.nan, np.nan])


def _measured(found: Confusion, settings: Notes) -> dict[str, Any]:
    review = settings.review
    shares = found.shares(review.confidence_level)
    shares["kappa"] = found.kappa(review.confidence_level, review.seed, review.bootstrap_replicates)
    counts = {name.replace(" ", "_"): number for name, number in found.counts.items()}
    return counts | {
        name.replace(" ", "_"): dict(
            zip(("value", "lower", "upper"), _rounded(share.value, share.lower, share.upper), strict=True)
        )
        for name, share in shares.items()
    }


def _rounded(*numbers: float | None) -> list[float | None]:
    return [None if number is None or np.isnan(number) else round(float(number), DIGITS) for number in numbers]
