"""What crosses about the quality of the linkage. How is in steps/quality."""

from pathlib import Path

import dagster as dg
import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.steps.quality.collect_linkage_quality import collect_linkage_quality
from resources.extracts.extract_folder import ExtractFolder
from resources.review.read_findings import read_review_findings
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK

TABLES = [
    "standardised_offenders",
    "standardised_clients",
    "offender_clusters",
    "client_clusters",
    "linkage_model",
    "person_pairs",
    "linked_pairs",
    "person_key",
    "link_counts",
    "pairs_near_threshold",
    "linkage_comparison",
    "estimated_errors",
    "linkage_errors",
    "linked_profile",
    "choice_effects",
    "linkage_drift",
    "source_drift",
    "court_coverage",
    "consort_counts",
]


@zone_asset(group_name="quality", ins={name: dg.AssetIn(name) for name in TABLES}, metadata=READS_MARK)
def linkage_quality(
    context: dg.AssetExecutionContext, study: StudyResource, extracts: ExtractFolder, **tables: pl.DataFrame
) -> pl.DataFrame:
    """Figures of the linkage quality report, after disclosure control: counts, shares and fixed words only."""
    quarter = context.partition_key
    synthetic = extracts.synthetic(quarter, LINKAGE_EXTRACTS) is not None
    findings = read_review_findings(Path(extracts.root) / "linkage" / quarter, synthetic)
    return collect_linkage_quality(tables, findings, study.settings(quarter), synthetic)
