"""The profile of a linkage, and whether it still looks like what the model was trained on.

Belongs here: completeness, candidate volume, link rate and weight distribution of any linkage. Does not belong here:
the words of one (whose zone it is), bands and chance (resources/drift/judge_drift.py), the quality of links.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from record_linkage.model.trained_model import TrainedModel
from resources.drift.judge_drift import Bands, Factor, Points, compare_profiles, drift_frame
from resources.drift.quarter_profile import DIGITS, DISTRIBUTION, RATIO, SHARE, Row, profile_frame, share, share_known
from resources.settings.drift_settings import LinkageDrift

WEIGHT_BANDS = (-6.0, -3.0, 0.0, 3.0, 6.0, 9.0, 12.0, 16.0, 20.0)  # bits
LINKAGE = "linkage"  # source of the measures that depend on the model
CANDIDATES = "candidate pairs per million"
WEIGHTS = "share of pairs with weight "
STABILITY = "stability index of match weights"
SMALLEST_SHARE = 1e-4  # an empty band would make the stability index infinite


@dataclass(frozen=True)
class Side:
    """One side of a linkage: name of its system, all its records, and those of them that can be linked."""

    system: str
    records: pl.DataFrame
    linkable: pl.DataFrame


def profile_linkage(
    left: Side,
    right: Side,
    identifiers: Sequence[str],
    scored_pairs: pl.DataFrame,
    linked: pl.Series,
    link_rate: str,
) -> pl.DataFrame:
    """Shares and rates of one linkage, one row per measure as resources/drift/quarter_profile.py Profile.

    Completeness of every identifier per system (share of rows), candidate pairs per million possible pairs of rows,
    under the name `link_rate` the share of linkable left people that are among `linked` (person_id, may repeat), share
    of pairs per band of match weight.
    """
    rows = [
        share_known(side.system, f"completeness of {column}, {side.system}", side.records[column])
        for side in (left, right)
        for column in identifiers
    ]
    rows.append(candidate_rate(scored_pairs.height, left.linkable.height * right.linkable.height))
    rows.append(share(LINKAGE, link_rate, linked.n_unique(), left.linkable["person_id"].n_unique()))
    return profile_frame([*rows, *weight_shares(scored_pairs["match_weight"])])


def candidate_rate(pairs: int, possible: int) -> Row:
    """Pairs that were looked at, per million possible ones."""
    return LINKAGE, CANDIDATES, RATIO, round(pairs / possible * 1e6, DIGITS) if possible else None, pairs, 0.0


def weight_shares(weights: pl.Series, edges: Sequence[float] = WEIGHT_BANDS) -> list[Row]:
    """Share of pairs in each band of match weight, between `edges` (bits, ascending)."""
    names = _band_names(edges)
    counts = dict(weights.cut(edges, labels=names).cast(pl.String).value_counts().rows())  # pyright: ignore[reportDeprecated]
    return [share(LINKAGE, WEIGHTS + band, counts.get(band, 0), weights.len(), DISTRIBUTION) for band in names]


def compare_linkage(
    now: pl.DataFrame,
    training: Mapping[str, float | None],
    last_quarter: pl.DataFrame | None,
    drift: LinkageDrift,
    sampling_errors: float,
    compared_with: str,
    link_rates: Sequence[str],
) -> pl.DataFrame:
    """One row per measure as quarter_profile.py Drift: this quarter beside training and the quarter before.

    `training`: value by measure when the model was trained; `last_quarter`: the profile of the quarter before, None
    without one; `link_rates`: names of these measures. The weight distribution has one row, its population stability
    index against each of the two.
    """
    bands = Bands(
        {SHARE: Points(drift.completeness_points), RATIO: Factor(1 / drift.candidate_ratio, drift.candidate_ratio)},
        sampling_errors,
        dict.fromkeys(link_rates, Points(drift.link_rate_points)),
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


def values(profile: pl.DataFrame) -> dict[str, float | None]:
    """Value of every measure by its name."""
    return dict(profile.select("measure", "value").iter_rows())


def with_measures(model: TrainedModel, *profiles: pl.DataFrame) -> TrainedModel:
    """`model` with what was measured when it was trained: every measure of `profiles` that has a value."""
    measured = {measure: value for profile in profiles for measure, value in values(profile).items()}
    return replace(model, profile={measure: value for measure, value in measured.items() if value is not None})


def _has_weights(profile: Mapping[str, float | None]) -> bool:
    return any(name.startswith(WEIGHTS) and value is not None for name, value in profile.items())


def _stability(now: Mapping[str, float | None], other: Mapping[str, float | None]) -> float:
    index = 0.0
    for band in (name for name in now if name.startswith(WEIGHTS)):
        here, there = (max(profile.get(band) or 0.0, SMALLEST_SHARE) for profile in (now, other))
        index += (here - there) * math.log(here / there)
    return round(index, DIGITS)


def _band_names(edges: Sequence[float]) -> list[str]:
    names = [f"{edge:g}" for edge in edges]
    middle = [f"{low} to {high}" for low, high in itertools.pairwise(names)]
    return [f"below {names[0]}", *middle, f"above {names[-1]}"]
