"""Assets: the working pseudonyms of both sides, and the draw for the note request. Rules are in steps/.

Belongs here: identifiers and pseudonyms. Does not belong here: any attribute, and the key (assets/person_key.py).
"""

import dagster as dg
import polars as pl

from linkage_assets.steps.people.assign_pseudonyms import (
    assign_probation_pseudonyms,
    assign_requirement_pseudonyms,
    assign_treatment_pseudonyms,
)
from linkage_assets.steps.release.draw_for_notes import draw_for_notes
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="separating")
def probation_pseudonyms(
    context: dg.AssetExecutionContext,
    offender: pl.DataFrame,
    offender_clusters: pl.DataFrame,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """Random pseudonyms of people on probation, with their identifiers and nothing else (methodology 3)."""
    return assign_probation_pseudonyms(offender, offender_clusters, secrets.of("release", context.partition_key))


@zone_asset(group_name="separating")
def requirement_pseudonyms(
    context: dg.AssetExecutionContext,
    requirement: pl.DataFrame,
    study: StudyResource,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """Random pseudonyms of requirements and orders, with their identifiers and nothing else."""
    settings = study.settings(context.partition_key)
    return assign_requirement_pseudonyms(requirement, settings, secrets.of("release", context.partition_key))


@zone_asset(group_name="separating")
def note_draws(
    context: dg.AssetExecutionContext,
    requirement: pl.DataFrame,
    study: StudyResource,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """The number by which each requirement is sampled for the reading of its notes; one in twenty changes a quarter."""
    studied = study.settings(context.partition_key).study
    return draw_for_notes(requirement, studied.requirement_types, secrets.of("note_draw"), studied.last_day_observed)


@zone_asset(group_name="separating")
def treatment_pseudonyms(
    context: dg.AssetExecutionContext,
    standardised_clients: pl.DataFrame,
    client_clusters: pl.DataFrame,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """Random pseudonyms of people in NDTMS, with their identifiers and nothing else (methodology 3)."""
    secret = secrets.of("release", context.partition_key)
    return assign_treatment_pseudonyms(standardised_clients, client_clusters, secret)
