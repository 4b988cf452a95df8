"""The modelling zone: reads anonymised records, models them, publishes the tables."""

import dagster as dg

from contracts.crossing_assets import crossings_read_by
from contracts.zones import CROSSING_TABLES, MADE_BY
from modelling_assets.assets import (
    analysis_frame,
    comparison_page,
    engagement_estimates,
    imputation_diagnostics,
    imputed_frames,
    information_governance,
    linkage_quality_report,
    model_fits,
    model_records,
    note_reading_report,
    pooled_odds_ratios,
    publication,
    published_comparison,
    published_tables,
    sensitivity_estimates,
)
from modelling_assets.schemas import TABLES
from resources.process.data_root import data_root
from resources.process.shield import shielded
from resources.publication_folder import PublicationFolder
from resources.zone.gates import decisions_file
from resources.zone.refresh_schedule import runs_when_written
from resources.zone.zone_definitions import make_zone, zone_definitions, zone_job

MODULES = [
    analysis_frame,
    model_records,
    imputed_frames,
    imputation_diagnostics,
    model_fits,
    pooled_odds_ratios,
    engagement_estimates,
    sensitivity_estimates,
    published_tables,
    information_governance,
    publication,
    linkage_quality_report,
    note_reading_report,
    published_comparison,
    comparison_page,
]

# Tables and documents name settings of every section in their words (steps/tables/wording.py); estimates do not.
IN_WORDS = (
    "counted_tables", "publication", "linkage_quality_report", "note_reading_report", "published_comparison",
    "comparison_page",
)  # fmt: skip
QUOTED = ("linkage", "combining", "notes", "publication")
LISTED = ("extracts", "drift")  # in the appendix of the methodology, which lists all settings


@dg.definitions
@shielded
def defs() -> dg.Definitions:
    """The zone's assets in the order the data flows; they run when all that the notes zone says has been written."""
    zone = make_zone(
        "modelling", ["study", "modelling"], CROSSING_TABLES, made_by=MADE_BY,
        files={"linkage_quality_report": [decisions_file("{quarter}")]},
        quoted=dict.fromkeys(IN_WORDS, QUOTED) | {
            "publication": (*QUOTED, *LISTED), "engagement_estimates": ("publication",),
            "information_governance": ("governance",),
        },
    )
    job = zone_job("modelling_zone")
    return zone_definitions(
        zone,
        MODULES,
        TABLES,
        reads=crossings_read_by("modelling_assets"),
        resources={"publication_folder": PublicationFolder(root=str(data_root()))},
        jobs=[job],
        sensors=[runs_when_written(job, "note_reading_quality", defs)],
    )
