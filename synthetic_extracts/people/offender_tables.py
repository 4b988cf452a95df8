"""What nDelius recorded of the people of the cohort: offender and offender_address, as the system holds them.

Belongs here: identifiers, with their errors, and addresses. Does not belong here: sentences (probation_sentences.py),
and what is true (people.py, sentences.py).
"""

from dataclasses import fields

import numpy as np
import polars as pl

from synthetic_extracts.calibration import NO_FIXED_ADDRESS, ROUGH, calibration
from synthetic_extracts.draws import chosen, dates, labelled, letters, numbered, pick, stream, where
from synthetic_extracts.people.geography import postcodes, street_sectors
from synthetic_extracts.people.identity_numbers import Identities
from synthetic_extracts.people.recording_errors import (
    MISSING,
    PLACEHOLDERS,
    Recorded,
    probation_ethnicity,
    record,
    untidy,
)
from synthetic_extracts.sentences.cohort import Cohort, size_of
from synthetic_extracts.sentences.supervision import Supervision
from synthetic_extracts.treatment.journeys import OPEN

ADDRESS_TYPES = [
    {"A01D": 0.40, "A01C": 0.25, "A07B": 0.22, "A01A": 0.06, "A04": 0.065, "A12": 0.005},
    {"A02": 0.55, "A10": 0.10, "A11": 0.20, "A17": 0.15},
    {"A07A": 0.70, "A03": 0.285, "A13": 0.01, "A14": 0.005},
    {"A08C": 0.45, "A08": 0.15, "": 0.40},
    {"A08A": 1.0},
    {"A16": 0.6, "": 0.4},
]


def offender(
    seed: int, cohort: Cohort, supervision: Supervision, numbers: Identities, located: np.ndarray
) -> pl.DataFrame:
    """One row per CRN. `located`: the CRN has a readable address in force at the latest sentence."""
    rng = stream(seed, "offender")
    person = cohort.crn_person
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
    second = np.arange(people, len(cohort.crn_person))
    copied = second[rng.random(len(second)) < 0.97]
    first = cohort.crn_person[copied]
    for field in fields(Recorded):
        values = getattr(held, field.name)
        values[copied] = values[first]


def _enough_identifiers(rng: np.random.Generator, cohort: Cohort, held: Recorded, located: np.ndarray) -> None:
    """Linkable CRNs keep two of initials, date of birth and place; the others lose place and one more."""
    person, linkable = cohort.crn_person, cohort.crn_linkable
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


def offender_address(seed: int, scale: float, cohort: Cohort, numbers: Identities) -> tuple[pl.DataFrame, np.ndarray]:
    """One row per address spell, and per CRN whether the one at the latest sentence has a readable postcode."""
    rng = stream(seed, "addresses")
    people, person, crn, day = cohort.people, cohort.person, cohort.crn, cohort.day
    home = people.home_at(person, day)
    follows = np.append(False, crn[1:] == crn[:-1])
    unchanged = follows & np.append(
        False, (home[1:] == home[:-1]) & (cohort.accommodation[1:] == cohort.accommodation[:-1])
    )
    rows = np.flatnonzero(~unchanged)
    gap = np.append(0, np.diff(day))
    start = np.where(
        follows,
        day - np.floor(rng.random(len(day)) * np.maximum(gap - 1, 0)).astype(np.int64),
        day - 1 - np.floor(rng.exponential(400, len(day))).astype(np.int64),
    )[rows]
    last_of_crn = np.append(crn[1:] != crn[:-1], True)
    latest = np.zeros(len(cohort.crn_person), dtype=np.int64)
    latest[crn[last_of_crn]] = day[last_of_crn]

    before = rows[(~follows[rows]) & (rng.random(len(rows)) < 0.35)]
    before_end = start[np.searchsorted(rows, before)] - 1
    final = np.flatnonzero(last_of_crn)
    next_home = people.home_at(person[final], np.minimum(day[final] + 500, cohort.end))
    moved_on = (next_home > home[final]) & (rng.random(len(final)) < 0.6)
    final, next_home = final[moved_on], next_home[moved_on]
    spell_crn = np.concatenate([crn[rows], crn[before], crn[final]])
    spell_person = np.concatenate([person[rows], person[before], person[final]])
    spell_home = np.concatenate([home[rows], np.maximum(home[before] - 1, 0), next_home])
    spell_kind = np.concatenate(
        [
            cohort.accommodation[rows],
            pick(rng, [0.75, 0.02, 0.15, 0.05, 0.03], len(before)),
            pick(rng, [0.8, 0.03, 0.12, 0.03, 0.02], len(final)),
        ]
    )
    spell_start = np.concatenate(
        [
            start,
            before_end - 60 - np.floor(rng.exponential(600, len(before))).astype(np.int64),
            np.maximum(people.home_start[person[final], next_home], day[final] + 1),
        ]
    )
    order = np.lexsort((spell_start, spell_crn))
    spell_crn, spell_person, spell_home = spell_crn[order], spell_person[order], spell_home[order]
    spell_kind, spell_start = spell_kind[order], spell_start[order]
    last = np.append(spell_crn[1:] != spell_crn[:-1], True)
    end = np.where(last, OPEN, np.append(spell_start[1:], 0) - 1)
    end = np.maximum(end, spell_start)

    size = len(order)
    sector = people.home_sector[spell_person, spell_home]
    homeless = np.isin(spell_kind, [NO_FIXED_ADDRESS, ROUGH])
    elsewhere = (spell_kind == 1) & (rng.random(size) < 0.5)
    sectors = street_sectors()
    sector = np.where(elsewhere, sectors.move(rng, sector, 1.0, 0.0), sector)
    rates = calibration()["errors"]["ndelius"]
    disorder = people.disorder[spell_person]
    readable = ~homeless & (rng.random(size) >= rates["postcode_missing"] * np.exp(0.4 * disorder)) | (
        homeless & (rng.random(size) < rates["homeless_postcode"])
    )
    readable &= cohort.crn_linkable[spell_crn]
    code = untidy(rng, postcodes(sector, spell_person * 8 + spell_home + 4 * elsewhere), rates["postcode_untidy"])
    dummy = chosen(rng, {"ZZ99 3VZ": 0.35, "NF1 1NF": 0.25, "": 0.40}, size)
    dummy_row = homeless & ~readable
    in_force = (spell_start <= latest[spell_crn]) & (end >= latest[spell_crn])
    located = np.zeros(len(cohort.crn_person), dtype=bool)
    located[spell_crn[in_force & readable]] = True
    kind = _address_types(rng, spell_kind)
    frame = pl.DataFrame(
        {
            "crn": numbers.crn.gather(spell_crn.astype(np.uint32)),
            "start_date": dates(spell_start),
            "end_date": dates(np.where(end == OPEN, 0, end), end != OPEN),
            "address_status": labelled(["M", "P"], (~last).astype(np.int64)),
            "no_fixed_abode": labelled(["Y", "N", ""], np.where(homeless, 0, 1 + (rng.random(size) < 0.3))),
            "postcode": code.zip_with(pl.Series(~dummy_row), dummy),
            "address_type": kind,
        }
    ).with_columns(pl.when(pl.Series(readable | dummy_row)).then("postcode").alias("postcode"))
    bail = _bail_addresses(rng, scale, cohort, numbers, latest, in_force & readable, spell_crn, sector)
    return pl.concat([frame, bail]).sort("crn", "start_date", "address_status"), located


def _address_types(rng: np.random.Generator, kind: np.ndarray) -> pl.Series:
    labels = [label for types in ADDRESS_TYPES for label in types]
    offset = np.cumsum([0, *[len(types) for types in ADDRESS_TYPES]])
    index = np.zeros(len(kind), dtype=np.int64)
    for number, types in enumerate(ADDRESS_TYPES):
        rows = kind == number
        index[rows] = offset[number] + pick(rng, list(types.values()), int(rows.sum()))
    return labelled(labels, index)


def _bail_addresses(
    rng: np.random.Generator,
    scale: float,
    cohort: Cohort,
    numbers: Identities,
    latest: np.ndarray,
    usable: np.ndarray,
    spell_crn: np.ndarray,
    sector: np.ndarray,
) -> pl.DataFrame:
    """Second addresses in force on the day of the latest sentence: why linkage has more records than identifiers."""
    rows = np.flatnonzero(usable & cohort.crn_linkable[spell_crn])
    count = min(size_of("linkage_rows", scale) - size_of("linkable_identifiers", scale), len(rows))
    rows = rng.choice(rows, count, replace=False)
    away = street_sectors().move(rng, sector[rows], 1.0, 0.0)
    while (same := away == sector[rows]).any():
        away[same] = street_sectors().move(rng, sector[rows][same], 0.0, 1.0)
    day = latest[spell_crn[rows]]
    return pl.DataFrame(
        {
            "crn": numbers.crn.gather(spell_crn[rows].astype(np.uint32)),
            "start_date": dates(day - 40),
            "end_date": dates(day + 20, day + 20 <= cohort.end),
            "address_status": pl.Series(["B"]).new_from_index(0, count),
            "no_fixed_abode": pl.Series(["N"]).new_from_index(0, count),
            "postcode": postcodes(away, rows),
            "address_type": pl.Series(["A02"]).new_from_index(0, count),
        }
    )
