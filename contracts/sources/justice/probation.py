"""What the folder probation holds: people on probation and all that was done with them (nDelius), never notes."""

from dataclasses import replace

from contracts.sources.columns import code, day, identifier, text, whole
from contracts.sources.justice import codes
from contracts.sources.justice.people import names, police_numbers
from contracts.sources.justice.uses import CUSTODY, IMPOSSIBLE, REPORTS, SENTENCES, SERVICES, SUPERVISION, WHO_PROBATION
from contracts.sources.ndelius import (
    ETHNICITIES,
    OFFENCE_GROUPS,
    OFFENDER_ADDRESS,
    PROBATION_REGIONS,
    REQUIREMENT_TYPES,
    TERMINATION_REASONS,
)
from contracts.sources.spellings import CRN_PATTERN, REPORTS_SPELT, REQUIREMENTS_SPELT, SEXES_SPELT
from resources.extracts import extract_rules as rules
from resources.extracts.extract_declaration import Column, Extract, Order, Use
from resources.extracts.values.identity_numbers import NOMS_PATTERN

_REPORT_TYPES = ["CJF", "CJO", "CJS"]


def _crn(*uses: Use) -> Column:
    return identifier("crn", "Case Reference Number", *uses, null=False, pattern=CRN_PATTERN)


PROBATION_PERSON = Extract(
    "probation_person",
    "probation",
    "One row per person on probation (nDelius OFFENDER)",
    (
        _crn(WHO_PROBATION),
        *names(WHO_PROBATION),
        code("sex", "M, F, N, O", "MFNO", WHO_PROBATION, spelt=SEXES_SPELT),
        code("ethnicity", "18+1 ethnicity code used in probation", ETHNICITIES, WHO_PROBATION),
        identifier("noms_number", "prison number", WHO_PROBATION, pattern=NOMS_PATTERN),
        *police_numbers(WHO_PROBATION),
        day("died_on", "date of death, where recorded", IMPOSSIBLE),
    ),
    ("crn",),
    one_of=(("forename", "surname"),),
    may_be_blank=("died_on",),
)
PROBATION_ALIAS = Extract(
    "probation_alias",
    "probation",
    "One row per further name that a person on probation is known by (nDelius ALIAS)",
    (_crn(WHO_PROBATION), *names(WHO_PROBATION)),
    one_of=(("forename", "surname"),),
    absent_means="nobody on probation is found by another name",
)
_USED_OF_ADDRESSES = ("crn", "start_date", "end_date", "address_status", "no_fixed_abode", "postcode")
PROBATION_ADDRESS = replace(
    OFFENDER_ADDRESS,
    name="probation_address",
    system="probation",
    meaning="One row per address of a person on probation, current and past (nDelius OFFENDER_ADDRESS)",
    columns=tuple(
        replace(column, uses=(WHO_PROBATION,))
        for column in OFFENDER_ADDRESS.columns
        if column.name in _USED_OF_ADDRESSES
    ),
    not_asked=("address_type",),
)
PROBATION_DISPOSAL = Extract(
    "probation_disposal",
    "probation",
    "One row per sentence of any kind (nDelius EVENT, DISPOSAL, COURT, MAIN_OFFENCE, OGRS_ASSESSMENT)",
    (
        identifier("disposal_id", "disposal key", SENTENCES, CUSTODY, null=False),
        identifier("event_id", "event key", SENTENCES, REPORTS, null=False),
        _crn(WHO_PROBATION, SENTENCES),
        day("disposal_date", "date of sentence", WHO_PROBATION, SENTENCES, null=False),
        code("disposal_type", "kind of sentence", codes.DISPOSAL_TYPES, SENTENCES, null=False),
        whole("sentence_days", "length of the sentence, days", 1, 36525, SENTENCES, CUSTODY),
        day("termination_date", "date it ended; empty while active", SENTENCES),
        text("termination_reason", "why it ended", SENTENCES, code_list=TERMINATION_REASONS),
        code("sentencing_court_type", "crown or magistrates", ["crown", "magistrates"], SENTENCES, REPORTS),
        identifier("court_code", "sentencing court", SENTENCES, REPORTS),
        code("offence_group", "Home Office group of the main offence", OFFENCE_GROUPS, SENTENCES),
        whole("ogrs3_2yr", "OGRS3 two-year score, per cent", 1, 100, SENTENCES),
        code("probation_region", "probation region at sentence", PROBATION_REGIONS, SENTENCES, SUPERVISION),
    ),
    ("disposal_id",),
    orders=(Order("disposal_date", "termination_date", rules.TERMINATED_BEFORE_START, void=("termination_date",)),),
    event_date="disposal_date",
)
PROBATION_REQUIREMENT = Extract(
    "probation_requirement",
    "probation",
    "One row per requirement of any type of an order (nDelius RQMNT)",
    (
        identifier("requirement_id", "requirement key", SENTENCES, null=False),
        identifier("disposal_id", "disposal key", SENTENCES, null=False),
        _crn(SENTENCES),
        code("requirement_type", "type", REQUIREMENT_TYPES, SENTENCES, null=False, spelt=REQUIREMENTS_SPELT),
        day("start_date", "date imposed", SENTENCES, null=False),
        day("termination_date", "date it ended; empty while active", SENTENCES),
        text("termination_reason", "why it ended", SENTENCES, code_list=TERMINATION_REASONS),
        whole("length", "length in length_unit", 0, 3650, SENTENCES),
        code("length_unit", "M months, D days, H hours", "MDH", SENTENCES),
    ),
    ("requirement_id",),
    orders=(Order("start_date", "termination_date", rules.TERMINATED_BEFORE_START),),
    event_date="start_date",
)
COURT_REPORT = Extract(
    "court_report",
    "probation",
    "One row per report that a court asked for (nDelius COURT_REPORT)",
    (
        identifier("report_id", "report key", REPORTS, null=False),
        identifier("event_id", "event key", REPORTS, null=False),
        _crn(REPORTS),
        identifier("court_code", "court that asked", REPORTS),
        day("date_requested", "date requested", REPORTS, null=False),
        day("completed_date", "date completed", REPORTS),
        code("type_requested", "CJF fast, CJO oral, CJS standard", _REPORT_TYPES, REPORTS, spelt=REPORTS_SPELT),
        code("type_delivered", "CJF fast, CJO oral, CJS standard", _REPORT_TYPES, REPORTS, spelt=REPORTS_SPELT),
        code("proposed_disposal", "kind of sentence that the report proposes", codes.DISPOSAL_TYPES, REPORTS),
    ),
    ("report_id",),
    orders=(Order("date_requested", "completed_date", rules.COMPLETED_BEFORE_REQUEST, void=("completed_date",)),),
    event_date="date_requested",
)
RELEASE_AND_RECALL = Extract(
    "release_and_recall",
    "probation",
    "One row per release from custody, with the recall that followed it (nDelius RELEASE, RECALL): all, not the latest",
    (
        identifier("release_id", "release key", CUSTODY, null=False),
        identifier("disposal_id", "disposal key", CUSTODY, null=False),
        _crn(CUSTODY),
        day("release_date", "date of release", CUSTODY, null=False),
        code("release_type", "kind of release", codes.RELEASE_TYPES, CUSTODY),
        whole("licence_days", "length of the licence as it was at release, days", 0, 36525, CUSTODY),
        day("recall_date", "date of recall; empty without one", CUSTODY),
        code("recall_reason", "why recalled", codes.RECALL_REASONS, CUSTODY),
        code("recall_type", "fixed term or standard; recorded in part", codes.RECALL_TYPES, CUSTODY),
    ),
    ("release_id",),
    orders=(Order("release_date", "recall_date", rules.ENDS_BEFORE_START),),
    event_date="release_date",
)
LICENCE_CONDITION = Extract(
    "licence_condition",
    "probation",
    "One row per condition of a licence (nDelius LIC_CONDITION)",
    (
        identifier("condition_id", "condition key", CUSTODY, null=False),
        identifier("disposal_id", "disposal key", CUSTODY, null=False),
        _crn(CUSTODY),
        code("condition_type", "kind of condition", codes.LICENCE_CONDITIONS, CUSTODY, null=False),
        day("start_date", "first day", CUSTODY, null=False),
        day("termination_date", "last day; empty while active", CUSTODY),
    ),
    ("condition_id",),
    orders=(Order("start_date", "termination_date", rules.TERMINATED_BEFORE_START),),
    event_date="start_date",
)
INTERVENTION = Extract(
    "intervention",
    "probation",
    "One row per referral to a service (nDelius NSI, non-statutory intervention)",
    (
        identifier("intervention_id", "intervention key", SERVICES, null=False),
        _crn(SERVICES),
        code("intervention_type", "kind of service", codes.INTERVENTIONS, SERVICES, null=False),
        day("referral_date", "date of referral", SERVICES, null=False),
        day("start_date", "first day; empty when never started", SERVICES),
        day("end_date", "last day; empty while open", SERVICES),
        code("outcome", "how it ended; empty while open", codes.INTERVENTION_OUTCOMES, SERVICES),
    ),
    ("intervention_id",),
    orders=(
        Order("referral_date", "start_date", rules.ENDS_BEFORE_START, void=("start_date",)),
        Order("start_date", "end_date", rules.ENDS_BEFORE_START),
    ),
    event_date="referral_date",
)
SUPERVISION_CONTACT = Extract(
    "supervision_contact",
    "probation",
    "One row per planned contact of an officer with a person on probation (nDelius CONTACT, without its notes)",
    (
        identifier("contact_id", "contact key", SUPERVISION, null=False),
        _crn(SUPERVISION),
        day("contact_date", "date", SUPERVISION, null=False),
        code("method", "how", codes.CONTACT_METHODS, SUPERVISION, null=False),
        identifier("staff_key", "pseudonym of the officer, made by the supplier", SUPERVISION),
        code("attended", "Y when it took place", "YN", SUPERVISION),
    ),
    ("contact_id",),
    event_date="contact_date",
    not_asked=("notes", "outcome", "contact_start_time"),
)
PROBATION_EXTRACTS = (
    PROBATION_PERSON,
    PROBATION_ALIAS,
    PROBATION_ADDRESS,
    PROBATION_DISPOSAL,
    PROBATION_REQUIREMENT,
    COURT_REPORT,
    RELEASE_AND_RECALL,
    LICENCE_CONDITION,
    INTERVENTION,
    SUPERVISION_CONTACT,
)
