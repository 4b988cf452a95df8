"""What the folder courts holds: defendants, cases, offences and results of the three court systems."""

from contracts.code_lists import entries
from contracts.sources.columns import code, day, identifier, initial, text
from contracts.sources.spellings import COURTS_SPELT, CRN_PATTERN, SEXES_SPELT
from contracts.sources.uses import COURTS
from resources.extracts.extract_declaration import Extract
from resources.extracts.values.identity_numbers import CRO_PATTERN, PNC_PATTERN

COURT_SYSTEMS = ["xhibit", "libra", "common_platform"]
OUTCOMES = entries("reconviction_outcomes", "outcome")

DEFENDANT = Extract(
    "defendant",
    "courts",
    "One row per defendant of a court system",
    (
        code("source_system", "xhibit, libra or common_platform", COURT_SYSTEMS, COURTS, null=False),
        identifier("defendant_id", "defendant key", COURTS, null=False),
        initial("forename_initial", "first letter of the forename", COURTS),
        initial("surname_initial", "first letter of the surname", COURTS),
        day("dob", "date of birth", COURTS, birth=True),
        code("sex", "M, F, N, O", "MFNO", COURTS, spelt=SEXES_SPELT),
        text("postcode", "postcode as typed", COURTS),
        identifier("pnc_number", "police number", COURTS, pattern=PNC_PATTERN),
        identifier("cro_number", "criminal record number", COURTS, pattern=CRO_PATTERN),
        identifier("crn", "CRN, if known", COURTS, pattern=CRN_PATTERN),
    ),
    ("defendant_id",),
    one_of=(("dob", "pnc_number", "cro_number", "crn"),),
    not_asked=("ethnicity",),
)
CASE = Extract(
    "case",
    "courts",
    "One row per court case",
    (
        identifier("case_id", "case key", COURTS, null=False),
        identifier("defendant_id", "defendant key", COURTS, null=False),
        code(
            "court_type",
            "crown, magistrates or youth",
            ["crown", "magistrates", "youth"],
            COURTS,
            spelt=COURTS_SPELT | {"Youth Court": "youth"},
        ),
    ),
    ("case_id", "defendant_id"),
    not_asked=("court_code", "receipt_date", "case_type"),
)
OFFENCE = Extract(
    "offence",
    "courts",
    "One row per offence of a case",
    (
        identifier("offence_id", "offence key", COURTS, null=False),
        identifier("case_id", "case key", COURTS, null=False),
        identifier("defendant_id", "defendant key", COURTS, null=False),
        day("offence_date", "date of the offence", COURTS),
        text("ho_offence_code", "Home Office offence code", COURTS),
    ),
    ("offence_id",),
    event_date="offence_date",
    one_of=(("offence_date",),),  # without it no offence is shown to be a further one: nobody would be reconvicted
    not_asked=("offence_group", "plea", "verdict"),
)
RESULT = Extract(
    "result",
    "courts",
    "One row per result (disposal) of an offence at an appearance",
    (
        identifier("result_id", "result key", COURTS, null=False),
        identifier("offence_id", "offence key", COURTS, null=False),
        day("appearance_date", "date of the court appearance", COURTS, null=False),
        text(
            "result_text",
            "outcome in words, matched to reference/code_lists/reconviction_outcomes.csv",
            COURTS,
            null=False,
            code_list=OUTCOMES,
        ),
    ),
    ("result_id",),
    event_date="appearance_date",
    not_asked=("result_code", "is_final"),
)
