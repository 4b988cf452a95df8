"""Makes the asset of an extract from its declaration: the same way in every zone that reads extracts.

Belongs here: the skin over read_extract. Does not belong here: any particular extract (contracts/extracts.py).
"""

from collections.abc import Sequence

import dagster as dg
import polars as pl

from resources.extract_declaration import Extract
from resources.extract_folder import ExtractFolder
from resources.extract_reader import ReadExtract, counts_by_rule, read_extract
from resources.partitions import quarter_end
from resources.study_settings import load_study_settings
from resources.zone_asset import zone_asset
from resources.zone_store import EXTRACT


def extract_asset(extract: Extract) -> dg.AssetsDefinition:
    """Asset named as the extract: its rows as declared, without quarantined ones; counts as metadata."""

    @zone_asset(
        name=extract.name, group_name="extracts", description=f"{extract.meaning}.",
        metadata={EXTRACT: f"{extract.system}/{extract.name}"},
    )
    def table(context: dg.AssetExecutionContext, extracts: ExtractFolder) -> pl.DataFrame:
        quarter = context.partition_key
        limits = load_study_settings().extracts
        read = read_extract(extracts.folder(quarter), extract, quarter_end(quarter), limits)
        extracts.keep_set_aside(quarter, extract.name, read.quarantined)
        context.add_output_metadata(extract_counts(read))
        return read.frame

    return table


def extract_counts(read: ReadExtract) -> dict:
    """What is worth knowing of a file that was read, in counts and names of columns and rules."""
    return {
        "rows_read": read.rows_read,
        "rows_quarantined": read.rows_quarantined,
        "quarantined": counts_by_rule(read.quarantined),
        "voided": counts_by_rule(read.voided),
        "normalised": read.normalised,
        "form": read.form,
        "columns_ignored": read.ignored,
        "columns_absent": read.absent,
        "source_sha256": read.sha256,
    }


def quarantine_of(folder: ExtractFolder, extracts: Sequence[Extract], quarter: str) -> pl.DataFrame:
    """Rows set aside in these extracts: extract, row_number, column, rule; sorted.

    Reads again only the files that this run has not read.
    """
    latest, limits, frames = quarter_end(quarter), load_study_settings().extracts, []
    for extract in extracts:
        known = folder.set_aside(quarter, extract.name)
        if known is None:
            known = read_extract(folder.folder(quarter), extract, latest, limits).quarantined
        frames.append(known)
    return pl.concat(frames).sort("extract", "row_number", maintain_order=True)
