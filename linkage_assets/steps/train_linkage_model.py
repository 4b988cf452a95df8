"""Estimates the linkage model from the records themselves (methodology 2.4.1).

Belongs here: the order of training, and the checks that the result can be used. Does not belong here: comparisons
and rules (splink_model.py).

The result is a versioned artefact: same records, settings and seed give the same text. DuckDB adds numbers in an order
that depends on its threads, so estimates differ from run to run in the last digits: they are rounded.
"""

import json
import math
from typing import Any

import polars as pl
from splink import Linker, SettingsCreator

from linkage_assets.steps.splink_model import SURE_RULES, SURE_RULES_RECALL, TRAINING_RULES, blocking_rules, comparisons
from resources.splink_backend import SplinkBackend, register_frame
from resources.study_settings import Linkage

SIGNIFICANT_DIGITS = 8


class LinkageModelNotUsable(Exception):
    """Training gave a model whose weights contradict what the levels mean; names comparisons and levels."""


def train_linkage_model(
    standardised_offenders: pl.DataFrame, standardised_clients: pl.DataFrame, backend: SplinkBackend, settings: Linkage
) -> pl.DataFrame:
    """One row, column model_json: Splink's own description of the trained model.

    Prior from sure pairs, u from seeded random pairs, m by expectation maximisation over several blockings.
    Raises LinkageModelNotUsable when an exact level speaks against a match or the rest for it, SplinkFailed when
    Splink stops (for instance when a training rule finds no pair at all).
    """
    with backend.open("training the linkage model") as database:
        linker = Linker(
            [
                register_frame(database, linkable(standardised_offenders), "ndelius"),
                register_frame(database, linkable(standardised_clients), "ndtms"),
            ],
            SettingsCreator.from_path_or_dict(untrained_model(settings)),
            log_level=None,
        )
        linker.training.estimate_probability_two_random_records_match([*SURE_RULES], recall=SURE_RULES_RECALL)
        linker.training.estimate_u_using_random_sampling(max_pairs=settings.u_sampling_pairs, seed=settings.seed)
        for rule in TRAINING_RULES.values():
            # Without term frequencies the sums run over counted patterns: fast, and the same for every order of rows.
            linker.training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True
            )
        model = linker.misc.save_model_to_json()
    model = settle(model)
    check_weights(model)
    return pl.DataFrame({"model_json": [json.dumps(model, sort_keys=True)]})


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
        "max_iterations": 50,
        "linker_uid": "pathways",
    }


def settle(model: dict[str, Any]) -> dict[str, Any]:
    """`model` with rounded estimates, and every level that training never saw made to say nothing (m = u)."""
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            seen = [level[key] for key in ("m_probability", "u_probability") if level.get(key)]
            neutral = seen[0] if seen else 1e-6
            for key in ("m_probability", "u_probability"):
                level[key] = _rounded(level.get(key) or neutral)
    prior = "probability_two_random_records_match"
    model[prior] = _rounded(model[prior])
    return model


def check_weights(model: dict[str, Any]) -> None:
    """Raises LinkageModelNotUsable unless exact agreement speaks for a match and "anything else" against it."""
    faults = []
    for comparison in model["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for level, sign in ((levels[0], 1), (levels[-1], -1)):
            if sign * math.log2(level["m_probability"] / level["u_probability"]) <= 0:
                faults.append(f"{comparison['output_column_name']}: {level['label_for_charts']}")
    if faults:
        raise LinkageModelNotUsable(
            f"the weight of {len(faults)} level(s) has the wrong sign or could not be estimated: {'; '.join(faults)}. "
            "There may be too few records to train on, or a column may be empty or coded differently in one system."
        )


def _rounded(probability: float) -> float:
    return float(f"{probability:.{SIGNIFICANT_DIGITS}g}")
