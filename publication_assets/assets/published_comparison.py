"""The comparison with the published study. Does not belong here: what agrees (steps/comparison)."""

import dagster as dg
import polars as pl

from publication_assets.steps.comparison.compare_with_published import agreement_of, compare_with_published
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="publication")
def published_comparison(
    context: dg.AssetExecutionContext,
    published_tables: pl.DataFrame,
    consort_counts: pl.DataFrame,
    linkage_quality: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Every figure of the published study beside ours (report and methodology of March 2026)."""
    settings = study.settings(context.partition_key)
    comparison = compare_with_published(published_tables, consort_counts, linkage_quality, settings)
    found = agreement_of(comparison)
    context.add_output_metadata({"compared_figures": found.compared, "within_tolerance": found.within})
    return comparison
