"""Candidate pairs with their match probability. How is in steps/links."""

import dagster as dg
import polars as pl

from linkage_assets.steps.links.score_pairs import EarlierScoring, score_pairs
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring.score_in_chunks import ChunkFolder
from record_linkage.splink_backend import SplinkBackend
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import ZoneStore

TAKEN_OVER = ["standardised_offenders", "standardised_clients", "scored_pairs"]


@zone_asset(kinds={"splink"}, group_name="linking")
def scored_pairs(
    context: dg.AssetExecutionContext,
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    linkage_model: pl.DataFrame,
    study: StudyResource,
    secrets: dg.ResourceParam[ZoneSecrets],
    splink_backend: dg.ResourceParam[SplinkBackend],
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """Pairs of one nDelius and one NDTMS record with match probability and levels (methodology 2.5.2)."""
    settings = study.settings(context.partition_key).linkage
    before = zone_store.of_quarter_before(context.partition_key, TAKEN_OVER, same="linkage_model")
    context.add_output_metadata({"only new and changed records scored": before is not None})
    return score_pairs(
        standardised_offenders,
        standardised_clients,
        TrainedModel.from_json(linkage_model["model_json"].item()),
        secrets.of("model_values"),
        splink_backend,
        settings,
        EarlierScoring(*(before[name].collect() for name in TAKEN_OVER)) if before else None,
        ChunkFolder(
            zone_store.chunk_folder("scored_pairs", context.partition_key),
            settings.backend.records_per_chunk,
            zone_store.zone.code_of("scored_pairs"),
        ),
    )
