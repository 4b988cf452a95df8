"""The information governance of a release: who allowed that these data are linked, analysed and published, and who
signs off what before which zone starts.

Belongs here: references, names and dates that the methodology paper states (methodology 3). None of them is a secret.
Does not belong here: whether a release may go without them (publication_assets/steps/governance), who has which role
(resources/duties/roles.py).
"""

from datetime import date
from typing import Literal

from pydantic import Field

from resources.settings.settings_section import Section

Role = Literal["linker", "combiner", "analyst", "reviewer", "approver"]
SignedOff = Literal["threshold", "model", "release", "acceptance", "publication"]


class Approval(Section):
    """A document or decision: what it is called, who gave it and when. Empty: not given."""

    reference: str = Field(default="", description="its title or number")
    by: str = Field(default="", description="who approved, signed, gave or confirmed it: offices, not only names")
    on: date | None = Field(default=None, description="the day of that")


class Governance(Section):
    """What allows a release (methodology 3 to 3.3). Empty on synthetic data, which are of nobody."""

    impact_assessment: Approval = Field(
        default=Approval(), description="data protection impact assessment, approved by data protection officers"
    )
    data_sharing_agreement: Approval = Field(
        default=Approval(), description="data sharing agreement, signed for every department that shares"
    )
    caldicott_authorisation: Approval = Field(
        default=Approval(), description="authorisation by the Caldicott Guardian of whoever hosts the treatment data"
    )
    lawful_bases: list[str] = Field(
        default=[], description="legal bases under Articles 6 and 9 of the UK GDPR, in words"
    )
    consent_share: float | None = Field(
        default=None, gt=0, le=1, description="share of people in treatment who consent to sharing with NDTMS"
    )
    consent_source: str = Field(default="", description="where that share is from, with its period")
    deletion: Approval = Field(
        default=Approval(),
        description="confirmation that files before the final one were deleted, once that was quality assured",
    )
    contact: str = Field(default="", description="whom people ask about their data; empty: the address for enquiries")


class Duties(Section):
    """Excluded from fingerprints: no table depends on them. Synthetic extracts need no sign-off."""

    appointed_by: str = Field(
        default="",
        pattern=r"^([0-9a-f]{64})?$",
        exclude=True,
        description="key that the list of roles must be signed with (`pathways sign-off appoint` prints it)",
    )
    required: dict[SignedOff, Role] = Field(
        default={}, exclude=True, description="what of real extracts must be signed off, and in which role"
    )
