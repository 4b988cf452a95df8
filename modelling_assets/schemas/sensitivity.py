"""The table of the sensitivity analyses.

Belongs here: its declaration. Does not belong here: published tables, which show a choice of it.
"""

import pandera.polars as pa

from resources.zone.schema_check import Table


class SensitivityEstimates(Table):
    """One row per model, alternative, factor and level but the reference: the odds ratio under another assumption."""

    model: str = pa.Field(description="model of study.toml")
    alternative: str = pa.Field(description="what differs from the published model, see steps/sensitivity")
    factor: str = pa.Field(description="factor of the variable sheet")
    level: str = pa.Field(description="level of the factor")
    estimate: float = pa.Field(nullable=True, description="pooled log odds against the reference level")
    std_error: float = pa.Field(nullable=True, gt=0, description="standard error of the pooled log odds")
    odds_ratio: float = pa.Field(nullable=True, gt=0, description="adjusted odds ratio")
    ci_low: float = pa.Field(nullable=True, ge=0, description="lower confidence limit of the odds ratio")
    ci_high: float = pa.Field(nullable=True, gt=0, description="upper confidence limit of the odds ratio")
    p_value: float = pa.Field(nullable=True, ge=0, le=1, description="two-sided p-value, from t")
    significant: bool = pa.Field(description="the p-value is below 1 - confidence level")
    status: str = pa.Field(isin=["ok", "not estimable"], description="whether the level can be estimated")
    reason: str = pa.Field(nullable=True, description="why the level is not estimable; empty otherwise")


TABLES = {"sensitivity_estimates": SensitivityEstimates}
