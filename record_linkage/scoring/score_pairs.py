"""Gives every candidate pair of a left and a right record its match weight, with a model that was trained before.

Belongs here: applying a model, to all records or only to those that are new or changed. Does not belong here: training
it (training/), or deciding which pairs are links.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl
from splink import Linker, SettingsCreator
from splink.internals.splink_dataframe import SplinkDataFrame

from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring.score_in_chunks import ChunkFolder, score_in_chunks
from record_linkage.specification import LinkageSpecification, Rule, column_pairs, rules_for_splink, same
from record_linkage.splink_backend import Database, SplinkBackend, query_frame, register_frame, registered

PAIR = ["left_record_id", "right_record_id"]
ROW = "row_number"


@dataclass(frozen=True)
class EarlierScoring:
    """Records and scored pairs of another time, scored with the same model, specification and code."""

    left: pl.DataFrame
    right: pl.DataFrame
    pairs: pl.DataFrame


def score_pairs(
    left: pl.DataFrame,
    right: pl.DataFrame,
    model: TrainedModel,
    specification: LinkageSpecification,
    key: bytes,
    backend: SplinkBackend,
    earlier: EarlierScoring | None = None,
    chunks: ChunkFolder | None = None,
) -> pl.DataFrame:
    """Pairs of records from `specification.lowest_weight` up, sorted by both record ids. `key`: of the model's values.

    Columns: left_record_id, right_record_id, left_person_id, right_person_id, match_probability (6 decimals),
    match_weight (bits, 4 decimals), gamma_* (level of each comparison, highest is exact, -1 missing), blocking_rule
    (first that found it).

    With `earlier`, only pairs with a record that is new or differs from it are scored, and the others are taken from
    it: a pair's score depends on its two records and the model alone, so the result is the same. With `chunks`, many
    right records are scored a chunk at a time, and a killed run goes on with the next one. Raises SplinkFailed.
    """
    if earlier is None:
        return _score([(left, right)], model, specification, key, backend, chunks).sort(PAIR)
    old_left, new_left = _split(left, earlier.left)
    old_right, new_right = _split(right, earlier.right)
    kept = earlier.pairs.join(old_left.select(left_record_id="record_id"), on="left_record_id", how="semi").join(
        old_right.select(right_record_id="record_id"), on="right_record_id", how="semi"
    )
    rules = specification.blocking_rules
    sides = [
        (new_left, _candidates(right, new_left, rules, side=1)),
        (_candidates(old_left, new_right, rules, side=0), new_right),
    ]
    return pl.concat([kept, _score(sides, model, specification, key, backend, chunks)]).sort(PAIR)


def count_candidates(left: pl.DataFrame, right: pl.DataFrame, rules: Mapping[str, Rule], backend: SplinkBackend) -> int:
    """How many pairs of a left and a right record some rule looks at."""
    columns = [sorted({pair[side] for rule in rules.values() for pair in column_pairs(rule)}) for side in (0, 1)]
    conditions = [same(rule) for rule in rules.values()]
    with backend.open("counting candidate pairs") as database:
        tables = [
            register_frame(database, records.select(columns[side]), "side").physical_name
            for side, records in enumerate((left, right))
        ]
        counts: list[int] = []
        for place, condition in enumerate(conditions):
            before = "".join(f" AND NOT coalesce({other}, FALSE)" for other in conditions[:place])
            joined = f"SELECT count(*) AS pairs FROM {tables[0]} l JOIN {tables[1]} r ON {condition}{before}"
            counts.append(query_frame(database, joined)["pairs"].item())
    return sum(counts)


def open_linker(
    database: Database,
    table: SplinkDataFrame,
    model: TrainedModel,
    specification: LinkageSpecification,
    key: bytes,
    values: Mapping[str, pl.Series],
) -> Linker:
    """Splink with a trained model on `table`, and the model's term frequencies of `values` by column."""
    # As a deduplication of rows by number: a pair of the two sides is one of each already, and joining on names of
    # systems and records costs as much again as comparing.
    description = {name: value for name, value in model.splink.items() if name != "source_dataset_column_name"} | {
        "link_type": "dedupe_only",
        "unique_id_column_name": ROW,
        "additional_columns_to_retain": [],
        "blocking_rules_to_generate_predictions": rules_for_splink(specification.blocking_rules),
    }
    settings = SettingsCreator.from_path_or_dict(description)
    linker = Linker(table, settings, log_level=None, validate_settings=False)
    for column in model.term_frequencies:
        frequencies = model.frequencies_of(column, values[column], key)
        linker.table_management.register_term_frequency_lookup(
            register_frame(database, frequencies, f"frequencies_{column}"), column
        )
    return linker


def numbered(records: pl.DataFrame, specification: LinkageSpecification) -> pl.DataFrame:
    """`records` under their row numbers, with what comparisons and rules use."""
    used = records.select(specification.columns).with_row_index(ROW)
    return used.with_columns(pl.col(ROW).cast(pl.Int64))  # Spark has no unsigned numbers


def _split(records: pl.DataFrame, earlier: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records that are in `earlier` with the same values, and the others. Compared by 64-bit hashes of whole rows."""
    unchanged = records.hash_rows(seed=0).is_in(earlier.select(records.columns).hash_rows(seed=0).implode())
    return records.filter(unchanged), records.filter(~unchanged)


def _candidates(records: pl.DataFrame, others: pl.DataFrame, rules: Mapping[str, Rule], side: int) -> pl.DataFrame:
    """Records that some blocking rule may pair with any of `others`: the left (0) or the right side (1) of the rules.

    Few of many are left when `others` are few, and moving records into the database is what costs then. Compared by
    hashes: the few records too many that they let through are for the rules to refuse.
    """
    chosen = pl.repeat(False, records.height, eager=True)
    for pairs in map(column_pairs, rules.values()):
        sought = others.select([pair[1 - side] for pair in pairs]).drop_nulls().unique().hash_rows(seed=0)
        chosen |= records.select([pair[side] for pair in pairs]).hash_rows(seed=0).is_in(sought.implode())
    return records.filter(chosen)


def _score(
    sides: list[tuple[pl.DataFrame, pl.DataFrame]],
    model: TrainedModel,
    specification: LinkageSpecification,
    key: bytes,
    backend: SplinkBackend,
    chunks: ChunkFolder | None,
) -> pl.DataFrame:
    names = pl.Series("blocking_rule", list(specification.blocking_rules), dtype=pl.String).to_frame()
    rules = names.with_columns(match_key=pl.int_range(pl.len()).cast(pl.String))
    values = {
        column: pl.concat(side[column] for pair in sides for side in pair) for column in specification.frequency_columns
    }
    with backend.open("scoring pairs") as database:
        nothing = register_frame(database, numbered(sides[0][0].clear(), specification), "nothing")
        linker = open_linker(database, nothing, model, specification, key, values)
        found: list[pl.DataFrame] = []
        for left, right in sides:
            with registered(database, numbered(left, specification), "left_side") as table:
                score = partial(_score_right, database, linker, table, left, specification)
                if chunks is None or right.height <= chunks.records_per_chunk:
                    found.append(score(right))
                else:
                    made_from = [left, model.to_json(), repr(specification)]
                    found.append(score_in_chunks(score, right, made_from, chunks).collect())
    return pl.concat(found).join(rules, on="match_key", how="left").drop("match_key")


def _score_right(
    database: Database,
    linker: Linker,
    table: SplinkDataFrame,
    left: pl.DataFrame,
    specification: LinkageSpecification,
    right: pl.DataFrame,
) -> pl.DataFrame:
    gammas = ", ".join(f"CAST(gamma_{c.name} AS TINYINT) AS gamma_{c.name}" for c in specification.comparisons)
    with registered(database, numbered(right, specification), "right_side") as other:
        scored = linker.inference.predict_between(
            table, other, threshold_match_weight=specification.lowest_weight, warning_mode="never"
        )
        pairs = query_frame(
            database,
            f"""SELECT {ROW}_l AS l, {ROW}_r AS r, match_probability, match_weight, {gammas}, match_key
                FROM {scored.physical_name}""",
        )
        scored.drop_table_from_database_and_remove_from_cache()
    ids = [
        records[pairs[side]].select(pl.col(column).alias(f"{name}_{column}") for column in ("record_id", "person_id"))
        for side, records, name in (("l", left, "left"), ("r", right, "right"))
    ]
    # Rounded here and not by the database: engines differ on a half.
    rounded = pairs.drop("l", "r").with_columns(pl.col("match_probability").round(6), pl.col("match_weight").round(4))
    together = pl.concat([*ids, rounded], how="horizontal")
    return together.select(*PAIR, "left_person_id", "right_person_id", *rounded.columns)
