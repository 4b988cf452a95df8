"""The settings of multiple imputation: `[modelling.imputation]` of study.toml.

Belongs here: their meaning. Does not belong here: which factors there are (the variable sheet).
"""

from typing import Literal

from pydantic import Field, model_validator

from resources.settings.settings_section import Section


class Imputation(Section):
    """How missing factors are completed (methodology 2.8.3)."""

    method: Literal["miceforest_pmm", "regressions"] = Field(
        description="the study's predictive mean matching, or chained logistic regressions with drawn parameters"
    )
    imputations: int = Field(ge=2, description="completed data sets")
    iterations: int = Field(ge=1, description="iterations of chained equations")
    traced_iterations: int = Field(ge=1, description="iterations that convergence is shown over, those used included")

    @property
    def other_method(self) -> Literal["miceforest_pmm", "regressions"]:
        """The way of imputing that is not chosen, which stands beside it."""
        return "regressions" if self.method == "miceforest_pmm" else "miceforest_pmm"

    @model_validator(mode="after")
    def _traces_what_is_used(self) -> "Imputation":
        if self.traced_iterations < self.iterations:
            raise ValueError("imputation.traced_iterations must be imputation.iterations or more")
        return self
