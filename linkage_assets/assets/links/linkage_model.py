"""The approved linkage model, and the job's table that trains one. How is in steps/model."""

import dagster as dg
import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.models.linkage_models import LinkageModels
from linkage_assets.steps.links.profile_linkage import profile_training
from linkage_assets.steps.model.approve_linkage_model import load_approved_model
from linkage_assets.steps.model.draw_linkage_model import draw_linkage_model
from linkage_assets.steps.model.train_linkage_model import train_linkage_model
from record_linkage.model.trained_model import model_parameters
from record_linkage.splink_backend import SplinkBackend
from resources.extracts.extract_folder import ExtractFolder
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import ON_REQUEST
from resources.zone.zone_store import READS_MARK


class Training(dg.Config):
    """What a training run needs to be told: the name to keep the model under (linkage_models.py)."""

    name: str


@zone_asset(kinds={"splink"}, group_name="linking", metadata=READS_MARK)
def linkage_model(
    context: dg.AssetExecutionContext,
    study: StudyResource,
    extracts: ExtractFolder,
    linkage_models: LinkageModels,
    secrets: dg.ResourceParam[ZoneSecrets],
) -> pl.DataFrame:
    """The trained Fellegi-Sunter model that study.toml approves (methodology 2.4)."""
    quarter = context.partition_key
    approved = study.settings(quarter).linkage.model
    synthetic = extracts.synthetic(quarter, LINKAGE_EXTRACTS) is not None
    file, key = linkage_models.file(approved.name), secrets.of("model_values")
    model = load_approved_model(file, approved, synthetic, key)
    return pl.DataFrame({"name": [approved.name], "sha256": [model.digest], "model_json": [model.to_json()]})


@zone_asset(kinds={"splink"}, group_name=ON_REQUEST)
def trained_linkage_model(
    context: dg.AssetExecutionContext,
    config: Training,
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    source_profile: pl.DataFrame,
    study: StudyResource,
    extracts: ExtractFolder,
    linkage_models: LinkageModels,
    secrets: dg.ResourceParam[ZoneSecrets],
    splink_backend: dg.ResourceParam[SplinkBackend],
) -> pl.DataFrame:
    """Parameters of a model trained on this quarter and kept under a name; no refresh makes or uses it by itself."""
    linkage_models.file(config.name)  # refused before the work, not after it
    quarter, key = context.partition_key, secrets.of("model_values")
    records, settings = (standardised_offenders, standardised_clients), study.settings(quarter).linkage
    trained_on = {"quarter": quarter, "synthetic": extracts.synthetic(quarter, LINKAGE_EXTRACTS)}
    model = train_linkage_model(*records, splink_backend, settings, trained_on, key)
    model = profile_training(model, key, *records, source_profile, splink_backend, settings)
    linkage_models.save(config.name, model.to_json(), draw_linkage_model(model, config.name))
    context.add_output_metadata({"sha256": model.digest})
    return model_parameters(model)
