"""Every extract file that a data supplier sends: the list of them.

Belongs here: the list. Does not belong here: the columns of a file, what each means, which values are allowed and what
it is used for (contracts/sources, one file per folder that suppliers send), how files fit together
(contracts/references.py), nor any table the pipeline makes itself (the zones' schemas).
"""

from contracts.sources.contact_notes import CONTACT_NOTE
from contracts.sources.courts import CASE, DEFENDANT, OFFENCE, RESULT
from contracts.sources.justice.courts import COURT_EXTRACTS
from contracts.sources.justice.prison import PRISON_EXTRACTS
from contracts.sources.justice.probation import PROBATION_EXTRACTS
from contracts.sources.ndelius import (
    EVENT_DISPOSAL,
    MAIN_OFFENCE,
    OFFENDER,
    OFFENDER_ADDRESS,
    PRE_SENTENCE_REPORT,
    REQUIREMENT,
    RISK,
)
from contracts.sources.ndtms import ADULT_COMMUNITY, ADULT_SECURE, CJIT, OUTCOME_PROFILE, YP_COMMUNITY, YP_SECURE
from contracts.sources.pnomis import PRISON_SPELL

LINKAGE_EXTRACTS = (
    OFFENDER,
    OFFENDER_ADDRESS,
    EVENT_DISPOSAL,
    REQUIREMENT,
    MAIN_OFFENCE,
    RISK,
    PRE_SENTENCE_REPORT,
    ADULT_COMMUNITY,
    YP_COMMUNITY,
    ADULT_SECURE,
    YP_SECURE,
    CJIT,
    OUTCOME_PROFILE,
    PRISON_SPELL,
    DEFENDANT,
    CASE,
    OFFENCE,
    RESULT,
)
NOTES_EXTRACTS = (CONTACT_NOTE,)
ALL_EXTRACTS = LINKAGE_EXTRACTS + NOTES_EXTRACTS
# Of the linking of justice records, which is no part of the study: other suppliers' files, in a folder of their own.
JUSTICE_EXTRACTS = PROBATION_EXTRACTS + PRISON_EXTRACTS + COURT_EXTRACTS
EXTRACT_BY_NAME = {extract.name: extract for extract in ALL_EXTRACTS}
JUSTICE_EXTRACT_BY_NAME = {extract.name: extract for extract in JUSTICE_EXTRACTS}
# Folder of an extract to who sends it, from which system (methodology 2.2).
SUPPLIERS = {
    "ndelius": "HM Prison and Probation Service (nDelius)",
    "pnomis": "HM Prison and Probation Service (p-NOMIS)",
    "contact_notes": "HM Prison and Probation Service (nDelius contacts)",
    "courts": "Ministry of Justice (court systems)",
    "ndtms": "Department of Health and Social Care (NDTMS)",
    "probation": "HM Prison and Probation Service (nDelius)",
    "prison": "HM Prison and Probation Service (p-NOMIS)",
    "crown": "Ministry of Justice (Crown Court systems)",
    "magistrates": "Ministry of Justice (magistrates' court systems)",
}
