"""What Xhibit, Libra and Common Platform recorded: defendants, cases, offences and results of the cohort.

Belongs here: the system that holds a case, its records, and what was lost in migration. Does not belong here: which
cases are heard (court_cases.py), and who is truly reconvicted (reconviction.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic_extracts.calibration import CODE_LISTS, OFFENCES, calibration
from synthetic_extracts.courts.court_cases import (
    ACQUITTED,
    INDEX,
    RECONVICTION,
    Appearances,
    cases_heard,
    further_cases,
    pending_cases,
    together,
)
from synthetic_extracts.courts.reconviction import Reconvictions, first_further_appearance
from synthetic_extracts.draws import chosen, dates, labelled, letters, numbered, pick, stream, where
from synthetic_extracts.people.geography import postcodes
from synthetic_extracts.people.identity_numbers import Identities, crns, pnc_numbers
from synthetic_extracts.people.recording_errors import probation_ethnicity, record, untidy
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.sentence_tables import offence_codes
from synthetic_extracts.sentences.supervision import Supervision

XHIBIT, LIBRA, COMMON_PLATFORM = range(3)
SYSTEMS = ["xhibit", "libra", "common_platform"]
# Results of a reconviction by number in reconviction_outcomes.csv; mostly sentences.
RECONVICTION_RESULTS = {
    9: 0.21,
    10: 0.17,
    1: 0.14,
    13: 0.07,
    14: 0.07,
    8: 0.06,
    11: 0.05,
    19: 0.05,
    15: 0.035,
    7: 0.02,
    5: 0.03,
    3: 0.015,
    17: 0.015,
    12: 0.01,
    34: 0.015,
    38: 0.005,
    41: 0.01,
    65: 0.005,
    51: 0.005,
    16: 0.005,
    39: 0.005,
    56: 0.003,
    44: 0.005,
    49: 0.003,
    2: 0.01,
    23: 0.003,
}
DECOYS = {"Not Guilty": 0.25, "Dismissed": 0.25, "Withdrawn": 0.35, "No Evidence Offered": 0.15}
# Some of these do not count with outcome set "convictions_only" (reconviction_outcomes_classified.csv), on purpose.
FURTHER_RESULTS = {8: 0.6, 11: 0.2, 46: 0.2}


@dataclass
class CourtRecords:
    """The four court tables; the cases that count when they are of a further crime: on record with an outcome of the
    list, the date of the offence and a number that joins; and per sentence whether a further crime was lost."""

    tables: dict[str, pl.DataFrame]
    can_count: Appearances
    lost: np.ndarray

    def on_record_from(self, cohort: Cohort) -> np.ndarray:
        """Per sentence the day from which a reconviction is on record (OPEN: none)."""
        return first_further_appearance(cohort, self.can_count.person, self.can_count.offence_day, self.can_count.day)


def court_records(
    seed: int, cohort: Cohort, reconvictions: Reconvictions, supervision: Supervision, numbers: Identities
) -> CourtRecords:
    """What the courts hold at the end of observation."""
    rng = stream(seed, "courts")
    return _record(rng, cohort, cases_heard(rng, seed, cohort, reconvictions, supervision), numbers)


def later_court_records(
    seed: int, cohort: Cohort, reconvictions: Reconvictions, supervision: Supervision, numbers: Identities,
    lost: np.ndarray,
) -> CourtRecords:
    """Further crimes and pending cases heard after the end of observation, and some of the `lost` ones that came to
    light after it."""
    rng = stream(seed, "later courts")
    alive_until = supervision.death_day[cohort.person]
    later = reconvictions.own & (reconvictions.own_day > cohort.end) & (reconvictions.own_day <= alive_until)
    came_to_light = np.flatnonzero(lost & (rng.random(len(lost)) < calibration()["next_quarter"]["lost_results_found"]))
    further = further_cases(cohort, reconvictions, np.append(np.flatnonzero(later), came_to_light))
    pending = pending_cases(seed, cohort, supervision)
    return _record(rng, cohort, together([further, pending[pending.day > cohort.end]]), numbers)


def _record(rng: np.random.Generator, cohort: Cohort, cases: Appearances, numbers: Identities) -> CourtRecords:
    """What is kept of appearances."""
    settings = calibration()["courts"]
    size = len(cases.person)
    year = 1970 + cases.day / 365.2425
    migrated = (
        np.clip((year - settings["common_platform_from"]) / (2023 - settings["common_platform_from"]), 0, 1) * 0.8
    )
    crown = np.where(cases.row >= 0, cohort.crown[cases.row], False) & (cases.purpose == INDEX)
    crown |= (cases.purpose != INDEX) & (rng.random(size) < 0.12)
    system = np.where(rng.random(size) < migrated, COMMON_PLATFORM, np.where(crown, XHIBIT, LIBRA))
    in_gap = (system == COMMON_PLATFORM) & (year >= 2021) & (year < 2023)
    lost = rng.random(size) < np.where(
        in_gap, settings["lost_in_migration"]["gap"], settings["lost_in_migration"]["usual"]
    )
    joinable = (rng.random(size) < settings["number_known"]) & (cases.person >= 0)
    lost_sentences = np.zeros(len(cohort), dtype=bool)
    lost_sentences[cases.row[(cases.purpose == RECONVICTION) & lost]] = True
    cases, system, crown, joinable = cases[~lost], system[~lost], crown[~lost], joinable[~lost]
    key = numbered("", 70_000_000 + rng.permutation(len(system)), 8)
    tables = {"defendant": _defendants(rng, cohort, cases, system, joinable, numbers, key)}
    tables["case"] = _cases(rng, cases, system, crown, key)
    tables["offence"], offence_case = _offences(rng, cohort, cases, tables["case"])
    tables["result"], counts = _results(rng, cohort, cases, tables["offence"], offence_case)
    dated = counts & tables["offence"]["offence_date"].is_not_null().to_numpy()
    can_count = np.isin(np.arange(len(system)), offence_case[dated]) & joinable
    keys = {
        "defendant": ["defendant_id"],
        "case": ["case_id", "defendant_id"],
        "offence": ["offence_id"],
        "result": ["result_id"],
    }
    sorted_tables = {name: table.sort(keys[name]) for name, table in tables.items()}
    return CourtRecords(sorted_tables, cases[can_count], lost_sentences)


def _defendants(
    rng: np.random.Generator,
    cohort: Cohort,
    cases: Appearances,
    system: np.ndarray,
    joinable: np.ndarray,
    numbers: Identities,
    key: pl.Series,
) -> pl.DataFrame:
    size = len(cases.person)
    stranger = cases.person < 0
    # A stranger has the looks of somebody drawn at random from the cohort but nobody's numbers.
    person = np.where(stranger, rng.integers(0, len(cohort.people), size), cases.person)
    held = record(rng, cohort.people, person, "ndelius")
    index = person.astype(np.uint32)
    pnc = joinable & numbers.pnc_known[person] & (rng.random(size) < 0.85)
    cro = joinable & numbers.cro_known[person] & (rng.random(size) < 0.55)
    crn = joinable & ((rng.random(size) < 0.6) | ~(pnc | cro))
    other_pnc = pnc_numbers(rng, np.full(size, 2009)).zip_with(
        pl.Series(stranger), pl.Series([None], dtype=pl.String).new_from_index(0, size)
    )
    other_crn = crns(rng, size).zip_with(
        pl.Series(np.zeros(size, dtype=bool)), pl.Series([None], dtype=pl.String).new_from_index(0, size)
    )
    sector = cohort.people.sector_at(person, cases.day)
    return pl.DataFrame(
        {
            "source_system": labelled(SYSTEMS, system),
            "defendant_id": pl.Series(["D"]).new_from_index(0, size) + key,
            "forename_initial": letters(held.forename),
            "surname_initial": letters(held.surname),
            "dob": dates(held.dob, held.has_dob),
            "sex": labelled(["M", "F", "N"], held.sex),
            "ethnicity": probation_ethnicity(rng, held.ethnicity),
            "postcode": where(rng.random(size) < 0.85, untidy(rng, postcodes(sector, person * 8 + 1), 0.15)),
            "pnc_number": numbers.pnc.gather(index).zip_with(pl.Series(pnc), other_pnc),
            "cro_number": where(cro, numbers.cro.gather(index)),
            "crn": numbers.crn.gather(
                np.maximum(np.where(cases.row >= 0, cohort.crn[cases.row], 0), 0).astype(np.uint32)
            ).zip_with(pl.Series(crn), other_crn),
        }
    )


def _cases(
    rng: np.random.Generator, cases: Appearances, system: np.ndarray, crown: np.ndarray, key: pl.Series
) -> pl.DataFrame:
    size = len(cases.person)
    return pl.DataFrame(
        {
            "case_id": labelled(["T", "L", "CP"], system) + key,
            "defendant_id": pl.Series(["D"]).new_from_index(0, size) + key,
            "court_type": labelled(["magistrates", "crown"], crown.astype(np.int64)),
            "court_code": numbered("C", rng.integers(100, 400, size), 3),
            "receipt_date": dates(cases.offence_day + np.floor((cases.day - cases.offence_day) * 0.5).astype(np.int64)),
            "case_type": labelled(["trial", "sentence", "appeal"], pick(rng, [0.6, 0.39, 0.01], size)),
        }
    )


def _offences(
    rng: np.random.Generator, cohort: Cohort, cases: Appearances, case_table: pl.DataFrame
) -> tuple[pl.DataFrame, np.ndarray]:
    """One to three offences per case, and the case of each."""
    size = len(cases.person)
    case = np.repeat(np.arange(size), 1 + pick(rng, [0.75, 0.18, 0.07], size))
    kind = np.where(cases.row >= 0, cohort.kind[cases.row], 1)[case]
    shares = calibration()["cohort"]["offence_share"]
    drawn = np.where(
        kind == 0,
        pick(rng, list(shares["ATR"].values()), len(case)),
        pick(rng, list(shares["DRR"].values()), len(case)),
    )
    first = np.append(True, case[1:] != case[:-1])
    index_offence = np.where(cases.row >= 0, cohort.offence[cases.row], 0)[case]
    group = np.where(first & (cases.purpose[case] == INDEX), index_offence, drawn)
    code, _ = offence_codes(rng, group, kind)
    freed = cases.purpose[case] == ACQUITTED
    rows = case.astype(np.uint32)
    return pl.DataFrame(
        {
            "offence_id": numbered("F", np.arange(len(case)) + 1, 9),
            "case_id": case_table["case_id"].gather(rows),
            "defendant_id": case_table["defendant_id"].gather(rows),
            "offence_date": dates(cases.offence_day[case], rng.random(len(case)) >= 0.02),
            "ho_offence_code": code,
            "offence_group": labelled(OFFENCES, group),
            "plea": labelled(["Guilty", "Not Guilty", ""], np.where(freed, 1, pick(rng, [0.8, 0.12, 0.08], len(case)))),
            "verdict": labelled(
                ["Guilty", "Not Guilty", ""], np.where(freed, 1, pick(rng, [0.85, 0.0, 0.15], len(case)))
            ),
        }
    ), case


def _results(
    rng: np.random.Generator, cohort: Cohort, cases: Appearances, offences: pl.DataFrame, case: np.ndarray
) -> tuple[pl.DataFrame, np.ndarray]:
    """Results of each offence: the sentence, sometimes a further order that day; texts as the systems spell them. And
    of each offence whether a result is one of the list."""
    listed = pl.read_csv(CODE_LISTS / "reconviction_outcomes.csv")["outcome"].to_list()
    texts = [*listed, *DECOYS]
    purpose = cases.purpose[case]
    suspended = np.where(cases.row >= 0, cohort.suspended[cases.row], False)[case]
    # Every further conviction gets at least one text of the list; a case may also hold an offence that was dropped.
    numbers, weights = np.array(list(RECONVICTION_RESULTS)), list(RECONVICTION_RESULTS.values())
    result = numbers[pick(rng, weights, len(case))] - 1
    result = np.where(purpose == INDEX, np.where(suspended, 12, 0), result)
    decoy = len(listed) + pick(rng, list(DECOYS.values()), len(case))
    first = np.append(True, case[1:] != case[:-1])
    dropped = ~first & (rng.random(len(case)) < 0.12)
    result = np.where((purpose == ACQUITTED) | dropped, decoy, result)
    further = np.flatnonzero((purpose != ACQUITTED) & ~dropped & (rng.random(len(case)) < 0.35))
    more = (np.array(list(FURTHER_RESULTS)) - 1)[pick(rng, list(FURTHER_RESULTS.values()), len(further))]
    offence = np.concatenate([np.arange(len(case)), further])
    result = np.concatenate([result, more])
    text = _as_spelt(rng, labelled(texts, result))
    return pl.DataFrame(
        {
            "result_id": numbered("S", np.arange(len(offence)) + 1, 9),
            "offence_id": offences["offence_id"].gather(offence.astype(np.uint32)),
            "appearance_date": dates(cases.day[case[offence]]),
            "result_text": text,
            "result_code": where(rng.random(len(offence)) < 0.9, numbered("", 1000 + result, 4)),
            "is_final": chosen(rng, {"1": 0.93, "0": 0.04, "": 0.03}, len(offence)),
        }
    ), (purpose != ACQUITTED) & ~dropped


def _as_spelt(rng: np.random.Generator, text: pl.Series) -> pl.Series:
    """Straight or curly apostrophes, doubled spaces, spaces around, quotation marks."""
    how = pl.Series(pick(rng, [0.96, 0.01, 0.01, 0.01, 0.01], len(text)))
    straight = pl.Series(rng.random(len(text)) < 0.5)
    return (
        pl.DataFrame({"text": text, "how": how, "straight": straight})
        .select(
            pl.when("straight").then(pl.col("text").str.replace("\u2019", "'")).otherwise("text").alias("text"), "how"
        )
        .select(
            pl.when(pl.col("how") == 1)
            .then(pl.format(" {} ", pl.col("text")))
            .when(pl.col("how") == 2)
            .then(pl.col("text").str.replace(" ", "  "))
            .when(pl.col("how") == 3)
            .then(pl.format('"{}"', pl.col("text")))
            .when(pl.col("how") == 4)
            .then(pl.format("{}\u00a0", pl.col("text")))
            .otherwise("text")
            .alias("text")
        )["text"]
    )
