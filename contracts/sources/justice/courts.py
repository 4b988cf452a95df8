"""What the folders crown and magistrates hold: one row per defendant and case (Xhibit, Libra)."""

from contracts.sources.columns import code, day, identifier, text
from contracts.sources.justice.codes import COURT_ETHNICITIES, COURT_OUTCOMES, RECEIPT_TYPES
from contracts.sources.justice.people import names, police_numbers
from contracts.sources.justice.uses import (
    COMPARED,
    CUSTODY,
    FOLLOWED,
    JOURNEYS,
    OUTCOMES,
    REACHED,
    WHO_CROWN,
    WHO_MAGISTRATES,
)
from contracts.sources.ndelius import OFFENCE_GROUPS
from contracts.sources.spellings import CRN_PATTERN, SEXES_SPELT
from resources.extracts.extract_declaration import Column, Extract, Use
from resources.extracts.values.identity_numbers import KEY_PATTERN

_ETHNICITIES_SPELT = {label: letter for letter, label in COURT_ETHNICITIES.items()}
# Keys of cases and of defendants on them are released as record keys, so no name can stand in their place.
_HAS_A_NAME = (("forename", "surname"),)


def _defendant(who: Use) -> tuple[Column, ...]:
    return (
        identifier(
            "defendant_on_case_id",
            "key of the defendant on the case",
            *(who, JOURNEYS, FOLLOWED, REACHED, CUSTODY, COMPARED),
            null=False,
            pattern=KEY_PATTERN,
        ),
        identifier("case_id", "case key", JOURNEYS, null=False, pattern=KEY_PATTERN),
        *names(who, OUTCOMES, CUSTODY),
        code("sex", "M, F, N, O", "MFNO", who, OUTCOMES, CUSTODY, spelt=SEXES_SPELT),
        code(
            "ethnicity",
            "five groups, as an officer saw them",
            COURT_ETHNICITIES,
            *(who, OUTCOMES, CUSTODY),
            spelt=_ETHNICITIES_SPELT,
        ),
        text("postcode", "postcode as typed; may be that of a prison or a solicitor", who),
        *police_numbers(who),
        identifier("crn", "CRN, if known", who, pattern=CRN_PATTERN),
    )


def _sentence(who: Use, *of_court: Use) -> tuple[Column, ...]:
    followed = (OUTCOMES, FOLLOWED, CUSTODY, COMPARED)
    return (
        identifier("court_code", "court", *of_court, CUSTODY, null=False),
        text("offence_code", "Home Office code of the main offence", JOURNEYS),
        code("offence_group", "Home Office group of the main offence", OFFENCE_GROUPS, OUTCOMES, CUSTODY),
        code("outcome", "how the case ended for the defendant", COURT_OUTCOMES, *followed),
        day("sentence_date", "date of the sentence; empty without one", who, *followed),
    )


CROWN_DEFENDANT_CASE = Extract(
    "crown_defendant_case",
    "crown",
    "One row per defendant and Crown Court case (Xhibit)",
    (
        *_defendant(WHO_CROWN),
        day("receipt_date", "date on which the case was received", WHO_CROWN, JOURNEYS, REACHED, null=False),
        code("receipt_type", "for trial, sentence or appeal", RECEIPT_TYPES, JOURNEYS),
        identifier("sent_from_court_code", "magistrates' court that sent it, where recorded", JOURNEYS),
        *_sentence(WHO_CROWN),
    ),
    ("defendant_on_case_id",),
    event_date="receipt_date",
    one_of=_HAS_A_NAME,
)
MAGISTRATES_DEFENDANT_CASE = Extract(
    "magistrates_defendant_case",
    "magistrates",
    "One row per defendant and magistrates' court case (Libra)",
    (
        *_defendant(WHO_MAGISTRATES),
        day("first_hearing_date", "date of the first hearing", WHO_MAGISTRATES, REACHED, null=False),
        day("committal_date", "date on which it was sent or committed to the Crown Court; else empty", JOURNEYS),
        code("committed_for", "for trial, sentence or appeal; else empty", RECEIPT_TYPES, JOURNEYS),
        *_sentence(WHO_MAGISTRATES, JOURNEYS),
    ),
    ("defendant_on_case_id",),
    event_date="first_hearing_date",
    one_of=_HAS_A_NAME,
)
COURT_EXTRACTS = (CROWN_DEFENDANT_CASE, MAGISTRATES_DEFENDANT_CASE)
