"""`[drift]` and `[linkage.drift]` of study.toml, and what `[justice_drift]` shares with them: how far a quarter may be
from training and from the quarter before.

Belongs here: the bands. Does not belong here: judging with them (judge_drift.py) and what is measured (the zones).
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from resources.settings.settings_section import Section


def _ascending(bounds: tuple[float, float]) -> tuple[float, float]:
    if not 0 <= bounds[0] <= bounds[1]:
        raise ValueError("must be two numbers of 0 or more, the smaller one first")
    return bounds


Bounds = Annotated[tuple[float, float], AfterValidator(_ascending)]


class LinkageDrift(Section):
    """Of a linkage: how far it may be from what the model was trained on, and from the quarter before.

    Chance is allowed besides.
    """

    completeness_points: float = Field(gt=0, lt=1, description="change of the share of records with an identifier")
    candidate_ratio: float = Field(gt=1, description="times more or fewer candidate pairs per million possible ones")
    link_rate_points: float = Field(gt=0, lt=1, description="change of the share of people or records linked")
    weight_stability: float = Field(gt=0, description="population stability index of match weights over their bands")


class Plausible(Section):
    """Least and most of a share, whatever the quarter before was: outside, something was lost, not changed."""

    accommodation_known: Bounds = Field(description="requirements whose accommodation at sentence is known")
    ogrs_known: Bounds = Field(description="requirements with an OGRS3 score")
    rsr_known: Bounds = Field(description="requirements with an RSR band")
    offence_known: Bounds = Field(description="requirements whose offence group is known")
    length_known: Bounds = Field(description="requirements with a length")
    sex_known: Bounds = Field(description="requirements whose person's sex is known")
    age_known: Bounds = Field(description="requirements whose person's age is known")
    pre_sentence_report: Bounds = Field(description="requirements with a pre-sentence report")
    ended: Bounds = Field(description="requirements that have ended")
    ended_otherwise: Bounds = Field(description="of these, ended for a reason that the report calls Other")
    results_of_probation: Bounds = Field(description="court results that are of somebody on probation")
    listed_outcomes: Bounds = Field(description="of these, results with one of the published outcomes")
    offence_dates: Bounds = Field(description="of these, results with the date of the offence")
    reconvicted: Bounds = Field(description="requirements followed in full with a reconviction")
    imprisoned: Bounds = Field(description="requirements followed in full with a reception into prison")
    substances_known: Bounds = Field(description="treatment episodes with a known substance")
    discharged: Bounds = Field(description="structured treatment episodes that have ended")
    start_forms: Bounds = Field(description="structured treatment episodes with a start form, where forms are sent")
    linked: Bounds = Field(description="people on probation linked to a treatment record")
    requirements_with_notes: Bounds = Field(description="requested requirements with a contact note")
    notes_with_keyword: Bounds = Field(description="requested notes with a treatment keyword")


class SourceBands(Section):
    """How far a source may be from training or the quarter before, before a refresh stops."""

    sampling_errors: float = Field(ge=0, description="standard errors that chance is given besides every band")
    share_points: float = Field(gt=0, lt=1, description="change of a share, at most this")
    share_part: float = Field(gt=0, lt=1, description="change of a share as a part of it; the smaller of both holds")
    least_points: float = Field(ge=0, lt=1, description="change that a share may always show")
    mean_part: float = Field(gt=0, lt=1, description="change of a mean or of records per person, as a part of it")
    rows_lost: float = Field(ge=0, lt=1, description="part of the rows of a file that may go: deletions, corrections")
    rows_gained: float = Field(gt=0, description="part by which the rows of a file may grow in one quarter")


class Drift(SourceBands):
    """Of every source of the study: what may change before a refresh stops."""

    newest_factor: float = Field(
        gt=1, description="times more or fewer requirements in the newest quarter or month than in those before it"
    )
    court_results_fall: float = Field(
        gt=0, lt=1, description="part by which a quarter's court results may lie below the four before; more is flagged"
    )
    plausible: Plausible
