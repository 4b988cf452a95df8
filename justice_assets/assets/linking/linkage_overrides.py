"""What people have decided of pairs of records. How is in steps/clusters/overrides.py."""

import dagster as dg
import polars as pl

from justice_assets.models.who_decides import keys_of_deciders
from justice_assets.steps.clusters.overrides import FILE, read_overrides
from resources.process.data_root import data_root
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="justice_linking")
def linkage_overrides(context: dg.AssetExecutionContext) -> pl.DataFrame:
    """Pairs of records that are one person, or two, as somebody has signed."""
    root = data_root()
    found = read_overrides(root / FILE, keys_of_deciders(root))
    context.add_output_metadata({"decisions": found.height})
    return found
