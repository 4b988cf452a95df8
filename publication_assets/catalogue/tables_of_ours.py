"""Tables of counts and times that only this release has: 22 to 24, 32 to 38.

Belongs here: what each is declared as. Does not belong here: tables of models and of what is assumed
(tables_of_models.py).
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue import measures_of_requirements as requirements
from publication_assets.catalogue import measures_of_treatment as treatment
from publication_assets.catalogue.declared import DeclaredTable
from publication_assets.catalogue.tables_of_the_report import ALL_SOURCES, LINKED_SOURCE, status_by

OUR_TABLES = (
    status_by(
        22,
        "substance_group",
        "substance group",
        "Substance group in treatment",
        "substance_group",
        module="tables_details",
    ),
    DeclaredTable(
        "termination_against_discharge",
        23,
        "Termination reason (nDelius) against discharge from treatment (NDTMS), linked {types}",
        ("Requirement type", "Termination reason in nDelius"),
        LINKED_SOURCE,
        "tables_details:termination_against_discharge",
        (requirements.LINKED_REQUIREMENTS, requirements.DISCHARGE, requirements.DISCHARGE_SHARE),
        ("unit", "linked", "two_records"),
        {
            f"{measure.key}/{status}": (note,)
            for measure in (requirements.DISCHARGE, requirements.DISCHARGE_SHARE)
            for status, note in (("dropped_out", "narrow_dropout"), ("wide_dropout", "wide_dropout"))
        },
    ),
    DeclaredTable(
        "time_to_treatment_by_length",
        24,
        "Time from sentence to structured treatment, by length of requirement, linked {types}",
        ("Requirement type", "Length of requirement"),
        LINKED_SOURCE,
        "tables_details:time_to_treatment_by_length",
        (
            requirements.LINKED_REQUIREMENTS,
            treatment.TIME_BAND,
            treatment.TIME_BAND_SHARE,
            treatment.LATER,
            treatment.MEAN_DAYS,
            treatment.MEDIAN_DAYS,
        ),
        ("unit", "linked", "few_not_recorded", "time", "long"),
    ),
    DeclaredTable(
        "time_to_treatment_of_all",
        34,
        "Cumulative time from sentence to structured treatment, all {types}, linked or not",
        ("Time to structured treatment",),
        LINKED_SOURCE,
        "tables_breakdowns:time_to_treatment_of_all",
        (treatment.REACHED, treatment.REACHED_OF_ALL, treatment.REACHED_OF_LINKED),
        ("unit", "linked", "cumulative", "of_all"),
        sections=("3.5",),
    ),
    DeclaredTable(
        "still_in_treatment",
        35,
        "In structured treatment on days after sentence, {types} observed for so long",
        ("Day",),
        LINKED_SOURCE,
        "tables_in_treatment:still_in_treatment",
        (
            treatment.OBSERVED,
            treatment.ON_DAY,
            treatment.ON_DAY_SHARE,
            treatment.BEEN_BY_DAY_SHARE,
            treatment.OPEN_ON_DAY_SHARE,
        ),
        ("unit", "linked", "on_days", "same_requirements"),
        figures=("F1",),
        sections=("3.9",),
    ),
    DeclaredTable(
        "status_at_the_end",
        37,
        "Structured treatment on the day the requirement ended, by termination reason, {types}",
        ("Requirement type", "Termination reason in nDelius"),
        LINKED_SOURCE,
        "tables_in_treatment:status_at_the_end",
        (requirements.ENDED, requirements.AT_THE_END, requirements.AT_THE_END_SHARE),
        ("unit", "linked", "at_the_end", "narrow_dropout", "cjit"),
        sections=("3.10",),
    ),
    DeclaredTable(
        "beside_all_people",
        38,
        "{types} linked to structured treatment beside all people in treatment in England",
        ("Of whom", "What is said of them"),
        f"{LINKED_SOURCE}; Adult substance misuse treatment statistics 2022 to 2023",
        "tables_all_people:beside_all_people",
        (requirements.AS_PUBLISHED, requirements.OUR_BASE, requirements.OUR_SHARE),
        ("unit", "linked", "all_people"),
        sections=("3.11",),
    ),
    DeclaredTable(
        "linked_and_reconvicted_by_year",
        32,
        "Linkage to structured treatment and reconvictions {within_period}, by year of sentence, {types}",
        ("Year of sentence",),
        ALL_SOURCES,
        "tables_years:linked_and_reconvicted_by_year",
        (
            requirements.REQUIREMENTS,
            requirements.LINKED,
            requirements.LINKED_SHARE,
            requirements.RECONVICTED,
            requirements.RECONVICTED_SHARE,
            requirements.FOLLOWED,
            requirements.FOLLOWED_SHARE,
        ),
        ("unit", "linked", "reconviction", "short_follow_up", "by_year"),
        sections=("3.1", "4.2"),
    ),
    DeclaredTable(
        "time_to_dropout",
        36,
        "Time to dropout from structured treatment, with completion, prison and death as other ends, linked {types}",
        ("Requirements", "Time since the start"),
        LINKED_SOURCE,
        "tables_dropout:time_to_dropout",
        (
            treatment.FOLLOWED_FOR,
            treatment.DROPPED,
            *treatment.DROPPED_LIMITS.values(),
            treatment.COMPLETED,
            treatment.PRISON_OR_DIED,
            treatment.REMAINED,
            treatment.MEDIAN_TO_DROPOUT,
        ),
        ("unit", "linked", "start_of_time", "incidence", "narrow_dropout"),
        figures=("F2",),
        sections=("3.9",),
    ),
)
SUBSTANCE_USE_TABLES = (
    DeclaredTable(
        "substance_use",
        33,
        "Substance use in the 28 days before the first and the last treatment outcome form, linked {types}",
        ("Requirement type", "Substance, or group of requirements"),
        "linked probation and treatment records, with the Treatment Outcomes Profile",
        "tables_substance_use:substance_use_before_and_after",
        (
            requirements.LINKED_REQUIREMENTS,
            treatment.KNOWN_AT_START,
            treatment.KNOWN_AT_BOTH,
            treatment.KNOWN_AT_BOTH_SHARE,
            treatment.EXIT_FORM,
            treatment.USED_AT_START,
            treatment.USED_AT_START_SHARE,
            treatment.USED_AT_LAST,
            treatment.USED_AT_LAST_SHARE,
            treatment.STOPPED,
            treatment.STOPPED_SHARE,
            treatment.MEAN_AT_START,
            treatment.MEAN_AT_LAST,
            treatment.CHANGE,
            *treatment.CHANGE_LIMITS.values(),
        ),
        ("unit", "linked", "use_forms", "use_base"),
        {
            **{f"{kind.lower()}/main": ("use_main",) for kind in TYPES},
            treatment.STOPPED.key: ("use_stopped",),
            treatment.STOPPED_SHARE.key: ("use_stopped",),
            treatment.CHANGE.key: ("use_change",),
            **{measure.key: ("use_change",) for measure in treatment.CHANGE_LIMITS.values()},
        },
        needs=("substance_use",),
        shorthand={"[x]": "not available: there are no records to compute it from, or no forms were sent"},
        figures=("U1", "U2"),
        sections=("3.8",),
    ),
)
