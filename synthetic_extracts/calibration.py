"""Reads calibration.toml, the one place of every rate and target of the generator.

Belongs here: reading, and arrays in the order of the reference lists. Does not belong here: any number.
"""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from contracts.code_lists import CODE_LISTS
from contracts.sources.ndelius import OFFENCE_GROUPS

CALIBRATION_FILE = Path(__file__).resolve().parent / "calibration.toml"
TYPES = ["ATR", "DRR"]
ACCOMMODATIONS = [
    "settled",
    "bail_or_probation_accommodation",
    "other_housed",
    "no_fixed_address",
    "rough_sleeping",
    "unknown",
]
NO_FIXED_ADDRESS, ROUGH, UNKNOWN = 3, 4, 5
STATUSES = ["completed", "remained", "dropped_out", "prison", "died"]
COMPLETED, REMAINED, DROPPED, PRISON, DIED = range(5)
TERMINATIONS = ["Completed", "Revoked", "Suspended Sentence Activated", "Expired", "Died", "Other"]
THEFT, SUMMARY_MOTORING = OFFENCE_GROUPS.index("Theft offences"), OFFENCE_GROUPS.index("Summary motoring")


@cache
def calibration() -> dict:
    """The whole file as nested dictionaries."""
    return tomllib.loads(CALIBRATION_FILE.read_text(encoding="utf-8"))


def by_type(values: dict, key: str = "") -> np.ndarray:
    """Values of ATR and DRR, in that order, as an array (rows for lists)."""
    return np.array([values[name][key] if key else values[name] for name in TYPES], dtype=float)


def in_order(values: dict[str, float], names: list[str]) -> np.ndarray:
    """Values in the order of `names`; a name that is left out is nan (left free when raking)."""
    return np.array([values.get(name, np.nan) for name in names], dtype=float)


@cache
def ethnicity_codes() -> tuple[list[str], np.ndarray, list[str], list[str]]:
    """18+1 codes drawn, their weights, their NDTMS letters and their five groups."""
    listed = pl.read_csv(CODE_LISTS / "ethnicity_18plus1.csv")
    weights = calibration()["cohort"]["ethnicity"]
    rows = {row["hmpps_code"]: row for row in listed.iter_rows(named=True)}
    codes = list(weights)
    return (
        codes,
        np.array(list(weights.values())),
        [rows[c]["ndtms_2001_code"] for c in codes],
        [rows[c]["group5"] for c in codes],
    )
