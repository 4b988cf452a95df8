"""Gives every candidate pair of one nDelius and one NDTMS record its match probability (methodology 2.5.2).

Belongs here: applying a trained model, to all records or only to those that are new or changed since the quarter
before. Does not belong here: training it, or deciding which pairs are links.
"""

from dataclasses import dataclass

import polars as pl
from splink import Linker, SettingsCreator
from splink.backends.duckdb import DuckDBAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from linkage_assets.steps.splink_model import BLOCKING_RULES, blocking_rules, column_pairs
from linkage_assets.steps.train_linkage_model import linkable
from linkage_assets.steps.trained_model import TrainedModel
from resources.splink_backend import SplinkBackend, query_frame, register_frame
from resources.study_settings import Linkage

COMPARISONS = ["initials", "birth_date", "sex", "ethnicity", "location"]
PAIR = ["offender_record_id", "client_record_id"]


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
    backend: SplinkBackend,
    settings: Linkage,
    earlier: EarlierScoring | None = None,
) -> pl.DataFrame:
    """Pairs of records from `settings.lowest_probability` up, sorted by both record ids.

    Columns: offender_record_id, client_record_id, crn, client_id, match_probability (6 decimals), match_weight (bits,
    4 decimals), gamma_* (level of each comparison, highest is exact, -1 missing), blocking_rule (first that found it).
    Scores are per row of an address, and independent of the deduplication (methodology 2.5.2).

    With `earlier`, only pairs with a record that is new or differs from it are scored, and the others are taken from
    it: a pair's score depends on its two records and the model alone, so the result is the same. Raises SplinkFailed.
    """
    offenders, clients = linkable(standardised_offenders), linkable(standardised_clients)
    if earlier is None:
        return _score([(offenders, clients)], model, backend, settings).sort(PAIR)
    old_offenders, new_offenders = _split(offenders, linkable(earlier.standardised_offenders))
    old_clients, new_clients = _split(clients, linkable(earlier.standardised_clients))
    kept = earlier.scored_pairs.join(
        old_offenders.select(offender_record_id="record_id"), on="offender_record_id", how="semi"
    ).join(old_clients.select(client_record_id="record_id"), on="client_record_id", how="semi")
    names = settings.blocking_rules
    sides = [
        (new_offenders, _candidates(clients, new_offenders, names, side=1)),
        (_candidates(old_offenders, new_clients, names, side=0), new_clients),
    ]
    scored = _score(sides, model, backend, settings)
    return pl.concat([kept, scored]).sort(PAIR)


def _split(records: pl.DataFrame, earlier: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records that are in `earlier` with the same values, and the others."""
    both = records.join(earlier, on="record_id", how="left", suffix="_earlier", maintain_order="left")
    same_values = pl.all_horizontal(
        pl.col(column).eq_missing(pl.col(f"{column}_earlier")) for column in records.columns if column != "record_id"
    )
    unchanged = both.select(same_values & pl.col("source_earlier").is_not_null()).to_series()
    return records.filter(unchanged), records.filter(~unchanged)


def _candidates(records: pl.DataFrame, others: pl.DataFrame, names: list[str], side: int) -> pl.DataFrame:
    """Records that some blocking rule pairs with any of `others`: the left (0) or the right side (1) of the rules.

    Few of many are left when `others` are few, and moving records into the database is what costs then.
    """
    records = records.with_row_index("position")
    found = [
        records.join(
            others, left_on=[pair[side] for pair in pairs], right_on=[pair[1 - side] for pair in pairs], how="semi"
        )["position"]
        for pairs in (column_pairs(BLOCKING_RULES[name]) for name in names)
    ]
    positions = pl.concat(found).unique().sort()
    return records[positions].drop("position")


def _score(
    sides: list[tuple[pl.DataFrame, pl.DataFrame]], model: TrainedModel, backend: SplinkBackend, settings: Linkage
) -> pl.DataFrame:
    description = model.splink | {"blocking_rules_to_generate_predictions": blocking_rules(settings.blocking_rules)}
    names = pl.Series("blocking_rule", settings.blocking_rules, dtype=pl.String).to_frame()
    rules = names.with_columns(match_key=pl.int_range(pl.len()).cast(pl.String))
    with backend.open("scoring pairs") as database:
        tables = [
            (register_frame(database, left, f"ndelius_{number}"), register_frame(database, right, f"ndtms_{number}"))
            for number, (left, right) in enumerate(sides)
        ]
        linker = Linker(list(tables[0]), SettingsCreator.from_path_or_dict(description), log_level=None)
        for column, frequencies in model.term_frequencies.items():
            table = pl.DataFrame({column: list(frequencies), f"tf_{column}": list(frequencies.values())})
            linker.table_management.register_term_frequency_lookup(
                register_frame(database, table, f"frequencies_{column}"), column
            )
        found = pl.concat(_score_side(database, linker, *side, settings.lowest_probability) for side in tables)
    return found.join(rules, on="match_key", how="left").drop("match_key")


def _score_side(
    database: DuckDBAPI, linker: Linker, left: SplinkDataFrame, right: SplinkDataFrame, lowest: float
) -> pl.DataFrame:
    # As a deduplication: every pair of the two sides is one of each system already, and Splink's check costs a join.
    scored = linker.inference.predict_between(
        left, right, link_type="dedupe_only", threshold_match_probability=lowest, warning_mode="never"
    )
    gammas = ", ".join(f"CAST(gamma_{name} AS TINYINT) AS gamma_{name}" for name in COMPARISONS)
    return query_frame(
        database,
        f"""SELECT record_id_l AS offender_record_id, record_id_r AS client_record_id,
                   person_id_l AS crn, person_id_r AS client_id,
                   round(match_probability, 6) AS match_probability, round(match_weight, 4) AS match_weight,
                   {gammas}, match_key
            FROM {scored.physical_name}""",
    )
