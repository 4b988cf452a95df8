"""What the study lacks when an extract comes without a column that may be empty, or without any value in it.

Belongs here: what is missing, in words, by column. Does not belong here: the columns (contracts/sources), nor which of
them a table is void without (Extract.one_of).
"""

from collections.abc import Sequence

from contracts.extracts import JUSTICE_EXTRACT_BY_NAME
from contracts.sources.ndtms import USE_COLUMNS
from resources.extracts.extract_declaration import Extract

_NUMBERS = "prison spells and court records are found by the other numbers and by details only"
_LINKAGE = "links between probation and treatment are fewer and less certain"
_DRUGS = "the substance of treatment is not known where it is the only drug named"

# Column, in small letters -> what is missing without it. The same column means the same in every table.
MISSING_WITHOUT = {
    "forename_initial": _LINKAGE,
    "surname_initial": _LINKAGE,
    "finitial": _LINKAGE,
    "sinitial": _LINKAGE,
    "dob": f"{_LINKAGE}, and ages are missing in the models",
    "sex": f"{_LINKAGE}, and sex is missing in the models",
    "ethnicity": f"{_LINKAGE}, and ethnic group is missing in the models",
    "ethnic": _LINKAGE,
    "postcode": f"{_LINKAGE}, as people have no place",
    "pc": f"{_LINKAGE}, as people have no place but UTLA",
    "utla": f"{_LINKAGE} for people without a postcode",
    "noms_number": _NUMBERS,
    "pnc_number": _NUMBERS,
    "cro_number": _NUMBERS,
    "crn": "records are found by the other numbers and by details only",
    "end_date": "earlier addresses count as current",
    "no_fixed_abode": "people of no fixed abode are known by their postcode and accommodation type only",
    "address_type": "accommodation is missing in the models",
    "sentencing_court_type": "the type of court is known from court records only",
    "termination_date": "requirements count as active, and notes near their end are not told apart",
    "termination_reason": "why requirements ended is missing",
    "length": "requirements without a length are left out of the study, so all of them are",
    "length_unit": "lengths cannot be compared, and the length band is missing in the models",
    "ogrs3_2yr": "the OGRS band is missing",
    "rsr_score": "the RSR band is missing where it was not recorded as a band",
    "rsr_band": "the RSR band is taken from the score only",
    "completed_date": "reports are matched to sentences by the date they were sent only",
    "sent_to_court_date": "reports are matched to sentences by the date of completion only",
    "type_delivered": "the type of pre-sentence report is missing",
    "episodid": "rows of one episode are told apart by their dates only",
    "accmneed": "housing need does not help to tell who is of no fixed abode",
    "disd": "every episode counts as open",
    "disrsn": "every discharge counts as dropped out",
    "sensitive": "no note counts as sensitive",
    "refld": "episodes without a triage have no date",
    "drug1": _DRUGS,
    "drug2": _DRUGS,
    "drug3": _DRUGS,
    "cjittrd": "contacts without case management have no date",
    "cmstartd": "case management has no start",
    "cmendd": "case management has no end",
    "court_type": "the type of court is the one that probation recorded",
    "offence_date": "no offence is shown to be a further one, and nobody is reconvicted",
    "ho_offence_code": "later hearings of the sentenced offence may count as reconvictions",
    "release_date": "a prison number that many people hold is not told by spells that last at once",
    "requirement_id": "notes are found by person and date only",
    **{name.lower(): f"table 33 has no days of use of {words.lower()}" for name, words in USE_COLUMNS.items()},
}


def absent_warnings(extract: Extract, absent: Sequence[str], empty: Sequence[str] = ()) -> list[str]:
    """One sentence per column that the file does not have, or that is `empty`: what it holds, and what is missing
    without it."""
    without = _without_justice(extract) if extract.name in JUSTICE_EXTRACT_BY_NAME else MISSING_WITHOUT
    meaning = {column.name: column.meaning for column in extract.columns}
    empty = [name for name in empty if name.lower() in without]
    found = [*((name, "is absent") for name in absent), *((name, "has no value in any row") for name in empty)]
    return [f"column {name} {how} ({meaning[name]}): {without[name.lower()]}" for name, how in found]


def _without_justice(extract: Extract) -> dict[str, str]:
    return {
        column.name: f"missing for {'; '.join(use.purpose for use in column.uses)}"
        for column in extract.columns
        if column.null
    }
