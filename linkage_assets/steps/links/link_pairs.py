"""Decides which pairs of people are links (methodology 2.5.3).

Belongs here: the study's rule. Does not belong here: one key per person (key_people.py), and what other rules and
thresholds would give (count_links.py).
"""

import polars as pl

from resources.settings.study_settings import Linkage


class ThresholdNotDecided(Exception):
    """The threshold was decided on synthetic extracts and these are not; says what to do."""


def link_pairs(person_pairs: pl.DataFrame, settings: Linkage, synthetic: bool) -> pl.DataFrame:
    """The pairs of people at or above `settings.threshold` of the pair probability, as they are in person_pairs.

    Raises ThresholdNotDecided on extracts that are not `synthetic` when the threshold rests on synthetic ones.
    """
    if not synthetic and settings.threshold_decision.basis.endswith("synthetic_extracts"):
        raise ThresholdNotDecided(
            "linkage.threshold was adopted on evidence from synthetic extracts, and these are not. Review a sample of "
            "these (pathways review), or restore the study's threshold in study.toml."
        )
    return person_pairs.filter(pl.col("match_probability") >= settings.threshold)
