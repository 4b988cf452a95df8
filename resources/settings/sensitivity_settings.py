"""The settings of the sensitivity analyses: `[modelling.sensitivity]` of study.toml.

Belongs here: what is varied and how far. Does not belong here: the analyses (modelling_assets/steps/sensitivity,
linkage_assets/steps/links/vary_threshold.py).
"""

from typing import Annotated

from pydantic import Field, model_validator

from resources.settings.settings_section import Section

Share = Annotated[float, Field(gt=0, le=1)]


class Sensitivity(Section):
    """What stands beside the headline results: other thresholds, missed and false links, other models (ours)."""

    link_thresholds: list[Annotated[float, Field(gt=0, lt=1)]] = Field(
        min_length=2, description="match probabilities of a link that are tried besides the study's; ascending"
    )
    imputations: int = Field(ge=2, description="completed data sets of the models with more imputations")
    sensitivities: list[Share] = Field(
        min_length=1, description="assumed shares of those in structured treatment that linkage finds; ascending"
    )
    specificities: list[Share] = Field(
        min_length=1, description="assumed shares of those not in structured treatment that are not linked; ascending"
    )
    lower_by: float = Field(
        gt=0, lt=0.5, description="by how much the sensitivity is lower in one group than in the rest, in turn"
    )
    groups: dict[str, list[str]] = Field(
        description="factor or region to levels: groups whose sensitivity is lower, each level in turn"
    )

    @model_validator(mode="after")
    def _grids_ascend_and_say_something(self) -> "Sensitivity":
        for name in ("link_thresholds", "sensitivities", "specificities"):
            values = getattr(self, name)
            if sorted(set(values)) != values:
                raise ValueError(f"sensitivity.{name} must ascend, each value once")
        if self.sensitivities[0] - self.lower_by + self.specificities[0] <= 1:
            raise ValueError(
                "sensitivity: with the lowest sensitivity, less lower_by, and the lowest specificity, links would say "
                "nothing. Raise sensitivities or specificities, or lower lower_by"
            )
        return self
