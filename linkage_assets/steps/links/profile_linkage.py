"""The profile of a quarter's linkage, and whether it still looks like what the model was trained on.

Belongs here: completeness, candidate volume, link rate and weight distribution, and their bands. Does not belong here:
the quality of the links (estimate_linkage_error.py).
"""

import math
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from linkage_assets.steps.links.score_pairs import score_pairs
from linkage_assets.steps.model.trained_model import TrainedModel
from resources.splink_backend import SplinkBackend
from resources.study_settings import Drift, Linkage

IDENTIFIERS = ["forename_initial", "surname_initial", "dob", "sex", "ethnicity", "postcode_sector", "utla_code"]
WEIGHT_BANDS = [-6.0, -3.0, 0.0, 3.0, 6.0, 9.0, 12.0, 16.0, 20.0]  # bits
CANDIDATES = "candidate pairs per million"
LINK_RATE = "share of people on probation linked"
WEIGHTS = "share of pairs with weight "
SMALLEST_SHARE = 1e-4  # an empty band would make the stability index infinite
DIGITS = 6


def profile_linkage(
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    scored_pairs: pl.DataFrame,
    threshold: float,
) -> dict[str, float]:
    """Shares and rates of one linkage by name of the measure.

    Completeness of every identifier per system (share of rows), candidate pairs per million possible pairs of rows,
    share of linkable people on probation with a pair at or above `threshold`, share of pairs per band of match weight.
    """
    profile = {
        f"completeness of {column}, {system}": records.select(pl.col(column).is_not_null().mean()).item() or 0.0
        for system, records in (("nDelius", standardised_offenders), ("NDTMS", standardised_clients))
        for column in IDENTIFIERS
    }
    offenders, clients = standardised_offenders.filter("linkable"), standardised_clients.filter("linkable")
    possible = max(offenders.height * clients.height, 1)
    people = max(offenders["person_id"].n_unique(), 1)
    linked = scored_pairs.filter(pl.col("match_probability") >= threshold)["crn"].n_unique()
    profile[CANDIDATES] = scored_pairs.height / possible * 1e6
    profile[LINK_RATE] = linked / people
    bands = scored_pairs["match_weight"].cut(WEIGHT_BANDS, labels=_band_names()).value_counts()
    counts = dict(bands.with_columns(pl.col("match_weight").cast(pl.String)).rows())
    for band in _band_names():
        profile[WEIGHTS + band] = counts.get(band, 0) / max(scored_pairs.height, 1)
    return {name: round(float(value), DIGITS) for name, value in profile.items()}


def profile_training(
    model: TrainedModel,
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    backend: SplinkBackend,
    settings: Linkage,
) -> TrainedModel:
    """`model` with the profile of the records it was trained on, scored with it. Raises SplinkFailed."""
    pairs = score_pairs(standardised_offenders, standardised_clients, model, backend, settings)
    profile = profile_linkage(standardised_offenders, standardised_clients, pairs, settings.threshold)
    return replace(model, profile=profile)


def compare_profiles(
    now: Mapping[str, float], training: Mapping[str, float], last_quarter: Mapping[str, float] | None, bands: Drift
) -> pl.DataFrame:
    """One row per measure: measure, value, training, last_quarter (null without one), allowed (text), within.

    The weight distribution has one row, its population stability index against each of the two.
    """
    rows = [
        _compare(name, value, training.get(name), last_quarter.get(name) if last_quarter else None, bands)
        for name, value in now.items()
        if not name.startswith(WEIGHTS)
    ]
    against = [_stability(now, other) if other else None for other in (training, last_quarter)]
    rows.append(
        (
            "stability index of match weights", None, against[0], against[1], f"at most {bands.weight_stability:g}",
            all(index <= bands.weight_stability for index in against if index is not None),
        )
    )
    return pl.DataFrame(
        rows,
        schema={"measure": pl.String, "value": pl.Float64, "training": pl.Float64, "last_quarter": pl.Float64,
                "allowed": pl.String, "within": pl.Boolean},
        orient="row",
    )


def _compare(name: str, value: float, training: float | None, last: float | None, bands: Drift) -> tuple:
    others = [other for other in (training, last) if other is not None]
    if name == CANDIDATES:
        ratio = bands.candidate_ratio
        within = all(other / ratio <= value <= other * ratio for other in others)
        return name, value, training, last, f"within a factor of {ratio:g}", within
    points = bands.link_rate_points if name == LINK_RATE else bands.completeness_points
    within = all(abs(value - other) <= points for other in others)
    return name, value, training, last, f"within {100 * points:g} points", within


def _stability(now: Mapping[str, float], other: Mapping[str, float]) -> float:
    index = 0.0
    for band in _band_names():
        here, there = (max(profile.get(WEIGHTS + band, 0.0), SMALLEST_SHARE) for profile in (now, other))
        index += (here - there) * math.log(here / there)
    return round(index, DIGITS)


def _band_names() -> list[str]:
    edges = [f"{edge:g}" for edge in WEIGHT_BANDS]
    middle = [f"{low} to {high}" for low, high in zip(edges, edges[1:], strict=False)]
    return [f"below {edges[0]}", *middle, f"above {edges[-1]}"]
