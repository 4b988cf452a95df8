"""The trained linkage model. How is in steps/train_linkage_model.py, its levels in steps/splink_model.py."""

import dagster as dg
import polars as pl

from linkage_assets.steps.train_linkage_model import train_linkage_model
from resources.dagster_resources import StudyResource
from resources.splink_backend import SplinkBackend
from resources.zone_asset import zone_asset


@zone_asset(group_name="linking")
def linkage_model(
    context: dg.AssetExecutionContext,
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    study: StudyResource,
    splink_backend: dg.ResourceParam[SplinkBackend],
) -> pl.DataFrame:
    """Fellegi-Sunter model at the study's comparison levels, trained on this quarter's records (methodology 2.4)."""
    return train_linkage_model(
        standardised_offenders, standardised_clients, splink_backend, study.settings(context.partition_key).linkage
    )
