"""The profile of a quarter's linkage, and whether it still looks like what the model was trained on.

Belongs here: completeness, candidate volume, link rate and weight distribution. Does not belong here: the profile of
other sources (steps/sources), bands and chance (resources/drift/judge_drift.py), the quality of the links
(estimate_linkage_error.py).
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from linkage_assets.steps.links.score_pairs import score_pairs
from linkage_assets.steps.model.trained_model import TrainedModel
from record_linkage.splink_backend import SplinkBackend
from resources.drift.judge_drift import Bands, Factor, Points, compare_profiles, drift_frame
from resources.drift.quarter_profile import DIGITS, DISTRIBUTION, RATIO, SHARE, profile_frame, share, share_known
from resources.settings.drift_settings import LinkageDrift
from resources.settings.study_settings import Linkage

IDENTIFIERS = ["forename_initial", "surname_initial", "dob", "sex", "ethnicity", "postcode_sector", "utla_code"]
WEIGHT_BANDS = [-6.0, -3.0, 0.0, 3.0, 6.0, 9.0, 12.0, 16.0, 20.0]  # bits
LINKAGE = "linkage"  # source of the measures that depend on the model
CANDIDATES = "candidate pairs per million"
LINK_RATE = "share of people on probation linked"
WEIGHTS = "share of pairs with weight "
STABILITY = "stability index of match weights"
SMALLEST_SHARE = 1e-4  # an empty band would make the stability index infinite


def profile_linkage(
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    scored_pairs: pl.DataFrame,
    threshold: float,
) -> pl.DataFrame:
    """Shares and rates of one linkage, one row per measure as resources/drift/quarter_profile.py Profile.

    Completeness of every identifier per system (share of rows), candidate pairs per million possible pairs of rows,
    share of linkable people on probation with a pair at or above `threshold`, share of pairs per band of match weight.
    """
    rows = [
        share_known(system, f"completeness of {column}, {system}", records[column])
        for system, records in (("nDelius", standardised_offenders), ("NDTMS", standardised_clients))
        for column in IDENTIFIERS
    ]
    offenders, clients = standardised_offenders.filter("linkable"), standardised_clients.filter("linkable")
    pairs, possible = scored_pairs.height, offenders.height * clients.height
    linked = scored_pairs.filter(pl.col("match_probability") >= threshold)["crn"].n_unique()
    rate = round(pairs / possible * 1e6, DIGITS) if possible else None
    rows.append((LINKAGE, CANDIDATES, RATIO, rate, pairs, 0.0))
    rows.append(share(LINKAGE, LINK_RATE, linked, offenders["person_id"].n_unique()))
    bands = scored_pairs["match_weight"].cut(WEIGHT_BANDS, labels=_band_names()).value_counts()
    counts = dict(bands.with_columns(pl.col("match_weight").cast(pl.String)).rows())
    rows += [share(LINKAGE, WEIGHTS + band, counts.get(band, 0), pairs, DISTRIBUTION) for band in _band_names()]
    return profile_frame(rows)


def profile_training(
    model: TrainedModel,
    key: bytes,
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    source_profile: pl.DataFrame,
    backend: SplinkBackend,
    settings: Linkage,
) -> TrainedModel:
    """`model` with the profile of the records it was trained on, scored with it, and of all sources of that quarter.
    `key`: the one of its values. Raises SplinkFailed.
    """
    pairs = score_pairs(standardised_offenders, standardised_clients, model, key, backend, settings)
    profile = profile_linkage(standardised_offenders, standardised_clients, pairs, settings.threshold)
    measured = values(profile) | values(source_profile)
    return replace(model, profile={measure: value for measure, value in measured.items() if value is not None})


def compare_linkage(
    now: pl.DataFrame,
    training: Mapping[str, float | None],
    last_quarter: pl.DataFrame | None,
    drift: LinkageDrift,
    sampling_errors: float,
    compared_with: str,
) -> pl.DataFrame:
    """One row per measure as quarter_profile.py Drift: this quarter beside training and the quarter before.

    `training`: value by measure when the model was trained; `last_quarter`: the profile of the quarter before, None
    without one. The weight distribution has one row, its population stability index against each of the two.
    """
    bands = Bands(
        {SHARE: Points(drift.completeness_points), RATIO: Factor(1 / drift.candidate_ratio, drift.candidate_ratio)},
        sampling_errors,
        {LINK_RATE: Points(drift.link_rate_points)},
    )
    compared = compare_profiles(
        now.filter(pl.col("kind") != DISTRIBUTION), training, last_quarter, bands, compared_with
    )
    last = values(last_quarter) if last_quarter is not None else {}
    against = [_stability(values(now), other) if _has_weights(other) else None for other in (training, last)]
    worst = max((index for index in against if index is not None), default=None)
    row = (
        LINKAGE,
        STABILITY,
        DISTRIBUTION,
        worst,
        now.filter(kind=DISTRIBUTION)["base"][0],
        *against,
        None,
        drift.weight_stability,
        worst is None or worst <= drift.weight_stability,
        compared_with,
    )
    return pl.concat([compared, drift_frame([row])])


def plausibly_linked(linkage_drift: pl.DataFrame, bounds: tuple[float, float]) -> pl.DataFrame:
    """Drift of the linkage; its link rate must lie within `bounds` besides, whatever there was to compare with."""
    least, most = bounds
    rate = pl.col("measure") == LINK_RATE
    return linkage_drift.with_columns(
        lowest=pl.when(rate).then(pl.max_horizontal("lowest", pl.lit(least))).otherwise("lowest"),
        highest=pl.when(rate).then(pl.min_horizontal("highest", pl.lit(most))).otherwise("highest"),
        within=pl.col("within") & (~rate | pl.col("value").is_between(least, most).fill_null(False)),
    )


def values(profile: pl.DataFrame) -> dict[str, float | None]:
    """Value of every measure by its name."""
    return dict(profile.select("measure", "value").iter_rows())


def comparable(last_quarter: pl.DataFrame | None, same_model: bool) -> pl.DataFrame | None:
    """What of the quarter before can be compared: not what depends on the model, when another one scored it."""
    if last_quarter is None or same_model:
        return last_quarter
    return last_quarter.filter(pl.col("source") != LINKAGE)


def _has_weights(profile: Mapping[str, float | None]) -> bool:
    return any(name.startswith(WEIGHTS) and value is not None for name, value in profile.items())


def _stability(now: Mapping[str, float | None], other: Mapping[str, float | None]) -> float:
    index = 0.0
    for band in _band_names():
        here, there = (max(profile.get(WEIGHTS + band) or 0.0, SMALLEST_SHARE) for profile in (now, other))
        index += (here - there) * math.log(here / there)
    return round(index, DIGITS)


def _band_names() -> list[str]:
    edges = [f"{edge:g}" for edge in WEIGHT_BANDS]
    middle = [f"{low} to {high}" for low, high in itertools.pairwise(edges)]
    return [f"below {edges[0]}", *middle, f"above {edges[-1]}"]
