"""The design of a logistic regression with a fixed effect per region, and which of its levels can be estimated.

Belongs here: columns, records that leave, reasons why a level has no estimate. Does not belong here: fitting
(sensitivity_logistic.py). The rules are those of the published models (fit_models.py); levels that others determine,
or that separation lets run away, show in their standard errors.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from modelling_assets.steps.sensitivity.sensitivity_logistic import LogisticFit
from resources.modelling_settings import Modelling

Level = tuple[str, str]


@dataclass(frozen=True)
class Design:
    """Columns of `matrix`: intercept, then `columns` (factor and level), then regions. Rows: the records `kept`.

    reasons: levels without an estimate, and why. member: per level which records of the data are at it.
    """

    matrix: sparse.csr_array
    columns: list[Level]
    kept: np.ndarray
    reasons: dict[Level, str]
    member: dict[Level, np.ndarray]

    def estimates(
        self, fit: LogisticFit, errors: np.ndarray, settings: Modelling
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

    A level is not estimable when it, or its reference level, has fewer than `minimum_level_count` records with the
    outcome or without it. When it has none, its records leave.
    """
    factors = settings.models[model].factors
    member = {
        (factor, level): (data[factor] == level).fill_null(False).to_numpy().astype(bool)
        for factor in factors
        for level in settings.factors[factor].levels
    }
    references = {factor: (factor, settings.factors[factor].reference) for factor in factors}
    columns = [level for level in member if level not in references.values()]
    kept = np.ones(data.height, bool)

    def rarer(level: Level) -> int:
        at_level = member[level] & kept
        with_outcome = int((at_level & outcome).sum())
        return min(with_outcome, int(at_level.sum()) - with_outcome)

    # Taking records out can empty another level: again until nothing changes.
    while separated := [level for level in columns if rarer(level) == 0]:
        for level in separated:
            columns.remove(level)
            kept &= ~member[level]
    minimum = settings.minimum_level_count
    too_few = f"fewer than {minimum} records with the outcome or without it"
    reasons: dict[Level, str] = {}
    for level in (level for level in member if level not in references.values()):
        if rarer(references[level[0]]) < minimum:
            reasons[level] = f"reference level: {too_few}"
        elif level not in columns or rarer(level) < minimum:
            reasons[level] = too_few
    columns = [level for level in columns if rarer(references[level[0]]) > 0]
    regions = data[settings.random_intercept].to_numpy()[kept]
    names = np.unique(regions)[1:]
    levels, effects = [member[level][kept] for level in columns], [regions == name for name in names]
    matrix = np.column_stack([np.ones(int(kept.sum())), *levels, *effects]).astype(float)
    return Design(sparse.csr_array(matrix), columns, kept, reasons, member)
