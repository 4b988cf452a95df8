"""The publication as an RO-Crate. Does not belong here: what the file says (steps/lineage/research_object.py)."""

import dagster as dg
import polars as pl

from contracts.zones import PUBLISHED_FILES
from publication_assets.publication_folder import PublicationFolder
from publication_assets.steps.documents.run_facts import run_facts
from publication_assets.steps.lineage.research_object import crate_json
from publishing.research_crate import CRATE_FILE
from resources.lineage.code_now import code_now
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset

LISTS = tuple(name for name in PUBLISHED_FILES if name != "research_object")


@zone_asset(group_name="publication", ins={name: dg.AssetIn(name) for name in LISTS})
def research_object(
    context: dg.AssetExecutionContext,
    analysis_frame: pl.DataFrame,
    note_reading_quality: pl.DataFrame,
    study: StudyResource,
    publication_folder: PublicationFolder,
    **lists: pl.DataFrame,
) -> pl.DataFrame:
    """What each file of the publication is, as an RO-Crate: name, size and hash of that file."""
    quarter = context.partition_key
    facts = run_facts(analysis_frame, quarter, study.settings(quarter), note_reading_quality)
    files = pl.concat(lists.values()).sort("file")
    return publication_folder.write(quarter, {CRATE_FILE: crate_json(files, code_now()["commit"], facts)})
