"""Trains the linkage model of justice records on a sample of identities.

Belongs here: the sample, and term frequencies over records. Does not belong here: training (record_linkage), what is
compared (justice_specification.py).
"""

from dataclasses import replace
from typing import Any

import polars as pl

from justice_assets.steps.identities.condense_persons import with_compared_columns
from justice_assets.steps.linking.justice_specification import BORN, PAIR_COLUMNS, justice_specification
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.derive import derive
from record_linkage.model.trained_model import TrainedModel, hashed_values
from record_linkage.splink_backend import SplinkBackend
from record_linkage.training.settle_estimates import rounded
from record_linkage.training.train_model import train_model
from resources.settings.justice_settings import JusticeLinkage


def train_justice_model(
    identities: pl.DataFrame,
    backend: SplinkBackend,
    settings: JusticeLinkage,
    trained_on: dict[str, Any],
    key: bytes,
) -> TrainedModel:
    """A model trained on two random halves of a sample of identities: what is one person is then in either half alike.

    Term frequencies are those of all records. Raises LinkageModelNotUsable, SplinkFailed.
    """
    specification = justice_specification(settings)
    sample = identities.bottom_k(
        min(settings.training_records, identities.height), by=pl.col(IDENTITY).hash(settings.seed)
    )
    drawn = with_compared_columns(sample.sort(IDENTITY))
    sides = [
        drawn.filter((pl.col(IDENTITY).hash(settings.seed + 1) % 2) == half)
        .pipe(derive, PAIR_COLUMNS)
        .with_columns(record_id=pl.col(IDENTITY).cast(pl.String), person_id=pl.col(IDENTITY).cast(pl.String))
        for half in (0, 1)
    ]
    plain = specification.without_frequencies()
    trained_on = trained_on | {"records": int(identities["records"].sum()), "identities": drawn.height}
    model, _ = train_model(sides[0], sides[1], plain, backend, trained_on, key)
    columns = specification.frequency_columns
    counted = identities.with_columns(BORN)
    frequencies = {column: _frequencies(counted, column, settings.rarest_counted, key) for column in columns}
    return replace(model, splink=_weighing_rare_values(model, specification), term_frequencies=frequencies)


def _frequencies(identities: pl.DataFrame, column: str, rarest: int, key: bytes) -> dict[str, float]:
    """Share of records with each value, among those that have any; the rarest are not kept."""
    counted = identities.select(column, "records").drop_nulls().group_by(column).agg(pl.col("records").sum())
    total = int(counted["records"].sum())
    kept = counted.filter(pl.col("records") >= rarest)
    names = hashed_values(column, kept[column], key)
    return dict(sorted(zip(names, (rounded(number / total) for number in kept["records"]), strict=True)))


def _weighing_rare_values(model: TrainedModel, specification: Any) -> dict[str, Any]:
    for comparison, declared in zip(model.splink["comparisons"], specification.comparisons, strict=True):
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for level, said in zip(levels, declared.levels, strict=True):
            if said.frequency_of:
                level["tf_adjustment_column"] = said.frequency_of
    return model.splink
