"""The profile of the linkage of the quarter before, read back to be compared with. Comparing: profile_linkage.py."""

import polars as pl

from record_linkage.scoring.profile_linkage import LINKAGE
from resources.drift.earlier_profile import EarlierProfile, profile_of_quarter_before, same_table
from resources.zone.zone_store import ZoneStore


def linkage_of_quarter_before(store: ZoneStore, quarter: str, table: str, judged_in: str, model: str) -> EarlierProfile:
    """As profile_of_quarter_before; without what depends on the model where another one, table `model`, scored it."""
    before = profile_of_quarter_before(store, quarter, table, judged_in)
    if before.frame is None or same_table(store, quarter, model):
        return before
    words = f"{before.words}, which another model scored: completeness only"
    return EarlierProfile(before.frame.filter(pl.col("source") != LINKAGE), words)
