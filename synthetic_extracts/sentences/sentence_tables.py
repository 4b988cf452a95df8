"""The nDelius tables of sentences: event_disposal, main_offence, risk and pre_sentence_report.

Belongs here: one row per sentence or report. Does not belong here: requirements (requirement_table.py), the person
(people/offender.py), and what is true (cohort.py, supervision.py).
"""

import numpy as np
import polars as pl

from contracts.sources.ndelius import OFFENCE_GROUPS
from synthetic_extracts.draws import chosen, dates, labelled, numbered, pick, stream, where
from synthetic_extracts.people.identity_numbers import Identities
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.offence_codes import offence_codes
from synthetic_extracts.sentences.supervision import Supervision

COURTS = [
    "SHEFCC",
    "LEEDCC",
    "MANCCC",
    "BIRMCC",
    "LONDCC",
    "BRISCC",
    "SHEFMC",
    "LEEDMC",
    "MANCMC",
    "BIRMMC",
    "LONDMC",
    "BRISMC",
]
DISPOSALS = [
    "ORA Community Order",
    "SA2020 Community Order",
    "ORA Suspended Sentence Order",
    "SA2020 Suspended Sentence Order",
]
DRINK_DRIVING = "80302"


def event_disposal(seed: int, cohort: Cohort, supervision: Supervision, numbers: Identities) -> pl.DataFrame:
    """One row per sentence."""
    sentences = cohort.sentences
    rng = stream(seed, "events")
    size = len(sentences)
    months = np.array([6, 9, 12, 18, 24])[pick(rng, [0.04, 0.06, 0.50, 0.20, 0.20], size)]
    longest = np.zeros(size, dtype=np.int64)
    np.maximum.at(longest, cohort.requirements.sentence, cohort.requirements.months)
    months = np.maximum(months, longest)
    end = sentences.day + np.round(months * 30.4375).astype(np.int64)
    new_code = sentences.day >= 18597  # Sentencing Act 2020, from 1 December 2020
    early = rng.random(size) < 0.25
    ended_early = sentences.day + (end - sentences.day) * rng.uniform(0.2, 0.9, size)
    ended = np.where(early, ended_early, np.minimum(end, supervision.death_day[sentences.person])).astype(np.int64)
    ended = np.maximum(ended, sentences.day)
    over = ended <= cohort.end
    court = np.where(sentences.crown, rng.integers(0, 6, size), 6 + rng.integers(0, 6, size))
    names = [f"{code[:4].title()} {'Crown Court' if code.endswith('CC') else 'Magistrates Court'}" for code in COURTS]
    known = rng.random(size) >= 0.02
    return pl.DataFrame(
        {
            "crn": numbers.crn.gather(sentences.crn.astype(np.uint32)),
            "event_number": pl.Series(sentences.order + 1 + cohort.people.dob[sentences.person] % 3).cast(pl.String),
            "event_id": numbers.event,
            "referral_date": dates(sentences.day - rng.integers(0, 40, size)),
            "conviction_date": dates(sentences.day - rng.choice([0, 0, 21, 28, 35], size)),
            "disposal_id": numbers.disposal,
            "disposal_date": dates(sentences.day),
            "disposal_type": labelled(DISPOSALS, 2 * sentences.suspended + new_code),
            "disposal_length_days": pl.Series(end - sentences.day),
            "disposal_end_date": dates(end),
            "disposal_termination_date": dates(ended, over),
            "disposal_termination_reason": where(
                over, chosen(rng, {"Completed": 0.6, "Revoked": 0.25, "Expired (Normal)": 0.15}, size)
            ),
            "sentencing_court_type": where(known, labelled(["magistrates", "crown"], sentences.crown.astype(np.int64))),
            "court_code": where(known, labelled(COURTS, court)),
            "court_name": where(known, labelled(names, court)),
        }
    ).sort("crn", "disposal_date", "event_id")


def main_offence(seed: int, cohort: Cohort, numbers: Identities) -> pl.DataFrame:
    """One row per sentence."""
    sentences = cohort.sentences
    rng = stream(seed, "offences")
    size = len(sentences)
    code, words = offence_codes(rng, sentences.offence, sentences.kind)
    group = labelled(OFFENCE_GROUPS, sentences.offence)
    return pl.DataFrame(
        {
            "event_id": numbers.event,
            "offence_date": dates(sentences.offence_day),
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
    sentences = cohort.sentences
    rng = stream(seed, "risk")
    size = len(sentences)
    two = sentences.ogrs_two_years
    band = labelled(["low", "medium", "high"], np.digitize(sentences.rsr, [3.0, 6.9]))
    has_rsr, has_ogrs = rng.random(size) >= 0.06, rng.random(size) >= 0.03
    return (
        pl.DataFrame(
            {
                "event_id": numbers.event,
                "assessment_date": dates(np.minimum(sentences.day - rng.integers(-20, 40, size), cohort.end)),
                "ogrs3_1yr": where(
                    has_ogrs, pl.Series(np.maximum(np.round(two * rng.uniform(0.55, 0.75, size)), 1).astype(np.int64))
                ),
                "ogrs3_2yr": where(has_ogrs, pl.Series(two)),
                "rsr_score": where(has_rsr, pl.Series(sentences.rsr)),
                "rsr_band": where(has_rsr, band),
            }
        )
        .filter(pl.Series(rng.random(size) >= 0.05))
        .sort("event_id")
    )


def pre_sentence_report(seed: int, cohort: Cohort, numbers: Identities) -> pl.DataFrame:
    """Reports for about two sentences in three; most were sent to court on the day of sentence."""
    sentences = cohort.sentences
    rng = stream(seed, "reports")
    rows = np.flatnonzero(rng.random(len(sentences)) < np.where(sentences.crown, 0.85, 0.65))
    size, day = len(rows), sentences.day[rows]
    requested = pick(rng, [0.42, 0.38, 0.20], size)
    other = rng.random(size) < 0.08
    delivered = np.where(other, pick(rng, [0.5, 0.3, 0.2], size), requested)
    sent = day - np.where(rng.random(size) < 0.93, 0, rng.integers(1, 21, size))
    labels = ["CJF", "CJO", "CJS"]
    return pl.DataFrame(
        {
            "report_id": numbered("R", rng.permutation(size) + 1, 8),
            "crn": numbers.crn.gather(sentences.crn[rows].astype(np.uint32)),
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
