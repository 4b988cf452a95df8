"""What nDelius and p-NOMIS recorded of the cohort: eight tables of contracts/extracts.py.

Belongs here: offender, offender_address, event_disposal, requirement, main_offence, risk, pre_sentence_report and
prison_spell. Does not belong here: what is true (sentences.py, treatment.py, supervision.py, custody.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic_extracts.calibration import NO_FIXED_ADDRESS, OFFENCES, ROUGH, calibration
from synthetic_extracts.custody import Spells, spell_types
from synthetic_extracts.draws import chosen, dates, labelled, letters, numbered, pick, stream, where
from synthetic_extracts.geography import postcodes, street_sectors
from synthetic_extracts.identity_numbers import crns, cro_numbers, noms_numbers, pnc_numbers
from synthetic_extracts.recording_errors import MISSING, PLACEHOLDERS, Recorded, probation_ethnicity, record, untidy
from synthetic_extracts.sentences import Cohort, size_of
from synthetic_extracts.supervision import ACTIVE, Supervision
from synthetic_extracts.treatment import OPEN

ADDRESS_TYPES = [
    {"A01D": 0.40, "A01C": 0.25, "A07B": 0.22, "A01A": 0.06, "A04": 0.065, "A12": 0.005},
    {"A02": 0.55, "A10": 0.10, "A11": 0.20, "A17": 0.15},
    {"A07A": 0.70, "A03": 0.285, "A13": 0.01, "A14": 0.005},
    {"A08C": 0.45, "A08": 0.15, "": 0.40},
    {"A08A": 1.0},
    {"A16": 0.6, "": 0.4},
]
COURTS = ["SHEFCC", "LEEDCC", "MANCCC", "BIRMCC", "LONDCC", "BRISCC", "SHEFMC", "LEEDMC", "MANCMC", "BIRMMC", "LONDMC", "BRISMC"]
OFFENCE_CODES = {
    "Violence against the person": [("00809", "Assault occasioning actual bodily harm"), ("10501", "Common assault")],
    "Sexual offences": [("01711", "Sexual assault")],
    "Robbery": [("03401", "Robbery")],
    "Theft offences": [("04600", "Theft from shops"), ("02801", "Burglary in a dwelling"), ("04910", "Theft")],
    "Criminal damage and arson": [("14901", "Criminal damage under 5,000 pounds")],
    "Drug offences": [("09210", "Possession of a class A drug"), ("09265", "Possession of a class B drug")],
    "Possession of weapons": [("00811", "Possession of a bladed article")],
    "Public order offences": [("06620", "Affray"), ("12511", "Fear or provocation of violence")],
    "Miscellaneous crimes against society": [("06639", "Breach of a restraining order"), ("07910", "Perverting the course of justice")],
    "Fraud offences": [("05330", "Fraud by false representation")],
    "Summary non-motoring": [("10410", "Assault on a constable"), ("19300", "Drunk and disorderly")],
    "Summary motoring": [("80302", "Driving with excess alcohol"), ("80601", "Driving while disqualified")],
    "Not known": [("00000", "Not known")],
}
DRINK_DRIVING = "80302"
TERMINATION_TEXTS = [
    {"Requirement Completed": 1.0},
    {"Revoked (Breach)": 0.5, "Revoked (Further Offence)": 0.35, "Revoked (Other)": 0.15},
    {"Suspended Sentence Activated": 1.0},
    {"Expired (Normal)": 1.0},
    {"Offender died": 0.6, "Deceased": 0.4},
    {"Transferred to other provider": 0.5, "Order quashed on appeal": 0.2, "Withdrawn by court": 0.3},
]
OTHER_REQUIREMENTS = {"RAR": 0.35, "UPW": 0.12, "CURFEW": 0.06, "MHTR": 0.025}


@dataclass
class Identities:
    """Numbers given once and used by several tables. crn is per CRN; noms, pnc, cro per person, null when none known."""

    crn: pl.Series
    noms: pl.Series
    noms_known: np.ndarray
    pnc: pl.Series
    pnc_known: np.ndarray
    cro: pl.Series
    cro_known: np.ndarray
    event: pl.Series
    disposal: pl.Series
    requirement: pl.Series


def give_numbers(seed: int, cohort: Cohort, spells: Spells) -> Identities:
    """CRN, NOMS, PNC, CRO and the keys of events, disposals and requirements."""
    rng = stream(seed, "numbers")
    size = len(cohort.people)
    imprisoned = np.zeros(size, dtype=bool)
    imprisoned[spells.person] = True
    known_share = calibration()["prison"]["known_number_share"]
    year = np.minimum(1970 + (cohort.people.dob + 17 * 365) // 365 + rng.integers(0, 12, size), 2018)
    return Identities(
        crn=crns(rng, len(cohort.crn_person)), noms=noms_numbers(rng, size),
        noms_known=np.where(imprisoned, rng.random(size) < known_share, rng.random(size) < 0.25),
        pnc=pnc_numbers(rng, year), pnc_known=rng.random(size) < 0.97, cro=cro_numbers(rng, year),
        cro_known=rng.random(size) < 0.85,
        event=numbered("", 1_500_000_000 + rng.permutation(len(cohort)), 10),
        disposal=numbered("", 1_800_000_000 + rng.permutation(len(cohort)), 10),
        requirement=numbered("", 2_500_000_000 + rng.permutation(len(cohort.requirement_sentence)), 10),
    )


def probation_tables(
    seed: int, scale: float, cohort: Cohort, supervision: Supervision, numbers: Identities
) -> dict[str, pl.DataFrame]:
    """The seven nDelius tables."""
    address, located = offender_address(seed, scale, cohort, numbers)
    return {
        "offender": offender(seed, cohort, supervision, numbers, located),
        "offender_address": address,
        "event_disposal": event_disposal(seed, cohort, supervision, numbers),
        "requirement": requirement(seed, cohort, supervision, numbers),
        "main_offence": main_offence(seed, cohort, numbers),
        "risk": risk(seed, cohort, numbers),
        "pre_sentence_report": pre_sentence_report(seed, cohort, numbers),
    }


def offender(
    seed: int, cohort: Cohort, supervision: Supervision, numbers: Identities, located: np.ndarray
) -> pl.DataFrame:
    """One row per CRN. `located`: the CRN has a readable address in force at the latest sentence."""
    rng = stream(seed, "offender")
    person = cohort.crn_person
    held = record(rng, cohort.people, person, "ndelius")
    _enough_identifiers(rng, cohort, held, located)
    death = supervision.death_day[person]
    size = len(person)
    return pl.DataFrame({
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
    }).sort("crn")


def _enough_identifiers(rng: np.random.Generator, cohort: Cohort, held: Recorded, located: np.ndarray) -> None:
    """Linkable CRNs keep two of initials, date of birth and place; the others lose the place (offender_address) and one more."""
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


def offender_address(
    seed: int, scale: float, cohort: Cohort, numbers: Identities
) -> tuple[pl.DataFrame, np.ndarray]:
    """One row per address spell, and per CRN whether the spell in force at the latest sentence has a readable postcode."""
    rng = stream(seed, "addresses")
    people, person, crn, day = cohort.people, cohort.person, cohort.crn, cohort.day
    home = people.home_at(person, day)
    follows = np.append(False, crn[1:] == crn[:-1])
    unchanged = follows & np.append(False, (home[1:] == home[:-1]) & (cohort.accommodation[1:] == cohort.accommodation[:-1]))
    rows = np.flatnonzero(~unchanged)
    gap = np.append(0, np.diff(day))
    start = np.where(
        follows, day - np.floor(rng.random(len(day)) * np.maximum(gap - 1, 0)).astype(np.int64),
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
    spell_kind = np.concatenate([
        cohort.accommodation[rows], pick(rng, [0.75, 0.02, 0.15, 0.05, 0.03], len(before)),
        pick(rng, [0.8, 0.03, 0.12, 0.03, 0.02], len(final)),
    ])
    spell_start = np.concatenate([
        start, before_end - 60 - np.floor(rng.exponential(600, len(before))).astype(np.int64),
        np.maximum(people.home_start[person[final], next_home], day[final] + 1),
    ])
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
        homeless & (rng.random(size) < 0.12)
    )
    readable &= cohort.crn_linkable[spell_crn]
    code = untidy(rng, postcodes(sector, spell_person * 8 + spell_home + 4 * elsewhere), rates["postcode_untidy"])
    dummy = chosen(rng, {"ZZ99 3VZ": 0.35, "NF1 1NF": 0.25, "": 0.40}, size)
    dummy_row = homeless & ~readable
    in_force = (spell_start <= latest[spell_crn]) & (end >= latest[spell_crn])
    located = np.zeros(len(cohort.crn_person), dtype=bool)
    located[spell_crn[in_force & readable]] = True
    kind = _address_types(rng, spell_kind)
    frame = pl.DataFrame({
        "crn": numbers.crn.gather(spell_crn.astype(np.uint32)),
        "start_date": dates(spell_start),
        "end_date": dates(np.where(end == OPEN, 0, end), end != OPEN),
        "address_status": labelled(["M", "P"], (~last).astype(np.int64)),
        "no_fixed_abode": labelled(["Y", "N", ""], np.where(homeless, 0, 1 + (rng.random(size) < 0.3))),
        "postcode": code.zip_with(pl.Series(~dummy_row), dummy),
        "address_type": kind,
    }).with_columns(pl.when(pl.Series(readable | dummy_row)).then("postcode").alias("postcode"))
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
    rng: np.random.Generator, scale: float, cohort: Cohort, numbers: Identities, latest: np.ndarray, usable: np.ndarray,
    spell_crn: np.ndarray, sector: np.ndarray,
) -> pl.DataFrame:
    """Second addresses in force on the day of the latest sentence: why linkage has more records than identifiers."""
    rows = np.flatnonzero(usable & cohort.crn_linkable[spell_crn])
    count = min(size_of("linkage_rows", scale) - size_of("linkable_identifiers", scale), len(rows))
    rows = rng.choice(rows, count, replace=False)
    away = street_sectors().move(rng, sector[rows], 1.0, 0.0)
    while (same := away == sector[rows]).any():
        away[same] = street_sectors().move(rng, sector[rows][same], 0.0, 1.0)
    day = latest[spell_crn[rows]]
    return pl.DataFrame({
        "crn": numbers.crn.gather(spell_crn[rows].astype(np.uint32)),
        "start_date": dates(day - 40), "end_date": dates(day + 20, day + 20 <= cohort.end),
        "address_status": pl.Series(["B"]).new_from_index(0, count), "no_fixed_abode": pl.Series(["N"]).new_from_index(0, count),
        "postcode": postcodes(away, rows), "address_type": pl.Series(["A02"]).new_from_index(0, count),
    })


def event_disposal(seed: int, cohort: Cohort, supervision: Supervision, numbers: Identities) -> pl.DataFrame:
    """One row per sentence."""
    rng = stream(seed, "events")
    size = len(cohort)
    months = np.array([6, 9, 12, 18, 24])[pick(rng, [0.04, 0.06, 0.50, 0.20, 0.20], size)]
    longest = np.zeros(size, dtype=np.int64)
    np.maximum.at(longest, cohort.requirement_sentence, cohort.requirement_months)
    months = np.maximum(months, longest)
    end = cohort.day + np.round(months * 30.4375).astype(np.int64)
    new_code = cohort.day >= 18597  # Sentencing Act 2020, from 1 December 2020
    ended = np.minimum(end, supervision.death_day[cohort.person])
    ended = np.maximum(np.where(rng.random(size) < 0.25, cohort.day + (end - cohort.day) * rng.uniform(0.2, 0.9, size), ended).astype(np.int64), cohort.day)
    over = ended <= cohort.end
    court = np.where(cohort.crown, rng.integers(0, 6, size), 6 + rng.integers(0, 6, size))
    names = [f"{code[:4].title()} {'Crown Court' if code.endswith('CC') else 'Magistrates Court'}" for code in COURTS]
    known = rng.random(size) >= 0.02
    return pl.DataFrame({
        "crn": numbers.crn.gather(cohort.crn.astype(np.uint32)),
        "event_number": pl.Series(cohort.order + 1 + cohort.people.dob[cohort.person] % 3).cast(pl.String),
        "event_id": numbers.event,
        "referral_date": dates(cohort.day - rng.integers(0, 40, size)),
        "conviction_date": dates(cohort.day - rng.choice([0, 0, 21, 28, 35], size)),
        "disposal_id": numbers.disposal,
        "disposal_date": dates(cohort.day),
        "disposal_type": labelled(
            ["ORA Community Order", "SA2020 Community Order", "ORA Suspended Sentence Order", "SA2020 Suspended Sentence Order"],
            2 * cohort.suspended + new_code,
        ),
        "disposal_length_days": pl.Series(end - cohort.day),
        "disposal_end_date": dates(end),
        "disposal_termination_date": dates(ended, over),
        "disposal_termination_reason": where(over, chosen(rng, {"Completed": 0.6, "Revoked": 0.25, "Expired (Normal)": 0.15}, size)),
        "sentencing_court_type": where(known, labelled(["magistrates", "crown"], cohort.crown.astype(np.int64))),
        "court_code": where(known, labelled(COURTS, court)),
        "court_name": where(known, labelled(names, court)),
    }).sort("crn", "disposal_date", "event_id")


def requirement(seed: int, cohort: Cohort, supervision: Supervision, numbers: Identities) -> pl.DataFrame:
    """ATRs and DRRs, and rows of other types that the study ignores."""
    rng = stream(seed, "requirements")
    sentence, size = cohort.requirement_sentence, len(cohort.requirement_sentence)
    months, known = cohort.requirement_months, ~cohort.requirement_no_length
    in_days = (rng.random(size) < 0.04) & np.isin(months, [3, 6, 9, 12])
    length = np.where(in_days, np.array([0, 0, 0, 90, 0, 0, 180, 0, 0, 270, 0, 0, 365])[np.minimum(months, 12)], months)
    day = cohort.day[sentence]
    active = supervision.termination == ACTIVE
    reason = pl.Series([None], dtype=pl.String).new_from_index(0, size)
    for number, texts in enumerate(TERMINATION_TEXTS):
        reason = chosen(rng, texts, size).zip_with(pl.Series(supervision.termination == number), reason)
    commenced = day + rng.integers(0, 30, size)
    frame = pl.DataFrame({
        "requirement_id": numbers.requirement,
        **_requirement_keys(cohort, numbers, sentence),
        "requirement_type": labelled(["ATR", "DRR"], cohort.requirement_kind),
        "sub_type": chosen(rng, {"Non-residential": 0.75, "Residential": 0.03, "": 0.22}, size),
        "start_date": dates(day),
        "commencement_date": dates(commenced, (rng.random(size) < 0.6) & (commenced < supervision.window_end)),
        "expected_end_date": dates(supervision.expected_end, known),
        "termination_date": dates(np.where(active, 0, supervision.termination_day), ~active),
        "termination_reason": reason,
        "length": where(known, pl.Series(length)),
        "length_unit": where(known, labelled(["M", "D"], in_days.astype(np.int64))),
        "probation_region": labelled(street_sectors().regions, cohort.region[sentence]),
    })
    others = [
        _other_requirement(rng, cohort, numbers, name, share, 10**8 * number)
        for number, (name, share) in enumerate(OTHER_REQUIREMENTS.items(), start=1)
    ]
    return pl.concat([frame, *others]).sort("requirement_id")


def _requirement_keys(cohort: Cohort, numbers: Identities, sentence: np.ndarray) -> dict[str, pl.Series]:
    rows = sentence.astype(np.uint32)
    return {
        "crn": numbers.crn.gather(cohort.crn[sentence].astype(np.uint32)),
        "event_id": numbers.event.gather(rows),
        "disposal_id": numbers.disposal.gather(rows),
        "disposal_date": dates(cohort.day[sentence]),
        "disposal_type": labelled(["CO", "SSO"], cohort.suspended[sentence].astype(np.int64)),
    }


def _other_requirement(
    rng: np.random.Generator, cohort: Cohort, numbers: Identities, name: str, share: float, offset: int
) -> pl.DataFrame:
    rows = np.flatnonzero(rng.random(len(cohort)) < share)
    size = len(rows)
    length = {"RAR": [10, 20, 30], "UPW": [60, 100, 200], "CURFEW": [2, 3, 4], "MHTR": [6, 9, 12]}[name]
    unit = {"RAR": "D", "UPW": "H", "CURFEW": "M", "MHTR": "M"}[name]
    return pl.DataFrame({
        "requirement_id": numbered("", 3_000_000_000 + offset + np.arange(size), 10),
        **_requirement_keys(cohort, numbers, rows),
        "requirement_type": pl.Series([name]).new_from_index(0, size),
        "sub_type": pl.Series([None], dtype=pl.String).new_from_index(0, size),
        "start_date": dates(cohort.day[rows]),
        "commencement_date": pl.Series([None], dtype=pl.Date).new_from_index(0, size),
        "expected_end_date": dates(cohort.day[rows] + 365),
        "termination_date": pl.Series([None], dtype=pl.Date).new_from_index(0, size),
        "termination_reason": pl.Series([None], dtype=pl.String).new_from_index(0, size),
        "length": pl.Series(rng.choice(length, size)),
        "length_unit": pl.Series([unit]).new_from_index(0, size),
        "probation_region": labelled(street_sectors().regions, cohort.region[rows]),
    })


def offence_codes(rng: np.random.Generator, offence: np.ndarray, kind: np.ndarray) -> tuple[pl.Series, pl.Series]:
    """Home Office code and words of offence groups; drink driving is most of the summary motoring of people with ATRs."""
    codes = [entry for name in OFFENCES for entry in OFFENCE_CODES[name]]
    offset = np.cumsum([0, *[len(OFFENCE_CODES[name]) for name in OFFENCES]])
    count = np.diff(offset)[offence]
    place = np.floor(rng.random(len(offence)) * count).astype(np.int64)
    motoring = offence == OFFENCES.index("Summary motoring")
    place = np.where(motoring, rng.random(len(offence)) >= np.where(kind == 0, 0.85, 0.35), place)
    index = offset[offence] + place
    return labelled([code for code, _ in codes], index), labelled([words for _, words in codes], index)


def main_offence(seed: int, cohort: Cohort, numbers: Identities) -> pl.DataFrame:
    """One row per sentence."""
    rng = stream(seed, "offences")
    size = len(cohort)
    code, words = offence_codes(rng, cohort.offence, cohort.kind)
    group = labelled(OFFENCES, cohort.offence)
    return pl.DataFrame({
        "event_id": numbers.event,
        "offence_date": dates(cohort.day - 14 - np.floor(rng.exponential(110, size)).astype(np.int64)),
        "offence_code": code, "offence_description": words, "main_category": group, "offence_group": group,
        "is_drink_driving": (code == DRINK_DRIVING).cast(pl.Int8).cast(pl.String),
        "verdict": chosen(rng, {"G": 0.96, "M": 0.02, "": 0.02}, size),
    }).sort("event_id")


def risk(seed: int, cohort: Cohort, numbers: Identities) -> pl.DataFrame:
    """One row per sentence that was assessed; scores are missing for 7 to 12 per cent."""
    rng = stream(seed, "risk")
    size = len(cohort)
    two = cohort.ogrs_two_years
    band = labelled(["low", "medium", "high"], np.digitize(cohort.rsr, [3.0, 6.9]))
    has_rsr, has_ogrs = rng.random(size) >= 0.06, rng.random(size) >= 0.03
    return pl.DataFrame({
        "event_id": numbers.event,
        "assessment_date": dates(np.minimum(cohort.day - rng.integers(-20, 40, size), cohort.end)),
        "ogrs3_1yr": where(has_ogrs, pl.Series(np.maximum(np.round(two * rng.uniform(0.55, 0.75, size)), 1).astype(np.int64))),
        "ogrs3_2yr": where(has_ogrs, pl.Series(two)),
        "rsr_score": where(has_rsr, pl.Series(cohort.rsr)),
        "rsr_band": where(has_rsr, band),
    }).filter(pl.Series(rng.random(size) >= 0.05)).sort("event_id")


def pre_sentence_report(seed: int, cohort: Cohort, numbers: Identities) -> pl.DataFrame:
    """Reports for about two sentences in three; most were sent to court on the day of sentence."""
    rng = stream(seed, "reports")
    rows = np.flatnonzero(rng.random(len(cohort)) < np.where(cohort.crown, 0.85, 0.65))
    size, day = len(rows), cohort.day[rows]
    requested = pick(rng, [0.42, 0.38, 0.20], size)
    other = rng.random(size) < 0.08
    delivered = np.where(other, pick(rng, [0.5, 0.3, 0.2], size), requested)
    sent = day - np.where(rng.random(size) < 0.93, 0, rng.integers(1, 21, size))
    labels = ["CJF", "CJO", "CJS"]
    return pl.DataFrame({
        "report_id": numbered("R", rng.permutation(size) + 1, 8),
        "crn": numbers.crn.gather(cohort.crn[rows].astype(np.uint32)),
        "event_id": numbers.event.gather(rows.astype(np.uint32)),
        "date_requested": dates(sent - np.where(requested == 2, 21, 1) - rng.integers(0, 10, size)),
        "date_required": dates(day),
        "completed_date": dates(sent, rng.random(size) < 0.97),
        "sent_to_court_date": dates(sent),
        "type_requested": labelled(labels, requested),
        "type_delivered": labelled(labels, delivered),
        "delivered_reason": where(delivered != requested, chosen(rng, {"Court request": 0.5, "Time": 0.5}, size)),
    }).sort("report_id")


def prison_spells(seed: int, cohort: Cohort, spells: Spells, numbers: Identities) -> pl.DataFrame:
    """p-NOMIS: spells of people whose NOMS number is known, and a few of people who are not in the cohort."""
    rng = stream(seed, "prison")
    known = numbers.noms_known[spells.person]
    person, reception, release = spells.person[known], spells.reception[known], spells.release[known]
    extra = len(person) // 40
    size = len(person) + extra
    taken = numbers.noms
    unknown = noms_numbers(rng, 2 * extra + 10)
    unknown = unknown.filter(~unknown.is_in(taken.implode())).head(extra)
    extra = len(unknown)
    size = len(person) + extra
    begun = np.concatenate([reception, cohort.end - rng.integers(30, 2000, extra)])
    ended = np.concatenate([release, np.full(extra, OPEN)])
    ended[len(person) :] = np.minimum(begun[len(person) :] + rng.integers(5, 400, extra), cohort.end)
    labels, kind = spell_types(rng, size)
    sentenced = kind == labels.index("sentenced")
    main_crn = numbers.crn.gather(person.astype(np.uint32))
    crn = pl.concat([main_crn, pl.Series([None], dtype=pl.String).new_from_index(0, extra)])
    code, _ = offence_codes(rng, pick(rng, list(calibration()["cohort"]["offence_share"]["DRR"].values()), size), np.ones(size))
    gone = ended != OPEN
    return pl.DataFrame({
        "noms_number": pl.concat([numbers.noms.gather(person.astype(np.uint32)), unknown]),
        "booking_id": numbered("", 1_100_000 + rng.permutation(size), 7),
        "reception_date": dates(begun),
        "release_date": dates(np.where(gone, ended, 0), gone),
        "spell_type": labelled(labels, kind),
        "reception_reason": chosen(rng, {"Unconvicted remand": 0.4, "Imprisonment without option": 0.5, "Licence recall": 0.1}, size),
        "release_reason": where(gone, chosen(rng, {"Conditional release": 0.6, "Final discharge": 0.1, "Bailed": 0.3}, size)),
        "establishment_code": chosen(rng, {name: 1.0 for name in ("LEI", "MDI", "BMI", "PVI", "WWI", "BRI", "DHI", "HBI", "NMI")}, size),
        "sentence_date": dates(begun, sentenced),
        "main_offence_code": code,
        "crn": where(rng.random(size) < 0.3, crn),
    }).sort("booking_id")
