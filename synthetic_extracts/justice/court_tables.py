"""The extracts of magistrates' courts and the Crown Court, and which case of the one is which of the other.

Belongs here: what of the cases an extract holds. Does not belong here: what happened (careers.py), names (mistakes.py).
"""

import numpy as np
import polars as pl

from contracts.sources.ndelius import OFFENCE_GROUPS
from synthetic_extracts.draws import dates, day_number, labelled, numbered, stream, where
from synthetic_extracts.justice import careers, numbers
from synthetic_extracts.justice.careers import NO_PURPOSE, OUTCOMES, PURPOSES, Cases
from synthetic_extracts.justice.mistakes import record_people
from synthetic_extracts.justice.people import People
from synthetic_extracts.justice.places import court_areas
from synthetic_extracts.justice.rates import rates

TO_CROWN = len(OUTCOMES)
_OUTCOME_CODES = [*OUTCOMES, "TO_CROWN"]


def magistrates_table(seed: int, people: People, cases: Cases, last: int) -> tuple[pl.DataFrame, np.ndarray]:
    """magistrates_defendant_case up to day `last`, and the places of its rows in `cases`."""
    rng, rate = stream(seed, f"justice magistrates {people.block}"), rates()["careers"]
    held = _is_held(rng, cases.first_hearing)
    held &= ~(cases.sent & (rng.random(len(cases)) < rate["crown_without_magistrates"]))
    rows = np.flatnonzero(held)
    sent_on = cases.sent_on[rows]
    went_up = cases.sent[rows] & (sent_on <= last)
    only_sent = went_up & (cases.purpose[rows] != careers.APPEAL)
    sentenced = np.where(cases.sentenced[rows] <= last, cases.sentenced[rows], -1)
    undecided = (cases.sentenced[rows] > last) | (cases.sent[rows] & ~went_up)
    outcome = np.where(only_sent, TO_CROWN, np.where(undecided, -1, cases.outcome[rows]))
    purpose = np.where(went_up, cases.purpose[rows], NO_PURPOSE)
    recorded = record_people(rng, seed, people, cases.person[rows], cases.first_hearing[rows], "magistrates")
    table = pl.DataFrame(
        {
            "defendant_on_case_id": defendant_keys("M", cases.numbers(people)[rows]),
            "case_id": numbered("L", people.block * 10**7 + cases.case[rows], 10),
            **recorded,
            "crn": _crns_known(rng, people, cases.person[rows]),
            "first_hearing_date": dates(cases.first_hearing[rows]),
            "committal_date": dates(sent_on, went_up),
            "committed_for": labelled(list(PURPOSES), purpose),
            "court_code": court_codes("M", seed, people, cases.person[rows], cases.first_hearing[rows]),
            **_sentence(cases, rows, outcome, sentenced),
        }
    )
    table = table.with_columns(pl.col("surname").str.to_uppercase())
    return table.filter(pl.Series(cases.first_hearing[rows] <= last)), rows[cases.first_hearing[rows] <= last]


def crown_table(seed: int, people: People, cases: Cases, last: int) -> tuple[pl.DataFrame, np.ndarray]:
    """crown_defendant_case up to day `last`, and the places of its rows in `cases`."""
    rng = stream(seed, f"justice crown {people.block}")
    rows = np.flatnonzero(cases.sent & _is_held(rng, cases.crown_receipt))
    sentenced = np.where(cases.crown_sentenced[rows] <= last, cases.crown_sentenced[rows], -1)
    undecided = cases.crown_sentenced[rows] > last
    person, receipt = cases.person[rows], cases.crown_receipt[rows]
    # The day by which somebody's name, address and custody are recorded is that of the receipt.
    recorded = record_people(rng, seed, people, person, receipt, "crown")
    sent_from = court_codes("M", seed, people, person, cases.first_hearing[rows])
    table = pl.DataFrame(
        {
            "defendant_on_case_id": defendant_keys("C", cases.numbers(people)[rows]),
            "case_id": numbered("T", people.block * 10**7 + cases.case[rows], 10),
            **recorded,
            "crn": _crns_known(rng, people, person),
            "receipt_date": dates(receipt),
            "receipt_type": labelled(list(PURPOSES), cases.purpose[rows]),
            "sent_from_court_code": where(rng.random(len(rows)) < 0.6, sent_from),
            "court_code": court_codes("C", seed, people, person, receipt),
            **_sentence(cases, rows, np.where(undecided, -1, cases.crown_outcome[rows]), sentenced),
        }
    )
    return table.filter(pl.Series(receipt <= last)), rows[receipt <= last]


def true_cases(people: People, cases: Cases, magistrates: np.ndarray, crown: np.ndarray) -> pl.DataFrame:
    """The truth: crown_record_key and magistrates_record_key of each Crown Court row, null where no row is its case."""
    number = cases.numbers(people)[crown]
    return pl.DataFrame(
        {
            "crown_record_key": defendant_keys("C", number),
            "magistrates_record_key": where(np.isin(crown, magistrates), defendant_keys("M", number)),
        }
    )


def true_courts(seed: int) -> pl.DataFrame:
    """The truth: court_code of every court, sorted, and custody_log_odds, by how much custody is likelier in it."""
    frames = [
        pl.DataFrame({"court_code": numbered(letter, np.arange(len(effects)), 4), "custody_log_odds": effects})
        for letter, effects in ((letter, careers.court_effects(seed, letter)) for letter in "CM")
    ]
    return pl.concat(frames)


def defendant_keys(letter: str, number: np.ndarray) -> pl.Series:
    """Keys of defendants on cases; that of a Crown Court case says nothing of the magistrates' one."""
    size = 10**10 - 33  # a prime, so that the map is one to one
    return numbered(letter, number * (7_368_787 if letter == "M" else 3_267_011) % size, 10)


def _is_held(rng: np.random.Generator, day: np.ndarray) -> np.ndarray:
    """Whether the extracts hold a case of a day: not those of Common Platform, nor before their first day."""
    rate, first = rates()["common_platform"], day_number(rates()["first_day"])
    begins, whole = day_number(rate["from"]), day_number(rate["whole_from"])
    lost = rate["share"] * ((day - begins) / (whole - begins)).clip(0, 1)
    return (day >= first) & (rng.random(len(day)) >= lost)


def _crns_known(rng: np.random.Generator, people: People, person: np.ndarray) -> pl.Series:
    known = rng.random(len(person)) < rates()["systems"]["crn_known_to_courts"]
    return where(known, numbers.crns(2 * people.ids[person]))


def court_codes(letter: str, seed: int, people: People, person: np.ndarray, day: np.ndarray) -> pl.Series:
    """The code of the court of the area where somebody lives."""
    return numbered(letter, court_areas(letter, seed, people.household[person], day), 4)


def _sentence(cases: Cases, rows: np.ndarray, outcome: np.ndarray, sentenced: np.ndarray) -> dict[str, pl.Series]:
    group = cases.group[rows]
    return {
        "offence_code": numbered("", careers.offence_code(group, cases.offence[rows]), 5),
        "offence_group": labelled(OFFENCE_GROUPS, group),
        "outcome": labelled(_OUTCOME_CODES, outcome),
        "sentence_date": dates(sentenced, sentenced >= 0),
    }
