"""Asset: receptions into prison under pseudonyms. Whose they are is in steps/combining."""

import dagster as dg
import polars as pl

from linkage_assets.steps.courts.collect_prison_receptions import collect_prison_receptions
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="separating", deps=["extract_fit"])
def prison_receptions(
    context: dg.AssetExecutionContext,
    offender: pl.DataFrame,
    prison_spell: pl.DataFrame,
    probation_pseudonyms: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Receptions of people on probation into prison, without identifiers (report 2.3-2.4)."""
    settings = study.settings(context.partition_key)
    return collect_prison_receptions(offender, prison_spell, probation_pseudonyms, settings)
