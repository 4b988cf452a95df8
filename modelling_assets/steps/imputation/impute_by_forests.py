"""Imputes factors by predictive mean matching with boosted trees, as the published study did with miceforest.

Belongs here: one way of drawing missing levels. Does not belong here: which records and factors (impute_frames.py), the
other way (impute_by_regressions.py).

For each factor in turn, trees predict the log odds of its levels from everything else; a missing value takes the level
of a donor, drawn among the recorded values whose predictions are nearest. That is what miceforest's strategy "normal"
does for factors too; its "fast" would draw from the predicted probabilities, which is no matching.

The trees are LightGBM's, as in miceforest. Every random number is drawn in the order of miceforest, so that the values
are those that it would draw, one by one (the tests run it beside); its own bookkeeping took most of the time. Only of a
factor whose missing values all lie among the first 256 records are they not: miceforest 6.0.5 then counts records in
one byte, and takes donors from the first 256 alone.
"""

import lightgbm
import numpy as np
import polars as pl
from scipy.spatial import KDTree
from threadpoolctl import threadpool_limits

from modelling_assets.steps.imputation.impute_by_regressions import codes_of
from resources.side_by_side import in_parts

DONORS = 5
TIE_WIDTH = 1e-3  # log odds; predictions closer than this are as good as equal
ITERATIONS = 20
# Few, shallow trees, so that donors are not chosen by noise. miceforest's own deep forests give probabilities of
# exactly 0 and 1, whose log odds are infinite. What is not on the first line is as miceforest has it.
TREES = {
    "boosting": "gbdt", "max_depth": 2, "num_leaves": 4, "min_data_in_leaf": 20,
    "data_sample_strategy": "bagging", "bagging_fraction": 0.632, "bagging_freq": 1, "feature_fraction_bynode": 0.632,
    "min_sum_hessian_in_leaf": 0.01, "min_gain_to_split": 0.0,
    "num_threads": 1, "deterministic": True, "force_row_wise": True, "verbosity": -1,
}  # fmt: skip
LARGEST_SEED = np.iinfo("int32").max


class MatchingFailed(Exception):
    """Predictive mean matching stopped with an error of its library; says which kind, and what to do."""


def draw_by_forests(
    records: pl.DataFrame, incomplete: list[str], imputations: int, iterations: int, seed: int, after: int = 0
) -> list[list[dict[str, pl.Series]]]:
    """Values drawn for what is missing, per imputation, iteration and factor, in the order of the records.

    `records` has one column per variable, all text, with missing values in the factors `incomplete` only; each of these
    has two recorded levels or more. Fewer imputations are the first ones of more, and so with iterations; the first
    `after` are left out. Raises MatchingFailed.
    """
    seeds = np.random.default_rng(seed).integers(2**31, size=imputations)
    # Never in threads: with two of them training at the same time, LightGBM now and then crashed the process
    # (segmentation fault while it built a data set).
    try:
        return in_parts(_chain, ((records, incomplete, iterations, int(own)) for own in seeds[after:]))
    except Exception as fault:  # of two libraries, any of which may quote values
        kind = type(fault).__name__
    raise MatchingFailed(
        f"Predictive mean matching of {', '.join(incomplete)} failed ({kind} in LightGBM; {records.height} records). "
        'Set method = "regressions" under [modelling.imputation] in study.toml, and run again.'
    )


def _chain(records: pl.DataFrame, incomplete: list[str], iterations: int, seed: int) -> list[dict[str, pl.Series]]:
    """One completed data set after each iteration."""
    random = np.random.RandomState(seed)
    # Only levels that occur are told apart: one without records would have a predicted probability near zero.
    levels = {name: records[name].drop_nulls().unique().sort().to_list() for name in records.columns}
    recorded = np.column_stack([codes_of(records[name], levels[name]) for name in records.columns])
    place = {name: records.columns.index(name) for name in incomplete}
    latest = {name: _any_recorded(recorded[:, place[name]], random) for name in incomplete}
    # What is nearly complete comes first.
    order = sorted(incomplete, key=lambda name: len(latest[name]))
    completed, drawn = recorded.astype(np.float32), []
    with threadpool_limits(1):
        for _ in range(iterations):
            # All factors of an iteration are predicted from the values of the one before.
            for name in incomplete:
                completed[recorded[:, place[name]] < 0, place[name]] = latest[name]
            for name in order:
                others = np.delete(completed, place[name], axis=1)
                latest[name] = _matched(others, recorded[:, place[name]], len(levels[name]), random)
            drawn.append({name: pl.Series(name, levels[name])[latest[name]] for name in incomplete})
    return drawn


def _any_recorded(codes: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """For each missing value (-1) a recorded one, drawn at random."""
    values = codes[codes >= 0]
    return values[random.choice(len(values), size=(codes < 0).sum(), replace=True)]


def _matched(others: np.ndarray, codes: np.ndarray, levels: int, random: np.random.RandomState) -> np.ndarray:
    """For each missing value (-1) the level of a donor, by number. `others` are all other variables, by number."""
    seed = int(random.randint(0, LARGEST_SEED, size=1, dtype="int32")[0])
    candidates = np.flatnonzero(codes >= 0)
    if (number := learnt_from(len(candidates))) < len(candidates):
        candidates = np.random.RandomState(seed).choice(candidates, size=number, replace=False)
    trees = _trained(others[candidates], codes[candidates], levels, seed)
    wanted = _log_odds(trees.predict(others[codes < 0]))
    # The predictions of what it has learnt from are kept by the trainer; LightGBM has no public name for them.
    known = _log_odds(trees._Booster__inner_predict(0))  # type: ignore[attr-defined]
    return codes[candidates][_donors(wanted, known, random)]


def _trained(features: np.ndarray, codes: np.ndarray, levels: int, seed: int) -> lightgbm.Booster:
    objective = {"objective": "binary"} if levels == 2 else {"objective": "multiclass", "num_class": levels}
    data = lightgbm.Dataset(features, codes, categorical_feature=list(range(features.shape[1])))
    return lightgbm.train(
        {**TREES, **objective, "seed": seed}, data, num_boost_round=ITERATIONS, keep_training_booster=True
    )


def _log_odds(probability: np.ndarray | object) -> np.ndarray:
    """A row per record and a column per level, or one column for the second of two levels; at half precision."""
    p = np.asarray(probability)
    odds = np.log(p / (1 - p)).astype(np.float16).astype(float)
    return odds.reshape(len(odds), -1)


def _donors(wanted: np.ndarray, known: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """For each row of `wanted` a row of `known`: one of the DONORS nearest.

    Ties are broken at random, as R's mice does. Records alike in every factor have equal predictions. miceforest gives
    all of them the same five donors: on 20,000 simulated records that made intervals a third wider.
    """
    wanted = wanted + random.uniform(-TIE_WIDTH, TIE_WIDTH, wanted.shape)
    known = known + random.uniform(-TIE_WIDTH, TIE_WIDTH, known.shape)
    donors = min(DONORS, len(known))
    nearest = np.asarray(KDTree(known, leafsize=16, balanced_tree=False).query(wanted, k=donors)[1])
    return nearest if donors == 1 else nearest[np.arange(len(wanted)), random.randint(donors, size=len(wanted))]


def learnt_from(recorded: int) -> int:
    """How many of the recorded values, drawn at random each time, trees learn from and donors are taken from: half.

    An imputation must not treat its model as known. A random half is to all of the records what all of them are to the
    population: its estimates vary around theirs as theirs do around the truth. So that draws the model anew.
    """
    return recorded // 2 if recorded >= 2 * DONORS else recorded
