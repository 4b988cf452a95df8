"""How source systems write what several files hold: the form of a CRN, and what they show in place of a code.

Belongs here: spellings. Does not belong here: the codes themselves (the columns that allow them).
"""

from contracts.code_lists import spellings

CRN_PATTERN = r"^[A-Z][0-9]{6}$"
SEXES_SPELT = {"Male": "M", "Female": "F"}
COURTS_SPELT = {
    "Crown Court": "crown",
    "Magistrates' Court": "magistrates",
    "Magistrates Court": "magistrates",
    "Magistrate": "magistrates",
}
ORDERS_SPELT = spellings("disposal_types", "label", "code") | spellings(
    "disposal_types", "ndelius_description_examples", "code"
)
REPORTS_SPELT = spellings("psr_types", "label", "code") | {"Fast": "CJF", "Oral": "CJO", "Standard": "CJS"}
REQUIREMENTS_SPELT = {
    "Alcohol Treatment": "ATR",
    "Alcohol Treatment Requirement": "ATR",
    "Drug Rehabilitation": "DRR",
    "Drug Rehabilitation Requirement": "DRR",
    "Mental Health Treatment": "MHTR",
    "Mental Health Treatment Requirement": "MHTR",
    "Rehabilitation Activity Requirement": "RAR",
    "Unpaid Work": "UPW",
    "Unpaid Work Requirement": "UPW",
}
