"""Tables 1 to 15, which the published report has too.

Belongs here: what each is declared as. Does not belong here: tables that only this release has (tables_of_ours.py) and
tables of models (tables_of_models.py).
"""

from collections.abc import Mapping

from publication_assets.catalogue import measures_of_notes as notes
from publication_assets.catalogue import measures_of_requirements as requirements
from publication_assets.catalogue import measures_of_treatment as treatment
from publication_assets.catalogue.rows import FOLLOWED_SHORT, NO_KEYWORD_NOTES
from publishing.tables.declared import DeclaredTable, Measure, limits_of

LINKED_SOURCE = "linked probation and treatment records"
ALL_SOURCES = "linked probation, treatment and court records"
STATUS_MEASURES = (
    requirements.LINKED,
    requirements.STATUS,
    requirements.STATUS_SHARE,
    *limits_of(requirements.STATUS_SHARE),
)
DROPOUT_MARKS: Mapping[str, tuple[str, ...]] = {
    "linked/dropped_out": ("narrow_dropout",),
    "linked/wide_dropout": ("wide_dropout",),
}


def marks_of_limits(share: Measure) -> Mapping[str, tuple[str, ...]]:
    """What stands beside the columns of the limits of a share."""
    return {limit.key: ("share_limits",) for limit in limits_of(share)}


def _linked_by(number: int, key: str, what: str, header: str, section: str, figures: tuple[str, ...], *more: str):
    return DeclaredTable(
        f"linked_by_{key}",
        number,
        f"Linkage to structured treatment, by {what}, {{types}}",
        (header,),
        LINKED_SOURCE,
        f"tables_breakdowns:linked_by_{key}",
        (
            requirements.REQUIREMENTS,
            requirements.LINKED,
            requirements.LINKED_SHARE,
            *limits_of(requirements.LINKED_SHARE),
        ),
        ("unit", "linked", "few_not_recorded", *more),
        marks_of_limits(requirements.LINKED_SHARE),
        figures=figures,
        sections=(section,),
    )


def status_by(
    number: int,
    key: str,
    what: str,
    header: str,
    *more: str,
    module: str = "tables_breakdowns",
    figures: tuple[str, ...] = (),
    sections: tuple[str, ...] = (),
) -> DeclaredTable:
    """A table of treatment status at the end of observation by a characteristic."""
    return DeclaredTable(
        f"status_by_{key}",
        number,
        f"Structured treatment status at the end of observation, by {what}, linked {{types}}",
        (header,),
        LINKED_SOURCE,
        f"{module}:status_by_{key}",
        STATUS_MEASURES,
        ("unit", "linked", "wide_dropout", *more),
        marks_of_limits(requirements.STATUS_SHARE),
        figures=figures,
        sections=sections,
    )


def _reconvicted_by(number: int, key: str, what: str, header: str, section: str, figures: tuple[str, ...], *more: str):
    return DeclaredTable(
        f"reconvicted_by_{key}",
        number,
        f"Reconvictions {{within_period}} of sentence, by {what}, {{types}}",
        (header,),
        "linked probation and court records",
        f"tables_breakdowns:reconvicted_by_{key}",
        (
            requirements.REQUIREMENTS,
            requirements.RECONVICTED,
            requirements.RECONVICTED_SHARE,
            *limits_of(requirements.RECONVICTED_SHARE),
        ),
        ("unit", "reconviction", "short_follow_up", "few_not_recorded", *more),
        marks_of_limits(requirements.RECONVICTED_SHARE),
        figures=figures,
        sections=(section,),
    )


REPORT_TABLES = (
    DeclaredTable(
        "identification",
        1,
        "Identification in any treatment, by requirement type",
        ("Requirement type",),
        "linked probation and treatment records; probation contact notes",
        "tables_identification:identification_in_any_treatment",
        (
            notes.ALL_REQUIREMENTS,
            requirements.LINKED_REQUIREMENTS,
            notes.ENGAGED,
            notes.NOT_ENGAGED,
            notes.LINKED_OF_REQUIREMENTS,
            notes.ENGAGED_SHARE,
            notes.NOT_ENGAGED_SHARE,
            notes.ANY_TREATMENT_SHARE,
            notes.SAMPLE,
            notes.SAMPLE_ENGAGED,
            notes.SAMPLE_ENGAGED_SHARE,
            *notes.SAMPLE_LIMITS.values(),
        ),
        ("unit",),
        {
            requirements.LINKED_REQUIREMENTS.key: ("linked",),
            notes.ENGAGED.key: ("estimate",),
            notes.ENGAGED_SHARE.key: ("estimate",),
            notes.NOT_ENGAGED.key: ("estimate",),
            notes.NOT_ENGAGED_SHARE.key: ("estimate",),
            notes.ANY_TREATMENT_SHARE.key: ("estimate",),
            notes.SAMPLE.key: ("sample",),
            **{measure.key: ("limits",) for measure in notes.SAMPLE_LIMITS.values()},
        },
        reads_notes=True,
        figures=("1",),
        sections=("2.1",),
    ),
    DeclaredTable(
        "treatment_outcomes",
        2,
        "Treatment engagement outcomes from sentence to the end of observation, {types}",
        ("Linkage", "Outcome"),
        "linked probation, treatment and prison records",
        "tables_outcomes:treatment_outcomes",
        (requirements.REQUIREMENTS, requirements.SHARE_OF_ALL, requirements.SHARE_OF_SIDE),
        ("unit",),
        {
            "linked": ("linked",),
            "not_linked/cjit": ("cjit",),
            "not_linked/prison": ("cjit",),
            "not_linked/no_setting": ("no_setting",),
            **DROPOUT_MARKS,
        },
        figures=("2", "3"),
        sections=("2.2", "2.3", "2.4"),
    ),
    DeclaredTable(
        "contact_note_evidence",
        3,
        "Evidence of engagement in contact notes, sample of requirements not linked to structured treatment",
        ("What the contact notes say",),
        "probation contact notes of a sample",
        "tables_identification:contact_note_evidence",
        (requirements.REQUIREMENTS, notes.SHARE_OF_RESULTS),
        ("unit", "sample"),
        {NO_KEYWORD_NOTES.replace(" ", "_"): ("no_keyword",)},
        reads_notes=True,
        figures=("4",),
        sections=("2.5",),
    ),
    DeclaredTable(
        "engagement_by_termination",
        4,
        "Recorded engagement before the end of the requirement, by termination reason, sampled requirements",
        ("Termination reason",),
        "probation contact notes of a sample",
        "tables_termination:engagement_by_termination",
        (
            notes.ENDED_SAMPLE,
            notes.SHARE_OF_ENDED,
            notes.NOTED,
            notes.MEAN_ENGAGED,
            *notes.MEAN_ENGAGED_LIMITS.values(),
        ),
        ("unit", "sample", "termination", "termination_limits"),
        reads_notes=True,
        figures=("5",),
        sections=("2.6",),
    ),
    _linked_by(5, "region", "probation region", "Probation region", "3.2", ("6", "7")),
    _linked_by(6, "accommodation", "accommodation at sentence", "Accommodation at sentence", "3.3", ("8",)),
    _linked_by(7, "length", "length of requirement", "Length of requirement", "3.4", ("9",), "long"),
    DeclaredTable(
        "time_to_treatment",
        8,
        "Cumulative time from sentence to structured treatment, {types} linked to structured treatment",
        ("Time to structured treatment",),
        LINKED_SOURCE,
        "tables_breakdowns:time_to_treatment",
        (
            treatment.REACHED,
            treatment.REACHED_OF_LINKED,
            *limits_of(treatment.REACHED_OF_LINKED),
            treatment.MEAN_DAYS_OF_TYPE,
        ),
        ("unit", "linked", "cumulative"),
        marks_of_limits(treatment.REACHED_OF_LINKED),
        figures=("10",),
        sections=("3.5",),
    ),
    status_by(
        9, "age", "age at sentence", "Age at sentence", "few_not_recorded", figures=("11", "12"), sections=("3.6",)
    ),
    status_by(10, "sex", "sex", "Sex", "few_not_recorded", figures=("13", "14"), sections=("3.6",)),
    status_by(
        11,
        "time_to_treatment",
        "time to structured treatment",
        "Time to structured treatment",
        figures=("15", "16"),
        sections=("3.7",),
    ),
    DeclaredTable(
        "reconvictions_by_linkage",
        12,
        "Reconvictions {within_period} of sentence, by linkage to structured treatment, {types}",
        ("Linkage", "Reconviction"),
        ALL_SOURCES,
        "tables_reconviction:reconvictions_by_linkage",
        (
            requirements.REQUIREMENTS,
            requirements.SHARE_OF_ALL,
            requirements.SHARE_OF_GROUP,
            *limits_of(requirements.SHARE_OF_GROUP),
        ),
        ("unit", "linked", "reconviction"),
        {
            **marks_of_limits(requirements.SHARE_OF_GROUP),
            **{
                f"{side}/{FOLLOWED_SHORT.replace(' ', '_')}": ("short_follow_up",)
                for side in ("linked", "not_linked", "all")
            },
        },
        figures=("17", "18"),
        sections=("4.1",),
    ),
    _reconvicted_by(13, "region", "probation region", "Probation region", "4.3", ("19", "20")),
    _reconvicted_by(14, "length", "length of requirement", "Length of requirement", "4.4", ("21",), "long"),
    DeclaredTable(
        "reconvictions_by_treatment_status",
        15,
        "Reconvictions {within_period} of sentence, by treatment status at the end of observation, {types}",
        ("Linkage", "Treatment status"),
        ALL_SOURCES,
        "tables_reconviction:reconvictions_by_treatment_status",
        (
            requirements.REQUIREMENTS,
            requirements.RECONVICTED,
            requirements.RECONVICTED_SHARE,
            *limits_of(requirements.RECONVICTED_SHARE),
        ),
        ("unit", "linked", "reconviction", "short_follow_up"),
        {**DROPOUT_MARKS, **marks_of_limits(requirements.RECONVICTED_SHARE)},
        figures=("22",),
        sections=("4.5",),
    ),
)
