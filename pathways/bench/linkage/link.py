"""Links two files with the study's method: Fellegi-Sunter by Splink, trained on the files themselves (methodology 2.4).

Belongs here: training, settling what could not be trained, scoring. Does not belong here: comparisons
(compare_fields.py), which pairs are looked at (blocking.py), duplicates within a file (duplicates.py), truth
(measure.py).
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import polars as pl
from splink import Linker, SettingsCreator
from splink.internals.exceptions import EMTrainingException

from pathways.bench.linkage.blocking import Blocked
from pathways.bench.linkage.chance import Chance, agreement
from pathways.bench.linkage.duplicates import SURE_RULES_RECALL, Duplicates, competing, find_duplicates
from pathways.bench.linkage.fields import Comparison, Fields
from record_linkage.splink_backend import SplinkBackend, query_frame, register_frame
from resources.settings.study_settings import Linkage

SESSIONS = 4
TRAINING_PAIRS = 5_000_000
SAMPLED_PAIRS = 1_000_000
# A level that no match shows loses some twenty digits in each iteration, and Splink stops with an error at 1e-300.
MOST_ITERATIONS = 12
LOWEST_WEIGHT = -7.0  # bits; pairs below one chance in 128 are not kept
FEWEST_SEEN = 50  # sampled pairs at a level below which a count says little

SMALLEST_M = 1e-4  # nothing rules a match out for good

# How often two records of one entity agree, where training cannot tell: exact, everything between, anything else.
UNTRAINED_M = (0.9, 0.06, 0.04)


@dataclass(frozen=True)
class Linked:
    """pairs: the best of each two ids (left_id, right_id, weight in bits), sorted. candidates: pairs looked at.

    prior: probability that two random records, one of either file, are one entity.
    """

    pairs: pl.DataFrame
    candidates: int
    prior: float
    left: Duplicates
    right: Duplicates
    warnings: list[str]


def link(fields: Fields, blocked: Blocked, backend: SplinkBackend, settings: Linkage) -> Linked:
    """Train on both files, score the blocked pairs, and compare competing records of either file with each other."""
    model, warnings = train(fields, backend, settings)
    records, candidates = _score(model, blocked, backend)
    pairs = (
        records.join(fields.left.select(left="record", left_id="id"), on="left")
        .join(fields.right.select(right="record", right_id="id"), on="right")
        .group_by("left_id", "right_id")
        .agg(pl.col("weight").max())
        .sort("left_id", "right_id")
    )
    left_ids, right_ids = competing(pairs, "left_id", "right_id"), competing(pairs, "right_id", "left_id")
    return Linked(
        pairs,
        candidates,
        model["probability_two_random_records_match"],
        find_duplicates(fields.left, left_ids, fields.comparisons, model, backend),
        find_duplicates(fields.right, right_ids, fields.comparisons, model, backend),
        warnings,
    )


def train(fields: Fields, backend: SplinkBackend, settings: Linkage) -> tuple[dict[str, Any], list[str]]:
    """The trained model and what was wrong: prior from sure rules, u sampled, m by EM over several blockings."""
    model, warnings = _untrained(fields), []
    chance = Chance(fields.left, fields.right, [comparison.exact for comparison in fields.comparisons])
    sure = chance.sure_rules()
    with backend.open("training the model of a benchmark") as database:
        linker = Linker(
            [
                register_frame(database, fields.left, "a_left"),
                register_frame(database, fields.right, "b_right"),
            ],
            SettingsCreator.from_path_or_dict(model),
            log_level=None,
        )
        if sure:
            linker.training.estimate_probability_two_random_records_match(
                [_all_same(chosen) for chosen, _ in sure], recall=SURE_RULES_RECALL
            )
        else:
            warnings.append("No set of fields identifies a record: the prior is one match in the smaller file's rows.")
        linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=settings.seed)
        for chosen in _training_sessions(fields, chance):
            try:
                linker.training.estimate_parameters_using_expectation_maximisation(
                    _all_same(chosen), estimate_without_term_frequencies=True, max_pairs=TRAINING_PAIRS
                )
            except (EMTrainingException, ValueError):  # ValueError: a probability too small for Splink
                warnings.append(f"No training on pairs that share {' + '.join(chosen)}: too few, or too alike.")
        model = linker.misc.save_model_to_json()
    return _settled(model, fields, warnings), warnings


def _untrained(fields: Fields) -> dict[str, Any]:
    everybody = max(fields.left.height * fields.right.height, 2)
    return {
        "link_type": "link_only",
        "unique_id_column_name": "record",
        "comparisons": [comparison.for_splink() for comparison in fields.comparisons],
        "blocking_rules_to_generate_predictions": [],
        "probability_two_random_records_match": min(min(fields.left.height, fields.right.height) / everybody, 0.5),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "em_convergence": 1e-4,
        "max_iterations": MOST_ITERATIONS,
        "linker_uid": "bench",
    }


def _all_same(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"l.{column} = r.{column}" for column in columns)


def _training_sessions(fields: Fields, chance: Chance) -> list[tuple[str, ...]]:
    """Columns to block training on: those whose sharing is least often chance, until every comparison is trained."""
    size = 2 if len(chance.columns) > 2 else 1
    found = {chosen: chance.pairs_sharing(chosen) for chosen in combinations(chance.columns, size)}
    best = sorted(
        (chosen for chosen in found if found[chosen]),
        key=lambda chosen: chance.everybody * chance.together(chosen) / found[chosen],
    )
    sessions: list[tuple[str, ...]] = []
    for comparison in fields.comparisons:
        trains = [chosen for chosen in best if not set(chosen) & _columns_of(comparison, fields)]
        if trains and not set(trains) & set(sessions):
            sessions.append(trains[0])
    sessions += [chosen for chosen in best if chosen not in sessions][: max(SESSIONS - len(sessions), 0)]
    return sessions


def _columns_of(comparison: Comparison, fields: Fields) -> set[str]:
    """Exact columns of the comparisons that must be free to differ for this one to be trained."""
    return {comparison.exact} | {
        other.exact for other in fields.comparisons if comparison.given in (other.exact, *other.coarser)
    }


def _settled(model: dict[str, Any], fields: Fields, warnings: list[str]) -> dict[str, Any]:
    """`model` with every level given m and u: what training did not see is fixed at a plain value."""
    sampled = min(SAMPLED_PAIRS, fields.left.height * fields.right.height)
    for comparison, ours in zip(model["comparisons"], fields.comparisons, strict=True):
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        by_chance = max(agreement(fields.left[ours.exact], fields.right[ours.exact]), 1 / (10 * sampled))
        exact = levels[0]
        if (exact.get("u_probability") or 0) * sampled < FEWEST_SEEN:
            exact["u_probability"] = by_chance
        unseen = [level for level in levels[1:] if not level.get("u_probability")]
        for level in unseen:
            level["u_probability"] = 1 / sampled
        plain_m = [UNTRAINED_M[0], *[UNTRAINED_M[1] / max(len(levels) - 2, 1)] * (len(levels) - 2), UNTRAINED_M[2]]
        trained = [bool(level.get("m_probability")) for level in levels]
        wrong = trained[0] and levels[0]["m_probability"] <= levels[0]["u_probability"]
        if not trained[0] or wrong:
            why = "agreement spoke against a match" if wrong else "no pair to train on"
            warnings.append(f"Field {ours.name} has plain instead of trained weights: {why}.")
            trained = [False] * len(levels)
        for level, was, plain in zip(levels, trained, plain_m, strict=True):
            if not was:
                # A level nobody saw among matches says nothing on its own, whatever strangers show there.
                level["m_probability"] = plain if not any(trained) else level["u_probability"]
            level["m_probability"] = max(level["m_probability"], min(SMALLEST_M, level["u_probability"]))
    return model


def _score(model: dict[str, Any], blocked: Blocked, backend: SplinkBackend) -> tuple[pl.DataFrame, int]:
    """Pairs of records from LOWEST_WEIGHT up: left, right (record numbers), weight; and how many were looked at."""
    model = model | {
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": condition, "sql_dialect": "duckdb"} for condition in blocked.conditions
        ],
    }
    with backend.open("scoring the pairs of a benchmark") as database:
        linker = Linker(
            [register_frame(database, blocked.left, "a_left"), register_frame(database, blocked.right, "b_right")],
            SettingsCreator.from_path_or_dict(model),
            log_level=None,
        )
        scored = linker.inference.predict(warning_mode="never").physical_name
        candidates = int(query_frame(database, f"SELECT count(*) AS pairs FROM {scored}")["pairs"].item())
        pairs = query_frame(
            database,
            f"""SELECT record_l AS "left", record_r AS "right", match_weight AS weight
            FROM {scored} WHERE match_weight >= {LOWEST_WEIGHT}""",
        )
    return pairs, candidates
