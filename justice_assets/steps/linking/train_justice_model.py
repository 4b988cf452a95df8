"""Trains the linkage model of justice records on a sample of identities.

Belongs here: the sample, and term frequencies over records. Does not belong here: training (record_linkage), what is
compared (justice_specification.py).
"""

from dataclasses import replace
from typing import Any

import polars as pl

from justice_assets.steps.identities.condense_persons import with_compared_columns
from justice_assets.steps.linking.justice_specification import BORN, PAIR_COLUMNS, SIGNATURE, justice_specification
from record_linkage.identities.coded_identities import values_at
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.derive import derive
from record_linkage.model.trained_model import TrainedModel, hashed_values
from record_linkage.splink_backend import SplinkBackend
from record_linkage.training.settle_estimates import rounded
from record_linkage.training.train_model import train_model
from resources.settings.justice_settings import JusticeLinkage


def train_justice_model(
    identities: pl.DataFrame | pl.LazyFrame,
    backend: SplinkBackend,
    settings: JusticeLinkage,
    trained_on: dict[str, Any],
    key: bytes,
) -> TrainedModel:
    """A model trained on two random halves of a sample of identities: what is one person is then in either half alike.

    Term frequencies are those of all records. `identities` may be a scan of their file, of which a column is read at a
    time. Raises LinkageModelNotUsable, SplinkFailed.
    """
    specification, every = justice_specification(settings), identities.lazy()
    ids = every.select(IDENTITY).collect().with_row_index("row")
    sample = ids.bottom_k(min(settings.training_records, ids.height), by=pl.col(IDENTITY).hash(settings.seed))
    drawn = with_compared_columns(values_at(every, sample["row"].sort().to_numpy(), [IDENTITY, *SIGNATURE]))
    sides = [
        drawn.filter((pl.col(IDENTITY).hash(settings.seed + 1) % 2) == half)
        .pipe(derive, PAIR_COLUMNS)
        .with_columns(record_id=pl.col(IDENTITY).cast(pl.String), person_id=pl.col(IDENTITY).cast(pl.String))
        for half in (0, 1)
    ]
    plain = specification.without_frequencies()
    records = every.select(pl.col("records").cast(pl.Int64).sum()).collect().item()
    trained_on = trained_on | {"records": records, "identities": drawn.height}
    model, _ = train_model(sides[0], sides[1], plain, backend, trained_on, key)
    counted = every.with_columns(BORN)
    frequencies = {
        column: _frequencies(counted.select(column, "records").collect(), settings.rarest_counted, key)
        for column in specification.frequency_columns
    }
    return replace(model, splink=_weighing_rare_values(model, specification), term_frequencies=frequencies)


def _frequencies(counts: pl.DataFrame, rarest: int, key: bytes) -> dict[str, float]:
    """Share of records with each value (the first column), among those that have any; the rarest are not kept."""
    column = counts.columns[0]
    counted = counts.drop_nulls().group_by(column).agg(pl.col("records").sum())
    total = int(counted["records"].sum())
    kept = counted.filter(pl.col("records") >= rarest)
    names = pl.Series("name", hashed_values(column, kept[column], key))
    # Few numbers of records are distinct: each is rounded once.
    numbers = kept["records"].unique()
    shares = pl.DataFrame({"records": numbers, "share": [rounded(number / total) for number in numbers]})
    named = kept.select(names, "records").join(shares, on="records", how="left").sort("name")
    return dict(zip(named["name"], named["share"], strict=True))


def _weighing_rare_values(model: TrainedModel, specification: Any) -> dict[str, Any]:
    for comparison, declared in zip(model.splink["comparisons"], specification.comparisons, strict=True):
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for level, said in zip(levels, declared.levels, strict=True):
            if said.frequency_of:
                level["tf_adjustment_column"] = said.frequency_of
    return model.splink
