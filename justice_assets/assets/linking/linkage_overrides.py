"""What people have decided of pairs of records. How is in steps/clusters/overrides.py."""

import dagster as dg
import polars as pl

from justice_assets.steps.clusters.overrides import read_overrides
from resources.process.data_root import data_root
from resources.receipts.signed_statement import read_public_key
from resources.zone.zone_asset import zone_asset

FILE, KEY = "justice/overrides/overrides.json", "justice/overrides/overrides.pub"


@zone_asset(group_name="justice_linking")
def linkage_overrides(context: dg.AssetExecutionContext) -> pl.DataFrame:
    """Pairs of records that are one person, or two, as somebody has signed."""
    file = data_root() / FILE
    key = read_public_key(data_root() / KEY) if file.exists() else None
    found = read_overrides(file, key)
    context.add_output_metadata({"decisions": found.height})
    return found
