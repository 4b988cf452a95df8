"""Estimates a linkage model from the records themselves (Fellegi and Sunter, by expectation maximisation in Splink).

Belongs here: the order of training, and what is kept of it. Does not belong here: what is compared and by which rules
(a specification), whether the result can be used (check_model.py), scoring (scoring/).

Same records, specification and seed give the same model. DuckDB adds numbers in an order that depends on its threads,
so estimates differ from run to run in the last digits: they are rounded.
"""

from typing import Any, cast

import polars as pl
from splink import Linker, SettingsCreator
from splink.internals.exceptions import EMTrainingException

from record_linkage.model.trained_model import TrainedModel, hashed_values
from record_linkage.specification import PRIOR, LinkageSpecification, Rule, TrainingPlan, same
from record_linkage.splink_backend import Database, SplinkBackend, register_frame
from record_linkage.training.check_model import LinkageModelNotUsable, check_model
from record_linkage.training.count_agreement import count_between, is_stated, pairs_between, state_chance
from record_linkage.training.settle_estimates import estimated, rounded, sessions, settle, settle_plainly
from record_linkage.training.sure_pairs import prior_between
from record_linkage.training.unlinkable_records import count_own_patterns, unlinkables
from resources.secrets.keyed_hash import key_digest

ROW = "row_number"
# Given two tables, Splink trains on pairs within each of them as well, and then drops these: with fifteen times as many
# records on one side as on the other, nearly all of the work. Given one, a rule can say that it wants none of them.
ONE_TABLE: dict[str, Any] = {
    "link_type": "dedupe_only",
    "unique_id_column_name": ROW,
    "source_dataset_column_name": "source",
    "additional_columns_to_retain": [],
    "retain_matching_columns": False,
}
OF_TWO_SIDES = "l.source = 'left' AND r.source = 'right'"


def train_model(
    left: pl.DataFrame,
    right: pl.DataFrame,
    specification: LinkageSpecification,
    backend: SplinkBackend,
    trained_on: dict[str, Any],
    key: bytes,
    together: tuple[pl.DataFrame, pl.DataFrame] | None = None,
) -> tuple[TrainedModel, list[str]]:
    """A model trained on these records, with an empty profile; and warnings, when the training is unattended.

    Prior from sure pairs, u from how often values occur, m by expectation maximisation over several blockings, term
    frequencies over both sides, whose values are hashed with `key`. `together`: a left and a right side of which m is
    estimated instead, where in a small sample of many records hardly two share what a training rule asks for. Raises
    SplinkFailed when Splink stops (for instance when a training rule finds no pair at all) and LinkageModelNotUsable
    (check_model.py); in unattended training the latter only when no sure pair is found.
    """
    # Term frequencies change no estimate and cost a join each time: the model gets them afterwards.
    untrained = specification.without_frequencies().for_splink()
    plan = specification.training
    warnings: list[str] = []
    untrained[PRIOR] = plan.prior or prior_between(left, right, plan.sure_rules, plan.sure_recall)
    with backend.open("training the linkage model") as database:
        by_chance = _agree_by_chance(database, left, right, untrained["comparisons"], specification)
        ours, theirs = together or (left, right)
        table = register_frame(database, _one_table(ours, theirs, specification), "both_sides")
        settings = SettingsCreator.from_path_or_dict(untrained | ONE_TABLE)
        linker = Linker(table, settings, log_level=None, validate_settings=False)
        warnings += _train_by_rules(linker, plan, ours, theirs)
        estimates = _estimates(linker)
        trained = linker.misc.save_model_to_json() | {option: untrained[option] for option in ONE_TABLE}
        usual: list[str] = []
        if plan.unattended:
            splink, plain = settle_plainly(trained)
            warnings += plain
        else:
            splink, usual = settle(trained, by_chance | estimated(estimates), plan.usual)
            check_model(splink, sessions(estimates, plan.rules), plan.largest_disagreement)
        own = register_frame(database, _one_table(left, right, specification), "own") if together else table
        own_patterns = count_own_patterns(database, own.physical_name, splink["comparisons"])
    return TrainedModel(
        splink=_with_frequencies(splink, specification),
        term_frequencies=_term_frequencies(left, right, specification.frequency_columns, key),
        sessions=sessions(estimates, plan.rules),
        usual_levels=usual,
        unlinkables=unlinkables(own_patterns, splink),
        profile={},
        trained_on=trained_on,
        values_key=key_digest(key),
    ), warnings


def _agree_by_chance(
    database: Database,
    left: pl.DataFrame,
    right: pl.DataFrame,
    compared: list[dict[str, Any]],
    specification: LinkageSpecification,
) -> set[tuple[str, str, str]]:
    """Write u of every level that pairs of the two sides show into `compared`; returns which, as for `settle`."""
    plan = specification.training
    seen: set[tuple[str, str, str]] = set()
    unseen = 1 / min(plan.chance_pairs, left.height * right.height) if plan.unattended else None
    for comparison, declared in zip(compared, specification.comparisons, strict=True):
        if is_stated(comparison):
            continue
        counts = count_between(
            database, left, right, comparison, plan.chance_pairs, plan.seed, settled_by=declared.settled_by
        )
        labels = state_chance(comparison, counts, unseen)
        seen |= {(comparison["output_column_name"], label, "u") for label in labels}
    return seen


def _one_table(left: pl.DataFrame, right: pl.DataFrame, specification: LinkageSpecification) -> pl.DataFrame:
    """Both sides under row numbers, which are joined faster than names of systems and records."""
    sides = [
        side.select(specification.training_columns).with_columns(source=pl.lit(name))
        for side, name in ((left, "left"), (right, "right"))
    ]
    return pl.concat(sides).with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))  # Spark has no unsigned


def _train_by_rules(linker: Linker, plan: TrainingPlan, left: pl.DataFrame, right: pl.DataFrame) -> list[str]:
    """A session for each training rule. Returns warnings. Raises LinkageModelNotUsable, unless unattended."""
    warnings: list[str] = []
    for name, rule in plan.rules.items():
        too_many = pairs_between(left, right, rule) > plan.em_pairs
        warnings += _expect_and_maximise(linker, name, rule, plan.em_pairs if too_many else None, plan.unattended)
    return warnings


def _expect_and_maximise(linker: Linker, name: str, rule: Rule, most_pairs: int | None, unattended: bool) -> list[str]:
    """One training session. Returns warnings. Raises LinkageModelNotUsable, unless `unattended`."""
    stops = (EMTrainingException, ValueError) if unattended else ValueError
    try:
        # Without term frequencies the sums run over counted patterns: fast, and the same for every order of rows.
        linker.training.estimate_parameters_using_expectation_maximisation(
            f"{same(rule)} AND {OF_TWO_SIDES}", estimate_without_term_frequencies=True, max_pairs=most_pairs
        )
    except stops:  # ValueError: a probability has fallen below what Splink can hold
        if unattended:
            return [f"No training on pairs that share {name}: too few, or too alike."]
        raise LinkageModelNotUsable(
            f"training rule {name} found too few people in common: a probability fell to zero. "
            "Check that both systems code initials, dates, sex and places alike, or train on more records."
        ) from None
    return []


def _estimates(linker: Linker) -> list[dict[str, Any]]:
    """Every probability as each training session estimated it."""
    chart = linker.visualisations.parameter_estimate_comparisons_chart()
    return cast("list[dict[str, Any]]", chart.chart_data)  # pyright: ignore[reportUnknownMemberType]


def _with_frequencies(model: dict[str, Any], specification: LinkageSpecification) -> dict[str, Any]:
    """`model` with the term frequencies of the specification on its levels."""
    for comparison, declared in zip(model["comparisons"], specification.comparisons, strict=True):
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for level, said in zip(levels, declared.levels, strict=True):
            if said.frequency_of:
                level["tf_adjustment_column"] = said.frequency_of
    return model


def _term_frequencies(
    left: pl.DataFrame, right: pl.DataFrame, columns: list[str], key: bytes
) -> dict[str, dict[str, float]]:
    frequencies: dict[str, dict[str, float]] = {}
    for column in columns:
        values = pl.concat([left[column], right[column]]).drop_nulls()
        counted = values.value_counts(name="share", normalize=True)
        names = hashed_values(column, counted[column], key)
        shares = sorted(zip(names, counted["share"], strict=True))
        frequencies[column] = {name: rounded(share) for name, share in shares}
    return frequencies
