"""Asset: what an engine says of each note. The rules are in steps/labels/label_notes.py, the engines in engines/."""

import dagster as dg
import polars as pl

from nlp_assets.engines.publishable_labels import label_server_counts, publishable_labels
from nlp_assets.labels.label_folder import LabelFolder
from nlp_assets.serving.json_client import ServerUnavailable
from nlp_assets.serving.vllm.vllm_resource import VllmResource
from nlp_assets.steps.labels.label_notes import count_statuses
from resources.operation.pools import SERVED_MODEL
from resources.records.record_counts import record_counts
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import READS_MARK


@zone_asset(
    kinds={"classifier"},
    group_name="notes",
    pool=SERVED_MODEL,
    tried_again_after=ServerUnavailable,
    deps=["note_drift"],
    metadata=READS_MARK,
)
def note_labels(
    context: dg.AssetExecutionContext,
    filtered_notes: pl.DataFrame,
    study: StudyResource,
    label_folder: LabelFolder,
    vllm: VllmResource,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """Label of each distinct note: 1 engaged with treatment, 0 not, empty when there is none (methodology 2.7)."""
    settings, key = study.settings(context.partition_key).notes.labels, secrets.of("note_hash")
    labels = publishable_labels(filtered_notes, settings, label_folder, context.partition_key, vllm.serving, key)
    record_counts(context, count_statuses(labels) | label_server_counts())
    return labels
