"""What a release says of itself as a publication: its title, its dates, who answers for it and how it can be read.

Belongs here: entries that people make, among them names. None is invented: what is not given is said to be open. Does
not belong here: what may be shown (Publication in study_settings.py), who allowed the release (governance_settings.py).
"""

from datetime import date
from typing import Literal

from pydantic import Field

from resources.settings.settings_section import Section

Status = Literal["", "Official Statistics", "Official Statistics in development", "Accredited Official Statistics"]


class Statistician(Section):
    """Who answers for the statistics. Empty: not given."""

    name: str = Field(default="", description="name of the responsible statistician")
    post: str = Field(default="", description="their post or team")
    contact: str = Field(default="", description="their address; empty: the address for enquiries")


class AccessibilityStatement(Section):
    """Whom people ask for another format, and when the release was last checked. Empty: not given."""

    contact: str = Field(default="", description="address for other formats and for problems with reading the release")
    prepared_on: date | None = Field(default=None, description="day on which the accessibility statement was prepared")


class RecordWords(Section):
    """What of the transparency record of one tool only people can say. Empty: a named gap of the record."""

    third_party: str = Field(default="", description="suppliers involved, their roles and how they were procured")
    benefits: str = Field(default="", description="why the tool is used, and what it is better than")
    training: str = Field(default="", description="how the people who run and read it are trained")
    appeals: str = Field(default="", description="how somebody can question a result")
    agreements: str = Field(default="", description="agreements under which the data are shared")
    risks: str = Field(default="", description="risks that were found, and what is done about each")


class ImpactWords(Section):
    """What of the impact assessment only people can say. Empty: a named gap of the fact sheet."""

    consultation: str = Field(default="", description="who was consulted: people, experts, processors")
    necessity: str = Field(default="", description="why the use is necessary and proportionate")
    risks: str = Field(default="", description="risks to people, how likely and how severe each is")
    advice: str = Field(default="", description="advice of the data protection officer, and what was made of it")
    review: str = Field(default="", description="when the assessment is reviewed, and by whom")


class Transparency(Section):
    """Who answers for the tools that a release uses, and words of people on each (governance: ATRS, ICO)."""

    team: str = Field(default="", description="team that answers for the tools")
    senior_responsible_owner: str = Field(default="", description="office of the senior responsible owner")
    website: str = Field(default="", description="address at which the tools are described")
    linkage_model: RecordWords = RecordWords()
    note_classifier: RecordWords = RecordWords()
    impact_assessment: ImpactWords = ImpactWords()


class Release(Section):
    """What a release says of itself. Empty: not given, which the release says in its section 9."""

    title: str = Field(min_length=1, description="title of the statistics; the period of sentence is added to it")
    contact: str = Field(min_length=1, description="address for enquiries")
    publisher: str = Field(default="", description="who publishes; of synthetic data nobody does")
    licence: str = Field(default="", description="licence of what is published")
    status: Status = Field(default="", description="what kind of statistics the producer says that they are")
    published_on: date | None = Field(default=None, description="day of publication")
    next_release: str = Field(default="", description="date of the next release in words, such as September 2026")
    statistician: Statistician = Statistician()
    revisions_policy: str = Field(default="", description="the producer's policy on revisions, in sentences")
    pre_release_access: list[str] | None = Field(
        default=None, description="offices that had access before publication; an empty list: nobody had"
    )
    accessibility: AccessibilityStatement = AccessibilityStatement()
    transparency: Transparency = Transparency()
