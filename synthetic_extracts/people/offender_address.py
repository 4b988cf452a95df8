"""The nDelius table offender_address: where offenders are on file as living, and how that is typed.

Belongs here: spells at addresses, their kinds and postcodes. Does not belong here: where people truly live
(true_people.py), and who they are (offender.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic_extracts.calibration import NO_FIXED_ADDRESS, ROUGH, calibration
from synthetic_extracts.draws import chosen, dates, labelled, pick, stream
from synthetic_extracts.people.geography import postcodes, street_sectors
from synthetic_extracts.people.identity_numbers import Identities
from synthetic_extracts.people.recording_errors import untidy
from synthetic_extracts.rows import Rows, together
from synthetic_extracts.sentences.cohort import Cohort, Sentences
from synthetic_extracts.sentences.draw_cohort import size_of
from synthetic_extracts.treatment.journeys import OPEN

ADDRESS_TYPES = [
    {"A01D": 0.40, "A01C": 0.25, "A07B": 0.22, "A01A": 0.06, "A04": 0.065, "A12": 0.005},
    {"A02": 0.55, "A10": 0.10, "A11": 0.20, "A17": 0.15},
    {"A07A": 0.70, "A03": 0.285, "A13": 0.01, "A14": 0.005},
    {"A08C": 0.45, "A08": 0.15, "": 0.40},
    {"A08A": 1.0},
    {"A16": 0.6, "": 0.4},
]
# Accommodation of spells at no sentence: before the first one, and after the last.
KINDS_BEFORE, KINDS_AFTER = [0.75, 0.02, 0.15, 0.05, 0.03], [0.8, 0.03, 0.12, 0.03, 0.02]


@dataclass
class _Spells(Rows):
    """One row per spell at an address, in order of CRN and start: row of the CRN and of the person, number of the home,
    accommodation (index of ACCOMMODATIONS), first and last day (OPEN: the address is current)."""

    crn: np.ndarray
    person: np.ndarray
    home: np.ndarray
    kind: np.ndarray
    start: np.ndarray
    end: np.ndarray

    @property
    def homeless(self) -> np.ndarray:
        """Spells at no address."""
        return np.isin(self.kind, [NO_FIXED_ADDRESS, ROUGH])


def offender_address(seed: int, scale: float, cohort: Cohort, numbers: Identities) -> tuple[pl.DataFrame, np.ndarray]:
    """One row per address spell, and per CRN whether the one at the latest sentence has a readable postcode."""
    rng = stream(seed, "addresses")
    spells = _spells(rng, cohort)
    latest = np.zeros(len(cohort.identifiers), dtype=np.int64)
    latest[cohort.sentences.crn] = cohort.sentences.day  # in order of day: the last one stays
    elsewhere = (spells.kind == 1) & (rng.random(len(spells)) < 0.5)
    sector = cohort.people.home_sector[spells.person, spells.home]
    sector = np.where(elsewhere, street_sectors().move(rng, sector, 1.0, 0.0), sector)
    readable = _readable(rng, cohort, spells)
    usable = (spells.start <= latest[spells.crn]) & (spells.end >= latest[spells.crn]) & readable
    located = np.zeros(len(cohort.identifiers), dtype=bool)
    located[spells.crn[usable]] = True
    code = postcodes(sector, spells.person * 8 + spells.home + 4 * elsewhere)
    frame = _as_recorded(rng, spells, numbers, code, readable)
    bail = _bail_addresses(rng, scale, cohort, numbers, latest, spells.crn, sector, usable)
    return pl.concat([frame, bail]).sort("crn", "start_date", "address_status"), located


def _spells(rng: np.random.Generator, cohort: Cohort) -> _Spells:
    """Spells at the homes of the days of sentence, of some people one before, and one after they moved on."""
    people, sentences = cohort.people, cohort.sentences
    person, crn, day = sentences.person, sentences.crn, sentences.day
    home = people.home_at(person, day)
    rows, start = _new_addresses(rng, sentences, home)
    is_first = np.append(True, crn[1:] != crn[:-1])[rows] & (rng.random(len(rows)) < 0.35)
    before, before_end = rows[is_first], start[is_first] - 1
    final = np.flatnonzero(np.append(crn[1:] != crn[:-1], True))
    next_home = people.home_at(person[final], np.minimum(day[final] + 500, cohort.end))
    moved_on = (next_home > home[final]) & (rng.random(len(final)) < 0.6)
    final, next_home = final[moved_on], next_home[moved_on]
    kind_before, kind_after = pick(rng, KINDS_BEFORE, len(before)), pick(rng, KINDS_AFTER, len(final))
    begun = before_end - 60 - np.floor(rng.exponential(600, len(before))).astype(np.int64)
    moved_in = np.maximum(people.home_start[person[final], next_home], day[final] + 1)

    def spells(at: np.ndarray, homes: np.ndarray, kind: np.ndarray, from_day: np.ndarray) -> _Spells:
        return _Spells(crn[at], person[at], homes, kind, from_day, np.full(len(at), OPEN))

    every = together(
        [
            spells(rows, home[rows], sentences.accommodation[rows], start),
            spells(before, np.maximum(home[before] - 1, 0), kind_before, begun),
            spells(final, next_home, kind_after, moved_in),
        ]
    )
    every = every.take(np.lexsort((every.start, every.crn)))
    current = np.append(every.crn[1:] != every.crn[:-1], True)
    every.end = np.maximum(np.where(current, OPEN, np.append(every.start[1:], 0) - 1), every.start)
    return every


def _new_addresses(rng: np.random.Generator, sentences: Sentences, home: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sentences at whose day the CRN has another address than at the one before, and the day it is on file from."""
    crn, day, accommodation = sentences.crn, sentences.day, sentences.accommodation
    follows = np.append(False, crn[1:] == crn[:-1])
    same = (home[1:] == home[:-1]) & (accommodation[1:] == accommodation[:-1])
    rows = np.flatnonzero(~(follows & np.append(False, same)))
    gap = np.append(0, np.diff(day))
    start = np.where(
        follows,
        day - np.floor(rng.random(len(day)) * np.maximum(gap - 1, 0)).astype(np.int64),
        day - 1 - np.floor(rng.exponential(400, len(day))).astype(np.int64),
    )
    return rows, start[rows]


def _readable(rng: np.random.Generator, cohort: Cohort, spells: _Spells) -> np.ndarray:
    """Spells with a postcode on file that names a place."""
    rates, size = calibration()["errors"]["ndelius"], len(spells)
    disorder = cohort.people.disorder[spells.person]
    homeless = spells.homeless
    held = ~homeless & (rng.random(size) >= rates["postcode_missing"] * np.exp(0.4 * disorder)) | (
        homeless & (rng.random(size) < rates["homeless_postcode"])
    )
    return held & cohort.identifiers.linkable[spells.crn]


def _as_recorded(
    rng: np.random.Generator, spells: _Spells, numbers: Identities, postcode: pl.Series, readable: np.ndarray
) -> pl.DataFrame:
    """The spells as columns; a homeless person's place is empty or a dummy postcode."""
    size, homeless, is_open = len(spells), spells.homeless, spells.end == OPEN
    code = untidy(rng, postcode, calibration()["errors"]["ndelius"]["postcode_untidy"])
    dummy = chosen(rng, {"ZZ99 3VZ": 0.35, "NF1 1NF": 0.25, "": 0.40}, size)
    is_dummy = homeless & ~readable
    kind = _address_types(rng, spells.kind)
    return pl.DataFrame(
        {
            "crn": numbers.crn.gather(spells.crn.astype(np.uint32)),
            "start_date": dates(spells.start),
            "end_date": dates(np.where(is_open, 0, spells.end), ~is_open),
            "address_status": labelled(["M", "P"], (~is_open).astype(np.int64)),
            "no_fixed_abode": labelled(["Y", "N", ""], np.where(homeless, 0, 1 + (rng.random(size) < 0.3))),
            "postcode": code.zip_with(pl.Series(~is_dummy), dummy),
            "address_type": kind,
        }
    ).with_columns(pl.when(pl.Series(readable | is_dummy)).then("postcode").alias("postcode"))


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
    crn: np.ndarray,
    sector: np.ndarray,
    usable: np.ndarray,
) -> pl.DataFrame:
    """Second addresses in force on the day of the latest sentence: why linkage has more records than identifiers."""
    rows = np.flatnonzero(usable & cohort.identifiers.linkable[crn])
    count = min(size_of("linkage_rows", scale) - size_of("linkable_identifiers", scale), len(rows))
    rows = rng.choice(rows, count, replace=False)
    away = street_sectors().move(rng, sector[rows], 1.0, 0.0)
    while (same := away == sector[rows]).any():
        away[same] = street_sectors().move(rng, sector[rows][same], 0.0, 1.0)
    day = latest[crn[rows]]
    return pl.DataFrame(
        {
            "crn": numbers.crn.gather(crn[rows].astype(np.uint32)),
            "start_date": dates(day - 40),
            "end_date": dates(day + 20, day + 20 <= cohort.end),
            "address_status": pl.Series(["B"]).new_from_index(0, count),
            "no_fixed_abode": pl.Series(["N"]).new_from_index(0, count),
            "postcode": postcodes(away, rows),
            "address_type": pl.Series(["A02"]).new_from_index(0, count),
        }
    )
