"""The models with the year of sentence added: a trend, and what it changes of the other factors.

Belongs here: the design with the year, and its estimates. Does not belong here: the other alternatives, and shares by
year (tables_years.py).

The published factors do not name the year; the round of 2023 reports that later sentences led to treatment less often.
Later sentences have had less time to be linked and to be followed by a reconviction, so a trend is no more than that.
"""

import numpy as np
import polars as pl

from modelling_assets.steps.models.sparse_levels import Level, rarer_outcome, too_few
from modelling_assets.steps.sensitivity.ordinary_logistic import OrdinaryFit, fit_ordinary
from modelling_assets.steps.sensitivity.sensitivity_design import Design, settled_or_reason
from resources.settings.modelling_settings import Modelling

YEAR: Level = ("sentence_year", "each later year")
YEAR_ADDED = "year of sentence added"


def with_year(
    design: Design, data: pl.DataFrame, outcome: np.ndarray, without: OrdinaryFit, settings: Modelling
) -> dict[Level, tuple[float, float] | str]:
    """Log odds and standard error of every level, and of YEAR: per later calendar year of sentence.

    `data` has a column sentence_year, `outcome` is boolean; `design` is that of the model for both, `without`
    its fit without the year, at which the search begins.
    """
    years = data["sentence_year"].to_numpy()[design.kept].astype(float)
    matrix = np.column_stack([design.matrix, years - years.min(initial=np.inf)])
    fit = fit_ordinary(matrix, outcome[design.kept], start=np.append(np.nan_to_num(without.estimate), 0.0))
    found = design.estimates(fit, fit.covariance, settings)
    if rarer_outcome(design.kept, outcome) < settings.minimum_level_count:
        return found | {YEAR: too_few(settings.minimum_level_count)}
    return found | {YEAR: settled_or_reason(fit.estimate[-1], fit.std_error[-1], fit.converged, settings)}
