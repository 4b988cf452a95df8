"""Asset: the requirements that are analysed. Does not belong here: why others are left out (steps/)."""

import polars as pl

from linkage_assets.steps.requirements.exclude_requirements import keep_analysed
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="combining", deps=["source_drift"])
def analysed_requirements(combined_requirements: pl.DataFrame) -> pl.DataFrame:
    """The requirements that no reason leaves out (45,943 in the published study)."""
    return keep_analysed(combined_requirements)
