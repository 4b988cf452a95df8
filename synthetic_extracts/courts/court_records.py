"""What Xhibit, Libra and Common Platform recorded: defendants, cases, offences and results of the cohort.

Belongs here: the system that holds a case, defendants and cases, and what was lost in migration. Does not belong here:
which cases are heard (court_cases.py), offences and results (results.py), and who is truly reconvicted
(reconviction.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic_extracts.calibration import calibration
from synthetic_extracts.courts.court_cases import (
    INDEX,
    RECONVICTION,
    Appearances,
    cases_heard,
    further_cases,
    pending_cases,
)
from synthetic_extracts.courts.reconviction import Reconvictions, first_further_appearance
from synthetic_extracts.courts.results import offences, results
from synthetic_extracts.draws import dates, labelled, letters, numbered, pick, stream, where
from synthetic_extracts.people.geography import postcodes
from synthetic_extracts.people.identity_numbers import Identities, crns, pnc_numbers
from synthetic_extracts.people.recording_errors import probation_ethnicity, record, untidy
from synthetic_extracts.rows import together
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.supervision import Supervision

XHIBIT, LIBRA, COMMON_PLATFORM = range(3)
SYSTEMS = ["xhibit", "libra", "common_platform"]


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
    seed: int,
    cohort: Cohort,
    reconvictions: Reconvictions,
    supervision: Supervision,
    numbers: Identities,
    lost: np.ndarray,
) -> CourtRecords:
    """Further crimes and pending cases heard after the end of observation, and some of the `lost` ones that came to
    light after it."""
    rng = stream(seed, "later courts")
    alive_until = supervision.death_day[cohort.sentences.person]
    later = reconvictions.own & (reconvictions.own_day > cohort.end) & (reconvictions.own_day <= alive_until)
    came_to_light = np.flatnonzero(lost & (rng.random(len(lost)) < calibration()["next_quarter"]["lost_results_found"]))
    further = further_cases(cohort, reconvictions, np.append(np.flatnonzero(later), came_to_light))
    pending = pending_cases(seed, cohort, supervision)
    return _record(rng, cohort, together([further, pending.take(pending.day > cohort.end)]), numbers)


def _record(rng: np.random.Generator, cohort: Cohort, cases: Appearances, numbers: Identities) -> CourtRecords:
    """What is kept of appearances."""
    settings = calibration()["courts"]
    size = len(cases.person)
    year = 1970 + cases.day / 365.2425
    migrated = (
        np.clip((year - settings["common_platform_from"]) / (2023 - settings["common_platform_from"]), 0, 1) * 0.8
    )
    crown = np.where(cases.row >= 0, cohort.sentences.crown[cases.row], False) & (cases.purpose == INDEX)
    crown |= (cases.purpose != INDEX) & (rng.random(size) < 0.12)
    system = np.where(rng.random(size) < migrated, COMMON_PLATFORM, np.where(crown, XHIBIT, LIBRA))
    in_gap = (system == COMMON_PLATFORM) & (year >= 2021) & (year < 2023)
    lost = rng.random(size) < np.where(
        in_gap, settings["lost_in_migration"]["gap"], settings["lost_in_migration"]["usual"]
    )
    joinable = (rng.random(size) < settings["number_known"]) & (cases.person >= 0)
    lost_sentences = np.zeros(len(cohort.sentences), dtype=bool)
    lost_sentences[cases.row[(cases.purpose == RECONVICTION) & lost]] = True
    cases, system, crown, joinable = cases.take(~lost), system[~lost], crown[~lost], joinable[~lost]
    key = numbered("", 70_000_000 + rng.permutation(len(system)), 8)
    tables = {"defendant": _defendants(rng, cohort, cases, system, joinable, numbers, key)}
    tables["case"] = _cases(rng, cases, system, crown, key)
    tables["offence"], offence_case = offences(rng, cohort, cases, tables["case"])
    tables["result"], counts = results(rng, cohort, cases, tables["offence"], offence_case)
    dated = counts & tables["offence"]["offence_date"].is_not_null().to_numpy()
    can_count = np.isin(np.arange(len(system)), offence_case[dated]) & joinable
    keys = {
        "defendant": ["defendant_id"],
        "case": ["case_id", "defendant_id"],
        "offence": ["offence_id"],
        "result": ["result_id"],
    }
    sorted_tables = {name: table.sort(keys[name]) for name, table in tables.items()}
    return CourtRecords(sorted_tables, cases.take(can_count), lost_sentences)


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
                np.maximum(np.where(cases.row >= 0, cohort.sentences.crn[cases.row], 0), 0).astype(np.uint32)
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
