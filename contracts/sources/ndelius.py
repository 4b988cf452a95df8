"""What the folder ndelius holds: people on probation, their addresses, sentences, requirements, offences, risk scores
and pre-sentence reports."""

from contracts.code_lists import entries, spellings
from contracts.sources.columns import code, day, decimal, identifier, initial, text, whole
from contracts.sources.spellings import (
    COURTS_SPELT,
    CRN_PATTERN,
    ORDERS_SPELT,
    REPORTS_SPELT,
    REQUIREMENTS_SPELT,
    SEXES_SPELT,
)
from contracts.sources.uses import (
    AT_SENTENCE,
    COURTS,
    FILES_FIT,
    FURTHER_OFFENCE,
    HOW_IT_ENDED,
    LINKS_FROM_PROBATION,
    PRISON,
    REPORTS,
    WHAT_IS_COUNTED,
    WHERE_AT_SENTENCE,
    WHO_IS_COUNTED,
)
from resources.extracts import extract_rules as rules
from resources.extracts.extract_declaration import Extract, Order
from resources.extracts.values.identity_numbers import CRO_PATTERN, NOMS_PATTERN, PNC_PATTERN

ETHNICITIES = [
    "W1",
    "W2",
    "W3",
    "W4",
    "W5",
    "W8",
    "W9",
    "M1",
    "M2",
    "M3",
    "M9",
    "A1",
    "A2",
    "A3",
    "A4",
    "A9",
    "B1",
    "B2",
    "B9",
    "O1",
    "O2",
    "O9",
    "NS",
    "Z1",
    "ETH03",
    "ETH04",
    "ETH05",
    "MERGE",
    "UN",
]
REQUIREMENT_TYPES = [
    "ATR",
    "DRR",
    "MHTR",
    "AAMR",
    "RAR",
    "UPW",
    "CURFEW",
    "PROGRAMME",
    "RESIDENCE",
    "EXCLUSION",
    "OTHER",
]
PROBATION_REGIONS = [
    "Greater London",
    "Greater Manchester",
    "North West",
    "West Midlands",
    "East Midlands",
    "North East",
    "Yorkshire and the Humber",
    "East of England",
    "Kent, Surrey and Sussex",
    "South West",
    "South Central",
    "Wales",
]
OFFENCE_GROUPS = [
    "Violence against the person",
    "Sexual offences",
    "Robbery",
    "Theft offences",
    "Criminal damage and arson",
    "Drug offences",
    "Possession of weapons",
    "Public order offences",
    "Miscellaneous crimes against society",
    "Fraud offences",
    "Summary non-motoring",
    "Summary motoring",
    "Not known",
]
ADDRESS_TYPES = [
    "A01A",
    "A01C",
    "A01D",
    "A02",
    "A03",
    "A04",
    "A07A",
    "A07B",
    "A08",
    "A08A",
    "A08C",
    "A10",
    "A11",
    "A12",
    "A13",
    "A14",
    "A15",
    "A16",
    "A17",
]
TERMINATION_REASONS = entries("termination_reasons", "report_category", "ndelius_description_examples")
_CRN = "Case Reference Number of the person on probation"

OFFENDER = Extract(
    "offender",
    "ndelius",
    "One row per person on probation with an ATR or DRR (nDelius OFFENDER)",
    (
        identifier("crn", _CRN, WHO_IS_COUNTED, LINKS_FROM_PROBATION, null=False, pattern=CRN_PATTERN),
        initial("forename_initial", "first letter of the forename", LINKS_FROM_PROBATION, COURTS),
        initial("surname_initial", "first letter of the surname", LINKS_FROM_PROBATION, COURTS),
        day("dob", "date of birth", LINKS_FROM_PROBATION, AT_SENTENCE, COURTS, birth=True),
        code(
            "sex",
            "M male, F female, N not known, O other",
            "MFNO",
            LINKS_FROM_PROBATION,
            AT_SENTENCE,
            COURTS,
            spelt=SEXES_SPELT,
        ),
        code("ethnicity", "18+1 ethnicity code used in probation", ETHNICITIES, LINKS_FROM_PROBATION, AT_SENTENCE),
        identifier("noms_number", "prison number, joins to p-NOMIS", PRISON, pattern=NOMS_PATTERN),
        identifier("pnc_number", "police number, joins to courts", COURTS, pattern=PNC_PATTERN),
        identifier("cro_number", "criminal record number, joins to courts", COURTS, pattern=CRO_PATTERN),
        code("soft_deleted", "1 when the record was deleted in nDelius", "01", WHO_IS_COUNTED, null=False),
    ),
    ("crn",),
    one_of=(("forename_initial", "surname_initial", "dob"),),
    not_asked=("offender_id", "deceased_date"),
)

OFFENDER_ADDRESS = Extract(
    "offender_address",
    "ndelius",
    "One row per address of a person on probation (nDelius OFFENDER_ADDRESS)",
    (
        identifier("crn", _CRN, LINKS_FROM_PROBATION, AT_SENTENCE, COURTS, null=False, pattern=CRN_PATTERN),
        day("start_date", "first day at the address", LINKS_FROM_PROBATION, AT_SENTENCE, null=False),
        day("end_date", "last day at the address; empty when current", LINKS_FROM_PROBATION, AT_SENTENCE),
        code(
            "address_status",
            "M main, P previous, B bail, PO postal, S secondary",
            ["M", "P", "B", "PO", "S"],
            LINKS_FROM_PROBATION,
            AT_SENTENCE,
            null=False,
        ),
        code("no_fixed_abode", "Y when of no fixed abode", "YN", LINKS_FROM_PROBATION, AT_SENTENCE),
        text(
            "postcode",
            "postcode as typed; ZZ99 3VZ and NF1 1NF mean no fixed abode",
            LINKS_FROM_PROBATION,
            AT_SENTENCE,
            WHERE_AT_SENTENCE,
            COURTS,
        ),
        code(
            "address_type",
            "accommodation type, see reference/code_lists/accommodation.csv",
            ADDRESS_TYPES,
            LINKS_FROM_PROBATION,
            AT_SENTENCE,
            spelt=spellings("accommodation", "delius_description", "delius_address_type_code"),
        ),
    ),
    orders=(Order("start_date", "end_date", rules.ENDS_BEFORE_START),),
    event_date="start_date",
)

EVENT_DISPOSAL = Extract(
    "event_disposal",
    "ndelius",
    "One row per sentenced event (nDelius EVENT, DISPOSAL, COURT)",
    (
        identifier("event_id", "event key", AT_SENTENCE, null=False),
        day("disposal_date", "date of sentence", FILES_FIT, null=False),
        code(
            "sentencing_court_type", "crown or magistrates", ["crown", "magistrates"], AT_SENTENCE, spelt=COURTS_SPELT
        ),
    ),
    ("event_id",),
    event_date="disposal_date",
    not_asked=(
        "crn",
        "event_number",
        "referral_date",
        "conviction_date",
        "disposal_id",
        "disposal_type",
        "disposal_length_days",
        "disposal_end_date",
        "disposal_termination_date",
        "disposal_termination_reason",
        "court_code",
        "court_name",
    ),
)

REQUIREMENT = Extract(
    "requirement",
    "ndelius",
    "One row per requirement of an order (nDelius RQMNT)",
    (
        identifier("requirement_id", "requirement key", WHAT_IS_COUNTED, null=False),
        identifier("crn", _CRN, WHAT_IS_COUNTED, LINKS_FROM_PROBATION, null=False, pattern=CRN_PATTERN),
        identifier("event_id", "event key", AT_SENTENCE, REPORTS, null=False),
        identifier("disposal_id", "disposal key: of one order", WHAT_IS_COUNTED, null=False),
        day("disposal_date", "date of sentence", AT_SENTENCE, LINKS_FROM_PROBATION, null=False),
        code(
            "disposal_type",
            "CO community order, SSO suspended sentence order",
            ["CO", "SSO"],
            AT_SENTENCE,
            null=False,
            spelt=ORDERS_SPELT,
        ),
        code(
            "requirement_type",
            "ATR, DRR; MHTR says that an order is left out; others are read and ignored",
            REQUIREMENT_TYPES,
            WHAT_IS_COUNTED,
            AT_SENTENCE,
            null=False,
            spelt=REQUIREMENTS_SPELT,
        ),
        day("start_date", "date imposed, usually the date of sentence", AT_SENTENCE, null=False),
        day("termination_date", "date it ended; empty while active", HOW_IT_ENDED),
        text("termination_reason", "why it ended, nDelius description", HOW_IT_ENDED, code_list=TERMINATION_REASONS),
        whole("length", "length in length_unit", 0, 3650, AT_SENTENCE),
        code("length_unit", "M months, D days, H hours", "MDH", AT_SENTENCE),
        code(
            "probation_region",
            "probation region of the manager at sentence",
            PROBATION_REGIONS,
            AT_SENTENCE,
            null=False,
            spelt=spellings("probation_regions", "delius_name", "report_name"),
        ),
    ),
    ("requirement_id",),
    orders=(Order("start_date", "termination_date", rules.TERMINATED_BEFORE_START),),
    event_date="disposal_date",
    not_asked=("sub_type", "commencement_date", "expected_end_date"),
)

MAIN_OFFENCE = Extract(
    "main_offence",
    "ndelius",
    "One row per event: the main offence sentenced (nDelius MAIN_OFFENCE)",
    (
        identifier("event_id", "event key", AT_SENTENCE, null=False),
        day("offence_date", "date of the offence", FURTHER_OFFENCE, null=False),
        text("offence_code", "Home Office offence code", FURTHER_OFFENCE, null=False),
        code("offence_group", "Home Office offence group", OFFENCE_GROUPS, AT_SENTENCE, null=False),
        code("is_drink_driving", "1 when drink driving", "01", AT_SENTENCE, null=False),
    ),
    ("event_id",),
    event_date="offence_date",
    not_asked=("offence_description", "main_category", "verdict"),
)

RISK = Extract(
    "risk",
    "ndelius",
    "One row per event: OGRS3 and RSR scores at sentence",
    (
        identifier("event_id", "event key", AT_SENTENCE, null=False),
        day("assessment_date", "date of the assessment", FILES_FIT, null=False),
        whole("ogrs3_2yr", "OGRS3 two-year score, per cent", 1, 100, AT_SENTENCE),
        decimal("rsr_score", "risk of serious recidivism, per cent", 0.01, 99.99, AT_SENTENCE),
        code("rsr_band", "band as recorded", ["low", "medium", "high"], AT_SENTENCE),
    ),
    ("event_id",),
    event_date="assessment_date",
    not_asked=("ogrs3_1yr",),
)

PRE_SENTENCE_REPORT = Extract(
    "pre_sentence_report",
    "ndelius",
    "One row per pre-sentence report (nDelius COURT_REPORT)",
    (
        identifier("report_id", "report key", REPORTS, null=False),
        identifier("event_id", "event key", REPORTS, null=False),
        day("date_requested", "date requested", REPORTS, null=False),
        day("completed_date", "date completed", REPORTS),
        day("sent_to_court_date", "date sent to court", REPORTS),
        code("type_delivered", "CJF fast, CJO oral, CJS standard", ["CJF", "CJO", "CJS"], REPORTS, spelt=REPORTS_SPELT),
    ),
    ("report_id",),
    orders=(
        Order("date_requested", "completed_date", rules.COMPLETED_BEFORE_REQUEST, void=("completed_date",)),
        Order("date_requested", "sent_to_court_date", rules.SENT_BEFORE_REQUEST, void=("sent_to_court_date",)),
    ),
    event_date="date_requested",
    not_asked=("crn", "date_required", "type_requested", "delivered_reason"),
)
