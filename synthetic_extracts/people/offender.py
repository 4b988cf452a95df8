"""The nDelius table offender: who the people of the cohort are on file as, under each identifier.

Belongs here: identifiers, with their errors. Does not belong here: addresses (offender_address.py), and what is true
(true_people.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.draws import dates, labelled, letters, numbered, pick, stream, where
from synthetic_extracts.people.identity_numbers import Identities
from synthetic_extracts.people.mistyped_dates import PLACEHOLDERS
from synthetic_extracts.people.recording_errors import MISSING, Recorded, probation_ethnicity, record
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.supervision import Supervision
from synthetic_extracts.treatment.journeys import OPEN


def offender(
    seed: int, cohort: Cohort, supervision: Supervision, numbers: Identities, located: np.ndarray
) -> pl.DataFrame:
    """One row per CRN. `located`: the CRN has a readable address in force at the latest sentence."""
    rng = stream(seed, "offender")
    person = cohort.identifiers.person
    held = record(rng, cohort.people, person, "ndelius")
    _same_on_both_identifiers(rng, cohort, held)
    _enough_identifiers(rng, cohort, held, located)
    death = supervision.death_day[person]
    size = len(person)
    return pl.DataFrame(
        {
            "crn": numbers.crn,
            "offender_id": numbered("", 2_500_000 + rng.permutation(size), 7),
            "forename_initial": letters(held.forename),
            "surname_initial": letters(held.surname),
            "dob": dates(held.dob, held.has_dob),
            "sex": labelled(["M", "F", "N"], held.sex),
            "ethnicity": probation_ethnicity(rng, held.ethnicity),
            "noms_number": where(numbers.noms_known[person], numbers.noms.gather(person.astype(np.uint32))),
            "pnc_number": where(numbers.pnc_known[person], numbers.pnc.gather(person.astype(np.uint32))),
            "cro_number": where(numbers.cro_known[person], numbers.cro.gather(person.astype(np.uint32))),
            "deceased_date": dates(np.where(death == OPEN, 0, death), (death != OPEN) & (rng.random(size) < 0.85)),
            "soft_deleted": pl.Series(["0"]).new_from_index(0, size),
        }
    ).sort("crn")


def _same_on_both_identifiers(rng: np.random.Generator, cohort: Cohort, held: Recorded) -> None:
    """A second CRN of a person holds what the first holds, nearly always: that is how the study found all 92."""
    people = len(cohort.people)
    second = np.arange(people, len(cohort.identifiers))
    copied = second[rng.random(len(second)) < 0.97]
    held.put(copied, held.take(cohort.identifiers.person[copied]))


def _enough_identifiers(rng: np.random.Generator, cohort: Cohort, held: Recorded, located: np.ndarray) -> None:
    """Linkable CRNs keep two of initials, date of birth and place; the others lose place and one more."""
    person, linkable = cohort.identifiers.person, cohort.identifiers.linkable
    restore = linkable & ~located & (~held.has_initials | ~held.real_dob)
    restore |= linkable & ~held.has_initials & ~held.real_dob
    held.forename = np.where(restore, cohort.people.forename[person], held.forename)
    held.surname = np.where(restore, cohort.people.surname[person], held.surname)
    held.dob = np.where(restore, cohort.people.dob[person], held.dob)
    held.has_dob = held.has_dob | restore
    lost = ~linkable
    how = rng.random(len(person))
    held.dob = np.where(lost & (how < 0.55), PLACEHOLDERS[pick(rng, [0.8, 0.15, 0.05], len(person))], held.dob)
    held.has_dob = held.has_dob & ~(lost & (how >= 0.55) & (how < 0.70))
    held.forename = np.where(lost & (how >= 0.65), MISSING, held.forename)
    held.surname = np.where(lost & (how >= 0.65), MISSING, held.surname)
