"""Assets: the release's keys, the analysis file under them, and how anonymous it is. How is in
steps/release.
"""

import dagster as dg
import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.steps.release.anonymise import anonymise, assign_release_keys
from linkage_assets.steps.release.measure_anonymity import measure_anonymity
from resources.extracts.extract_folder import ExtractFolder
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK


@zone_asset(group_name="anonymising")
def release_keys(
    context: dg.AssetExecutionContext, analysed_requirements: pl.DataFrame, secrets: dg.ResourceParam[ZoneSecrets]
) -> pl.DataFrame:
    """Random keys of the analysed requirements and people, this release only; never leaves the zone."""
    return assign_release_keys(analysed_requirements, secrets.of("release", context.partition_key))


@zone_asset(group_name="anonymising", metadata=READS_MARK)
def anonymised_requirements(
    context: dg.AssetExecutionContext,
    analysed_requirements: pl.DataFrame,
    release_keys: pl.DataFrame,
    note_request: pl.DataFrame,
    threshold_links: pl.DataFrame,
    extracts: ExtractFolder,
) -> pl.DataFrame:
    """One row per analysed requirement under random keys: all that analysts see (methodology 2.5.4)."""
    synthetic = extracts.synthetic(context.partition_key, LINKAGE_EXTRACTS) is not None
    return anonymise(analysed_requirements, release_keys, note_request, threshold_links, synthetic)


@zone_asset(group_name="anonymising")
def release_anonymity(
    context: dg.AssetExecutionContext, anonymised_requirements: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """k-anonymity and l-diversity of the release for every set of quasi-identifiers: counts only, nothing withheld."""
    k = study.settings(context.partition_key).combining.smallest_class
    anonymity = measure_anonymity(anonymised_requirements, k)
    counts = anonymity.row(0, named=True)
    context.add_output_metadata({name: counts[name] for name in ("k", "classes", "records_below_k", "smallest_class")})
    return anonymity
