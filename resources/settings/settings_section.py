"""What every part of the settings is made of: a section that refuses unknown keys, and the error they share.

Belongs here: the base class, the error, the types of requirement, and what two sections have: the database under a
linkage. Does not belong here: any other setting.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

RequirementType = Literal["ATR", "DRR"]  # that can be studied; contracts/vocabulary.py has them for code and tables


class StudySettingsError(Exception):
    """The settings cannot be used; the message names every key or cell at fault and what to do."""


class Section(BaseModel):
    """A section of study.toml: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Backend(Section):
    """The database under Splink and how much of the machine it may take (record_linkage/splink_backend.py)."""

    engine: Literal["duckdb", "spark"] = Field(description="DuckDB, or Spark for what one machine cannot hold")
    memory_limit: str = Field(
        pattern=r"^[1-9][0-9]*(MB|GB)$", description="DuckDB spills to disk beyond it; for Spark, of each process"
    )
    threads: int = Field(ge=1, description="processor cores used on this machine")
    spark_master: str = Field(
        pattern=r"^(local|yarn|spark://.+|k8s://.+)$", description="local: this machine; else the address of a cluster"
    )
