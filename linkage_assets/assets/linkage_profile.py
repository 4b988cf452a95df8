"""What this quarter's linkage looks like beside training and the quarter before. How is in steps/links."""

import dagster as dg
import polars as pl

from linkage_assets.steps.links.profile_linkage import compare_profiles, profile_linkage
from linkage_assets.steps.model.trained_model import TrainedModel
from resources.dagster_resources import StudyResource
from resources.partitions import quarters
from resources.zone_asset import shielded, zone_asset
from resources.zone_store import ZoneStore


@zone_asset(group_name="linking")
def linkage_profile(
    context: dg.AssetExecutionContext,
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    scored_pairs: pl.DataFrame,
    linkage_model: pl.DataFrame,
    study: StudyResource,
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """Completeness, candidate volume, link rate and match weights beside training and the quarter before."""
    settings = study.settings(context.partition_key).linkage
    now = profile_linkage(standardised_offenders, standardised_clients, scored_pairs, settings.threshold)
    training = TrainedModel.from_json(linkage_model["model_json"].item()).profile
    before = zone_store.of_quarter_before(context.partition_key, ["linkage_profile"], same="linkage_model")
    last = dict(before["linkage_profile"].select("measure", "value").rows()) if before else None
    return compare_profiles(now, training, last, settings.drift)


@dg.asset_check(asset=linkage_profile, blocking=True, partitions_def=quarters)
@shielded
def quarter_resembles_training(linkage_profile: pl.DataFrame) -> dg.AssetCheckResult:
    """Completeness, candidate volume, link rate and match weights lie within the bands of linkage.drift."""
    outside = linkage_profile.filter(~pl.col("within"))
    return dg.AssetCheckResult(
        passed=outside.is_empty(),
        metadata={
            "outside": "; ".join(outside["measure"]) or "none",
            "what to do": "Look at the extracts first; then train a model on this quarter, or widen linkage.drift.",
        },
    )
