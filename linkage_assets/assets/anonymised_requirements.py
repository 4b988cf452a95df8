"""Assets: a release's pseudonyms and the analysis file under them. Does not belong here: how (steps/anonymise.py)."""

import dagster as dg
import polars as pl

from linkage_assets.steps.anonymise import anonymise, assign_pseudonyms
from resources.dagster_resources import StudyResource
from resources.extract_folder import ExtractFolder
from resources.zone_asset import zone_asset


@zone_asset(group_name="anonymising")
def requirement_pseudonyms(
    context: dg.AssetExecutionContext, analysed_requirements: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """Random pseudonyms of the analysed requirements and people; never leaves the zone."""
    return assign_pseudonyms(analysed_requirements, study.settings(context.partition_key).combining.pseudonym_seed)


@zone_asset(group_name="anonymising")
def anonymised_requirements(
    context: dg.AssetExecutionContext,
    analysed_requirements: pl.DataFrame,
    requirement_pseudonyms: pl.DataFrame,
    note_request: pl.DataFrame,
    extracts: ExtractFolder,
) -> pl.DataFrame:
    """One row per analysed requirement under random pseudonyms: all that analysts see (methodology 2.5.4)."""
    synthetic = (extracts.folder(context.partition_key) / "SYNTHETIC.json").is_file()
    return anonymise(analysed_requirements, requirement_pseudonyms, note_request, synthetic)
