"""Asset: what the zone tells of its tables. How is in resources/receipts/told_receipts.py."""

import dagster as dg
import polars as pl

from contracts.zones import RECEIPTS
from nlp_assets.schemas import TABLES
from resources.receipts.told_receipts import told_receipts
from resources.records.shown_counts import counts_base
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import OF_ALL_CODE
from resources.zone.zone_store import ZoneStore

TOLD = sorted(TABLES.keys() - {RECEIPTS["nlp"]})


@zone_asset(group_name="notes", deps=TOLD, metadata=OF_ALL_CODE)
def notes_receipts(context: dg.AssetExecutionContext, zone_store: dg.ResourceParam[ZoneStore]) -> pl.DataFrame:
    """What each table of this zone is, was made from, when and by whom: for the manifest and lineage."""
    receipts = (zone_store.zone.written(table, context.partition_key) for table in TOLD)
    return told_receipts(receipts, {}, counts_base())
