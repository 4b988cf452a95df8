"""What every part of the settings is made of: a section that refuses unknown keys, and the error they share.

Belongs here: the base class, the error and the types of requirement. Does not belong here: any setting.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

RequirementType = Literal["ATR", "DRR"]  # that can be studied; contracts/vocabulary.py has them for code and tables


class StudySettingsError(Exception):
    """The settings cannot be used; the message names every key or cell at fault and what to do."""


class Section(BaseModel):
    """A section of study.toml: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
