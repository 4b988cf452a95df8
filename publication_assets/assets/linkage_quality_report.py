"""The linkage quality report of the publication. Does not belong here: what it says (steps/quality)."""

import dagster as dg
import polars as pl

from publication_assets.publication_folder import PublicationFolder
from publication_assets.steps.documents.run_facts import run_facts
from publication_assets.steps.quality.write_linkage_quality import linkage_quality_html
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import DecisionsFolder
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="publication", deps=["information_governance"])
def linkage_quality_report(
    context: dg.AssetExecutionContext,
    linkage_quality: pl.DataFrame,
    consort_counts: pl.DataFrame,
    analysis_frame: pl.DataFrame,
    study: StudyResource,
    publication_folder: PublicationFolder,
    decisions: dg.ResourceParam[DecisionsFolder],
) -> pl.DataFrame:
    """How good the linkage is, with the items of GUILD and RECORD: name, size and hash of the file."""
    settings = study.settings(context.partition_key)
    facts = run_facts(analysis_frame, context.partition_key, settings)
    accepted = decisions.of_quarter(context.partition_key).accepted
    page = linkage_quality_html(linkage_quality, consort_counts, facts, settings, accepted)
    return publication_folder.write(context.partition_key, {"linkage_quality.html": page.encode("utf-8")})
