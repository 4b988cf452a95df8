"""The tables of modelling: analysis frame, completed records, fits, pooled odds ratios.

Belongs here: their declarations. Does not belong here: published tables.
"""

import pandera.polars as pa
import polars as pl

from contracts.crossings import AnonymisedRequirements
from contracts.vocabulary import ALL, REGIONS, TREATMENT_STATUSES, TYPES
from resources.zone.schema_check import Table

EMPTY = "empty when notes were not requested"
IN_MODEL = "empty when not in the model"


class AnalysisFrame(AnonymisedRequirements):
    """One row per requirement, sorted by requirement_key: anonymised_requirements and what the notes say of it."""

    offence_group: str = pa.Field(
        nullable=True,
        description="Home Office offence group of the main offence, with drink driving apart from other summary "
        "motoring; empty when not known",
    )
    treatment_status: str = pa.Field(
        isin=[*TREATMENT_STATUSES, "Not linked"],
        description='state of the linked journey at the end of observation, "Not linked" without one (figures 2-3)',
    )
    keyword_notes: pl.Int32 = pa.Field(
        nullable=True,
        ge=0,
        description=f"notes in the window with a treatment keyword; {EMPTY}",
    )
    labelled_notes: pl.Int32 = pa.Field(nullable=True, ge=0, description=f"of these, notes with a label; {EMPTY}")
    any_engaged: bool = pa.Field(
        nullable=True,
        description=f"enough notes say engaged (notes.requirement_rule); empty when not known; {EMPTY}",
    )
    notes_before_termination: pl.Int32 = pa.Field(
        nullable=True,
        ge=0,
        description=f"notes in the weeks before termination; empty while active; {EMPTY}",
    )
    engaged_before_termination: pl.Int32 = pa.Field(nullable=True, ge=0, description="of these, notes labelled 1")


class ModelRecords(Table):
    """One row per model and rule, in order: records that it took out of the model (methodology 2.8.2 and 2.8.3).

    Before disclosure control: not for publication.
    """

    model: str = pa.Field(description="model of study.toml")
    order: pl.Int32 = pa.Field(ge=1, description="position among the rules of the model")
    step: str = pa.Field(
        isin=["without an outcome", "excluded value", "rare level"],
        description="outcome missing; value that the variable sheet excludes, such as Prison; level with few records",
    )
    factor: str = pa.Field(nullable=True, description="variable whose value it is; empty for the outcome")
    level: str = pa.Field(nullable=True, description="the value; empty for the outcome")
    before: pl.Int64 = pa.Field(ge=0, description="records before the rule; of the first, those of the model's type")
    removed: pl.Int64 = pa.Field(ge=0, description="records removed by the rule")
    after: pl.Int64 = pa.Field(ge=0, description="records after the rule; of the last, those in the model")


class ImputedFrames(Table):
    """One row per model, imputation and modelled requirement: its outcome and completed factors (methodology 2.8.3)."""

    model: str = pa.Field(description="model of study.toml that the data set is completed for")
    imputation: pl.Int32 = pa.Field(ge=1, description="number of the completed data set")
    requirement_key: str = pa.Field(description="random pseudonym of the requirement, this release only")
    outcome: bool = pa.Field(description="the model's outcome: linked to structured treatment, or reconvicted")
    region: str = pa.Field(isin=REGIONS, description="probation region at sentence, the group of the random intercept")
    sex: str = pa.Field(nullable=True, description=f"sex, completed; {IN_MODEL}")
    age_band: str = pa.Field(nullable=True, description=f"age at sentence, completed; {IN_MODEL}")
    ethnic_group: str = pa.Field(nullable=True, description=f"ethnic group, completed; {IN_MODEL}")
    accommodation: str = pa.Field(nullable=True, description=f"accommodation at sentence, completed; {IN_MODEL}")
    offence_group: str = pa.Field(nullable=True, description=f"group of the main offence, completed; {IN_MODEL}")
    rsr_band: str = pa.Field(nullable=True, description=f"risk of serious recidivism band, completed; {IN_MODEL}")
    ogrs_band: str = pa.Field(nullable=True, description=f"OGRS3 two-year band, completed; {IN_MODEL}")
    length_band: str = pa.Field(nullable=True, description=f"length of the requirement, completed; {IN_MODEL}")
    court_type: str = pa.Field(nullable=True, description=f"sentencing court, completed; {IN_MODEL}")
    disposal_type: str = pa.Field(nullable=True, description=f"order, completed; {IN_MODEL}")
    psr_type: str = pa.Field(nullable=True, description=f"pre-sentence report, completed; {IN_MODEL}")
    treatment_status: str = pa.Field(nullable=True, description=f"state of the linked journey, completed; {IN_MODEL}")
    requirement_type: str = pa.Field(nullable=True, description=f"ATR or DRR; {IN_MODEL}")


class ModelFits(Table):
    """One row per model, imputation and term (intercept, level of a factor, region): estimate, or why there is none."""

    model: str = pa.Field(description="model of study.toml")
    imputation: pl.Int32 = pa.Field(ge=1, description="number of the completed data set")
    term: str = pa.Field(description="(Intercept), or factor=level")
    factor: str = pa.Field(nullable=True, description="factor of study.toml, or region; empty for the intercept")
    level: str = pa.Field(nullable=True, description="level of the factor; empty for the intercept")
    records: pl.Int64 = pa.Field(ge=0, description="records at the level in this completed data set")
    outcome_records: pl.Int64 = pa.Field(ge=0, description="of these, records with the outcome")
    status: str = pa.Field(
        isin=["ok", "reference", "not estimable", "no difference"],
        description="whether there is an estimate; no difference: the random intercept has no spread over regions",
    )
    reason: str = pa.Field(nullable=True, description="why the level is not estimable; empty otherwise")
    estimate: float = pa.Field(
        nullable=True,
        description="log odds against the reference level; empty without an estimate",
    )
    std_error: float = pa.Field(nullable=True, gt=0, description="standard error of the estimate, log odds")
    check_estimate: float = pa.Field(
        nullable=True,
        description="the same estimate by another engine (GPBoost): a cross-check",
    )
    random_intercept_sd: float = pa.Field(
        nullable=True,
        ge=0,
        description="standard deviation of the regions' random intercept, log odds; empty when the fit failed",
    )
    check_random_intercept_sd: float = pa.Field(nullable=True, ge=0, description="the same by another engine")
    engines_agree: bool = pa.Field(
        nullable=True,
        description="by another engine's likelihood too no fit is better; empty when the fit failed",
    )
    log_likelihood: float = pa.Field(nullable=True, description="Laplace approximation; empty when the fit failed")
    quadrature_shift: float = pa.Field(
        nullable=True,
        ge=0,
        description="largest shift of an estimate or the sd under adaptive quadrature, in standard errors",
    )
    n: pl.Int64 = pa.Field(ge=0, description="records in the fit")
    parameters: pl.Int32 = pa.Field(ge=0, description="fixed parameters of the fit, intercept included")


class PooledOddsRatios(Table):
    """One row per model, factor and level, in the order of study.toml: adjusted odds ratios (tables 16-19, 30, 31)."""

    model: str = pa.Field(description="model of study.toml")
    factor: str = pa.Field(description="factor of study.toml, or region, whose levels are compared with their average")
    level: str = pa.Field(description="level of the factor")
    reference: bool = pa.Field(description="the level that the others of the factor are compared with")
    records: pl.Int64 = pa.Field(ge=0, description="records at the level, mean of the completed data sets")
    outcome_records: pl.Int64 = pa.Field(
        ge=0,
        description="of these, records with the outcome, mean of the completed data sets",
    )
    estimate: float = pa.Field(nullable=True, description="pooled log odds against the reference level")
    std_error: float = pa.Field(nullable=True, gt=0, description="standard error of the pooled log odds")
    odds_ratio: float = pa.Field(nullable=True, gt=0, description="adjusted odds ratio; 1 for the reference level")
    ci_low: float = pa.Field(nullable=True, ge=0, description="lower confidence limit of the odds ratio")
    ci_high: float = pa.Field(nullable=True, gt=0, description="upper confidence limit of the odds ratio")
    p_value: float = pa.Field(nullable=True, ge=0, le=1, description="two-sided p-value, from t(df)")
    df: float = pa.Field(nullable=True, gt=0, description="degrees of freedom (Barnard and Rubin)")
    fmi: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="fraction of information missing because of imputation",
    )
    riv: float = pa.Field(nullable=True, ge=0, description="relative increase of the variance because of imputation")
    fraction_between: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="share of the variance that lies between imputations (lambda in mice)",
    )
    engines_agree: bool = pa.Field(
        nullable=True,
        description="in every completed data set another engine gave the same; empty without numbers",
    )
    significant: bool = pa.Field(description="the p-value is below 1 - confidence level")
    direction: str = pa.Field(
        isin=["higher", "lower", "no difference", ""],
        description="odds compared with the reference level, if significant",
    )
    strength: str = pa.Field(
        isin=["strong", "moderate", "weak", ""],
        description="strength of a significant association",
    )
    status: str = pa.Field(
        isin=["ok", "not estimable", "no difference"],
        description="whether the level can be estimated; no difference: the random intercept has no spread",
    )
    reason: str = pa.Field(nullable=True, description="why the level is not estimable; empty otherwise")


class EngagementEstimates(Table):
    """One row per requirement type, quantity and basis: an estimate of engagement, or why there is none.

    Before disclosure control: not for publication.
    """

    requirement_type: str = pa.Field(isin=[ALL, *TYPES], description="ATR, DRR or both together")
    quantity: str = pa.Field(
        isin=[
            "share engaged of those not linked",
            "engaged, not linked",
            "any treatment",
            "sensitivity",
            "specificity",
        ],
        description="a share from 0 to 1; 'engaged, not linked' is a number of requirements; sensitivity and "
        "specificity are those of labelling a requirement",
    )
    basis: str = pa.Field(
        isin=[
            "as labelled",
            "no result counts as not engaged",
            "no result counts as engaged",
            "corrected for label error",
            "reviewed cases",
            "reviewed cases with linked decoys",
            "linked decoys",
        ],
        description="what the estimate rests on; reviewed cases are those not linked, unless named with decoys",
    )
    value: float = pa.Field(nullable=True, ge=0, description="the estimate; empty when not available")
    lower: float = pa.Field(nullable=True, ge=0, description="lower limit")
    upper: float = pa.Field(nullable=True, ge=0, description="upper limit")
    base: pl.Int64 = pa.Field(ge=0, description="requirements that the estimate is computed from")
    status: str = pa.Field(
        isin=["ok", "clipped", "not available"],
        description="clipped: the correction left 0 to 1 and was cut",
    )
    reason: str = pa.Field(nullable=True, description="why the estimate was cut or is not available; else empty")


TABLES = {
    "analysis_frame": AnalysisFrame,
    "model_records": ModelRecords,
    "imputed_frames": ImputedFrames,
    "model_fits": ModelFits,
    "pooled_odds_ratios": PooledOddsRatios,
    "engagement_estimates": EngagementEstimates,
}
