"""The tables that an imputation is judged by. Belongs here: their declarations. Does not: the completed records."""

import pandera.polars as pa
import polars as pl

from resources.zone.schema_check import Table


class ImputationDraws(Table):
    """One row per model, chain, iteration and missing value of a factor: the level drawn for it."""

    model: str = pa.Field(description="model of study.toml")
    factor: str = pa.Field(description="factor with a missing value")
    imputation: pl.Int32 = pa.Field(ge=1, description="number of the completed data set: the chain")
    iteration: pl.Int32 = pa.Field(ge=1, description="iteration of the chain, also those after the last one used")
    requirement_key: str = pa.Field(description="random pseudonym of the requirement, this release only")
    level: str = pa.Field(description="level drawn")


class ImputationConvergence(Table):
    """One row per model, incomplete factor, level, chain and iteration: how often the level was imputed.

    Before disclosure control: not for publication as it is.
    """

    model: str = pa.Field(description="model of study.toml")
    factor: str = pa.Field(description="factor with missing values")
    level: str = pa.Field(description="level of the factor")
    imputation: pl.Int32 = pa.Field(ge=1, description="number of the completed data set: the chain")
    iteration: pl.Int32 = pa.Field(ge=1, description="iteration of the chain, also those after the last one used")
    missing: pl.Int64 = pa.Field(ge=1, description="missing values of the factor in the model")
    imputed: pl.Int64 = pa.Field(ge=0, description="of these, values imputed as this level after this iteration")


class ImputationDiagnostics(Table):
    """One row per model, incomplete factor and level: recorded and imputed share (methodology 2.8.3).

    Before disclosure control: not for publication as it is.
    """

    model: str = pa.Field(description="model of study.toml")
    factor: str = pa.Field(description="factor with missing values")
    level: str = pa.Field(description="level of the factor")
    recorded: pl.Int64 = pa.Field(ge=1, description="records of the model at the level, as recorded")
    all_recorded: pl.Int64 = pa.Field(ge=1, description="records of the model with a recorded level")
    missing: pl.Int64 = pa.Field(ge=1, description="records of the model without one")
    recorded_share: float = pa.Field(ge=0, le=1, description="recorded / all_recorded")
    imputed_share: float = pa.Field(ge=0, le=1, description="share of the imputed values, all imputations together")
    lowest_imputed_share: float = pa.Field(ge=0, le=1, description="of the completed data set where it is lowest")
    highest_imputed_share: float = pa.Field(ge=0, le=1, description="of the completed data set where it is highest")
    difference: float = pa.Field(ge=-1, le=1, description="imputed_share - recorded_share")
    r_hat: float = pa.Field(
        nullable=True,
        ge=0,
        description="spread between chains against spread within them, over iterations; empty when nothing varies",
    )


TABLES = {
    "imputation_draws": ImputationDraws,
    "imputation_convergence": ImputationConvergence,
    "imputation_diagnostics": ImputationDiagnostics,
}
