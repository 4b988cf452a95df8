"""Gives every candidate pair of one nDelius and one NDTMS record its match probability (methodology 2.5.2).

Belongs here: applying a trained model, to all records or only to those that are new or changed since the quarter
before. Does not belong here: training it, or deciding which pairs are links.
"""

from dataclasses import dataclass
from functools import partial

import polars as pl
from splink import Linker, SettingsCreator
from splink.internals.splink_dataframe import SplinkDataFrame

from linkage_assets.steps.links.score_in_chunks import ChunkFolder, score_in_chunks
from linkage_assets.steps.model.splink_model import BLOCKING_RULES, blocking_rules, column_pairs
from linkage_assets.steps.model.trained_model import TrainedModel
from record_linkage.splink_backend import Database, SplinkBackend, query_frame, register_frame, registered
from resources.settings.study_settings import Linkage

COMPARISONS = ["initials", "birth_date", "sex", "ethnicity", "location"]
PAIR = ["offender_record_id", "client_record_id"]
ROW = "row_number"


@dataclass(frozen=True)
class EarlierScoring:
    """Standardised records and scored pairs of another quarter, scored with the same model, settings and code."""

    standardised_offenders: pl.DataFrame
    standardised_clients: pl.DataFrame
    scored_pairs: pl.DataFrame


def score_pairs(
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    model: TrainedModel,
    key: bytes,
    backend: SplinkBackend,
    settings: Linkage,
    earlier: EarlierScoring | None = None,
    chunks: ChunkFolder | None = None,
) -> pl.DataFrame:
    """Pairs of records from `settings.lowest_probability` up, sorted by both record ids. `key`: of the model's values.

    Columns: offender_record_id, client_record_id, crn, client_id, match_probability (6 decimals), match_weight (bits,
    4 decimals), gamma_* (level of each comparison, highest is exact, -1 missing), blocking_rule (first that found it).
    Scores are per row of an address, and independent of the deduplication (methodology 2.5.2).

    With `earlier`, only pairs with a record that is new or differs from it are scored, and the others are taken from
    it: a pair's score depends on its two records and the model alone, so the result is the same. With `chunks`, many
    clients are scored a chunk at a time, and a killed run goes on with the next one. Raises SplinkFailed.
    """
    offenders, clients = standardised_offenders.filter("linkable"), standardised_clients.filter("linkable")
    if earlier is None:
        return _score([(offenders, clients)], model, key, backend, settings, chunks).sort(PAIR)
    old_offenders, new_offenders = _split(offenders, earlier.standardised_offenders.filter("linkable"))
    old_clients, new_clients = _split(clients, earlier.standardised_clients.filter("linkable"))
    kept = earlier.scored_pairs.join(
        old_offenders.select(offender_record_id="record_id"), on="offender_record_id", how="semi"
    ).join(old_clients.select(client_record_id="record_id"), on="client_record_id", how="semi")
    names = settings.blocking_rules
    sides = [
        (new_offenders, _candidates(clients, new_offenders, names, side=1)),
        (_candidates(old_offenders, new_clients, names, side=0), new_clients),
    ]
    return pl.concat([kept, _score(sides, model, key, backend, settings, chunks)]).sort(PAIR)


def _split(records: pl.DataFrame, earlier: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records that are in `earlier` with the same values, and the others. Compared by 64-bit hashes of whole rows."""
    unchanged = records.hash_rows(seed=0).is_in(earlier.select(records.columns).hash_rows(seed=0).implode())
    return records.filter(unchanged), records.filter(~unchanged)


def _candidates(records: pl.DataFrame, others: pl.DataFrame, names: list[str], side: int) -> pl.DataFrame:
    """Records that some blocking rule may pair with any of `others`: the left (0) or the right side (1) of the rules.

    Few of many are left when `others` are few, and moving records into the database is what costs then. Compared by
    hashes: the few records too many that they let through are for the rules to refuse.
    """
    chosen = pl.repeat(False, records.height, eager=True)
    for pairs in (column_pairs(BLOCKING_RULES[name]) for name in names):
        sought = others.select([pair[1 - side] for pair in pairs]).drop_nulls().unique().hash_rows(seed=0)
        chosen |= records.select([pair[side] for pair in pairs]).hash_rows(seed=0).is_in(sought.implode())
    return records.filter(chosen)


def _score(
    sides: list[tuple[pl.DataFrame, pl.DataFrame]],
    model: TrainedModel,
    key: bytes,
    backend: SplinkBackend,
    settings: Linkage,
    chunks: ChunkFolder | None,
) -> pl.DataFrame:
    # As a deduplication of rows by number: a pair of the two sides is one of each system already, and joining on names
    # of systems and records costs as much again as comparing.
    description = {key: value for key, value in model.splink.items() if key != "source_dataset_column_name"} | {
        "link_type": "dedupe_only",
        "unique_id_column_name": ROW,
        "additional_columns_to_retain": [],
        "blocking_rules_to_generate_predictions": blocking_rules(settings.blocking_rules),
    }
    names = pl.Series("blocking_rule", settings.blocking_rules, dtype=pl.String).to_frame()
    rules = names.with_columns(match_key=pl.int_range(pl.len()).cast(pl.String))
    with backend.open("scoring pairs") as database:
        linker = Linker(
            register_frame(database, _numbered(sides[0][0].clear()), "nothing"),
            SettingsCreator.from_path_or_dict(description),
            log_level=None,
            validate_settings=False,
        )
        for column in model.term_frequencies:
            table = model.frequencies_of(column, pl.concat(side[column] for pair in sides for side in pair), key)
            linker.table_management.register_term_frequency_lookup(
                register_frame(database, table, f"frequencies_{column}"), column
            )
        found = []
        for offenders, clients in sides:
            with registered(database, _numbered(offenders), "ndelius") as left:
                score = partial(_score_clients, database, linker, left, offenders, settings.lowest_probability)
                if chunks is None or clients.height <= chunks.records_per_chunk:
                    found.append(score(clients))
                else:
                    made_from = [offenders, model.to_json(), settings.model_dump_json()]
                    found.append(score_in_chunks(score, clients, made_from, chunks).collect())
    return pl.concat(found).join(rules, on="match_key", how="left").drop("match_key")


def _score_clients(
    database: Database,
    linker: Linker,
    left: SplinkDataFrame,
    offenders: pl.DataFrame,
    lowest: float,
    clients: pl.DataFrame,
) -> pl.DataFrame:
    gammas = ", ".join(f"CAST(gamma_{name} AS TINYINT) AS gamma_{name}" for name in COMPARISONS)
    with registered(database, _numbered(clients), "ndtms") as right:
        scored = linker.inference.predict_between(left, right, threshold_match_probability=lowest, warning_mode="never")
        pairs = query_frame(
            database,
            f"""SELECT {ROW}_l AS l, {ROW}_r AS r, match_probability, match_weight, {gammas}, match_key
                FROM {scored.physical_name}""",
        )
        scored.drop_table_from_database_and_remove_from_cache()
    ids = [
        records[pairs[side]].select(pl.col("record_id").alias(f"{name}_record_id"), pl.col("person_id").alias(person))
        for side, records, name, person in (("l", offenders, "offender", "crn"), ("r", clients, "client", "client_id"))
    ]
    # Rounded here and not by the database: engines differ on a half.
    rounded = pairs.drop("l", "r").with_columns(pl.col("match_probability").round(6), pl.col("match_weight").round(4))
    return pl.concat([*ids, rounded], how="horizontal").select(*PAIR, "crn", "client_id", *rounded.columns)


def _numbered(records: pl.DataFrame) -> pl.DataFrame:
    """`records` under their row numbers, with what comparisons and rules use."""
    used = records.drop("source", "record_id", "person_id", "linkable").with_row_index(ROW)
    return used.with_columns(pl.col(ROW).cast(pl.Int64))  # Spark has no unsigned numbers
