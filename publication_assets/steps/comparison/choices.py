"""What settings decide, in words: the choices that the study leaves open, and what each value of one means.

Belongs here: one entry for each setting that a page sets beside another value. Does not belong here: which values are
tried (linkage_assets/steps/quality/compare_choices.py), which the published study has (other_settings.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from publication_assets.catalogue.wording import percent, spoken

THIS_RELEASE, PERCENT = " (this release)", " (%)"
YES_NO = {"true": "yes", "false": "no"}


@dataclass(frozen=True)
class Choice:
    """A setting in words. decides: what, as the heading of a table. unit: of a number. values: words of others."""

    decides: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    unit: str = ""

    def said(self, value: object) -> str:
        """A value in words, given as the setting has it or as a table writes it."""
        if isinstance(value, list | tuple):
            return ", ".join(self.said(each) for each in value) or self.said("none")
        text = str(value).replace("_", " ")
        written = text[:1].lower() + text[1:]
        if written in self.values:
            return self.values[written]
        if ", " in text:
            return ", ".join(self.said(each) for each in text.split(", "))
        return spoken(int(text), self.unit) if self.unit and text.isdigit() else text

    def header(self, text: str) -> str:
        """The header of a column of this value, with what it says besides."""
        said, marks = self.said_with_marks(text)
        return said[:1].upper() + said[1:] + marks

    def said_with_marks(self, text: str) -> tuple[str, str]:
        """The value of a column in words, and what its header says besides."""
        marks = [mark for mark in (THIS_RELEASE, PERCENT) if mark in text]
        for mark in marks:
            text = text.replace(mark, "")
        return self.said(text), "".join(marks)


def _whether(said: str) -> Choice:
    return Choice(f"Whether {said}", YES_NO)


CHOICES = {
    "study.requirement_types": Choice("Types of requirement that are studied"),
    "study.exclude_regions": Choice("Probation regions that are left out", {"none": "no region"}),
    "linkage.minimum_identifiers": Choice(
        "How many of initials, date of birth and location a record needs to be linked",
        {"2": "2 of the 3", "3": "all 3", "3 of probation": "all 3, for people on probation"},
    ),
    "combining.same_date_tolerance_days": Choice(
        "How far from the date of sentence a record of the sentence may lie", unit="day"
    ),
    "combining.structured_data_sets": Choice(
        "Which NDTMS data sets count as structured treatment",
        {
            "adult community": "adults in the community",
            "yp community": "young people in the community",
            "adult secure": "adults in secure settings",
            "yp secure": "young people in secure settings",
        },
    ),
    "combining.journey_gap_days": Choice("The longest gap between episodes of one treatment journey", unit="day"),
    "combining.journey_choice": Choice(
        "Which treatment journey outcomes are taken from",
        {
            "open else first after": "the one open at sentence, or otherwise the first after it",
            "first after": "the first after sentence, or otherwise the one open then",
        },
    ),
    "combining.journey_within_months": Choice(
        "How soon after sentence a treatment journey must start to count", {"0": "no limit"}, "month"
    ),
    "combining.transferred_counts_as": Choice(
        "How a transfer counts that no service received", {"dropped out": "as dropped out", "completed": "as completed"}
    ),
    "combining.prison_months": Choice("How long after sentence a prison reception is looked for", unit="month"),
    "combining.prison_legal_status": Choice(
        "Which prison receptions count", {"any": "all", "sentenced or recalled": "of people sentenced or recalled only"}
    ),
    "combining.reconviction_months": Choice("How long after sentence a reconviction is looked for", unit="month"),
    "combining.reconviction_date_basis": Choice(
        "What must fall within the months in which a reconviction is looked for",
        {
            "both": "the offence and the court appearance",
            "appearance date": "the court appearance",
            "offence date": "the offence",
        },
    ),
    "combining.reconviction_outcome_set": Choice(
        "Which court outcomes count as a reconviction",
        {
            "published 70": "all on the published study's list",
            "convictions only": "only those that follow a conviction",
        },
    ),
    "combining.reconviction_index_case_counts": _whether(
        "later hearings of the case that was sentenced count as a reconviction"
    ),
    "combining.court_match_by_details": _whether("defendants without an identity number are found by other details"),
    "combining.exclude_imposed_later": _whether("requirements imposed on another day than the sentence are left out"),
    "combining.exclude_duplicates": _whether("a second requirement of the same type on an order is left out"),
    "combining.exclude_missing_length": _whether("requirements without a length are left out"),
    "combining.exclude_both_types": _whether("sentences with both an ATR and a DRR are left out"),
    "combining.both_types_within": Choice(
        "What an ATR and a DRR must share to count as given together",
        {"order": "the order", "sentence date": "the date of sentence"},
    ),
    "combining.exclude_mental_health_orders": _whether(
        "orders that also have a mental health treatment requirement are left out"
    ),
    "combining.exclude_unlinkable": _whether("people without enough identifiers to be linked are left out"),
    "notes.contacts_of": Choice(
        "Whose contact notes are read",
        {"person": "all of the person", "requirement": "those recorded under the requirement or under none"},
    ),
    "notes.termination_weeks": Choice("How long before the end of a requirement notes are looked at", unit="week"),
    "notes.requirement_rule.minimum_notes": Choice("How many notes must indicate engagement", unit="note"),
    "modelling.confidence_level": Choice("How often intervals hold the true value"),
}


def said_of(setting: str, value: object) -> str:
    """A value of a setting in words."""
    return percent(value) if isinstance(value, float) else CHOICES[setting].said(value)
