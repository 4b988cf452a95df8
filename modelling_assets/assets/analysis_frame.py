"""The analysis frame. Belongs here: the asset. Does not belong here: the join (steps/records)."""

import polars as pl

from modelling_assets.steps.records.build_analysis_frame import build_analysis_frame
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="modelling")
def analysis_frame(anonymised_requirements: pl.DataFrame, requirement_engagement: pl.DataFrame) -> pl.DataFrame:
    """Requirements with what their notes say, one row each (report 1.4 and 1.5)."""
    return build_analysis_frame(anonymised_requirements, requirement_engagement)
