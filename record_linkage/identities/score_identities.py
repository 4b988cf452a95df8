"""Gives listed pairs their match weight, and each identity that of its records among themselves.

Belongs here: applying a trained model to listed pairs of one set, in chunks that bound memory and resume. Does not
belong here: which pairs (group_candidates.py), and two sets without identities (scoring/score_pairs.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import polars as pl
from splink import Linker, SettingsCreator

from record_linkage import splink_duckdb
from record_linkage.identities.candidate_pairs import agrees_with_itself
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.derive import derive, looked_up
from record_linkage.identities.places import NOWHERE, places_of
from record_linkage.identities.weigh_pairs import weights_query
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring.score_in_chunks import ChunkFolder, score_in_chunks
from record_linkage.specification import Adjustment, LinkageSpecification
from record_linkage.splink_backend import Database, SplinkBackend, query_frame, register_frame, registered

PAIR_NUMBER = "pair_number"
SIDE_BY_SIDE = "side_by_side"
Sides = Callable[[pl.DataFrame], tuple[pl.DataFrame, pl.DataFrame]]
NEVER = -1e9  # bits of records that no rule would bring together


@dataclass(frozen=True)
class Scoring:
    """A trained model as it is applied: with the specification, the key of the model's values and the database.

    late_columns: made of several columns for the pairs that are compared, and not kept.
    """

    model: TrainedModel
    specification: LinkageSpecification
    key: bytes
    backend: SplinkBackend
    late_columns: Sequence[pl.Expr] = ()

    def with_shares(self, records: pl.DataFrame, known: "Shares | None" = None) -> pl.DataFrame:
        """`records` with tf_x for each column x whose rare values weigh more: the share of records with the value.

        A value that the model does not know is as rare as the rarest that it knows, and so is one of a single record
        (by the column `records`, if there is one), which agrees with no other: looking up a keyed hash costs most here.
        known: what was looked up before, and what will be.
        """
        of_several = pl.col("records").sum() > 1 if "records" in records.columns else pl.lit(True)
        for column in self.model.term_frequencies:
            values = records.drop_nulls(column).group_by(column).agg(of_several.alias("of_several"))
            lookup = (known or Shares(self)).of(column, values.filter("of_several").select(column))
            (found,) = looked_up(records, lookup, column)
            records = records.with_columns(found.fill_null(self.rarest(column)))
        return records

    def rarest(self, column: str) -> float:
        """The smallest share that the model knows."""
        return min(self.model.term_frequencies[column].values(), default=1.0)


class Shares:
    """Shares of values that were looked up in a model, as each costs a keyed hash."""

    def __init__(self, scoring: Scoring):
        self.scoring = scoring
        self.found: dict[str, pl.DataFrame] = {}

    def of(self, column: str, values: pl.DataFrame) -> pl.DataFrame:
        """`column` and tf_`column` of these values, each there once, and of others."""
        before = self.found.get(column)
        if before is not None:
            values = values.join(before, on=column, how="anti")
        share = self.scoring.model.shares_of(column, values[column], self.scoring.key)
        share = share.fill_null(self.scoring.rarest(column)).cast(pl.Float32).alias(f"tf_{column}")
        found = values.with_columns(share)
        self.found[column] = found if before is None else pl.concat([before, found])
        return self.found[column]


def score_identities(
    identities: pl.DataFrame, pairs: pl.DataFrame, scoring: Scoring, chunks: ChunkFolder | None = None
) -> pl.DataFrame:
    """l, r (identities) and match_weight (bits, 4 decimals) of `pairs` (rows l, r), in their order.

    `identities` as Scoring.with_shares gives them. Raises SplinkFailed. The rest as score_sides.
    """
    shares = dict.fromkeys(scoring.model.term_frequencies, identities)
    return score_sides(partial(_rows_of, identities), identities[IDENTITY], shares, pairs, scoring, chunks)


def score_sides(
    sides: Sides,
    ids: pl.Series,
    shares: Mapping[str, pl.DataFrame],
    pairs: pl.DataFrame,
    scoring: Scoring,
    chunks: ChunkFolder | None = None,
) -> pl.DataFrame:
    """l, r (identities) and match_weight (bits, 4 decimals) of `pairs`, in their order.

    sides: identity, what is compared and tf_x of either side of some of `pairs`. ids: all identities. shares: x and
    tf_x of every value that is compared, for each column x that has them. Pairs below the specification's lowest weight
    are left out. With `chunks`, many pairs are scored a chunk at a time, and a killed run goes on with the next one.
    Raises SplinkFailed.
    """
    with scoring.backend.open("scoring identities") as database:
        linker = None
        if scoring.backend.engine == "spark":
            linker = _open_linker(database, sides(pairs.clear())[0], shares, scoring)
        score = partial(_score_chunk, database, linker, sides, scoring)
        if chunks is None or pairs.height <= chunks.records_per_chunk:
            return score(pairs)
        made_from = [ids.to_frame(), scoring.model.digest, repr(scoring.specification)]
        return score_in_chunks(score, pairs, made_from, chunks).collect()


def own_weights(identities: pl.DataFrame, scoring: Scoring) -> pl.Series:
    """The weight of two records that are as an identity, bits; NEVER where no rule would bring them together.

    `identities` as Scoring.with_shares gives them.
    """
    rows = pl.int_range(identities.height, dtype=pl.UInt32, eager=True)
    everything = replace(scoring, specification=scoring.specification.keeping_all())
    weights = score_identities(identities, pl.DataFrame({"l": rows, "r": rows}), everything)["match_weight"]
    brought_together = agrees_with_itself(identities, scoring.specification.blocking_rules)
    return pl.select(pl.when(brought_together).then(weights).otherwise(NEVER)).to_series()


def as_rows(scored: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """The same pairs with the rows of `identities`, which are sorted, as l and r; without those that are not there."""
    ids = identities[IDENTITY].to_numpy()
    rows = {side: places_of(scored[side].to_numpy(), ids) for side in ("l", "r")}
    there = (rows["l"] != NOWHERE) & (rows["r"] != NOWHERE)
    found = pl.DataFrame(rows).with_columns(scored["match_weight"])
    return found if there.all() else found.filter(pl.Series(there))


def adjusted(adjustment: Adjustment) -> pl.Expr:
    """Bits that an adjustment adds, from the gamma_* columns."""
    holds = pl.all_horizontal(pl.col(f"gamma_{name}").is_in(list(levels)) for name, levels in adjustment.levels.items())
    return pl.when(holds).then(adjustment.bits).otherwise(0.0)


def _rows_of(identities: pl.DataFrame, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    return identities[pairs["l"]], identities[pairs["r"]]


def _score_chunk(
    database: Database, linker: Linker | None, sides: Sides, scoring: Scoring, pairs: pl.DataFrame
) -> pl.DataFrame:
    specification = scoring.specification
    left, right = sides(pairs)
    both = _side(left, scoring), _side(right, scoring)
    found = _weigh(database, scoring, *both) if linker is None else _weigh_by_splink(database, linker, scoring, *both)
    weight = pl.col("match_weight") + sum((adjusted(each) for each in specification.adjustments), pl.lit(0.0))
    # Rounded here and not by the database: engines differ on a half.
    return found.select(l=left[IDENTITY], r=right[IDENTITY], match_weight=weight.round(4)).filter(
        pl.col("match_weight") >= specification.lowest_weight
    )


def _side(records: pl.DataFrame, scoring: Scoring) -> pl.DataFrame:
    """One record of each pair, with all that is compared."""
    shares = [f"tf_{column}" for column in scoring.model.term_frequencies]
    return derive(records, scoring.late_columns).select(*scoring.specification.compared_columns, *shares)


def _weigh(database: Database, scoring: Scoring, left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """match_weight and the levels that adjustments look at, of each pair."""
    together = pl.concat(
        [left.select(pl.all().name.suffix("_l")), right.select(pl.all().name.suffix("_r"))], how="horizontal"
    )
    with splink_duckdb.looked_at(database, together, SIDE_BY_SIDE):
        return query_frame(database, weights_query(scoring.model, SIDE_BY_SIDE, scoring.specification.adjusted_by))


def _open_linker(
    database: Database, side: pl.DataFrame, shares: Mapping[str, pl.DataFrame], scoring: Scoring
) -> Linker:
    """Splink with the model, for pairs that are listed and not blocked."""
    left_out = ("source_dataset_column_name",)
    description = {name: value for name, value in scoring.model.splink.items() if name not in left_out} | {
        "link_type": "dedupe_only",
        "unique_id_column_name": PAIR_NUMBER,
        "additional_columns_to_retain": [],
        "retain_matching_columns": True,  # or the levels are not kept
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.{PAIR_NUMBER} = r.{PAIR_NUMBER}", "sql_dialect": "duckdb"}
        ],
    }
    nothing = register_frame(database, _numbered(_side(side, scoring), scoring), "nothing")
    settings = SettingsCreator.from_path_or_dict(description)
    linker = Linker(nothing, settings, log_level=None, validate_settings=False)
    for column in scoring.model.term_frequencies:
        lookup = shares[column].select(column, f"tf_{column}").drop_nulls().unique(column)
        table = register_frame(database, lookup, f"frequencies_{column}")
        linker.table_management.register_term_frequency_lookup(table, column)
    return linker


def _weigh_by_splink(
    database: Database, linker: Linker, scoring: Scoring, left: pl.DataFrame, right: pl.DataFrame
) -> pl.DataFrame:
    """As _weigh, by Splink itself on any engine."""
    gammas = "".join(f", CAST(gamma_{name} AS TINYINT) AS gamma_{name}" for name in scoring.specification.adjusted_by)
    with (
        registered(database, _numbered(left, scoring), "left_side") as ours,
        registered(database, _numbered(right, scoring), "right_side") as theirs,
    ):
        scored = linker.inference.predict_between(ours, theirs, warning_mode="never")
        query = f"SELECT {PAIR_NUMBER}_l AS pair, match_weight{gammas} FROM {scored.physical_name}"
        found = query_frame(database, query).sort("pair").drop("pair")
        scored.drop_table_from_database_and_remove_from_cache()
    return found


def _numbered(records: pl.DataFrame, scoring: Scoring) -> pl.DataFrame:
    compared = records.select(scoring.specification.compared_columns)
    return compared.with_row_index(PAIR_NUMBER).with_columns(pl.col(PAIR_NUMBER).cast(pl.Int64))
