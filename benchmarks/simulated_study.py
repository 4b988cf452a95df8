"""Records simulated from a known model: the study's factors, levels and shares, the outcome by logistic regression.

Belongs here: what the benchmarks of imputation and models simulate. Does not belong here: the synthetic extracts of the
demo. SYNTHETIC: associations between factors and log odds of the outcome are drawn once, from a fixed seed.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import expit

REGIONS = 11
REGION_SD, ASSOCIATION_SD, EFFECT_SD = 0.2, 0.3, 0.4  # log odds
# Shares of levels, the reference level first: rounded from the published tables where these show them.
SHARES = {
    "court_type": {"Magistrates": 0.85, "Crown": 0.15},
    "disposal_type": {"Community order": 0.62, "Suspended sentence order": 0.38},
    "length_band": {
        "4 to 6 months": 0.655,
        "1 to 3 months": 0.09,
        "7 to 9 months": 0.14,
        "10 to 12 months": 0.095,
        "Over 12 months": 0.02,
    },
    "sex": {"Male": 0.82, "Female": 0.18},
    "age_band": {"18 to 29": 0.16, "30 to 39": 0.35, "40 to 49": 0.30, "50 and over": 0.19},
    "ethnic_group": {"White": 0.865, "Asian": 0.04, "Black": 0.045, "Mixed": 0.03, "Other": 0.02},
    "offence_group": {
        "Violence against the person": 0.30,
        "Theft offences": 0.22,
        "Criminal damage and arson": 0.05,
        "Drug offences": 0.05,
        "Fraud offences": 0.015,
        "Miscellaneous crimes against society": 0.055,
        "Possession of weapons": 0.03,
        "Public order offences": 0.08,
        "Robbery": 0.015,
        "Sexual offences": 0.015,
        "Summary motoring": 0.10,
        "Summary non-motoring": 0.07,
    },
    "rsr_band": {"Low": 0.66, "Medium": 0.26, "High": 0.08},
    "accommodation": {
        "Settled": 0.62,
        "Bail or probation accommodation": 0.05,
        "Other housed": 0.13,
        "No fixed address": 0.11,
        "Rough sleeping": 0.09,
    },
}
FACTORS = list(SHARES)
# Shares missing. Study: about what the synthetic extracts have, whose rates are those of the sources. Stress: a
# quarter to a third of four factors, among them what matters most.
MISSING = {
    "study": {
        "accommodation": 0.10,
        "ethnic_group": 0.07,
        "rsr_band": 0.12,
        "offence_group": 0.01,
        "sex": 0.005,
        "age_band": 0.005,
    },
    "stress": {"accommodation": 0.32, "ethnic_group": 0.24, "rsr_band": 0.30, "age_band": 0.26},
}
# What the chance of a missing value depends on, all of it always recorded: missing at random.
MISSING_ON = {"outcome": 0.6, "court_type": -0.5, "disposal_type": 0.3}
TOGETHER = 0.8  # log odds by which one record loses several values: accommodation and risk come of one assessment
TERMS = [("(Intercept)", "")] + [(name, level) for name in FACTORS for level in list(SHARES[name])[1:]]


@dataclass(frozen=True)
class KnownModel:
    """What the records are simulated from. truth: log odds by TERMS; associations: by factor and earlier factor."""

    truth: np.ndarray
    regions: np.ndarray
    associations: dict[tuple[str, str], np.ndarray]


def known_model(seed: int = 20181) -> KnownModel:
    """Log odds of the outcome from N(0, 0.4), of one factor on another from N(0, 0.3), of regions from N(0, 0.2)."""
    random = np.random.default_rng(seed)
    associations = {}
    for name, other in ((name, other) for number, name in enumerate(FACTORS) for other in FACTORS[:number]):
        drawn = random.normal(0, ASSOCIATION_SD, (len(SHARES[other]), len(SHARES[name])))
        # Centred, so that the shares of levels stay about what they are.
        associations[name, other] = drawn - np.array(list(SHARES[other].values())) @ drawn
    truth = np.concatenate([[-0.2], random.normal(0, EFFECT_SD, len(TERMS) - 1)])
    return KnownModel(truth, random.normal(0, REGION_SD, REGIONS), associations)


def simulate(records: int, random: np.random.Generator, model: KnownModel) -> pl.DataFrame:
    """Complete records: outcome (bool), region and FACTORS, text."""
    drawn: dict[str, np.ndarray] = {}
    for name in FACTORS:
        shares = np.array(list(SHARES[name].values()))
        logits = np.log(shares) + sum(model.associations[name, other][drawn[other]] for other in drawn)
        noise = random.gumbel(size=(records, len(shares)))
        drawn[name] = (logits + noise).argmax(axis=1)
    region = random.integers(0, REGIONS, records)
    frame = pl.DataFrame(
        {
            "region": [f"Region {number:02}" for number in region],
            **{name: np.array(list(SHARES[name]))[drawn[name]] for name in FACTORS},
        }
    )
    chance = expit(indicators(frame) @ model.truth + model.regions[region])
    return frame.insert_column(0, pl.Series("outcome", random.random(records) < chance))


def lose_values(complete: pl.DataFrame, missing: dict[str, float], random: np.random.Generator) -> pl.DataFrame:
    """The records with the shares `missing` of values lost at random given what MISSING_ON names."""
    references = {name: next(iter(SHARES[name])) for name in SHARES}
    lean = sum(
        weight * (complete[name].to_numpy() if name == "outcome" else (complete[name] != references[name]).to_numpy())
        for name, weight in MISSING_ON.items()
    ) + TOGETHER * random.standard_normal(complete.height)
    lost = {}
    for name, share in missing.items():
        low, high = -20.0, 20.0
        while high - low > 1e-6:
            middle = (low + high) / 2
            low, high = (middle, high) if expit(middle + lean).mean() < share else (low, middle)
        gone = pl.Series(random.random(complete.height) < expit(low + lean))
        lost[name] = pl.select(pl.when(~gone).then(complete[name])).to_series()
    return complete.with_columns(**lost)


def indicators(frame: pl.DataFrame) -> np.ndarray:
    """One column per term of TERMS."""
    columns = [np.ones(frame.height)] + [(frame[name] == level).to_numpy().astype(float) for name, level in TERMS[1:]]
    return np.column_stack(columns)
