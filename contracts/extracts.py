"""Every extract file a data supplier sends: its folder, its columns, what each means and which values are allowed.

Belongs here: the declaration of the files (data dictionary of the study). Does not belong here: the kinds of column
and what they accept (resources/extract_declaration.py), how a file is read (resources/extract_reader.py), nor any
table the pipeline makes itself (the zones' schemas).
"""

from contracts.code_lists import entries, spellings
from resources import extract_rules as rules
from resources.extract_declaration import Column, Extract, Order
from resources.extract_references import Agreement, Reference
from resources.identity_numbers import CRO_PATTERN, NOMS_PATTERN, PNC_PATTERN

ETHNICITY_PROBATION = [
    "W1", "W2", "W3", "W4", "W5", "W8", "W9", "M1", "M2", "M3", "M9", "A1", "A2", "A3", "A4", "A9", "B1", "B2", "B9",
    "O1", "O2", "O9", "NS", "Z1", "ETH03", "ETH04", "ETH05", "MERGE", "UN",
]
ETHNICITY_TREATMENT = list("ABCDEFGHJKLMNPRSZ")
REQUIREMENT_TYPES = [
    "ATR", "DRR", "MHTR", "AAMR", "RAR", "UPW", "CURFEW", "PROGRAMME", "RESIDENCE", "EXCLUSION", "OTHER",
]
PROBATION_REGIONS = [
    "Greater London", "Greater Manchester", "North West", "West Midlands", "East Midlands", "North East",
    "Yorkshire and the Humber", "East of England", "Kent, Surrey and Sussex", "South West", "South Central", "Wales",
]
OFFENCE_GROUPS = [
    "Violence against the person", "Sexual offences", "Robbery", "Theft offences", "Criminal damage and arson",
    "Drug offences", "Possession of weapons", "Public order offences", "Miscellaneous crimes against society",
    "Fraud offences", "Summary non-motoring", "Summary motoring", "Not known",
]
COURT_SYSTEMS = ["xhibit", "libra", "common_platform"]


DRUGS = entries("ndtms_drug_codes_partial", "code", "label")
DISCHARGE_REASONS = entries("ndtms_discharge_reasons", "code", "label")
TERMINATION_REASONS = entries("termination_reasons", "report_category", "ndelius_description_examples")
OUTCOMES = entries("reconviction_outcomes", "outcome")
# What the source systems show in place of a code.
SEXES_SPELT = {"Male": "M", "Female": "F"}
COURTS_SPELT = {
    "Crown Court": "crown", "Magistrates' Court": "magistrates", "Magistrates Court": "magistrates",
    "Magistrate": "magistrates",
}
ORDERS_SPELT = spellings("disposal_types", "label", "code") | spellings(
    "disposal_types", "ndelius_description_examples", "code"
)
REPORTS_SPELT = spellings("psr_types", "label", "code") | {"Fast": "CJF", "Oral": "CJO", "Standard": "CJS"}
REQUIREMENTS_SPELT = {
    "Alcohol Treatment": "ATR", "Alcohol Treatment Requirement": "ATR", "Drug Rehabilitation": "DRR",
    "Drug Rehabilitation Requirement": "DRR", "Mental Health Treatment": "MHTR",
    "Mental Health Treatment Requirement": "MHTR", "Rehabilitation Activity Requirement": "RAR",
    "Unpaid Work": "UPW", "Unpaid Work Requirement": "UPW",
}


def _text(name: str, meaning: str, null: bool = True, code_list: tuple[str, ...] = ()) -> Column:
    return Column(name, "text", meaning, null, code_list=code_list)


def _id(name: str, meaning: str, null: bool = True, pattern: str = "") -> Column:
    return Column(name, "id", meaning, null, pattern=pattern)


def _date(name: str, meaning: str, null: bool = True, future_ok: bool = False, birth: bool = False) -> Column:
    return Column(name, "date", meaning, null, future_ok=future_ok, birth=birth)


def _whole(name: str, meaning: str, low: float, high: float, null: bool = True) -> Column:
    return Column(name, "whole", meaning, null, low=low, high=high)


def _code(name: str, meaning: str, allowed, null: bool = True, spelt: dict[str, str] | None = None) -> Column:
    return Column(name, "code", meaning, null, allowed=tuple(allowed), spelt=tuple((spelt or {}).items()))


def _initial(name: str, meaning: str) -> Column:
    return Column(name, "initial", meaning)


CRN = _id("crn", "Case Reference Number of the person on probation", null=False, pattern=r"^[A-Z][0-9]{6}$")

OFFENDER = Extract(
    "offender", "ndelius", "One row per person on probation with an ATR or DRR (nDelius OFFENDER)",
    (
        CRN,
        Column("offender_id", "id", "internal nDelius key, dropped on reading", kept=False),
        _initial("forename_initial", "first letter of the forename"),
        _initial("surname_initial", "first letter of the surname"),
        _date("dob", "date of birth", birth=True),
        _code("sex", "M male, F female, N not known, O other", "MFNO", spelt=SEXES_SPELT),
        _code("ethnicity", "18+1 ethnicity code used in probation", ETHNICITY_PROBATION),
        _id("noms_number", "prison number, joins to p-NOMIS", pattern=NOMS_PATTERN),
        _id("pnc_number", "police number, joins to courts", pattern=PNC_PATTERN),
        _id("cro_number", "criminal record number, joins to courts", pattern=CRO_PATTERN),
        _date("deceased_date", "date of death, if known"),
        _code("soft_deleted", "1 when the record was deleted in nDelius", "01", null=False),
    ),
    ("crn",),
    orders=(Order("dob", "deceased_date", rules.BORN_AFTER_DEATH, void=("dob", "deceased_date")),),
    one_of=(("forename_initial", "surname_initial", "dob"),),
)

OFFENDER_ADDRESS = Extract(
    "offender_address", "ndelius", "One row per address of a person on probation (nDelius OFFENDER_ADDRESS)",
    (
        CRN,
        _date("start_date", "first day at the address", null=False),
        _date("end_date", "last day at the address; empty when current"),
        _code(
            "address_status", "M main, P previous, B bail, PO postal, S secondary", ["M", "P", "B", "PO", "S"],
            null=False,
        ),
        _code("no_fixed_abode", "Y when of no fixed abode", "YN"),
        _text("postcode", "postcode as typed; ZZ99 3VZ and NF1 1NF mean no fixed abode"),
        _code(
            "address_type", "accommodation type, see reference/code_lists/accommodation.csv",
            [
                "A01A", "A01C", "A01D", "A02", "A03", "A04", "A07A", "A07B", "A08", "A08A", "A08C", "A10", "A11", "A12",
                "A13", "A14", "A15", "A16", "A17",
            ],
            spelt=spellings("accommodation", "delius_description", "delius_address_type_code"),
        ),
    ),
    orders=(Order("start_date", "end_date", rules.ENDS_BEFORE_START),),
    event_date="start_date",
)

EVENT_DISPOSAL = Extract(
    "event_disposal", "ndelius", "One row per sentenced event and its disposal (nDelius EVENT, DISPOSAL, COURT)",
    (
        CRN,
        _text("event_number", "number of the event within the person", null=False),
        _id("event_id", "event key", null=False),
        _date("referral_date", "date of referral"),
        _date("conviction_date", "date of conviction"),
        _id("disposal_id", "disposal key", null=False),
        _date("disposal_date", "date of sentence", null=False),
        _text("disposal_type", "description, e.g. ORA Community Order, SA2020 Suspended Sentence Order", null=False),
        _whole("disposal_length_days", "length of the order in days", 0, 20000),
        _date("disposal_end_date", "notional end of the order", future_ok=True),
        _date("disposal_termination_date", "date the order ended"),
        _text("disposal_termination_reason", "why the order ended"),
        _code("sentencing_court_type", "crown or magistrates", ["crown", "magistrates"], spelt=COURTS_SPELT),
        _text("court_code", "court code"),
        _text("court_name", "court name"),
    ),
    ("event_id",),
    orders=(
        Order("conviction_date", "disposal_date", rules.SENTENCED_BEFORE_CONVICTION, void=("conviction_date",)),
        Order("disposal_date", "disposal_end_date", rules.DUE_BEFORE_START, void=("disposal_end_date",)),
        Order(
            "disposal_date", "disposal_termination_date", rules.TERMINATED_BEFORE_START,
            void=("disposal_termination_date",),
        ),
    ),
    event_date="disposal_date",
)

REQUIREMENT = Extract(
    "requirement", "ndelius", "One row per requirement of an order (nDelius RQMNT)",
    (
        _id("requirement_id", "requirement key", null=False),
        CRN,
        _id("event_id", "event key", null=False),
        _id("disposal_id", "disposal key", null=False),
        _date("disposal_date", "date of sentence", null=False),
        _code(
            "disposal_type", "CO community order, SSO suspended sentence order", ["CO", "SSO"], null=False,
            spelt=ORDERS_SPELT,
        ),
        _code(
            "requirement_type", "ATR, DRR; other types are read and ignored", REQUIREMENT_TYPES, null=False,
            spelt=REQUIREMENTS_SPELT,
        ),
        _text("sub_type", "residential or non-residential"),
        _date("start_date", "date imposed, usually the date of sentence", null=False),
        _date("commencement_date", "date the requirement began"),
        _date("expected_end_date", "expected end", future_ok=True),
        _date("termination_date", "date it ended; empty while active"),
        _text("termination_reason", "why it ended, nDelius description", code_list=TERMINATION_REASONS),
        _whole("length", "length in length_unit", 0, 3650),
        _code("length_unit", "M months, D days, H hours", "MDH"),
        _code(
            "probation_region", "probation region of the manager at sentence", PROBATION_REGIONS, null=False,
            spelt=spellings("probation_regions", "delius_name", "report_name"),
        ),
    ),
    ("requirement_id",),
    orders=(
        Order("start_date", "termination_date", rules.TERMINATED_BEFORE_START),
        Order("start_date", "expected_end_date", rules.DUE_BEFORE_START, void=("expected_end_date",)),
    ),
    event_date="disposal_date",
)

MAIN_OFFENCE = Extract(
    "main_offence", "ndelius", "One row per event: the main offence sentenced (nDelius MAIN_OFFENCE)",
    (
        _id("event_id", "event key", null=False),
        _date("offence_date", "date of the offence", null=False),
        _text("offence_code", "Home Office offence code", null=False),
        _text("offence_description", "offence in words", code_list=tuple(OFFENCE_GROUPS)),
        _text("main_category", "main category in words", code_list=tuple(OFFENCE_GROUPS)),
        _code("offence_group", "Home Office offence group", OFFENCE_GROUPS, null=False),
        _code("is_drink_driving", "1 when drink driving", "01", null=False),
        _code("verdict", "G guilty, N not guilty, M not known", "GNM"),
    ),
    ("event_id",),
    event_date="offence_date",
)

RISK = Extract(
    "risk", "ndelius", "One row per event: OGRS3 and RSR scores at sentence",
    (
        _id("event_id", "event key", null=False),
        _date("assessment_date", "date of the assessment", null=False),
        _whole("ogrs3_1yr", "OGRS3 one-year score, per cent", 1, 100),
        _whole("ogrs3_2yr", "OGRS3 two-year score, per cent", 1, 100),
        Column("rsr_score", "decimal", "risk of serious recidivism, per cent", low=0.01, high=99.99),
        _code("rsr_band", "band as recorded", ["low", "medium", "high"]),
    ),
    ("event_id",),
    orders=(Order("ogrs3_1yr", "ogrs3_2yr", rules.SOONER_LIKELIER, void=("ogrs3_1yr", "ogrs3_2yr")),),
    event_date="assessment_date",
)

PRE_SENTENCE_REPORT = Extract(
    "pre_sentence_report", "ndelius", "One row per pre-sentence report (nDelius COURT_REPORT)",
    (
        _id("report_id", "report key", null=False),
        CRN,
        _id("event_id", "event key", null=False),
        _date("date_requested", "date requested", null=False),
        _date("date_required", "date required", null=False, future_ok=True),
        _date("completed_date", "date completed"),
        _date("sent_to_court_date", "date sent to court"),
        _code(
            "type_requested", "CJF fast, CJO oral, CJS standard", ["CJF", "CJO", "CJS"], spelt=REPORTS_SPELT,
        ),
        _code(
            "type_delivered", "CJF fast, CJO oral, CJS standard", ["CJF", "CJO", "CJS"], spelt=REPORTS_SPELT,
        ),
        _text("delivered_reason", "why another type was delivered"),
    ),
    ("report_id",),
    orders=(
        Order("date_requested", "completed_date", rules.COMPLETED_BEFORE_REQUEST, void=("completed_date",)),
        Order("date_requested", "sent_to_court_date", rules.SENT_BEFORE_REQUEST, void=("sent_to_court_date",)),
    ),
    event_date="date_requested",
)

CONTACT_NOTE = Extract(
    "contact_note", "contact_notes", "One row per contact with its note (nDelius CONTACT); read by the notes zone only",
    (
        _id("contact_id", "contact key", null=False),
        CRN,
        _id("requirement_id", "requirement the contact was recorded under, if any"),
        _date("contact_date", "date of the contact", null=False),
        _text("contact_start_time", "time HH:MM"),
        _text("contact_type", "e.g. Office Appointment, Case Note", null=False),
        _text("outcome", "e.g. Attended, Failed to attend"),
        _code("attended", "Y or N", "YN"),
        _code("complied", "Y or N", "YN"),
        _code("sensitive", "Y when marked sensitive", "YN"),
        Column("notes", "note", "free text of the contact"),
    ),
    ("contact_id",),
    may_be_blank=("sensitive",),
    one_of=(("notes",), ("sensitive",)),  # without the mark, sensitive notes would be read as if they were not
    event_date="contact_date",
)

_CLIENT = (
    _text("AGNCY", "treatment provider", null=False),
    _id("CLIENTID", "pseudonym of the person in NDTMS, the same in all five data sets", null=False),
)
_PERSON = (
    _code("CONSENT", "N: the person refused to share; nothing else may be filled", "YN", null=False),
    _initial("FINITIAL", "first letter of the forename"),
    _initial("SINITIAL", "first letter of the surname"),
    _date("DOB", "date of birth", birth=True),
    _code("SEX", "M or 1 male, F or 2 female, 0 and 9 not known", "MF1209", spelt=SEXES_SPELT),
    _code("ETHNIC", "NHS 2001 ethnicity letter", ETHNICITY_TREATMENT),
)
_EPISODE = (
    _id("EPISODID", "episode key", null=True),
    *_PERSON,
    _text("NATION", "nationality, ISO three letters"),
)
_AREA = (
    _text("PC", "postcode, whole or cut to the sector"),
    _text("UTLA", "ONS code of the upper tier local authority"),
)
_CLINICAL = (
    _code("ACCMNEED", "1 urgent NFA, 2 housing problem, 3 none", "123"),
    _date("REFLD", "date of referral"),
    _text("RFLS", "referral source code"),
    _date("TRIAGED", "date of triage: start of treatment"),
    _date("CPLANDT", "date the care plan started"),
    _text("DRUG1", "main problem substance", code_list=DRUGS),
    _text("DRUG2", "second problem substance; 9996 none", code_list=DRUGS),
    _text("DRUG3", "third problem substance; 9997 none", code_list=DRUGS),
    _whole("DRUG1AGE", "age of first use", 5, 99),
    _code("ROUTE", "1 inject 2 sniff 3 smoke 4 oral 5 other", "12345"),
    _code("INJSTAT", "P previously, C currently, N never, Z not stated", "PCNZ"),
    _whole("ALCDDAYS", "drinking days in 28", 0, 28),
    _whole("ALCUNITS", "units on a drinking day", 0, 200),
    _code("DUALDIAG", "mental health need", "YN"),
    _text("EMPSTAT", "employment status code"),
    _text("SEXUAL", "sexual orientation code"),
    _text("PREGNANT", "pregnant Y/N"),
    _text("PRNTSTAT", "parental status code"),
    _text("CHILDWTH", "children living with the client"),
    _date("DISD", "date of discharge; empty while open"),
    _text(
        "DISRSN", "discharge reason, see reference/code_lists/ndtms_discharge_reasons.csv",
        code_list=DISCHARGE_REASONS,
    ),
    _text("DISDEST", "discharge destination"),
    _code("PREVTR", "previously treated", "YN"),
)
_CLIENT_FOUND_BY = ("FINITIAL", "SINITIAL", "DOB")
# Without starts nobody is in treatment; without ends everybody still is; without reasons everybody dropped out.
_BLANK_WHILE_OPEN = ("DISD", "DISRSN")
_EPISODE_TOLD_BY = (_CLIENT_FOUND_BY, ("TRIAGED",), ("DISD",), ("DISRSN",))
_SECURE = (
    _text("UTLA", "ONS code of the upper tier local authority of residence"),
    _text("ESTABLISHMENT", "establishment code"),
    _date("RECEPTIOND", "date of reception"),
    _text("TRANSFROM", "establishment transferred from"),
    _text("TRANSTO", "establishment transferred to"),
    _text("RELDEST", "destination on release"),
    _code("RELREF", "referred on at release", "YN"),
)

_BORN_BEFORE_REFERRAL = (Order("DOB", "REFLD", rules.BORN_AFTER_REFERRAL),)
_EPISODE_ORDERS = (
    *_BORN_BEFORE_REFERRAL,
    Order("DOB", "TRIAGED", rules.BORN_AFTER_REFERRAL),
    Order("TRIAGED", "DISD", rules.DISCHARGED_BEFORE_TRIAGE),
    Order("REFLD", "TRIAGED", rules.TRIAGED_BEFORE_REFERRAL, void=("REFLD",)),
)

ADULT_COMMUNITY = Extract(
    "adult_community", "ndtms", "One row per episode (and address) of adult community treatment",
    (*_CLIENT, *_EPISODE, *_AREA, *_CLINICAL),
    orders=_EPISODE_ORDERS,
    one_of=_EPISODE_TOLD_BY,
    may_be_blank=_BLANK_WHILE_OPEN,
    event_date="REFLD",
)
YP_COMMUNITY = Extract(
    "yp_community", "ndtms", "One row per episode (and address) of young people's community treatment",
    (*_CLIENT, *_EPISODE, *_AREA, *_CLINICAL, _text("YPSYOT", "known to the youth justice service")),
    orders=_EPISODE_ORDERS,
    one_of=_EPISODE_TOLD_BY,
    may_be_blank=_BLANK_WHILE_OPEN,
    event_date="REFLD",
)
ADULT_SECURE = Extract(
    "adult_secure", "ndtms", "One row per episode of adult treatment in custody",
    (*_CLIENT, *_EPISODE, *_SECURE, *_CLINICAL),
    orders=_EPISODE_ORDERS,
    one_of=_EPISODE_TOLD_BY,
    may_be_blank=_BLANK_WHILE_OPEN,
    event_date="REFLD",
)
YP_SECURE = Extract(
    "yp_secure", "ndtms", "One row per episode of young people's treatment in custody",
    (*_CLIENT, *_EPISODE, *_SECURE, *_CLINICAL),
    may_be_empty=True,
    orders=_EPISODE_ORDERS,
    one_of=_EPISODE_TOLD_BY,
    may_be_blank=_BLANK_WHILE_OPEN,
    event_date="REFLD",
)
CJIT = Extract(
    "cjit", "ndtms", "One row per contact with a criminal justice intervention team (not structured treatment)",
    (
        *_CLIENT,
        _id("EPISODID", "contact key"),
        *_PERSON,
        *_AREA,
        _date("REFLD", "date of referral"),
        _date("CJITTRD", "date of contact or assessment"),
        _date("CMSTARTD", "start of case management"),
        _date("CMENDD", "closure of case management"),
        _text("CLOSRSN", "closure label"),
        _text("NALOXISS", "naloxone issued"),
        _text("VETERAN", "veteran"),
        _text("EHCSC", "early help or children's social care"),
    ),
    orders=(
        *_BORN_BEFORE_REFERRAL,
        Order("CMSTARTD", "CMENDD", rules.ENDS_BEFORE_START),
        Order("CJITTRD", "CMENDD", rules.ENDS_BEFORE_START),
    ),
    one_of=(_CLIENT_FOUND_BY, ("CJITTRD", "CMSTARTD")),
    event_date="REFLD",
)

# Days of use in the last 28, by substance, in the words of the published table.
USE_COLUMNS = {
    "ALCUSE": "Alcohol", "OPIUSE": "Opiates", "CRAUSE": "Crack", "COCAUSE": "Cocaine", "AMPHUSE": "Amphetamines",
    "CANNUSE": "Cannabis", "OTDRGUSE": "Other drugs",
}
# Treatment stages of a form. The public lists give the names; the letters are ours (docs/quality/assumptions.md).
STAGES = ["S", "R", "E", "P"]
STAGES_SPELT = {
    "Start": "S", "Treatment start": "S", "TS": "S", "Review": "R", "Treatment review": "R", "Care plan review": "R",
    "RV": "R", "TR": "R", "Exit": "E", "Treatment exit": "E", "TE": "E", "Discharge": "E",
    "Post-treatment exit": "P", "Post treatment exit": "P", "Post-exit": "P", "Post discharge": "P", "PE": "P",
    "PT": "P",
}
OUTCOME_PROFILE = Extract(
    "outcome_profile", "ndtms",
    "One row per form of the Treatment Outcomes Profile, or its young people's version: days of use only",
    (
        *_CLIENT,
        _id("EPISODID", "episode that the form belongs to", null=False),
        _date("TOPDATE", "date of the form", null=False),
        _code("TRSTAGE", "S start, R review, E exit, P after exit", STAGES, null=False, spelt=STAGES_SPELT),
        *(
            _whole(column, f"{words.lower()}: days used in the last 28", 0, 28)
            for column, words in USE_COLUMNS.items()
        ),
    ),
    ("AGNCY", "CLIENTID", "EPISODID", "TOPDATE", "TRSTAGE"),
    one_of=(tuple(USE_COLUMNS),),
    event_date="TOPDATE",
    absent_means="substance use before and after treatment is not available, and table 33 says so",
)

PRISON_SPELL = Extract(
    "prison_spell", "pnomis", "One row per period in custody (p-NOMIS bookings)",
    (
        _id("noms_number", "prison number", null=False, pattern=NOMS_PATTERN),
        _id("booking_id", "booking key", null=False),
        _date("reception_date", "first night in custody", null=False),
        _date("release_date", "release; empty while in custody at the extract"),
        _code(
            "spell_type", "legal status",
            ["remand", "convicted_unsentenced", "sentenced", "recall", "civil", "immigration"], null=False,
        ),
        _text("reception_reason", "why received"),
        _text("release_reason", "why released"),
        _text("establishment_code", "establishment"),
        _date("sentence_date", "date of sentence"),
        _text("main_offence_code", "main offence"),
        _id("crn", "CRN, if the extract was already linked", pattern=r"^[A-Z][0-9]{6}$"),
    ),
    ("booking_id",),
    orders=(Order("reception_date", "release_date", rules.RELEASED_BEFORE_RECEPTION),),
    event_date="reception_date",
)

DEFENDANT = Extract(
    "defendant", "courts", "One row per defendant of a court system",
    (
        _code("source_system", "xhibit, libra or common_platform", COURT_SYSTEMS, null=False),
        _id("defendant_id", "defendant key", null=False),
        _initial("forename_initial", "first letter of the forename"),
        _initial("surname_initial", "first letter of the surname"),
        _date("dob", "date of birth", birth=True),
        _code("sex", "M, F, N, O", "MFNO", spelt=SEXES_SPELT),
        _code("ethnicity", "18+1 code", ETHNICITY_PROBATION),
        _text("postcode", "postcode as typed"),
        _id("pnc_number", "police number", pattern=PNC_PATTERN),
        _id("cro_number", "criminal record number", pattern=CRO_PATTERN),
        _id("crn", "CRN, if known", pattern=r"^[A-Z][0-9]{6}$"),
    ),
    ("defendant_id",),
    one_of=(("dob", "pnc_number", "cro_number", "crn"),),
)
CASE = Extract(
    "case", "courts", "One row per court case",
    (
        _id("case_id", "case key", null=False),
        _id("defendant_id", "defendant key", null=False),
        _code("court_type", "crown, magistrates or youth", ["crown", "magistrates", "youth"],
              spelt=COURTS_SPELT | {"Youth Court": "youth"}),
        _text("court_code", "court code"),
        _date("receipt_date", "date received"),
        _code("case_type", "trial, sentence or appeal", ["trial", "sentence", "appeal"]),
    ),
    ("case_id", "defendant_id"),
    event_date="receipt_date",
)
OFFENCE = Extract(
    "offence", "courts", "One row per offence of a case",
    (
        _id("offence_id", "offence key", null=False),
        _id("case_id", "case key", null=False),
        _id("defendant_id", "defendant key", null=False),
        _date("offence_date", "date of the offence"),
        _text("ho_offence_code", "Home Office offence code"),
        _code("offence_group", "Home Office offence group", OFFENCE_GROUPS),
        _text("plea", "plea"),
        _text("verdict", "verdict"),
    ),
    ("offence_id",),
    event_date="offence_date",
    one_of=(("offence_date",),),  # without it no offence is shown to be a further one: nobody would be reconvicted
)
RESULT = Extract(
    "result", "courts", "One row per result (disposal) of an offence at an appearance",
    (
        _id("result_id", "result key", null=False),
        _id("offence_id", "offence key", null=False),
        _date("appearance_date", "date of the court appearance", null=False),
        _text(
            "result_text", "outcome in words, matched to reference/code_lists/reconviction_outcomes.csv", null=False,
            code_list=OUTCOMES,
        ),
        _text("result_code", "outcome code"),
        _code("is_final", "1 when final", "01"),
    ),
    ("result_id",),
    event_date="appearance_date",
)

LINKAGE_EXTRACTS = (
    OFFENDER, OFFENDER_ADDRESS, EVENT_DISPOSAL, REQUIREMENT, MAIN_OFFENCE, RISK, PRE_SENTENCE_REPORT,
    ADULT_COMMUNITY, YP_COMMUNITY, ADULT_SECURE, YP_SECURE, CJIT, OUTCOME_PROFILE,
    PRISON_SPELL, DEFENDANT, CASE, OFFENCE, RESULT,
)
NOTES_EXTRACTS = (CONTACT_NOTE,)
ALL_EXTRACTS = LINKAGE_EXTRACTS + NOTES_EXTRACTS
EXTRACT_BY_NAME = {extract.name: extract for extract in ALL_EXTRACTS}

# The check by which they must fit together, in the dry run and in the linkage zone.
EXTRACTS_CHECK = "extracts_fit_together"
# How the files fit together: each reference once, with the share that must be found. Where a share is 1 in an extract
# of one cohort, 0.75 leaves room for records that were deleted or came late, and catches a file a third of which is
# wrong. `pathways check` and a refresh judge the same lists (resources/extract_references.py).
REFERENCES = (
    Reference("requirement", "crn", "offender", 0.75, least_covered=0.5),
    Reference("offender_address", "crn", "offender", 0.75, least_covered=0.85, either=True),
    Reference("event_disposal", "crn", "offender", 0.75, least_covered=0.8, either=True),
    Reference("requirement", "event_id", "event_disposal", 0.75),
    Reference("requirement", "disposal_id", "event_disposal", 0.75),
    # Probation may send events that are not studied: what counts is how many sentenced events have a row.
    Reference("main_offence", "event_id", "event_disposal", 0.0, least_covered=0.75),
    Reference("risk", "event_id", "event_disposal", 0.0, least_covered=0.7),
    Reference("pre_sentence_report", "event_id", "event_disposal", 0.75, least_covered=0.5, either=True),
    Reference("contact_note", "crn", "offender", 0.75, least_covered=0.05),
    Reference("contact_note", "requirement_id", "requirement", 0.75),
    # Young people's and secure episodes have forms too, and not every adult has one.
    Reference("outcome_profile", "EPISODID", "adult_community", 0.5, least_covered=0.3),
    Reference("case", "defendant_id", "defendant", 0.75, least_covered=0.5),
    Reference("offence", "defendant_id", "defendant", 0.75, least_covered=0.5),
    Reference("offence", "case_id", "case", 0.75),
    Reference("result", "offence_id", "offence", 0.75, least_covered=0.5),
    # Courts and prisons may send everybody, or few of the people studied: one direction is enough (`either`).
    Reference("defendant", "crn", "offender", 0.75, least_covered=0.65, either=True),
    Reference("defendant", "pnc_number", "offender", 0.75, least_covered=0.75, either=True, compared_as="pnc"),
    Reference("defendant", "cro_number", "offender", 0.75, least_covered=0.6, either=True, compared_as="cro"),
    Reference("prison_spell", "crn", "offender", 0.75, least_covered=0.75, either=True),
    Reference("prison_spell", "noms_number", "offender", 0.75, least_covered=0.7, either=True, compared_as="noms"),
)
# The same keys can stand for other people and other sentences: what both files say must agree.
AGREEMENTS = (
    Agreement("requirement", "event_id", "event_disposal", "crn", "crn", 0.75),
    Agreement("requirement", "event_id", "event_disposal", "disposal_id", "disposal_id", 0.75),
    Agreement("requirement", "event_id", "event_disposal", "disposal_date", "disposal_date", 0.75, days=(0, 0)),
    # Nobody is sentenced before the age of ten, let alone before birth; nobody lives two hundred years.
    Agreement("requirement", "crn", "offender", "disposal_date", "dob", 0.9, days=(3652, 73050)),
    Agreement(
        "requirement", "crn", "offender", "disposal_date", "deceased_date", 0.9, days=(-36525, 0), essential=False
    ),
    Agreement("pre_sentence_report", "event_id", "event_disposal", "crn", "crn", 0.75),
    Agreement("pre_sentence_report", "event_id", "event_disposal", "date_requested", "disposal_date", 0.75,
              days=(-730, 0)),
    Agreement("main_offence", "event_id", "event_disposal", "offence_date", "disposal_date", 0.75, days=(-36525, 0)),
    Agreement("risk", "event_id", "event_disposal", "assessment_date", "disposal_date", 0.75, days=(-366, 366)),
    Agreement("contact_note", "requirement_id", "requirement", "crn", "crn", 0.75),
    Agreement("outcome_profile", "EPISODID", "adult_community", "CLIENTID", "CLIENTID", 0.75),
    Agreement("offence", "case_id", "case", "defendant_id", "defendant_id", 0.75),
    Agreement("result", "offence_id", "offence", "appearance_date", "offence_date", 0.75, days=(0, 36525)),
)
# What the notes zone can judge by itself, which reads no other extract: the notes beside the request for them.
NOTE_REQUEST_REFERENCES = (
    Reference("contact_note", "crn", "note_request", 0.0, least_covered=0.5),
    Agreement("contact_note", "requirement_id", "note_request", "crn", "crn", 0.75),
)
