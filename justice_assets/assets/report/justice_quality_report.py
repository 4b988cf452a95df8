"""The page on the quality of the links. How is in steps/quality_page."""

import dagster as dg
import polars as pl

from contracts.extracts import JUSTICE_EXTRACTS
from justice_assets.released_files import write_files
from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.quality_page.review_shown import REVIEWED, findings_of
from justice_assets.steps.quality_page.write_quality_page import quality_page_html
from resources.extracts.extract_folder import ExtractFolder
from resources.process.data_root import data_root
from resources.review.read_findings import read_review_findings
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK, ZoneStore

FOLDER = "quality"


TABLES = (
    "hold_out",
    "impossible_people",
    "cluster_sizes",
    "view_anonymity",
    "justice_source_drift",
    "justice_linkage_drift",
)


@zone_asset(
    group_name="releasing",
    ins={name: dg.AssetIn(name) for name in TABLES},
    deps=[REVIEWED],  # of which findings say whether they are of these pairs
    metadata=READS_MARK,
)
def justice_quality_report(
    context: dg.AssetExecutionContext,
    study: StudyResource,
    extracts: ExtractFolder,
    zone_store: dg.ResourceParam[ZoneStore],
    **tables: pl.DataFrame,
) -> pl.DataFrame:
    """How good the links are, in words and rounded counts: a page."""
    quarter = context.partition_key
    settings, synthetic = study.settings(quarter), extracts.synthetic(quarter, JUSTICE_EXTRACTS) is not None
    facts = PanelFacts(quarter, synthetic)
    found = read_review_findings(data_root() / "justice" / quarter, synthetic, "pathways review links")
    findings = findings_of(found, zone_store.zone.receipt(REVIEWED, quarter))
    page = quality_page_html(tables, facts, settings.justice, settings.publication, findings)
    return write_files(quarter, FOLDER, {"linkage_quality.html": page.encode()})
