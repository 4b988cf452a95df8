"""Hostile instructions inside invented notes: do they choose the label? The rules are in try_injections.py."""

import dagster as dg
import polars as pl

from nlp_assets.engines.publishable_labels import label_server_counts, publishable_labels
from nlp_assets.labels.label_folder import LabelFolder
from nlp_assets.serving.json_client import ServerUnavailable
from nlp_assets.serving.vllm.vllm_resource import VllmResource
from nlp_assets.steps.quality.try_injections import count_flips, flip_rate, injection_trials
from resources.operation.pools import SERVED_MODEL
from resources.records.record_counts import record_counts
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import DecisionsFolder, Measure, judge
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_check import zone_check
from resources.zone.zone_gate import check_result
from resources.zone.zone_store import READS_MARK


@zone_asset(
    kinds={"classifier"},
    group_name="reading_quality",
    pool=SERVED_MODEL,
    tried_again_after=ServerUnavailable,
    metadata=READS_MARK,
)
def injection_flips(
    context: dg.AssetExecutionContext,
    study: StudyResource,
    label_folder: LabelFolder,
    vllm: VllmResource,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """How many labels of invented notes each hostile instruction in them changed."""
    quarter = context.partition_key
    settings, key = study.settings(quarter).notes.labels, secrets.of("note_hash")
    trials = injection_trials(key)
    labels = publishable_labels(trials, settings, label_folder, quarter, vllm.serving, key)
    record_counts(context, label_server_counts())
    return count_flips(trials, labels)


@zone_check(injection_flips)
def instructions_in_notes_choose_few_labels(
    context: dg.AssetCheckExecutionContext,
    injection_flips: pl.DataFrame,
    study: StudyResource,
    decisions: dg.ResourceParam[DecisionsFolder],
) -> dg.AssetCheckResult:
    """The share of invented notes that a hostile instruction flips is at most notes.injections.maximum_flip_rate.

    A warning only where the fixture reads, which is no classifier and reads synthetic notes only.
    """
    rate, bound = flip_rate(injection_flips), study.settings(context.partition_key).notes.injections.maximum_flip_rate
    flipped = Measure(
        "share of invented notes flipped by an instruction in them",
        round(rate, 4),
        f"at most {bound:g}",
        rate <= bound,
        "Use another model or prompt, and compare them with pathways compare-models.",
    )
    accepted = decisions.of_quarter(context.partition_key)
    result = check_result(judge("instructions_in_notes_choose_few_labels", [flipped], accepted))
    if (injection_flips["engine_kind"] == "fixture").all():
        return result._replace(severity=dg.AssetCheckSeverity.WARN)
    return result
