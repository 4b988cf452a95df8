"""Asset: what each keyword finds. The rules are in steps/quality/audit_keywords.py."""

import polars as pl

from nlp_assets.steps.notes.filter_notes import treatment_keywords
from nlp_assets.steps.quality.audit_keywords import audit_keywords
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="filter_audit")
def keyword_audit(filtered_notes: pl.DataFrame, note_labels: pl.DataFrame) -> pl.DataFrame:
    """Notes and requirements per keyword, by it alone, and the share labelled 1 (methodology 2.7.1). Counts only."""
    return audit_keywords(filtered_notes, note_labels, treatment_keywords())
