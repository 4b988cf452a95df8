"""What the folder probation holds: people on probation and all that was done with them (nDelius), never notes."""

from dataclasses import replace

from contracts.sources.columns import code, day, identifier, text, whole
from contracts.sources.justice import codes, uses
from contracts.sources.justice.people import names, police_numbers
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
from resources.extracts.values.identity_numbers import KEY_PATTERN, NOMS_PATTERN

# Views that show sex, age or ethnic group of people on probation; those that follow sentences; those of supervision.
_OF_PEOPLE = (uses.SENTENCES, uses.RELEASES, uses.FOLLOWED, uses.ORDERS, uses.SERVICES, uses.COMPARED)
_FOLLOW = (uses.FOLLOWED, uses.COMPARED)
_PHASES = (uses.SUPERVISION, uses.CONTACTS)
_REPORT_TYPES = ["CJF", "CJO", "CJS"]


def _crn(*uses: Use) -> Column:
    return identifier("crn", "Case Reference Number", *uses, null=False, pattern=CRN_PATTERN)


PROBATION_PERSON = Extract(
    "probation_person",
    "probation",
    "One row per person on probation (nDelius OFFENDER)",
    (
        _crn(uses.WHO_PROBATION, *_OF_PEOPLE, uses.FITS),
        *names(uses.WHO_PROBATION, *_OF_PEOPLE),
        code("sex", "M, F, N, O", "MFNO", uses.WHO_PROBATION, *_OF_PEOPLE, spelt=SEXES_SPELT),
        code("ethnicity", "18+1 ethnicity code used in probation", ETHNICITIES, uses.WHO_PROBATION, *_OF_PEOPLE),
        identifier("noms_number", "prison number", uses.WHO_PROBATION, pattern=NOMS_PATTERN),
        *police_numbers(uses.WHO_PROBATION),
        day("died_on", "date of death, where recorded", uses.IMPOSSIBLE),
    ),
    ("crn",),
    one_of=(("forename", "surname"),),
    may_be_blank=("died_on",),
)
PROBATION_ALIAS = Extract(
    "probation_alias",
    "probation",
    "One row per further name that a person on probation is known by (nDelius ALIAS)",
    (_crn(uses.WHO_PROBATION), *names(uses.WHO_PROBATION)),
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
        replace(column, uses=(uses.WHO_PROBATION,))
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
        identifier(
            "disposal_id", "disposal key", uses.RELEASES, uses.RECALLS, *_FOLLOW, *_PHASES, uses.FITS, null=False
        ),
        identifier("event_id", "event key", uses.ORDERS, uses.REPORTS, null=False),
        _crn(uses.WHO_PROBATION, uses.SENTENCES, uses.RELEASES, *_FOLLOW, uses.ORDERS, *_PHASES, uses.FITS),
        day(
            "disposal_date",
            "date of sentence",
            *(uses.WHO_PROBATION, uses.SENTENCES, uses.RELEASES, *_FOLLOW, uses.ORDERS, *_PHASES),
            null=False,
        ),
        code(
            "disposal_type",
            "kind of sentence",
            codes.DISPOSAL_TYPES,
            *(uses.SENTENCES, *_FOLLOW, uses.ORDERS, uses.REPORTS, *_PHASES),
            null=False,
        ),
        whole(
            "sentence_days",
            "length of the sentence, days",
            *(1, 36525),
            *(uses.RELEASES, uses.RECALLS, *_FOLLOW, *_PHASES),
        ),
        day("termination_date", "date it ended; empty while active", uses.ORDERS, *_PHASES),
        text("termination_reason", "why it ended", uses.ORDERS, code_list=TERMINATION_REASONS),
        code("sentencing_court_type", "crown or magistrates", ["crown", "magistrates"], uses.SENTENCES, uses.REPORTS),
        code("offence_group", "Home Office group of the main offence", OFFENCE_GROUPS, uses.SENTENCES, *_FOLLOW),
        whole("ogrs3_2yr", "OGRS3 two-year score, per cent", 1, 100, *_FOLLOW),
        code(
            "probation_region",
            "probation region at sentence",
            PROBATION_REGIONS,
            *(uses.SENTENCES, uses.ORDERS, uses.REPORTS, uses.SUPERVISION, uses.COMPARED),
        ),
    ),
    ("disposal_id",),
    orders=(Order("disposal_date", "termination_date", rules.TERMINATED_BEFORE_START, void=("termination_date",)),),
    event_date="disposal_date",
    not_asked=("court_code",),
)
PROBATION_REQUIREMENT = Extract(
    "probation_requirement",
    "probation",
    "One row per requirement of any type of an order (nDelius RQMNT)",
    (
        identifier("requirement_id", "requirement key", uses.TWICE, null=False),
        identifier("disposal_id", "disposal key", uses.FITS, null=False),
        code("requirement_type", "type", REQUIREMENT_TYPES, uses.REQUIREMENTS, null=False, spelt=REQUIREMENTS_SPELT),
        day("start_date", "date imposed", uses.REQUIREMENTS, null=False),
        day("termination_date", "date it ended; empty while active", uses.REQUIREMENTS),
        text("termination_reason", "why it ended", uses.REQUIREMENTS, code_list=TERMINATION_REASONS),
    ),
    ("requirement_id",),
    orders=(Order("start_date", "termination_date", rules.TERMINATED_BEFORE_START),),
    event_date="start_date",
    not_asked=("length", "length_unit"),
)
COURT_REPORT = Extract(
    "court_report",
    "probation",
    "One row per report that a court asked for (nDelius COURT_REPORT)",
    (
        identifier("report_id", "report key", uses.ORDERS, uses.TWICE, null=False),
        identifier("event_id", "event key", uses.ORDERS, uses.REPORTS, null=False),
        _crn(uses.FITS),
        identifier("court_code", "court that asked", uses.REPORTS),
        day("date_requested", "date requested", uses.REPORTS, null=False),
        day("completed_date", "date completed", uses.ORDERS, uses.REPORTS),
        code("type_requested", "CJF fast, CJO oral, CJS standard", _REPORT_TYPES, uses.REPORTS, spelt=REPORTS_SPELT),
        code(
            "type_delivered",
            "CJF fast, CJO oral, CJS standard",
            _REPORT_TYPES,
            *(uses.ORDERS, uses.REPORTS),
            spelt=REPORTS_SPELT,
        ),
        code("proposed_disposal", "kind of sentence that the report proposes", codes.DISPOSAL_TYPES, uses.REPORTS),
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
        identifier("release_id", "release key", uses.RELEASES, uses.CONDITIONS, uses.TWICE, null=False),
        identifier(
            "disposal_id",
            "disposal key",
            *(uses.RELEASES, uses.CONDITIONS, uses.RECALLS, *_FOLLOW, *_PHASES, uses.FITS),
            null=False,
        ),
        _crn(uses.RELEASES),
        day(
            "release_date",
            "date of release",
            *(uses.RELEASES, uses.CONDITIONS, *_FOLLOW, *_PHASES),
            null=False,
        ),
        code("release_type", "kind of release", codes.RELEASE_TYPES, uses.RELEASES, uses.CONDITIONS, *_FOLLOW),
        whole("licence_days", "length of the licence as it was at release, days", 0, 36525, uses.RELEASES),
        day("recall_date", "date of recall; empty without one", uses.RELEASES, uses.CONDITIONS, uses.RECALLS),
        code("recall_reason", "why recalled", codes.RECALL_REASONS, uses.RECALLS),
        code("recall_type", "fixed term or standard; recorded in part", codes.RECALL_TYPES, uses.RECALLS),
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
        identifier("condition_id", "condition key", uses.TWICE, null=False),
        identifier("disposal_id", "disposal key", uses.RELEASES, uses.CONDITIONS, uses.FITS, null=False),
        code(
            "condition_type",
            "kind of condition",
            codes.LICENCE_CONDITIONS,
            *(uses.RELEASES, uses.CONDITIONS),
            null=False,
        ),
        day("start_date", "first day", uses.RELEASES, uses.CONDITIONS, null=False),
    ),
    ("condition_id",),
    event_date="start_date",
    not_asked=("termination_date",),
)
INTERVENTION = Extract(
    "intervention",
    "probation",
    "One row per referral to a service (nDelius NSI, non-statutory intervention)",
    (
        identifier("intervention_id", "intervention key", uses.TWICE, null=False),
        _crn(uses.RELEASES, uses.SERVICES, uses.REACHED, uses.FITS),
        code(
            "intervention_type",
            "kind of service",
            codes.INTERVENTIONS,
            *(uses.RELEASES, uses.SERVICES),
            null=False,
        ),
        day("referral_date", "date of referral", uses.RELEASES, uses.SERVICES, null=False),
        day("start_date", "first day; empty when never started", uses.RELEASES, uses.SERVICES, uses.REACHED),
        code("outcome", "how it ended; empty while open", codes.INTERVENTION_OUTCOMES, uses.SERVICES),
    ),
    ("intervention_id",),
    orders=(Order("referral_date", "start_date", rules.ENDS_BEFORE_START, void=("start_date",)),),
    event_date="referral_date",
    not_asked=("end_date",),
)
SUPERVISION_CONTACT = Extract(
    "supervision_contact",
    "probation",
    "One row per planned contact of an officer with a person on probation (nDelius CONTACT, without its notes)",
    (
        identifier("contact_id", "contact key", uses.CONTACTS, uses.TWICE, null=False),
        _crn(*_PHASES, uses.FITS),
        day("contact_date", "date", *_PHASES, null=False),
        code("method", "how", codes.CONTACT_METHODS, uses.CONTACTS, null=False),
        identifier(
            "staff_key", "pseudonym of the officer, made by the supplier", uses.SUPERVISION, pattern=KEY_PATTERN
        ),
        code("attended", "Y when it took place", "YN", uses.CONTACTS),
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
