"""Asset: how well notes are read, counts and shares only. The rules are in steps/quality/reading_quality.py."""

from pathlib import Path

import dagster as dg
import polars as pl

from contracts.extracts import NOTES_EXTRACTS
from nlp_assets.steps.quality.reading_quality import (
    collect_reading_quality,
    read_requirement_levels,
    read_reviewed_cases,
)
from resources.extracts.extract_folder import ExtractFolder
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK


# The modelling zone starts when this table is written: all that it reads besides has to be there.
@zone_asset(group_name="notes", deps=["reviewed_requirements"], metadata=READS_MARK)
def note_reading_quality(
    context: dg.AssetExecutionContext,
    filtered_notes: pl.DataFrame,
    note_labels: pl.DataFrame,
    requirement_engagement: pl.DataFrame,
    keyword_audit: pl.DataFrame,
    missed_engagement: pl.DataFrame,
    injection_flips: pl.DataFrame,
    note_drift: pl.DataFrame,
    note_selection: pl.DataFrame,
    study: StudyResource,
    extracts: ExtractFolder,
) -> pl.DataFrame:
    """Engine, statuses, reviewed cases, rules, errors, keywords, injections (report 1.3.2, methodology 2.7)."""
    quarter = context.partition_key
    synthetic = extracts.synthetic(quarter, NOTES_EXTRACTS) is not None
    reviewed = read_reviewed_cases(Path(extracts.root), quarter, synthetic)
    return collect_reading_quality(
        filtered_notes,
        note_labels,
        requirement_engagement,
        reviewed,
        study.settings(quarter),
        synthetic,
        read_requirement_levels(),
        keyword_audit,
        missed_engagement,
        injection_flips,
        note_drift,
        note_selection,
    )
