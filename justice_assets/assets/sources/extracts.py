"""The extracts of the justice zone: one asset per declared file, and the rows set aside in them.

Does not belong here: how a file is read (resources/extracts/extract_reader.py).
"""

import dagster as dg
import polars as pl

from contracts.extracts import JUSTICE_EXTRACTS
from resources.extracts.extract_assets import extract_asset, quarantine_of
from resources.extracts.extract_folder import ExtractFolder
from resources.process.data_root import spill_of
from resources.zone.zone_asset import zone_asset

tables = [extract_asset(extract, "justice") for extract in JUSTICE_EXTRACTS]


@zone_asset(group_name="justice_extracts", deps=[extract.name for extract in JUSTICE_EXTRACTS])
def quarantined_justice_rows(context: dg.AssetExecutionContext, extracts: ExtractFolder) -> pl.DataFrame:
    """Rows of the extracts that were set aside: table, row number, column and rule, without any value."""
    return quarantine_of(extracts, JUSTICE_EXTRACTS, context.partition_key, spill_of("justice"))
