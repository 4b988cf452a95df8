"""How the files of a quarter fit together and with code lists: each reference and each agreement once.

Belongs here: the lists. Does not belong here: what a reference is and how it is judged
(resources/extracts/extract_references.py), the columns themselves (contracts/sources).

Where a share is 1 in an extract of one cohort, 0.75 leaves room for records that were deleted or came late, and catches
a file a third of which is wrong. `pathways check` and a refresh judge the same lists.
"""

from contracts.termination_reasons import TERMINATION_REASONS, known_termination
from resources.extracts.extract_lists import ListedColumn
from resources.extracts.extract_references import Agreement, Reference

# The check that accepts extracts, in the dry run and in each zone that reads some: their ages, and how they fit.
EXTRACTS_CHECK = "accepted_extracts"
REFERENCES = (
    Reference("requirement", "crn", "offender", 0.75, least_covered=0.5),
    Reference("offender_address", "crn", "offender", 0.75, least_covered=0.85, either=True),
    Reference("requirement", "event_id", "event_disposal", 0.75),
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
    Agreement("requirement", "event_id", "event_disposal", "disposal_date", "disposal_date", 0.75, days=(0, 0)),
    # Nobody is sentenced before the age of ten, let alone before birth; nobody lives two hundred years.
    Agreement("requirement", "crn", "offender", "disposal_date", "dob", 0.9, days=(3652, 73050)),
    Agreement(
        "pre_sentence_report", "event_id", "event_disposal", "date_requested", "disposal_date", 0.75, days=(-730, 0)
    ),
    Agreement("main_offence", "event_id", "event_disposal", "offence_date", "disposal_date", 0.75, days=(-36525, 0)),
    Agreement("risk", "event_id", "event_disposal", "assessment_date", "disposal_date", 0.75, days=(-366, 366)),
    Agreement("contact_note", "requirement_id", "requirement", "crn", "crn", 0.75),
    Agreement("outcome_profile", "EPISODID", "adult_community", "CLIENTID", "CLIENTID", 0.75),
    Agreement("offence", "case_id", "case", "defendant_id", "defendant_id", 0.75),
    Agreement("result", "offence_id", "offence", "appearance_date", "offence_date", 0.75, days=(0, 36525)),
)
# Of the justice records, which are everybody's and not a cohort's: what belongs to a person or sentence has one.
JUSTICE_REFERENCES = (
    Reference("probation_alias", "crn", "probation_person", 0.75),
    Reference("probation_address", "crn", "probation_person", 0.75, least_covered=0.5),
    Reference("probation_disposal", "crn", "probation_person", 0.75, least_covered=0.5),
    Reference("probation_requirement", "disposal_id", "probation_disposal", 0.75),
    Reference("court_report", "crn", "probation_person", 0.75),
    Reference("release_and_recall", "disposal_id", "probation_disposal", 0.75),
    Reference("licence_condition", "disposal_id", "probation_disposal", 0.75),
    Reference("intervention", "crn", "probation_person", 0.75),
    Reference("supervision_contact", "crn", "probation_person", 0.75),
    Reference("custodial_journey", "noms_number", "prison_person", 0.75, least_covered=0.5),
)
# Texts of the justice records that a code list should hold: what it does not is counted as "Other".
JUSTICE_LISTS = tuple(
    ListedColumn(table, "termination_reason", TERMINATION_REASONS, known_termination, 0.15)
    for table in ("probation_disposal", "probation_requirement")
)
# What the notes zone can judge by itself, which reads no other extract: the notes beside the request for them.
NOTE_REQUEST_REFERENCES = (
    Reference("contact_note", "crn", "note_request", 0.0, least_covered=0.5),
    Agreement("contact_note", "requirement_id", "note_request", "crn", "crn", 0.75),
)
