"""The clinical columns of NDTMS episodes: triage, substances, use, discharge.

Belongs here: what a service records of an episode of treatment. Does not belong here: people and places
(treatment_columns.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.calibration import COMPLETED, DIED, DROPPED, PRISON
from synthetic_extracts.draws import chosen, dates, labelled, pick, where
from synthetic_extracts.treatment.episodes import TRANSFERRED, Episodes
from synthetic_extracts.treatment.journeys import OPEN

DISCHARGE_LABELS = ["80", "81", "82", "85", "86", "88", "84", "87", "89", "83", "95", ""]
DRUGS = [
    {"1011": 0.75, "1105": 0.12, "1000": 0.13},
    {"5000": 0.38, "3200": 0.34, "3201": 0.14, "3100": 0.06, "2200": 0.05, "3406": 0.03},
    {"7000": 0.60, "3200": 0.26, "5000": 0.14},
    {"7000": 1.0},
]
SECOND_DRUGS = [
    {"3201": 0.55, "2200": 0.10, "7000": 0.10, "5000": 0.05, "9996": 0.20},
    {"3200": 0.10, "5000": 0.18, "2200": 0.08, "9996": 0.64},
    {"3200": 0.50, "5000": 0.35, "3201": 0.15},
    {"9996": 1.0},
]


def clinical_columns(
    rng: np.random.Generator, part: Episodes, of_cohort: np.ndarray, last_day: int
) -> dict[str, pl.Series]:
    """Of the episodes `part`, by name of the column. `of_cohort`: whether the person is; `last_day`: of the data."""
    size = len(part)
    over = part.end != OPEN
    sentenced = of_cohort & part.after_sentence
    referral = np.where(
        sentenced, pick(rng, [0.10, 0.30, 0.35, 0.25, 0.0], size), pick(rng, [0.03, 0.01, 0.05, 0.81, 0.10], size)
    )
    care_plan = part.start + rng.integers(0, 22, size)
    drinks = np.isin(part.substance, [2, 3])
    first, second = _drugs(rng, part.substance)
    woman = chosen(rng, {"N": 0.5, "": 0.48, "Y": 0.02}, size)
    return {
        "REFLD": dates(part.start - np.floor(rng.exponential(9, size)).astype(np.int64)),
        "RFLS": labelled(["5", "6", "8", "1", "13"], referral),
        "TRIAGED": dates(part.start),
        "CPLANDT": dates(care_plan, (care_plan <= np.where(over, part.end, last_day)) & (rng.random(size) < 0.95)),
        "DRUG1": first,
        "DRUG2": second,
        "DRUG3": chosen(rng, {"9997": 0.9, "": 0.1}, size),
        "DRUG1AGE": pl.Series(
            np.clip(np.round(rng.normal(np.array([21, 17, 17, 18])[part.substance], 4.5)), 9, 60).astype(np.int64)
        ),
        "ROUTE": labelled(
            ["1", "2", "3", "4", "5", ""],
            np.where(part.substance == 3, 3, pick(rng, [0.2, 0.15, 0.45, 0.12, 0.03, 0.05], size)),
        ),
        "INJSTAT": _injecting(rng, part.substance),
        "ALCDDAYS": where(drinks, pl.Series(rng.integers(0, 29, size))),
        "ALCUNITS": where(drinks, pl.Series(np.clip(np.round(rng.gamma(2.0, 9.0, size)), 0, 150).astype(np.int64))),
        "DUALDIAG": chosen(rng, {"Y": 0.55, "N": 0.38, "": 0.07}, size),
        "EMPSTAT": chosen(rng, {"1": 0.2, "2": 0.45, "4": 0.25, "": 0.1}, size),
        "SEXUAL": chosen(rng, {"01": 0.85, "02": 0.04, "": 0.11}, size),
        "PREGNANT": woman,
        "PRNTSTAT": chosen(rng, {"11": 0.2, "12": 0.25, "14": 0.45, "": 0.1}, size),
        "CHILDWTH": chosen(rng, {"0": 0.6, "1": 0.15, "2": 0.1, "": 0.15}, size),
        "DISD": dates(np.where(over, part.end, 0), over),
        "DISRSN": discharge_reasons(rng, part.substance, part.outcome, part.end),
        "DISDEST": where(over, chosen(rng, {"1": 0.3, "": 0.7}, size)),
        "PREVTR": chosen(rng, {"Y": 0.6, "N": 0.35, "": 0.05}, size),
    }


def discharge_reasons(
    rng: np.random.Generator, substance: np.ndarray, outcome: np.ndarray, end: np.ndarray
) -> pl.Series:
    """Discharge reason of each episode; null while it runs."""
    size = len(substance)
    index = np.full(size, DISCHARGE_LABELS.index(""))
    alcohol_free = substance >= 2
    completed = np.where(alcohol_free, pick(rng, [0.25, 0.60, 0.15], size), pick(rng, [0.85, 0.0, 0.15], size))
    completed = np.where((substance == 0) & (completed == 2), 0, completed)
    choices = {
        COMPLETED: completed,
        DROPPED: 3 + pick(rng, [0.86, 0.11, 0.03], size),
        PRISON: 6 + pick(rng, [0.7, 0.3], size),
        DIED: np.full(size, 8),
        TRANSFERRED: 9 + pick(rng, [0.85, 0.15], size),
    }
    for number, reason in choices.items():
        index = np.where((outcome == number) & (end != OPEN), reason, index)
    return labelled(DISCHARGE_LABELS, index)


def _injecting(rng: np.random.Generator, substance: np.ndarray) -> pl.Series:
    """Currently, previously, never or declined to say; seldom without opiates."""
    size = len(substance)
    with_opiates, others = pick(rng, [0.22, 0.28, 0.46, 0.04], size), pick(rng, [0.01, 0.04, 0.92, 0.03], size)
    return labelled(["C", "P", "N", "Z"], np.where(substance == 0, with_opiates, others))


def _drugs(rng: np.random.Generator, substance: np.ndarray) -> tuple[pl.Series, pl.Series]:
    columns = []
    for lists in (DRUGS, SECOND_DRUGS):
        labels = [code for entry in lists for code in entry]
        index, offset = np.zeros(len(substance), dtype=np.int64), 0
        for number, entry in enumerate(lists):
            rows = substance == number
            index[rows] = offset + pick(rng, list(entry.values()), int(rows.sum()))
            offset += len(entry)
        columns.append((labels, index))
    (first_labels, first), (second_labels, second) = columns
    first_drug, second_drug = labelled(first_labels, first), labelled(second_labels, second)
    # Alcohol with another drug: whichever is named first, the other is second.
    mixed = pl.Series(substance == 2)
    not_alcohol = first_drug.ne("7000")
    return first_drug, second_drug.zip_with(
        ~(mixed & not_alcohol), pl.Series(["7000"]).new_from_index(0, len(substance))
    )
