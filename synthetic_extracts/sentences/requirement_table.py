"""The nDelius table requirement: ATRs and DRRs, and requirements of other types.

Belongs here: one row per requirement. Does not belong here: the sentence (sentence_tables.py), and what is true
(cohort.py, supervision.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.draws import chosen, dates, labelled, numbered, stream, where
from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.people.identity_numbers import Identities
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.supervision import ACTIVE, Supervision

TERMINATION_TEXTS = [
    {"Requirement Completed": 1.0},
    {"Revoked (Breach)": 0.5, "Revoked (Further Offence)": 0.35, "Revoked (Other)": 0.15},
    {"Suspended Sentence Activated": 1.0},
    {"Expired (Normal)": 1.0},
    {"Offender died": 0.6, "Deceased": 0.4},
    {"Transferred to other provider": 0.5, "Order quashed on appeal": 0.2, "Withdrawn by court": 0.3},
]
OTHER_REQUIREMENTS = {"RAR": 0.35, "UPW": 0.12, "CURFEW": 0.06}


def requirement(seed: int, cohort: Cohort, supervision: Supervision, numbers: Identities) -> pl.DataFrame:
    """ATRs and DRRs, and rows of other types that the study ignores."""
    sentences = cohort.sentences
    rng = stream(seed, "requirements")
    sentence, size = cohort.requirements.sentence, len(cohort.requirements.sentence)
    months, known = cohort.requirements.months, ~cohort.requirements.no_length
    in_days = (rng.random(size) < 0.04) & np.isin(months, [3, 6, 9, 12])
    length = np.where(in_days, np.array([0, 0, 0, 90, 0, 0, 180, 0, 0, 270, 0, 0, 365])[np.minimum(months, 12)], months)
    day = sentences.day[sentence]
    active = supervision.termination == ACTIVE
    reason = pl.Series([None], dtype=pl.String).new_from_index(0, size)
    for number, texts in enumerate(TERMINATION_TEXTS):
        reason = chosen(rng, texts, size).zip_with(pl.Series(supervision.termination == number), reason)
    commenced = day + rng.integers(0, 30, size)
    frame = pl.DataFrame(
        {
            "requirement_id": numbers.requirement,
            **_requirement_keys(cohort, numbers, sentence),
            "requirement_type": labelled(["ATR", "DRR"], cohort.requirements.kind),
            "sub_type": chosen(rng, {"Non-residential": 0.75, "Residential": 0.03, "": 0.22}, size),
            "start_date": dates(day),
            "commencement_date": dates(commenced, (rng.random(size) < 0.6) & (commenced < supervision.window_end)),
            "expected_end_date": dates(supervision.expected_end, known),
            "termination_date": dates(np.where(active, 0, supervision.termination_day), ~active),
            "termination_reason": reason,
            "length": where(known, pl.Series(length)),
            "length_unit": where(known, labelled(["M", "D"], in_days.astype(np.int64))),
            "probation_region": labelled(street_sectors().regions, sentences.region[sentence]),
        }
    )
    held = {name: rng.random(len(sentences)) < share for name, share in OTHER_REQUIREMENTS.items()}
    held |= {"MHTR": sentences.mental_health}
    others = [
        _other_requirement(rng, cohort, numbers, name, np.flatnonzero(has), 10**8 * number)
        for number, (name, has) in enumerate(held.items(), start=1)
    ]
    return pl.concat([frame, *others]).sort("requirement_id")


def _requirement_keys(cohort: Cohort, numbers: Identities, sentence: np.ndarray) -> dict[str, pl.Series]:
    sentences = cohort.sentences
    rows = sentence.astype(np.uint32)
    return {
        "crn": numbers.crn.gather(sentences.crn[sentence].astype(np.uint32)),
        "event_id": numbers.event.gather(rows),
        "disposal_id": numbers.disposal.gather(rows),
        "disposal_date": dates(sentences.day[sentence]),
        "disposal_type": labelled(["CO", "SSO"], sentences.suspended[sentence].astype(np.int64)),
    }


def _other_requirement(
    rng: np.random.Generator, cohort: Cohort, numbers: Identities, name: str, rows: np.ndarray, offset: int
) -> pl.DataFrame:
    sentences = cohort.sentences
    size = len(rows)
    length = {"RAR": [10, 20, 30], "UPW": [60, 100, 200], "CURFEW": [2, 3, 4], "MHTR": [6, 9, 12]}[name]
    unit = {"RAR": "D", "UPW": "H", "CURFEW": "M", "MHTR": "M"}[name]
    return pl.DataFrame(
        {
            "requirement_id": numbered("", 3_000_000_000 + offset + np.arange(size), 10),
            **_requirement_keys(cohort, numbers, rows),
            "requirement_type": pl.Series([name]).new_from_index(0, size),
            "sub_type": pl.Series([None], dtype=pl.String).new_from_index(0, size),
            "start_date": dates(sentences.day[rows]),
            "commencement_date": pl.Series([None], dtype=pl.Date).new_from_index(0, size),
            "expected_end_date": dates(sentences.day[rows] + 365),
            "termination_date": pl.Series([None], dtype=pl.Date).new_from_index(0, size),
            "termination_reason": pl.Series([None], dtype=pl.String).new_from_index(0, size),
            "length": pl.Series(rng.choice(length, size)),
            "length_unit": pl.Series([unit]).new_from_index(0, size),
            "probation_region": labelled(street_sectors().regions, sentences.region[rows]),
        }
    )
