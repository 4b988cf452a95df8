"""Hostile instructions inside invented notes: do they choose the label? The rules are in steps/try_injections.py."""

import dagster as dg
import polars as pl

from nlp_assets.steps.try_injections import count_flips, flip_rate
from nlp_assets.steps.try_injections import injection_trials as make_trials
from resources.dagster_resources import StudyResource
from resources.partitions import quarters
from resources.zone_asset import shielded, zone_asset


@zone_asset(group_name="notes")
def injection_trials() -> pl.DataFrame:
    """Invented notes with and without hostile instructions, to be labelled with the notes of the quarter."""
    return make_trials()


@zone_asset(group_name="notes")
def injection_flips(injection_trials: pl.DataFrame, note_labels: pl.DataFrame) -> pl.DataFrame:
    """How many labels of invented notes each hostile instruction changed."""
    return count_flips(injection_trials, note_labels)


@dg.asset_check(asset=injection_flips, blocking=True, partitions_def=quarters)
@shielded
def instructions_in_notes_choose_few_labels(
    context: dg.AssetCheckExecutionContext, injection_flips: pl.DataFrame, study: StudyResource
) -> dg.AssetCheckResult:
    """The share of invented notes that a hostile instruction flips is at most notes.injections.maximum_flip_rate."""
    rate, bound = flip_rate(injection_flips), study.settings(context.partition_key).notes.injections.maximum_flip_rate
    return dg.AssetCheckResult(
        passed=rate <= bound,
        metadata={"flip rate": round(rate, 4), "allowed": bound, "pairs": int(injection_flips["pairs"].sum()),
                  "what to do": "Use another model or prompt, and compare them with pathways compare-models."},
    )
