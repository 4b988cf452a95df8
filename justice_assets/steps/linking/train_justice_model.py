"""Trains the linkage model of justice records on a sample of identities.

Belongs here: the sample, and term frequencies over records. Does not belong here: training (record_linkage), what is
compared (justice_specification.py).
"""

from dataclasses import replace
from typing import Any

import polars as pl

from justice_assets.steps.linking.justice_specification import (
    KEPT_COLUMNS,
    PAIR_COLUMNS,
    PLAIN_COLUMNS,
    SIGNATURE,
    TRAINING_RULES,
    justice_specification,
)
from record_linkage.identities.coded_identities import values_at
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.derive import derive, once_each, with_hash
from record_linkage.model.trained_model import TrainedModel, hashed_values
from record_linkage.specification import column_pairs
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

    Of many identities a random sample has hardly two of one person, so how often these agree is told from another:
    all that have some of the police and criminal record numbers. Term frequencies are those of all records.
    `identities` may be a scan of their file, of which a column is read at a time. Raises LinkageModelNotUsable,
    SplinkFailed.
    """
    specification, every = justice_specification(settings), identities.lazy()
    ids = every.select(IDENTITY).collect().with_row_index("row")
    sample = ids.bottom_k(min(settings.training_records, ids.height), by=pl.col(IDENTITY).hash(settings.seed))
    drawn = _halves(every, sample["row"].sort(), specification.training_columns, settings.seed)
    alike = None
    if ids.height > settings.training_records:
        share = settings.training_records / ids.height
        alike = _halves(
            every, _with_some_numbers(every, share, settings.seed), specification.training_columns, settings.seed
        )
    plain = specification.without_frequencies()
    records = every.select(pl.col("records").cast(pl.Int64).sum()).collect().item()
    trained_on = trained_on | {"records": records, "identities": sample.height}
    model, _ = train_model(*drawn, plain, backend, trained_on, key, alike)
    frequencies = {
        column: _frequencies(every, column, settings.rarest_counted, key) for column in specification.frequency_columns
    }
    return replace(model, splink=_weighing_rare_values(model, specification), term_frequencies=frequencies)


def _halves(
    identities: pl.LazyFrame, rows: pl.Series, columns: list[str], seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Identities in some rows, with the `columns` that they are compared by, in two halves."""
    made = [each for each in KEPT_COLUMNS if each.meta.output_name() in columns]
    drawn = values_at(identities, rows.to_numpy(), [IDENTITY, *SIGNATURE])
    drawn = derive(derive(drawn, made, PLAIN_COLUMNS), PAIR_COLUMNS)
    left, right = (
        drawn.filter((pl.col(IDENTITY).hash(seed + 1) % 2) == half).with_columns(
            record_id=pl.col(IDENTITY).cast(pl.String), person_id=pl.col(IDENTITY).cast(pl.String)
        )
        for half in (0, 1)
    )
    return left, right


def _with_some_numbers(identities: pl.LazyFrame, share: float, seed: int) -> pl.Series:
    """Rows of all identities with a number that is drawn, `share` of the numbers of all training rules together."""
    columns = [column for rule in TRAINING_RULES.values() for column, _ in column_pairs(rule)]
    most = int(share / len(columns) * 2**64)
    chosen = pl.any_horizontal(pl.col(name).is_not_null() & (pl.col(name).hash(seed) < most) for name in columns)
    return identities.select(chosen.arg_true()).collect().to_series()


def _frequencies(identities: pl.LazyFrame, column: str, rarest: int, key: bytes) -> dict[str, float]:
    """Share of records with each value of a column, among those that have any; the rarest are not kept."""
    way = {each.meta.output_name(): each for each in KEPT_COLUMNS}.get(column, pl.col(column))
    (root,) = way.meta.root_names()
    rows = with_hash(identities.select(root, "records").collect(), root)
    counted = once_each(rows, root, pl.col("records").sum())
    total = int(counted["records"].sum())
    kept = counted.filter(pl.col("records") >= rarest)
    names = hashed_values(column, kept.select(way).to_series(), key)
    # Few numbers of records are distinct: each is rounded once.
    numbers = kept["records"].unique()
    shares = pl.DataFrame({"records": numbers, "share": [rounded(number / total) for number in numbers]})
    named = kept.select(names, "records").join(shares, on="records", how="left").sort("name")
    return dict(zip(named["name"].to_list(), named["share"].to_list(), strict=True))


def _weighing_rare_values(model: TrainedModel, specification: Any) -> dict[str, Any]:
    for comparison, declared in zip(model.splink["comparisons"], specification.comparisons, strict=True):
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for level, said in zip(levels, declared.levels, strict=True):
            if said.frequency_of:
                level["tf_adjustment_column"] = said.frequency_of
    return model.splink
