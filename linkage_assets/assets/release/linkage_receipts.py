"""Asset: what the zone tells of its tables. How is in resources/receipts/told_receipts.py."""

import dagster as dg
import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from contracts.zones import RECEIPTS
from linkage_assets.models.train_first import TRAINED_TABLE
from linkage_assets.schemas import TABLES
from resources.receipts.told_receipts import told_receipts
from resources.records.shown_counts import counts_base
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import OF_ALL_CODE
from resources.zone.zone_store import ZoneStore

TOLD = sorted(TABLES.keys() - {RECEIPTS["linkage"], TRAINED_TABLE})


@zone_asset(group_name="anonymising", deps=[name for name in TOLD if name != "quarantined_rows"], metadata=OF_ALL_CODE)
def linkage_receipts(
    context: dg.AssetExecutionContext, quarantined_rows: pl.DataFrame, zone_store: dg.ResourceParam[ZoneStore]
) -> pl.DataFrame:
    """What each table of this zone is, was made from, when and by whom: for the manifest and lineage."""
    receipts = (zone_store.zone.written(table, context.partition_key) for table in TOLD)
    quarantined = quarantined_rows.group_by("extract").agg(pl.col("row_number").n_unique())
    counts = dict.fromkeys((extract.name for extract in LINKAGE_EXTRACTS), 0) | dict(quarantined.iter_rows())
    return told_receipts(receipts, counts, counts_base())
