"""Decides which pairs of people are links (methodology 2.5.3).

Belongs here: the study's rule. Does not belong here: one key per person (key_people.py), and what other rules and
thresholds would give (count_links.py).
"""

import polars as pl

from resources.study_settings import Linkage


def link_pairs(person_pairs: pl.DataFrame, settings: Linkage) -> pl.DataFrame:
    """The pairs of people at or above `settings.threshold` of the pair probability, as they are in person_pairs."""
    return person_pairs.filter(pl.col("match_probability") >= settings.threshold)
