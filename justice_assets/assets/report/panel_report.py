"""The report for the user panel. How is in steps/panel_report."""

import dagster as dg
import polars as pl

from contracts.extracts import JUSTICE_EXTRACTS
from justice_assets.released_files import write_files
from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.panel_report.write_panel_report import panel_report_html
from resources.extracts.extract_folder import ExtractFolder
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK

FOLDER = "report"


@zone_asset(group_name="releasing", metadata=READS_MARK)
def panel_report(
    context: dg.AssetExecutionContext, published_views: pl.DataFrame, study: StudyResource, extracts: ExtractFolder
) -> pl.DataFrame:
    """The panel's questions, each with what these data say of it: a page."""
    quarter = context.partition_key
    settings, synthetic = study.settings(quarter), extracts.synthetic(quarter, JUSTICE_EXTRACTS) is not None
    page = panel_report_html(
        published_views, PanelFacts(quarter, synthetic), settings.justice_views, settings.publication
    )
    return write_files(quarter, FOLDER, {"panel_report.html": page.encode()})
