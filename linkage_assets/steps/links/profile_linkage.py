"""The profile of a quarter's linkage, and whether it still looks like what the model was trained on.

Belongs here: what the study calls its sides and its link rate. Does not belong here: the measures (record_linkage), the
profile of other sources (steps/sources), the quality of the links (estimate_linkage_error.py).
"""

from functools import partial

import polars as pl

from linkage_assets.steps.links.score_pairs import score_pairs
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring import profile_linkage as profiling
from record_linkage.scoring.profile_linkage import Side, with_measures
from record_linkage.splink_backend import SplinkBackend
from resources.settings.study_settings import Linkage

IDENTIFIERS = ["forename_initial", "surname_initial", "dob", "sex", "ethnicity", "postcode_sector", "utla_code"]
LINK_RATE = "share of people on probation linked"

compare_linkage = partial(profiling.compare_linkage, link_rates=(LINK_RATE,))


def profile_linkage(
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    scored_pairs: pl.DataFrame,
    threshold: float,
) -> pl.DataFrame:
    """Shares and rates of one linkage, one row per measure as resources/drift/quarter_profile.py Profile.

    The link rate is the share of linkable people on probation with a pair at or above `threshold`.
    """
    left, right = (
        Side(system, records, records.filter("linkable"))
        for system, records in (("nDelius", standardised_offenders), ("NDTMS", standardised_clients))
    )
    linked = scored_pairs.filter(pl.col("match_probability") >= threshold)["crn"]
    return profiling.profile_linkage(left, right, IDENTIFIERS, scored_pairs, linked, LINK_RATE)


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
    return with_measures(model, profile, source_profile)


def plausibly_linked(linkage_drift: pl.DataFrame, bounds: tuple[float, float]) -> pl.DataFrame:
    """Drift of the linkage; its link rate must lie within `bounds` besides, whatever there was to compare with."""
    least, most = bounds
    rate = pl.col("measure") == LINK_RATE
    return linkage_drift.with_columns(
        lowest=pl.when(rate).then(pl.max_horizontal("lowest", pl.lit(least))).otherwise("lowest"),
        highest=pl.when(rate).then(pl.min_horizontal("highest", pl.lit(most))).otherwise("highest"),
        within=pl.col("within") & (~rate | pl.col("value").is_between(least, most).fill_null(False)),
    )
