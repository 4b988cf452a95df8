"""What nDelius recorded of sentences: event_disposal, requirement, main_offence, risk and pre_sentence_report.

Belongs here: one row per sentence, requirement or report. Does not belong here: the person (probation_people.py), and
what is true (sentences.py, supervision.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.calibration import OFFENCES
from synthetic_extracts.draws import chosen, dates, labelled, numbered, pick, stream, where
from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.people.identity_numbers import Identities
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.supervision import ACTIVE, Supervision

COURTS = [
    "SHEFCC", "LEEDCC", "MANCCC", "BIRMCC", "LONDCC", "BRISCC",
    "SHEFMC", "LEEDMC", "MANCMC", "BIRMMC", "LONDMC", "BRISMC",
]
OFFENCE_CODES = {
    "Violence against the person": [("00809", "Assault occasioning actual bodily harm"), ("10501", "Common assault")],
    "Sexual offences": [("01711", "Sexual assault")],
    "Robbery": [("03401", "Robbery")],
    "Theft offences": [("04600", "Theft from shops"), ("02801", "Burglary in a dwelling"), ("04910", "Theft")],
    "Criminal damage and arson": [("14901", "Criminal damage under 5,000 pounds")],
    "Drug offences": [("09210", "Possession of a class A drug"), ("09265", "Possession of a class B drug")],
    "Possession of weapons": [("00811", "Possession of a bladed article")],
    "Public order offences": [("06620", "Affray"), ("12511", "Fear or provocation of violence")],
    "Miscellaneous crimes against society": [
        ("06639", "Breach of a restraining order"),
        ("07910", "Perverting the course of justice"),
    ],
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
OTHER_REQUIREMENTS = {"RAR": 0.35, "UPW": 0.12, "CURFEW": 0.06}


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
    ended = np.maximum(
        np.where(rng.random(size) < 0.25, cohort.day + (end - cohort.day) * rng.uniform(0.2, 0.9, size), ended).astype(
            np.int64
        ),
        cohort.day,
    )
    over = ended <= cohort.end
    court = np.where(cohort.crown, rng.integers(0, 6, size), 6 + rng.integers(0, 6, size))
    names = [f"{code[:4].title()} {'Crown Court' if code.endswith('CC') else 'Magistrates Court'}" for code in COURTS]
    known = rng.random(size) >= 0.02
    return pl.DataFrame(
        {
            "crn": numbers.crn.gather(cohort.crn.astype(np.uint32)),
            "event_number": pl.Series(cohort.order + 1 + cohort.people.dob[cohort.person] % 3).cast(pl.String),
            "event_id": numbers.event,
            "referral_date": dates(cohort.day - rng.integers(0, 40, size)),
            "conviction_date": dates(cohort.day - rng.choice([0, 0, 21, 28, 35], size)),
            "disposal_id": numbers.disposal,
            "disposal_date": dates(cohort.day),
            "disposal_type": labelled(
                [
                    "ORA Community Order",
                    "SA2020 Community Order",
                    "ORA Suspended Sentence Order",
                    "SA2020 Suspended Sentence Order",
                ],
                2 * cohort.suspended + new_code,
            ),
            "disposal_length_days": pl.Series(end - cohort.day),
            "disposal_end_date": dates(end),
            "disposal_termination_date": dates(ended, over),
            "disposal_termination_reason": where(
                over, chosen(rng, {"Completed": 0.6, "Revoked": 0.25, "Expired (Normal)": 0.15}, size)
            ),
            "sentencing_court_type": where(known, labelled(["magistrates", "crown"], cohort.crown.astype(np.int64))),
            "court_code": where(known, labelled(COURTS, court)),
            "court_name": where(known, labelled(names, court)),
        }
    ).sort("crn", "disposal_date", "event_id")


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
    frame = pl.DataFrame(
        {
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
        }
    )
    held = {name: rng.random(len(cohort)) < share for name, share in OTHER_REQUIREMENTS.items()}
    held |= {"MHTR": cohort.mental_health}
    others = [
        _other_requirement(rng, cohort, numbers, name, np.flatnonzero(has), 10**8 * number)
        for number, (name, has) in enumerate(held.items(), start=1)
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
    rng: np.random.Generator, cohort: Cohort, numbers: Identities, name: str, rows: np.ndarray, offset: int
) -> pl.DataFrame:
    size = len(rows)
    length = {"RAR": [10, 20, 30], "UPW": [60, 100, 200], "CURFEW": [2, 3, 4], "MHTR": [6, 9, 12]}[name]
    unit = {"RAR": "D", "UPW": "H", "CURFEW": "M", "MHTR": "M"}[name]
    return pl.DataFrame(
        {
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
        }
    )


def offence_codes(rng: np.random.Generator, offence: np.ndarray, kind: np.ndarray) -> tuple[pl.Series, pl.Series]:
    """Home Office code and words of offence groups; drink driving is most of the motoring of people with ATRs."""
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
    return pl.DataFrame(
        {
            "event_id": numbers.event,
            "offence_date": dates(cohort.offence_day),
            "offence_code": code,
            "offence_description": words,
            "main_category": group,
            "offence_group": group,
            "is_drink_driving": (code == DRINK_DRIVING).cast(pl.Int8).cast(pl.String),
            "verdict": chosen(rng, {"G": 0.96, "M": 0.02, "": 0.02}, size),
        }
    ).sort("event_id")


def risk(seed: int, cohort: Cohort, numbers: Identities) -> pl.DataFrame:
    """One row per sentence that was assessed; scores are missing for 7 to 12 per cent."""
    rng = stream(seed, "risk")
    size = len(cohort)
    two = cohort.ogrs_two_years
    band = labelled(["low", "medium", "high"], np.digitize(cohort.rsr, [3.0, 6.9]))
    has_rsr, has_ogrs = rng.random(size) >= 0.06, rng.random(size) >= 0.03
    return (
        pl.DataFrame(
            {
                "event_id": numbers.event,
                "assessment_date": dates(np.minimum(cohort.day - rng.integers(-20, 40, size), cohort.end)),
                "ogrs3_1yr": where(
                    has_ogrs, pl.Series(np.maximum(np.round(two * rng.uniform(0.55, 0.75, size)), 1).astype(np.int64))
                ),
                "ogrs3_2yr": where(has_ogrs, pl.Series(two)),
                "rsr_score": where(has_rsr, pl.Series(cohort.rsr)),
                "rsr_band": where(has_rsr, band),
            }
        )
        .filter(pl.Series(rng.random(size) >= 0.05))
        .sort("event_id")
    )


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
    return pl.DataFrame(
        {
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
        }
    ).sort("report_id")
