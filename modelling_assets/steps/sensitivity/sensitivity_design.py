"""The design of a logistic regression with a fixed effect per region, and which of its levels can be estimated.

Belongs here: columns, and estimates by level. Does not belong here: fitting (ordinary_logistic.py,
misrecorded_outcome.py), levels with too few records, for which the rule is that of the published models
(sparse_levels.py). Levels that others determine, or that separation lets run away, have no number from the fits, or
show in their standard errors.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from modelling_assets.steps.models.sparse_levels import Level, find_sparse_levels, rarer_outcome, too_few
from modelling_assets.steps.sensitivity.misrecorded_outcome import MisrecordedFit
from modelling_assets.steps.sensitivity.ordinary_logistic import OrdinaryFit, fit_ordinary
from modelling_assets.steps.sensitivity.sensitivity_regions import deviations_from_average
from resources.settings.modelling_settings import Modelling


@dataclass(frozen=True)
class Design:
    """Columns of `matrix`: intercept, then `columns` (factor and level), then regions. Rows: the records `kept`.

    regions: all of them, the first of which has no column. reasons: levels without an estimate, and why. member: per
    level and region which records of the data are at it.
    """

    matrix: np.ndarray
    columns: list[Level]
    regions: list[Level]
    kept: np.ndarray
    reasons: dict[Level, str]
    member: dict[Level, np.ndarray]

    def fitted(
        self, outcome: np.ndarray, clusters: np.ndarray | None = None, near: dict[Level, float] | None = None
    ) -> OrdinaryFit:
        """The ordinary fit of `outcome`, of all records; it begins at `near`, the coefficients of a fit like it."""
        start = None if near is None else np.array([near.get(column, 0.0) for column in self._names])
        return fit_ordinary(self.matrix, outcome[self.kept], clusters, start)

    def coefficients(self, fit: OrdinaryFit) -> dict[Level, float]:
        """What another fit may begin at: by the columns of the design, 0 where there is none."""
        return dict(zip(self._names, np.nan_to_num(fit.estimate).tolist(), strict=True))

    @property
    def _names(self) -> list[Level]:
        """What the columns of the matrix stand for; two empty names for the intercept."""
        return [("", ""), *self.columns, *self.regions[1:]]

    def estimates(
        self, fit: OrdinaryFit | MisrecordedFit, covariance: np.ndarray, settings: Modelling
    ) -> dict[Level, tuple[float, float] | str]:
        """Log odds and standard error of every level but the reference, or why there are none; of every region against
        the unweighted average of regions."""
        found: dict[Level, tuple[float, float] | str] = dict(self.reasons)
        first = 1 + len(self.columns)
        of_regions = deviations_from_average(
            fit.estimate, covariance, list(range(first, first + len(self.regions) - 1))
        )
        estimates = [*fit.estimate[1:first], *of_regions[0]]
        errors = [*np.sqrt(np.diag(covariance)[1:first]), *of_regions[1]]
        for level, estimate, error in zip([*self.columns, *self.regions], estimates, errors, strict=True):
            if level not in self.reasons:
                found[level] = settled_or_reason(estimate, error, fit.converged, settings)
        return found


def settled_or_reason(estimate: float, error: float, converged: bool, settings: Modelling) -> tuple[float, float] | str:
    """Log odds and standard error, or why there are none."""
    settled = abs(estimate) <= settings.largest_log_odds and 0 < error <= settings.largest_standard_error
    return (float(estimate), float(error)) if converged and settled else "the estimate did not settle"


def design_of(data: pl.DataFrame, outcome: np.ndarray, model: str, settings: Modelling) -> Design:
    """The design of `model` for completed records: region and the factors of the model; `outcome` is boolean."""
    factors = settings.models[model].factors
    member = {
        (factor, level): (data[factor] == level).fill_null(False).to_numpy().astype(bool)
        for factor in factors
        for level in settings.factors[factor].levels
    }
    references = [(factor, settings.factors[factor].reference) for factor in factors]
    found = find_sparse_levels(member, references, outcome, settings.minimum_level_count)
    of_data = data[settings.random_intercept]
    in_region = {
        (settings.random_intercept, name): (of_data == name).to_numpy().astype(bool)
        for name in of_data.filter(pl.Series(found.kept)).unique().sort()
    }
    regions = list(in_region)
    levels, effects = (
        [member[level][found.kept] for level in found.columns],
        [in_region[region][found.kept] for region in regions[1:]],
    )
    matrix = np.column_stack([np.ones(int(found.kept.sum())), *levels, *effects]).astype(float)
    rare = {
        region: too_few(settings.minimum_level_count)
        for region, members in in_region.items()
        if rarer_outcome(members & found.kept, outcome) < settings.minimum_level_count
    }
    return Design(matrix, found.columns, regions, found.kept, found.reasons | rare, member | in_region)
