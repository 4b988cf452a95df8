"""The settings of imputation, mixed models and pooling: `[modelling]` of study.toml and the variable sheet.

Belongs here: their meaning and what is refused. Does not belong here: reading the sheet (variable_sheet.py) and a
formula (model_formula.py).
"""

from typing import Any, Literal, cast

from pydantic import Field, model_validator

from resources.settings.imputation_settings import Imputation
from resources.settings.model_formula import FormulaIsWrong, read_formula
from resources.settings.sensitivity_settings import Sensitivity
from resources.settings.settings_section import RequirementType, Section

POOLED_FACTOR = "requirement_type"  # which of the pooled models a record comes from


class Factor(Section):
    """A categorical predictor, one row of reference/variables.csv; the first level is the reference (2.8.2)."""

    label: str = Field(description="name shown in tables")
    levels: list[str] = Field(min_length=2, description="levels, reference first")
    excluded: list[str] = Field(default=[], description="values whose records leave the model")
    when_rare: Literal["keep", "exclude"] = Field(
        default="keep",
        description="levels with fewer than rare_level_records: kept but maybe not estimable, or their records leave",
    )
    source: str = Field(default="", description="table and column it comes from")
    meaning: str = Field(default="", description="what it says of a requirement")
    why_relevant: str = Field(default="", description="why it is in a model, or in none")

    @property
    def reference(self) -> str:
        """Reference level: odds ratio 1."""
        return self.levels[0]


class Model(Section):
    """One mixed logistic model (methodology 2.8.4). In study.toml a formula stands for outcome and factors.

    A model is of the requirements of one type, or pools the records of other models, completed as they are there.
    """

    requirement_type: RequirementType | Literal["All"] = Field(default="All", description="requirements modelled")
    pools: list[str] = Field(default=[], description="models whose records it puts together; none: it has its own")
    outcome: Literal["linked_structured", "reconvicted"] = Field(description="binary outcome")
    factors: list[str] = Field(min_length=1, description="names of the predictors")


class Engagement(Section):
    """Share engaged of the requirements not linked, corrected for wrong labels (report 2.1; the correction is ours)."""

    seed: int = Field(description="seed of the bootstrap")
    bootstrap_replicates: int = Field(ge=100, description="resamples of people")
    least_informative_labels: float = Field(
        gt=0, lt=1, description="sensitivity + specificity - 1 below which labels say too little to correct with"
    )


class Modelling(Section):
    """Imputation, mixed models and pooling (methodology 2.8)."""

    seed: int = Field(description="seed of the imputations")
    random_intercept: Literal["region"] = Field(description="grouping factor of the random intercept, of the formulas")
    confidence_level: float = Field(gt=0.5, lt=1, description="coverage of the intervals")
    minimum_level_count: int = Field(ge=1, description="records a level needs in each outcome to be estimable")
    rare_level_records: int = Field(
        ge=0, description="recorded values of a level below which the variable sheet says what becomes of it"
    )
    largest_log_odds: float = Field(gt=0, description="a larger absolute estimate is not estimable")
    largest_standard_error: float = Field(gt=0, description="a larger standard error is not estimable")
    strong_odds_ratio: float = Field(gt=1, description="odds ratio called strong")
    moderate_odds_ratio: float = Field(gt=1, description="odds ratio called moderate")
    imputation: Imputation
    engagement: Engagement
    sensitivity: Sensitivity
    models: dict[str, Model]
    factors: dict[str, Factor] = Field(description="variables of reference/variables.csv")

    @model_validator(mode="before")
    @classmethod
    def _formulas_are_read(cls, values: Any) -> Any:
        """Replace the formula of each model by the outcome, factors and random intercept that it names."""
        given = cast("dict[str, Any]", values) if isinstance(values, dict) else {}
        models = cast("dict[str, Any]", given["models"]) if isinstance(given.get("models"), dict) else {}
        if not any(isinstance(model, dict) for model in models.values()):
            return cast("object", values)
        read: dict[str, Any] = {}
        groups: set[str] = set()
        for name, model in models.items():
            parts = cast("dict[str, Any]", model) if isinstance(model, dict) else {}
            if not isinstance(parts.get("formula"), str):
                raise ValueError(f'models.{name} needs a formula, such as "reconvicted ~ sex + (1 | region)"')  # noqa: TRY004  # as pydantic asks for it
            try:
                formula = read_formula(parts["formula"])
            except FormulaIsWrong as fault:
                raise ValueError(f"models.{name}.formula: {fault}") from None
            if formula.group is None:
                raise ValueError(f"models.{name}.formula has no random intercept. Add one, such as (1 | region)")
            groups.add(formula.group)
            others = {key: value for key, value in parts.items() if key != "formula"}
            read[name] = {**others, "outcome": formula.outcome, "factors": list(formula.terms)}
        if len(groups) > 1:
            raise ValueError(f"models have random intercepts for {sorted(groups)}. Write one and the same in each")
        if "random_intercept" in given:
            raise ValueError("random_intercept is part of each model's formula. Remove the key")
        return {**given, "models": read, "random_intercept": groups.pop()}

    def models_of_one_type(self) -> dict[str, Model]:
        """The models with records of their own, by name."""
        return {name: model for name, model in self.models.items() if not model.pools}

    @model_validator(mode="after")
    def _factors_exist(self) -> "Modelling":
        for name, model in self.models.items():
            unknown = [factor for factor in model.factors if factor not in self.factors]
            if unknown:
                raise ValueError(
                    f"the formula of models.{name} names {unknown}, which reference/variables.csv does not list. Add a "
                    "row there, or correct the formula"
                )
        return self

    @model_validator(mode="after")
    def _pooled_models_have_what_they_pool(self) -> "Modelling":
        of_one_type = self.models_of_one_type()
        for name, model in self.models.items():
            if (model.requirement_type == "All") != bool(model.pools):
                raise ValueError(
                    f'models.{name} needs requirement_type ("ATR" or "DRR"), or pools, the names of models of one type '
                    "whose records it puts together; not both"
                )
            if unknown := [other for other in model.pools if other not in of_one_type]:
                raise ValueError(f"models.{name}.pools names {unknown}. Name models of one requirement type")
            pooled = [of_one_type[other] for other in model.pools]
            if len({each.requirement_type for each in pooled}) < len(pooled):
                raise ValueError(f"models.{name}.pools names two models of one requirement type. Name one of each")
            lacking = {factor for each in pooled for factor in model.factors if factor not in each.factors}
            if lacking - {POOLED_FACTOR} or any(each.outcome != model.outcome for each in pooled):
                raise ValueError(
                    f"models.{name} must have the outcome of the models that it pools and, but for {POOLED_FACTOR}, no "
                    "factor that they do not have. Make their formulas agree"
                )
        return self
