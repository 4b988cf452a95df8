"""Asset: what reviewers decided of each requirement that they read. The rules are in evaluate_labels.py."""

from pathlib import Path

import dagster as dg
import polars as pl

from contracts.extracts import NOTES_EXTRACTS
from nlp_assets.steps.quality.evaluate_labels import decided_requirements
from nlp_assets.steps.quality.reading_quality import read_reviewed_cases
from resources.extracts.extract_folder import ExtractFolder
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK


@zone_asset(group_name="notes", metadata=READS_MARK)
def reviewed_requirements(
    context: dg.AssetExecutionContext, filtered_notes: pl.DataFrame, extracts: ExtractFolder
) -> pl.DataFrame:
    """Reviewed requirements and the reviewers' decision (report 1.3.2); no rows when nobody reviewed."""
    quarter = context.partition_key
    synthetic = extracts.synthetic(quarter, NOTES_EXTRACTS) is not None
    return decided_requirements(read_reviewed_cases(Path(extracts.root), quarter, synthetic), filtered_notes)
