"""The extracts of the linkage zone: every declared file but the contact notes.

Belongs here: one asset per file, the rows set aside in them, and their ages. Does not belong here: how a file is read
(resources/extracts/extract_reader.py).
"""

import dagster as dg
import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from resources.extracts.extract_assets import ages_of, extract_asset, quarantine_of
from resources.extracts.extract_folder import ExtractFolder
from resources.process.data_root import spill_of
from resources.zone.zone_asset import zone_asset

tables = [extract_asset(extract, "linkage") for extract in LINKAGE_EXTRACTS]


@zone_asset(group_name="linkage_extracts", deps=[extract.name for extract in LINKAGE_EXTRACTS])
def quarantined_rows(context: dg.AssetExecutionContext, extracts: ExtractFolder) -> pl.DataFrame:
    """Rows of the extracts that were set aside: table, row number, column and rule, without any value."""
    return quarantine_of(extracts, LINKAGE_EXTRACTS, context.partition_key, spill_of("linkage"))


@zone_asset(group_name="linkage_extracts", deps=[extract.name for extract in LINKAGE_EXTRACTS])
def extract_ages(context: dg.AssetExecutionContext, extracts: ExtractFolder) -> pl.DataFrame:
    """Extracts that look like those of an earlier quarter, or hold the new rows alone: days and counts, no date."""
    return ages_of(extracts, LINKAGE_EXTRACTS, context.partition_key, spill_of("linkage"))
