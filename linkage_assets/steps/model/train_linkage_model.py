"""Estimates the linkage model from the records themselves (methodology 2.4.1).

Belongs here: the order of training, and what is kept of it. Does not belong here: comparisons and rules
(splink_model.py), whether the result can be used (check_linkage_model.py), scoring (score_pairs.py).

Same records, settings and seed give the same model. DuckDB adds numbers in an order that depends on its threads, so
estimates differ from run to run in the last digits: they are rounded.
"""

import math
from typing import Any

import polars as pl
from splink import Linker, SettingsCreator

from linkage_assets.steps.model.check_linkage_model import LinkageModelNotUsable, check_linkage_model
from linkage_assets.steps.model.splink_model import (
    SURE_RULE,
    SURE_RULE_RECALL,
    TERM_FREQUENCY_COLUMNS,
    TRAINING_RULES,
    USUAL_LEVELS,
    Rule,
    blocking_rules,
    comparisons,
    same,
)
from linkage_assets.steps.model.trained_model import TrainedModel, hashed_values
from resources.keyed_hash import key_digest
from resources.splink_backend import SplinkBackend, register_frame
from resources.study_settings import Linkage

SIGNIFICANT_DIGITS = 8
LEAST_PROBABILITY = 1e-6  # a level that no true pair of a small extract shows is rare, not impossible
PRIOR = "probability_two_random_records_match"


def train_linkage_model(
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    backend: SplinkBackend,
    settings: Linkage,
    trained_on: dict[str, Any],
    key: bytes,
) -> TrainedModel:
    """A model trained on these records; its profile is empty (profile_linkage.py fills it).

    Prior from sure pairs, u from seeded random pairs, m by expectation maximisation over several blockings, term
    frequencies over both sides, whose values are hashed with `key`. Raises LinkageModelNotUsable
    (check_linkage_model.py), SplinkFailed when Splink stops (for instance when a training rule finds no pair at all).
    """
    offenders, clients = linkable(standardised_offenders), linkable(standardised_clients)
    with backend.open("training the linkage model") as database:
        linker = Linker(
            [register_frame(database, offenders, "ndelius"), register_frame(database, clients, "ndtms")],
            # Term frequencies change no estimate and cost a join each time: the model gets them afterwards.
            SettingsCreator.from_path_or_dict(untrained_model(settings.model_copy(update={"term_frequencies": []}))),
            log_level=None,
        )
        linker.training.estimate_probability_two_random_records_match([same(SURE_RULE)], recall=SURE_RULE_RECALL)
        linker.training.estimate_u_using_random_sampling(max_pairs=settings.u_sampling_pairs, seed=settings.seed)
        for name, rule in TRAINING_RULES.items():
            _expect_and_maximise(linker, name, rule, settings.em_sampling_pairs)
        estimates = linker.visualisations.parameter_estimate_comparisons_chart(include_u=True).chart_data
        splink, usual = settle(linker.misc.save_model_to_json(), _estimated(estimates))
        model = TrainedModel(
            splink=add_term_frequencies(splink, settings),
            term_frequencies=_term_frequencies(offenders, clients, settings, key),
            sessions=_sessions(estimates),
            usual_levels=usual,
            unlinkables=_unlinkables(linker.evaluation.unlinkables_chart().chart_data),
            profile={},
            trained_on=trained_on | {"ndelius_rows": offenders.height, "ndtms_rows": clients.height},
            values_key=key_digest(key),
        )
    check_linkage_model(model.splink, model.sessions, settings)
    return model


def _expect_and_maximise(linker: Linker, name: str, rule: Rule, most_pairs: int) -> None:
    try:
        # Without term frequencies the sums run over counted patterns: fast, and the same for every order of rows.
        linker.training.estimate_parameters_using_expectation_maximisation(
            same(rule), estimate_without_term_frequencies=True, max_pairs=most_pairs
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


def settle(model: dict[str, Any], estimated: set[tuple[str, str, str]]) -> tuple[dict[str, Any], list[str]]:
    """`model` with rounded probabilities, and usual ones where none was estimated; and which levels those are.

    `estimated`: comparison, level and "m" or "u" of every probability that training estimated. A probability that is
    neither estimated, fixed nor among USUAL_LEVELS becomes None.
    """
    usual = []
    for comparison in model["comparisons"]:
        name = comparison["output_column_name"]
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            label = level["label_for_charts"]
            for letter, stated in zip("mu", USUAL_LEVELS.get(label, (None, None)), strict=True):
                known = (name, label, letter) in estimated or level.get(f"fix_{letter}_probability")
                if not known and stated is not None:
                    usual.append(f"{name}: {label} ({letter})")
                value = level.get(f"{letter}_probability") if known else stated
                level[f"{letter}_probability"] = None if value is None else max(_rounded(value), LEAST_PROBABILITY)
    model[PRIOR] = _rounded(model[PRIOR])
    return model, usual


def _estimated(estimates: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {
        (row["comparison_name"], row["comparison_level_label"], row["m_or_u"])
        for row in estimates
        if isinstance(row["estimated_probability"], float) and row["estimated_probability"] > 0
    }


def _sessions(estimates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rule_names = {same(rule): name for name, rule in TRAINING_RULES.items()}
    return [
        {
            "rule": next((name for rule, name in rule_names.items() if rule in row["estimate_description"]), "other"),
            "comparison": row["comparison_name"],
            "level": row["comparison_level_label"],
            "m": _rounded(row["estimated_probability"]),
        }
        for row in estimates
        if row["m_or_u"] == "m" and isinstance(row["estimated_probability"], float)
    ]


def _unlinkables(shares: list[dict[str, float]]) -> list[dict[str, float]]:
    """Share of records below each whole bit of weight: the curve, without a point per record."""
    below = {math.ceil(row["match_weight"]): _rounded(row["cum_prop"]) for row in shares}
    return [{"match_weight": bits, "share": share} for bits, share in sorted(below.items())]


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
        frequencies[column] = {name: _rounded(share) for name, share in shares}
    return frequencies


def _rounded(number: float) -> float:
    return float(f"{number:.{SIGNIFICANT_DIGITS}g}")
