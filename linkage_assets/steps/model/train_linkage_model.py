"""Trains the linkage model of the study from the records themselves (methodology 2.4.1). How is in record_linkage."""

from typing import Any

import polars as pl

from linkage_assets.steps.model.linkage_specification import linkage_specification
from record_linkage.model.trained_model import TrainedModel
from record_linkage.splink_backend import SplinkBackend
from record_linkage.training.train_model import train_model
from resources.settings.study_settings import Linkage


def train_linkage_model(
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    backend: SplinkBackend,
    settings: Linkage,
    trained_on: dict[str, Any],
    key: bytes,
) -> TrainedModel:
    """A model trained on these records; its profile is empty (profile_linkage.py fills it).

    Term frequencies are over both sides, hashed with `key`. Raises LinkageModelNotUsable, SplinkFailed.
    """
    offenders, clients = linkable(standardised_offenders), linkable(standardised_clients)
    trained_on = trained_on | {"ndelius_rows": offenders.height, "ndtms_rows": clients.height}
    return train_model(offenders, clients, linkage_specification(settings), backend, trained_on, key)[0]


def linkable(records: pl.DataFrame) -> pl.DataFrame:
    """Records with enough identifiers, in the order of their id, so that nothing depends on the order they came in."""
    return records.filter("linkable").sort("record_id")
