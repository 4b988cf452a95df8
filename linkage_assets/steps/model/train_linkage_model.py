"""Estimates the linkage model from the records themselves (methodology 2.4.1).

Belongs here: the order of training, and what is kept of it. Does not belong here: comparisons and rules
(splink_model.py), whether the result can be used (check_linkage_model.py), scoring (score_pairs.py).

Same records, settings and seed give the same model. DuckDB adds numbers in an order that depends on its threads, so
estimates differ from run to run in the last digits: they are rounded.
"""

from typing import Any

import polars as pl
from splink import Linker, SettingsCreator

from linkage_assets.steps.model.check_linkage_model import LinkageModelNotUsable, check_linkage_model
from linkage_assets.steps.model.count_agreement import count_between, pairs_between, state_chance
from linkage_assets.steps.model.settle_estimates import PRIOR, estimated, rounded, sessions, settle
from linkage_assets.steps.model.splink_model import (
    SURE_RULE,
    SURE_RULE_RECALL,
    TERM_FREQUENCY_COLUMNS,
    TRAINING_RULES,
    Rule,
    blocking_rules,
    comparisons,
    same,
)
from linkage_assets.steps.model.trained_model import TrainedModel, hashed_values
from linkage_assets.steps.model.unlinkable_records import count_own_patterns, unlinkables
from record_linkage.splink_backend import Database, SplinkBackend, register_frame
from resources.secrets.keyed_hash import key_digest
from resources.settings.study_settings import Linkage

ROW = "row_number"
# Given two tables, Splink trains on pairs within each of them as well, and then drops these: with fifteen times as many
# people in treatment as on probation, nearly all of the work. Given one, a rule can say that it wants none of them.
ONE_TABLE = {
    "link_type": "dedupe_only",
    "unique_id_column_name": ROW,
    "source_dataset_column_name": "source",
    "additional_columns_to_retain": [],
    "retain_matching_columns": False,
}
OF_TWO_SYSTEMS = "l.source = 'ndelius' AND r.source = 'ndtms'"


def train_linkage_model(
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    backend: SplinkBackend,
    settings: Linkage,
    trained_on: dict[str, Any],
    key: bytes,
) -> TrainedModel:
    """A model trained on these records; its profile is empty (profile_linkage.py fills it).

    Prior from sure pairs, u from how often values occur, m by expectation maximisation over several blockings, term
    frequencies over both sides, whose values are hashed with `key`. Raises LinkageModelNotUsable
    (check_linkage_model.py), SplinkFailed when Splink stops (for instance when a training rule finds no pair at all).
    """
    offenders, clients = linkable(standardised_offenders), linkable(standardised_clients)
    # Term frequencies change no estimate and cost a join each time: the model gets them afterwards.
    untrained = untrained_model(settings.model_copy(update={"term_frequencies": []}))
    untrained[PRIOR] = _prior(offenders, clients)
    with backend.open("training the linkage model") as database:
        by_chance = _agree_by_chance(database, offenders, clients, untrained["comparisons"], settings)
        table = register_frame(database, _one_table(offenders, clients), "both_sides")
        linker = Linker(
            table, SettingsCreator.from_path_or_dict(untrained | ONE_TABLE), log_level=None, validate_settings=False
        )
        for name, rule in TRAINING_RULES.items():
            too_many = pairs_between(offenders, clients, rule) > settings.em_sampling_pairs
            _expect_and_maximise(linker, name, rule, settings.em_sampling_pairs if too_many else None)
        estimates = linker.visualisations.parameter_estimate_comparisons_chart().chart_data
        trained = linker.misc.save_model_to_json() | {option: untrained[option] for option in ONE_TABLE}
        splink, usual = settle(trained, by_chance | estimated(estimates))
        check_linkage_model(splink, sessions(estimates), settings)
        own_patterns = count_own_patterns(database, table.physical_name, splink["comparisons"])
    return TrainedModel(
        splink=add_term_frequencies(splink, settings),
        term_frequencies=_term_frequencies(offenders, clients, settings, key),
        sessions=sessions(estimates),
        usual_levels=usual,
        unlinkables=unlinkables(own_patterns, splink),
        profile={},
        trained_on=trained_on | {"ndelius_rows": offenders.height, "ndtms_rows": clients.height},
        values_key=key_digest(key),
    )


def _prior(offenders: pl.DataFrame, clients: pl.DataFrame) -> float:
    """Probability that two records of the two systems are of one person, from the pairs that are almost sure to be."""
    sure = pairs_between(offenders, clients, SURE_RULE)
    prior = sure / SURE_RULE_RECALL / max(offenders.height * clients.height, 1)
    if not 0 < prior < 1:
        raise LinkageModelNotUsable(
            f"{sure:,} pair(s) of {offenders.height:,} and {clients.height:,} records agree in {', '.join(SURE_RULE)}: "
            "no share of true pairs follows. Check that both systems code these alike, or train on more records."
        )
    return prior


def _agree_by_chance(
    database: Database,
    offenders: pl.DataFrame,
    clients: pl.DataFrame,
    compared: list[dict[str, Any]],
    settings: Linkage,
) -> set[tuple[str, str, str]]:
    """Write u of every level that pairs of the two sides show into `compared`; returns which, as for `settle`."""
    seen = set()
    for comparison in compared:
        counts = count_between(database, offenders, clients, comparison, settings.u_sampling_pairs, settings.seed)
        seen |= {(comparison["output_column_name"], label, "u") for label in state_chance(comparison, counts)}
    return seen


def _one_table(offenders: pl.DataFrame, clients: pl.DataFrame) -> pl.DataFrame:
    """Both sides under row numbers, which are joined faster than names of systems and records."""
    both = pl.concat([offenders, clients]).drop("record_id", "person_id", "linkable").with_row_index(ROW)
    return both.with_columns(pl.col(ROW).cast(pl.Int64))  # Spark has no unsigned numbers


def _expect_and_maximise(linker: Linker, name: str, rule: Rule, most_pairs: int | None) -> None:
    try:
        # Without term frequencies the sums run over counted patterns: fast, and the same for every order of rows.
        linker.training.estimate_parameters_using_expectation_maximisation(
            f"{same(rule)} AND {OF_TWO_SYSTEMS}", estimate_without_term_frequencies=True, max_pairs=most_pairs
        )
    except ValueError:  # a probability has fallen below what Splink can hold
        raise LinkageModelNotUsable(
            f"training rule {name} found too few people in common: a probability fell to zero. "
            "Check that both systems code initials, dates, sex and places alike, or train on more records."
        ) from None


def linkable(records: pl.DataFrame) -> pl.DataFrame:
    """Records with enough identifiers, in the order of their id, so that nothing depends on the order they came in."""
    return records.filter("linkable").sort("record_id")


def untrained_model(settings: Linkage) -> dict[str, Any]:
    """Splink's settings before training: levels, rules and names of columns."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "record_id",
        "source_dataset_column_name": "source",
        "additional_columns_to_retain": ["person_id"],
        "comparisons": comparisons(settings),
        "blocking_rules_to_generate_predictions": blocking_rules(settings.blocking_rules),
        "retain_matching_columns": True,
        "em_convergence": 1e-5,
        "max_iterations": 15,
        "linker_uid": "pathways",
    }


def add_term_frequencies(model: dict[str, Any], settings: Linkage) -> dict[str, Any]:
    """`model` with the term frequencies of `settings` on its exact levels."""
    wanted = {TERM_FREQUENCY_COLUMNS[name]: name for name in settings.term_frequencies}
    for column, name in wanted.items():
        levels = next(c["comparison_levels"] for c in model["comparisons"] if c["output_column_name"] == name)
        exact = next(level for level in levels if not level.get("is_null_level"))
        exact["tf_adjustment_column"] = column
    return model


def _term_frequencies(
    offenders: pl.DataFrame, clients: pl.DataFrame, settings: Linkage, key: bytes
) -> dict[str, dict[str, float]]:
    frequencies = {}
    for column in sorted(TERM_FREQUENCY_COLUMNS[name] for name in settings.term_frequencies):
        values = pl.concat([offenders[column], clients[column]]).drop_nulls()
        counted = values.value_counts(name="share", normalize=True)
        names = hashed_values(column, counted[column], key)
        shares = sorted(zip(names, counted["share"], strict=True))
        frequencies[column] = {name: rounded(share) for name, share in shares}
    return frequencies
