"""Asset: whose notes are to be read. Does not belong here: how the sample is drawn (steps/release)."""

import dagster as dg
import polars as pl

from linkage_assets.steps.release.request_notes import request_notes
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="anonymising")
def note_request(
    context: dg.AssetExecutionContext,
    analysed_requirements: pl.DataFrame,
    requirement_pseudonyms: pl.DataFrame,
    note_draws: pl.DataFrame,
    release_keys: pl.DataFrame,
    study: StudyResource,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """Random sample of requirements whose contact notes are to be read, without link status (report 1.5)."""
    settings = study.settings(context.partition_key)
    return request_notes(
        analysed_requirements,
        requirement_pseudonyms,
        note_draws,
        release_keys,
        settings.notes,
        settings.study.last_day_observed,
        secrets.of("release", context.partition_key),
    )
