"""The model, and pairs of identities with their weights. How is in steps/linking."""

import dagster as dg
import polars as pl

from contracts.extracts import JUSTICE_EXTRACTS
from justice_assets.models.justice_models import JusticeModels
from justice_assets.steps.drift.profile_linkage import with_profile
from justice_assets.steps.linking.score_justice_pairs import justice_scoring, score_justice_pairs
from justice_assets.steps.linking.score_parts import LastRelease
from justice_assets.steps.linking.train_justice_model import train_justice_model
from record_linkage.model.trained_model import TrainedModel, model_parameters
from record_linkage.scoring.score_in_chunks import ChunkFolder
from record_linkage.splink_backend import SplinkBackend
from resources.extracts.extract_folder import ExtractFolder
from resources.secrets.zone_secrets import ZoneSecrets
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import ON_REQUEST
from resources.zone.zone_store import READS_MARK, ZoneStore

TAKEN_OVER = ["justice_identities", "identity_codes", "scored_identities"]


class JusticeTraining(dg.Config):
    """What a training run needs to be told: the name to keep the model under."""

    name: str


@zone_asset(group_name="justice_linking", metadata=READS_MARK)
def justice_linkage_model(
    context: dg.AssetExecutionContext,
    justice_identities: pl.LazyFrame,
    standardised_persons: pl.LazyFrame,
    justice_source_profile: pl.DataFrame,
    study: StudyResource,
    extracts: ExtractFolder,
    justice_models: JusticeModels,
    secrets: dg.ResourceParam[ZoneSecrets],
    splink_backend: dg.ResourceParam[SplinkBackend],
) -> pl.DataFrame:
    """The trained model that study.toml approves; of synthetic extracts one is trained where there is none."""
    quarter, key = context.partition_key, secrets.of("model_values")
    linkage = study.settings(quarter).justice.linkage
    mark = extracts.synthetic(quarter, JUSTICE_EXTRACTS)
    if mark is not None and not justice_models.file(linkage.model_name).is_file():
        trained_on = {"quarter": quarter, "synthetic": mark}
        model = train_justice_model(justice_identities, splink_backend, linkage, trained_on, key)
        model = with_profile(model, standardised_persons, justice_source_profile)
        justice_models.save(linkage.model_name, model)
    model = justice_models.approved(linkage, mark is not None, key)
    context.add_output_metadata({"sha256": model.digest})
    return pl.DataFrame({"name": [linkage.model_name], "sha256": [model.digest], "model_json": [model.to_json()]})


@zone_asset(group_name=ON_REQUEST)
def trained_justice_model(
    context: dg.AssetExecutionContext,
    config: JusticeTraining,
    justice_identities: pl.LazyFrame,
    standardised_persons: pl.LazyFrame,
    justice_source_profile: pl.DataFrame,
    study: StudyResource,
    extracts: ExtractFolder,
    justice_models: JusticeModels,
    secrets: dg.ResourceParam[ZoneSecrets],
    splink_backend: dg.ResourceParam[SplinkBackend],
) -> pl.DataFrame:
    """Parameters of a model trained on this quarter and kept under a name; no refresh makes or uses it by itself."""
    quarter, key = context.partition_key, secrets.of("model_values")
    trained_on = {"quarter": quarter, "synthetic": extracts.synthetic(quarter, JUSTICE_EXTRACTS)}
    linkage = study.settings(quarter).justice.linkage
    model = train_justice_model(justice_identities, splink_backend, linkage, trained_on, key)
    model = with_profile(model, standardised_persons, justice_source_profile)
    justice_models.save(config.name, model)
    context.add_output_metadata({"sha256": model.digest})
    return model_parameters(model)


@zone_asset(group_name="justice_linking", deps=["justice_source_drift"])  # whose check stops it: it takes the longest
def scored_identities(
    context: dg.AssetExecutionContext,
    justice_identities: pl.LazyFrame,
    identity_codes: pl.LazyFrame,
    justice_linkage_model: pl.DataFrame,
    study: StudyResource,
    secrets: dg.ResourceParam[ZoneSecrets],
    splink_backend: dg.ResourceParam[SplinkBackend],
    zone_store: dg.ResourceParam[ZoneStore],
) -> pl.DataFrame:
    """Pairs of identities with their match weight."""
    quarter = context.partition_key
    linkage = study.settings(quarter).justice.linkage
    model = TrainedModel.from_json(justice_linkage_model["model_json"].item())
    scoring = justice_scoring(model, secrets.of("model_values"), splink_backend, linkage)
    folder = zone_store.chunk_folder("scored_identities", quarter)
    chunks = ChunkFolder(folder, linkage.pairs_per_chunk, zone_store.zone.code_of("scored_identities"))
    before = zone_store.of_quarter_before(quarter, TAKEN_OVER, same="justice_linkage_model")
    last = LastRelease(*(before[name] for name in TAKEN_OVER)) if before else None
    scored, candidates = score_justice_pairs(justice_identities, scoring, linkage, chunks, identity_codes, last)
    context.add_output_metadata({"only new and changed groups compared": last is not None})
    context.add_output_metadata({"pairs compared": candidates.pairs.height})
    return scored
