"""How true people are recorded: spellings, slips, aliases, missing values, places that are no home.

Belongs here: names, birth, sex, ethnicity, place and numbers of a record. Does not belong here: what is true
(people.py), events.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from contracts.sources.justice.codes import COURT_ETHNICITIES
from synthetic_extracts.draws import dates, labelled, stream, where
from synthetic_extracts.justice import numbers, places
from synthetic_extracts.justice.names import NO_NAME, TRADITIONS, all_names
from synthetic_extracts.justice.people import CODES, People
from synthetic_extracts.justice.rates import rates

_KEYS = "abcdefghijklmnopqrstuvwxyz"
_PLACEHOLDERS = np.array([-25567, -25202, 0])  # 1900-01-01, 1901-01-01, 1970-01-01
_TITLES = ("Mr ", "Mrs ", "Miss ", "Ms ")


@dataclass
class Who:
    """Whom records are of: person (place in the block), day of the record, and whether it is by the alias."""

    person: np.ndarray
    day: np.ndarray
    by_alias: np.ndarray


def record_people(
    rng: np.random.Generator, seed: int, people: People, person: np.ndarray, day: np.ndarray, source: str
) -> dict[str, pl.Series]:
    """Columns forename, middle_names, surname, dob, sex, ethnicity, postcode, pnc_number and cro_number of a record
    of `source` for each `person` on its `day`."""
    rate = rates()["recording"][source]
    by_alias = people.has_alias[person] & (rng.random(len(person)) < rate["uses_alias"])
    who = Who(person, day, by_alias)
    slips = stream(seed, f"justice slips {source} {people.block}")
    return {
        **_names(rng, slips, people, who, rate),
        "dob": _births(rng, people, who, rate),
        "sex": _sexes(rng, slips, people, who, rate),
        "ethnicity": _ethnicities(rng, people, who, rate, five_groups=source in ("crown", "magistrates")),
        "postcode": _postcodes(rng, seed, people, who, rate),
        **_numbers(rng, people, who, rate),
    }


def _sexes(
    rng: np.random.Generator, slips: np.random.Generator, people: People, who: Who, rate: dict[str, Any]
) -> pl.Series:
    """Sex, for some the other one: it is typed from a list of two."""
    female = ~people.male[who.person] ^ (slips.random(len(who.person)) < rate["sex_differs"])
    return labelled(["M", "F"], np.where(rng.random(len(who.person)) < rate["sex_missing"], -1, female))


def surname_on(rng: np.random.Generator, people: People, who: Who, maiden_name: float) -> np.ndarray:
    """The surname that each goes by on the day: after marriage the new one, but for some."""
    married = (who.day >= people.married_on[who.person]) & (rng.random(len(who.person)) >= maiden_name)
    return np.where(married, people.married_surname[who.person], people.surname[who.person])


def _names(
    rng: np.random.Generator, slips: np.random.Generator, people: People, who: Who, rate: dict[str, Any]
) -> dict[str, pl.Series]:
    names, person, size = all_names(), who.person, len(who.person)
    elsewhere = people.tradition[person] != TRADITIONS.index("british")
    surname = surname_on(rng, people, who, rate["maiden_name"])
    surname = np.where(who.by_alias, people.alias_surname[person], surname)
    forename = np.where(who.by_alias, people.alias_forename[person], people.forename[person])
    respelt = np.where(elsewhere, rate["variant_elsewhere"], rate["variant"])
    forename = names.respelt(rng, forename, rng.random(size) < respelt * 1.4)
    surname = names.respelt(rng, surname, rng.random(size) < respelt * 0.7)
    first, last = names.written(forename), names.written(surname)
    double = np.where(rng.random(size) < 0.8, people.double_with[person], NO_NAME)
    last = (last + "-" + names.written(double)).fill_null(last)
    first = _mistyped(rng, first, rng.random(size) < rate["forename_typo"])
    last = _mistyped(rng, last, rng.random(size) < rate["surname_typo"])
    swapped = rng.random(size) < np.where(elsewhere, rate["swapped_elsewhere"], rate["swapped"])
    first, last = first.zip_with(pl.Series(~swapped), last), last.zip_with(pl.Series(~swapped), first)
    single = rng.random(size) < rate["single"]
    titled = np.flatnonzero(rng.random(size) < rate["title"])
    if len(titled):
        title = pl.Series(_TITLES).gather(rng.integers(0, 4, len(titled)).astype(np.uint32))
        first = first.scatter(titled, title + first.gather(titled.astype(np.uint32)))
    return {
        "forename": where(~single, first),
        "middle_names": _middle_names(rng, slips, people, person, rate),
        "surname": last,
    }


def _middle_names(
    rng: np.random.Generator, slips: np.random.Generator, people: People, person: np.ndarray, rate: dict[str, Any]
) -> pl.Series:
    """Middle names, left out, as an initial or, for some who give another at times, another."""
    names, drawn = all_names(), rng.random(len(person))
    given = people.middle[person]
    other = names.draw(slips, people.tradition[person], np.where(people.male[person], 0, 1))
    differs = (given != NO_NAME) & (slips.random(len(person)) < rate["middle_differs"])
    first, second = names.written(np.where(differs, other, given)), names.written(people.second_middle[person])
    whole = (first + " " + second).fill_null(first)
    left_out = drawn < rate["middle_left_out"]
    initial = ~left_out & (drawn < rate["middle_left_out"] + rate["middle_initial"])
    return where(~left_out, first.str.head(1).zip_with(pl.Series(initial), whole))


def _mistyped(rng: np.random.Generator, text: pl.Series, wanted: np.ndarray) -> pl.Series:
    """A slip of one key in the `wanted` values: another letter, one more, one less, or two in the wrong order."""
    rows = np.flatnonzero(wanted & text.is_not_null().to_numpy())
    if not len(rows):
        return text
    kinds, at, keys = rng.integers(0, 4, len(rows)), rng.random(len(rows)), rng.integers(0, 26, len(rows))
    given = text.gather(rows.astype(np.uint32)).to_list()
    slips = [
        _slip(value, kind, 1 + int(place * (len(value) - 1)), _KEYS[key])
        for value, kind, place, key in zip(given, kinds, at, keys, strict=True)
    ]
    return text.scatter(rows, pl.Series(slips, dtype=pl.String))


def _slip(value: str, kind: int, place: int, key: str) -> str:
    if len(value) < 3:
        return value + key
    if kind == 0:
        return value[:place] + key + value[place + 1 :]
    if kind == 1:
        return value[:place] + key + value[place:]
    if kind == 2:
        return value[:place] + value[place + 1 :]
    return value[: place - 1] + value[place : place + 1] + value[place - 1] + value[place + 1 :]


def _births(rng: np.random.Generator, people: People, who: Who, rate: dict[str, Any]) -> pl.Series:
    size = len(who.person)
    born = np.where(who.by_alias, people.alias_birth[who.person], people.birth[who.person])
    drawn, kind = rng.random(size), rng.random(size)
    slip = drawn < rate["birth_slip"]
    # One digit of the day, the month or the year; ten years; any other day of the year.
    apart = np.select(
        [kind < 0.35, kind < 0.55, kind < 0.7, kind < 0.8],
        [rng.integers(1, 10, size), 30 * rng.integers(1, 4, size), np.full(size, 365), np.full(size, 3652)],
        rng.integers(-180, 180, size),
    )
    born = np.where(slip, born + np.where(rng.random(size) < 0.5, apart, -apart), born)
    day = dates(born)
    exchanged = np.flatnonzero((drawn >= rate["birth_slip"]) & (drawn < rate["birth_slip"] * 1.25))
    if len(exchanged):
        given = day.gather(exchanged.astype(np.uint32)).alias("day").to_frame()
        other = given.select(
            pl.when(pl.col("day").dt.day() <= 12)
            .then(pl.date(pl.col("day").dt.year(), pl.col("day").dt.day(), pl.col("day").dt.month()))
            .otherwise("day")
        ).to_series()
        day = day.scatter(exchanged, other)
    holding = rng.random(size) < rate["birth_placeholder"]
    placeholder = dates(_PLACEHOLDERS[rng.integers(0, 3, size)])
    return where(rng.random(size) >= rate["birth_missing"], placeholder.zip_with(pl.Series(holding), day))


def _ethnicities(
    rng: np.random.Generator, people: People, who: Who, rate: dict[str, Any], five_groups: bool
) -> pl.Series:
    size = len(who.person)
    code = people.ethnicity[who.person].astype(np.int64)
    code = np.where(rng.random(size) < rate["ethnicity_differs"], rng.integers(0, len(CODES), size), code)
    code = np.where(rng.random(size) < rate["ethnicity_missing"], -1, code)
    if not five_groups:
        return labelled(CODES, code)
    return labelled([code[0] if code[0] in COURT_ETHNICITIES else "O" for code in CODES], code)


def _postcodes(rng: np.random.Generator, seed: int, people: People, who: Who, rate: dict[str, Any]) -> pl.Series:
    size = len(who.person)
    household = people.household[who.person]
    number = places.address_number(seed, household, who.day) - (rng.random(size) < rate["old_address"])
    home = places.home_postcodes(seed, household, number)
    drawn = rng.random(size)
    steps = np.cumsum([rate[name] for name in ("no_fixed_abode", "institution", "solicitor", "postcode_missing")])
    other = np.searchsorted(steps, drawn, side="right")
    dummy = labelled(["ZZ99 3VZ", "NF1 1NF", "NFA"], rng.integers(0, 3, size))
    for place, stands in enumerate(
        (dummy, places.institution_postcodes(rng, size), places.solicitor_postcodes(rng, size))
    ):
        home = stands.zip_with(pl.Series(other == place), home)
    squeezed = rng.random(size) < 0.08
    home = home.str.replace(" ", "").str.to_lowercase().zip_with(pl.Series(squeezed), home)
    return where(other != 3, home)


def _numbers(rng: np.random.Generator, people: People, who: Who, rate: dict[str, Any]) -> dict[str, pl.Series]:
    """Police numbers, in part missing, mistyped, or those of somebody else."""
    size = len(who.person)
    wrong = rng.random(size) < rate["number_of_another"]
    holder = np.where(wrong, rng.integers(0, len(people), size), who.person)
    since = np.minimum(1970 + (people.first_case[holder] // 365.25).astype(np.int64), 2022)
    pnc = numbers.pnc_numbers(people.ids[holder], since)
    # A slip leaves a number that its check letter does not fit.
    pnc = (pnc.str.head(-1) + "O").zip_with(pl.Series(rng.random(size) < rate["number_mistyped"]), pnc)
    cro = numbers.cro_numbers(people.ids[holder], since)
    return {
        "pnc_number": where(rng.random(size) < rate["pnc"], pnc),
        "cro_number": where(rng.random(size) < rate["cro"], cro),
    }
