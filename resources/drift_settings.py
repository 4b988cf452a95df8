"""`[drift]` and `[linkage.drift]` of study.toml: how far a quarter may be from training and from the quarter before.

Belongs here: the bands. Does not belong here: judging with them (judge_drift.py) and what is measured (the zones).
"""

from pydantic import Field

from resources.settings_section import Section


class LinkageDrift(Section):
    """Of the linkage of treatment: how far it may be from what the model was trained on, and from the quarter before.

    `drift.sampling_errors` of chance are allowed besides.
    """

    completeness_points: float = Field(gt=0, lt=1, description="change of the share of records with an identifier")
    candidate_ratio: float = Field(gt=1, description="times more or fewer candidate pairs per million possible ones")
    link_rate_points: float = Field(gt=0, lt=1, description="change of the share of people on probation linked")
    weight_stability: float = Field(gt=0, description="population stability index of match weights over their bands")


class Drift(Section):
    """Of every source: what may change from training or the quarter before to this quarter before a refresh stops."""

    sampling_errors: float = Field(ge=0, description="standard errors that chance is given besides every band")
    share_points: float = Field(gt=0, lt=1, description="change of a share, at most this")
    share_part: float = Field(gt=0, lt=1, description="change of a share as a part of it; the smaller of both holds")
    least_points: float = Field(ge=0, lt=1, description="change that a share may always show")
    mean_part: float = Field(gt=0, lt=1, description="change of a mean or of records per person, as a part of it")
    rows_lost: float = Field(ge=0, lt=1, description="part of the rows of a file that may go: deletions, corrections")
    rows_gained: float = Field(gt=0, description="part by which the rows of a file may grow in one quarter")
    newest_factor: float = Field(
        gt=1, description="times more or fewer requirements in the newest quarter or month than in those before it"
    )
