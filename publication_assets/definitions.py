"""The modelling zone, second half: tables, disclosure control, documents. It estimates nothing."""

import dagster as dg

from contracts.crossing_assets import crossings_read_by
from contracts.holdings import ABOUT
from contracts.signed_off import digests, released_is_synthetic
from contracts.zones import CROSSING_TABLES, MADE_BY, PUBLISHED_FILES, SECTIONS
from publication_assets.assets import (
    comparison_page,
    information_governance,
    lineage_page,
    linkage_quality_report,
    note_reading_report,
    publication,
    published_comparison,
    published_tables,
    release_manifest,
    research_object,
    transparency_records,
)
from publication_assets.publication_folder import PublicationFolder
from publication_assets.schemas import TABLES
from resources.drift.earlier_profile import files_of_quarter_before
from resources.duties.asked import Duties
from resources.operation.starts import runs_when_written
from resources.operation.watches import watches_publication
from resources.process.data_root import data_root
from resources.process.shield import shielded
from resources.zone.dagster_partitions import quarters
from resources.zone.gates import decisions_file
from resources.zone.zone_definitions import make_zone, zone_definitions, zone_job

MODULES = [
    published_tables,
    information_governance,
    publication,
    linkage_quality_report,
    note_reading_report,
    published_comparison,
    comparison_page,
    lineage_page,
    transparency_records,
    release_manifest,
    research_object,
]

# Tables of the same zone that modelling_assets makes: what is published is made of them and of what crossed.
ESTIMATED = (
    "analysis_frame",
    "imputation_convergence",
    "imputation_diagnostics",
    "model_fits",
    "pooled_odds_ratios",
    "engagement_estimates",
    "sensitivity_estimates",
)

# Tables and documents name settings of every section in their words (catalogue/wording.py); estimates do not.
IN_WORDS = (
    "counted_tables",
    "publication",
    "linkage_quality_report",
    "note_reading_report",
    "published_comparison",
    "comparison_page",
)
QUOTED = ("linkage", "combining", "notes", "publication")
LISTED = ("extracts", "drift")  # in the appendix of the methodology and in the manifest, which list all settings


@dg.definitions
@shielded
def defs() -> dg.Definitions:
    """What is said, in the order the data flows; it runs when all estimates and all that crosses are written."""
    zone = make_zone(
        "modelling",
        SECTIONS["modelling"],
        CROSSING_TABLES,
        made_by=MADE_BY,
        lists=dict.fromkeys(PUBLISHED_FILES, "publication/{quarter}"),
        files={
            "linkage_quality_report": [decisions_file("{quarter}")],
            "publication": files_of_quarter_before("modelling", "published_tables", ["published_tables"]),
        },
        quoted=dict.fromkeys(IN_WORDS, QUOTED)
        | dict.fromkeys(PUBLISHED_FILES, (*QUOTED, "release"))
        | {
            "publication": (*QUOTED, "release", *LISTED),
            "release_manifest": (*QUOTED, "release", *LISTED),
            "information_governance": ("governance",),
        },
    )
    job = zone_job("publishing")
    estimated = [dg.AssetSpec(name, partitions_def=quarters, group_name="modelling") for name in ESTIMATED]
    reads = [*crossings_read_by("publication_assets"), *estimated]
    return zone_definitions(
        zone,
        MODULES,
        TABLES,
        about=ABOUT,
        reads=reads,
        resources={"publication_folder": PublicationFolder(root=str(data_root()))},
        duties=Duties(
            data_root(),
            {"release": digests(data_root())["release"]},
            lambda quarter: released_is_synthetic(data_root(), quarter),
        ),
        jobs=[job],
        sensors=[
            runs_when_written(job, reads, defs),
            watches_publication(reads, defs),
        ],
    )
