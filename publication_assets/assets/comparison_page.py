"""The page that sets the published study beside this run. Does not belong here: its words (steps/comparison)."""

import dagster as dg
import polars as pl

from publication_assets.publication_folder import PublicationFolder
from publication_assets.steps.comparison.write_comparison import comparison_html
from publication_assets.steps.documents.run_facts import run_facts
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="publication", deps=["information_governance"])
def comparison_page(
    context: dg.AssetExecutionContext,
    published_comparison: pl.DataFrame,
    analysis_frame: pl.DataFrame,
    note_reading_quality: pl.DataFrame,
    study: StudyResource,
    publication_folder: PublicationFolder,
) -> pl.DataFrame:
    """The published study beside this run, figure by figure: name, size and hash of the file."""
    settings = study.settings(context.partition_key)
    facts = run_facts(analysis_frame, context.partition_key, settings, note_reading_quality)
    page = comparison_html(published_comparison, facts, settings)
    return publication_folder.write(context.partition_key, {"against_published.html": page.encode("utf-8")})
