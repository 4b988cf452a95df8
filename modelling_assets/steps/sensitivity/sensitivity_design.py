"""The design of a logistic regression with a fixed effect per region, and which of its levels can be estimated.

Belongs here: columns, and estimates by level. Does not belong here: fitting (ordinary_logistic.py,
misrecorded_outcome.py), levels with too few records, for which the rule is that of the published models
(sparse_levels.py). Levels that others determine, or that separation lets run away, have no number from the fits, or
show in their standard errors.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from modelling_assets.steps.models.sparse_levels import Level, find_sparse_levels
from modelling_assets.steps.sensitivity.misrecorded_outcome import MisrecordedFit
from modelling_assets.steps.sensitivity.ordinary_logistic import OrdinaryFit
from resources.modelling_settings import Modelling


@dataclass(frozen=True)
class Design:
    """Columns of `matrix`: intercept, then `columns` (factor and level), then regions. Rows: the records `kept`.

    reasons: levels without an estimate, and why. member: per level which records of the data are at it.
    """

    matrix: np.ndarray
    columns: list[Level]
    kept: np.ndarray
    reasons: dict[Level, str]
    member: dict[Level, np.ndarray]

    def estimates(
        self, fit: OrdinaryFit | MisrecordedFit, errors: np.ndarray, settings: Modelling
    ) -> dict[Level, tuple[float, float] | str]:
        """Log odds and standard error of every level but the reference, or why there are none."""
        found: dict[Level, tuple[float, float] | str] = dict(self.reasons)
        for position, level in enumerate(self.columns, start=1):
            estimate, error = float(fit.estimate[position]), float(errors[position])
            settled = abs(estimate) <= settings.largest_log_odds and 0 < error <= settings.largest_standard_error
            if level in self.reasons:
                continue
            found[level] = (estimate, error) if fit.converged and settled else "the estimate did not settle"
        return found


def design_of(data: pl.DataFrame, outcome: np.ndarray, model: str, settings: Modelling) -> Design:
    """The design of `model` for completed records: columns region and the factors of the model; `outcome` is boolean.
    """
    factors = settings.models[model].factors
    member = {
        (factor, level): (data[factor] == level).fill_null(False).to_numpy().astype(bool)
        for factor in factors
        for level in settings.factors[factor].levels
    }
    references = [(factor, settings.factors[factor].reference) for factor in factors]
    found = find_sparse_levels(member, references, outcome, settings.minimum_level_count)
    regions = data[settings.random_intercept].to_numpy()[found.kept]
    names = np.unique(regions)[1:]
    levels, effects = [member[level][found.kept] for level in found.columns], [regions == name for name in names]
    matrix = np.column_stack([np.ones(int(found.kept.sum())), *levels, *effects]).astype(float)
    return Design(matrix, found.columns, found.kept, found.reasons, member)
