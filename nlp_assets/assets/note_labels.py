"""Asset: what the language model says of each note. The rules are in steps/label_notes.py."""

import dagster as dg
import polars as pl

from nlp_assets.steps.label_notes import count_statuses, label_notes
from nlp_assets.steps.label_store import LabelStore
from nlp_assets.steps.prompt import load_prompt, render
from resources.dagster_resources import StudyResource
from resources.label_server import LabelServer
from resources.progress import say
from resources.zone_asset import zone_asset


@zone_asset(group_name="notes", pool="gpu")
def note_labels(
    context: dg.AssetExecutionContext, filtered_notes: pl.DataFrame, study: StudyResource, label_server: LabelServer
) -> pl.DataFrame:
    """Label of each distinct note: 1 engaged with treatment, 0 not, empty when there is none (methodology 2.7)."""
    settings = study.settings(context.partition_key).notes.labels
    prompt = load_prompt(settings.prompt)
    with (
        label_server.engine(context.partition_key, settings.model, render(prompt, "")) as engine,
        LabelStore(label_server.labels_file) as store,
    ):
        labels = label_notes(filtered_notes, prompt, settings, engine, store, _say_progress)
    context.add_output_metadata(count_statuses(labels))
    return labels


def _say_progress(done: int, total: int, per_second: float) -> None:
    say(f"labelled {done:,} of {total:,} notes, {per_second:.0f} a second")
