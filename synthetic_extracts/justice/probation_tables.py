"""The extracts of probation: people, aliases, addresses, sentences, requirements, court reports.

Belongs here: what of sentences probation recorded. Does not belong here: release, licence, services and contacts
(supervision_tables.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from contracts.sources.ndelius import OFFENCE_GROUPS
from synthetic_extracts.draws import dates, labelled, numbered, pick, stream, where
from synthetic_extracts.justice import numbers, places
from synthetic_extracts.justice.careers import COMMUNITY, CUSTODY, HORIZON, SUSPENDED, Cases
from synthetic_extracts.justice.court_tables import court_codes
from synthetic_extracts.justice.mistakes import record_people
from synthetic_extracts.justice.names import all_names
from synthetic_extracts.justice.people import People
from synthetic_extracts.justice.rates import rates
from synthetic_extracts.justice.sentences import Sentences
from synthetic_extracts.people.geography import street_sectors

DISPOSALS = ("CO", "SSO", "DSC", "YOI", "EXT", "LIFE")
REQUIREMENTS = ("RAR", "UPW", "DRR", "ATR", "MHTR", "CURFEW", "PROGRAMME", "AAMR", "RESIDENCE", "EXCLUSION")
REPORTS = ("CJS", "CJF", "CJO")
# Asked for: standard, fast, oral; A. Delivered to each: standard, fast, oral, so that 3, 45 and 52 per cent of all are,
# as HM Inspectorate of Probation publishes for 2019/20.
_ASKED = (0.20, 0.42, 0.38)
_DELIVERED = np.array([[0.15, 0.50, 0.35], [0.0, 0.70, 0.30], [0.0, 0.147, 0.853]])


@dataclass
class Caseload:
    """Sentences that probation holds: `rows` in Sentences, the record of each (2 x person + record) and its disposal's
    number over all blocks."""

    rows: np.ndarray
    record: np.ndarray
    disposal: np.ndarray


def draw_caseload(seed: int, people: People, sentences: Sentences, first: int) -> Caseload:
    """Sentences from day `first` on that probation records."""
    rng = stream(seed, f"justice caseload {people.block}")
    known = rng.random(len(sentences)) < rates()["systems"]["on_probation_when_sentenced"]
    rows = np.flatnonzero(known & (sentences.day >= first))
    return Caseload(rows, 2 * sentences.person[rows] + sentences.record[rows], people.block * 10**7 + rows)


def crns(people: People, record: np.ndarray) -> pl.Series:
    """CRNs of records of a block."""
    return numbers.crns(2 * people.first_id + record)


def person_tables(
    seed: int, people: People, cases: Cases, sentences: Sentences, load: Caseload, last: int
) -> tuple[dict[str, pl.DataFrame], np.ndarray]:
    """probation_person, probation_alias and probation_address, and the person of each row of the first."""
    rng = stream(seed, f"justice probation {people.block}")
    record, first_row = np.unique(load.record, return_index=True)
    person, since = record // 2, sentences.day[load.rows[first_row]]
    own = record_people(rng, seed, people, person, since, "probation")
    noms = numbers.prison_numbers(2 * people.ids[person])
    in_prison = np.zeros(len(people), dtype=bool)
    into = load.rows[(sentences.outcome[load.rows] == CUSTODY) & (sentences.day[load.rows] <= last)]
    in_prison[sentences.person[into]] = True
    known = in_prison[person] & (rng.random(len(person)) < rates()["systems"]["prison_number_known_to_probation"])
    died = cases.active_until(people)[person] + (rng.exponential(7, len(person)) * 365).astype(np.int64) + 400
    has_died = (rng.random(len(person)) < 0.25) & (died <= last)
    table = (
        pl.DataFrame({"crn": crns(people, record), **own})
        .drop("postcode")
        .with_columns(  # addresses have theirs
            noms_number=where(known, noms), died_on=dates(died, has_died)
        )
    )
    held = since <= last
    known_names = _aliases(rng, people, record, person, since)
    addresses = _addresses(rng, seed, people, record, person, since, last)
    table = table.filter(pl.Series(held))
    return {
        "probation_person": table,
        "probation_alias": known_names.join(table, on="crn", how="semi", maintain_order="left"),
        "probation_address": addresses.join(table, on="crn", how="semi", maintain_order="left"),
    }, person[held]


def _aliases(
    rng: np.random.Generator, people: People, record: np.ndarray, person: np.ndarray, since: np.ndarray
) -> pl.DataFrame:
    """Aliases that are known to probation, and the maiden or married name of women who married."""
    names = all_names()
    known = np.flatnonzero(people.has_alias[person] & (rng.random(len(person)) < 0.7))
    changed = (since >= people.married_on[person]) & (rng.random(len(person)) < 0.5)
    married = np.flatnonzero(changed)
    by_alias, by_marriage = person[known], person[married]
    which = np.concatenate([known, married])
    other_surname = rng.random(len(by_marriage)) < 0.5
    surname = np.where(other_surname, people.surname[by_marriage], people.married_surname[by_marriage])
    return pl.DataFrame(
        {
            "crn": crns(people, record[which]),
            "forename": names.written(np.concatenate([people.alias_forename[by_alias], people.forename[by_marriage]])),
            "middle_names": names.written(np.concatenate([np.full(len(known), -1), people.middle[by_marriage]])),
            "surname": names.written(np.concatenate([people.alias_surname[by_alias], surname])),
            "dob": dates(np.concatenate([people.alias_birth[by_alias], people.birth[by_marriage]])),
        }
    )


def _addresses(
    rng: np.random.Generator,
    seed: int,
    people: People,
    record: np.ndarray,
    person: np.ndarray,
    since: np.ndarray,
    last: int,
) -> pl.DataFrame:
    """The address at the first sentence, one before it or two after it; later than `last` too, as if they had begun."""
    rate, household = rates()["recording"]["probation"], people.household[person]
    at_first = places.address_number(seed, household, since)
    until = places.address_number(seed, household, np.full(len(person), HORIZON))
    now = np.clip(at_first + 2, at_first, np.maximum(until, at_first))
    first = at_first - (rng.random(len(person)) < 0.35)
    count = now - first + 1
    row = np.repeat(np.arange(len(person)), count)
    number = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    begins = since[row] + (number - at_first[row]) * places.DAYS_AT_AN_ADDRESS
    ends = begins + places.DAYS_AT_AN_ADDRESS
    is_last = (number == now[row]) | (ends > last)
    postcode = places.home_postcodes(seed, household[row], number)
    drawn = rng.random(len(row))
    homeless = drawn < rate["no_fixed_abode"]
    hostel = ~homeless & (drawn < rate["no_fixed_abode"] + rate["institution"])
    postcode = places.institution_postcodes(rng, len(row), 0.9).zip_with(pl.Series(hostel), postcode)
    missing = (drawn > 1 - rate["postcode_missing"]) | homeless
    return pl.DataFrame(
        {
            "crn": crns(people, record[row]),
            "start_date": dates(begins),
            "end_date": dates(ends, ~is_last),
            "address_status": labelled(["M", "P", "B"], np.where(hostel & is_last, 2, np.where(is_last, 0, 1))),
            "no_fixed_abode": labelled(["Y", "N"], np.where(homeless, 0, 1)),
            "postcode": where(~missing, postcode),
        }
    )


def sentence_tables(
    seed: int, people: People, cases: Cases, sentences: Sentences, load: Caseload, last: int
) -> dict[str, pl.DataFrame]:
    """probation_disposal, probation_requirement and court_report."""
    rng, rows = stream(seed, f"justice disposals {people.block}"), load.rows
    person, day, outcome = sentences.person[rows], sentences.day[rows], sentences.outcome[rows]
    young = day - people.birth[person] < 21 * 365.25
    rare = rng.random(len(rows))
    custody = np.where(young, 3, np.where(rare < 0.003, 5, np.where(rare < 0.015, 4, 2)))
    kind = np.select([outcome == COMMUNITY, outcome == SUSPENDED], [0, 1], custody)
    days = sentences.days[rows]
    fails = rng.random(len(rows)) < 0.25
    ends = day + np.where(fails, (days * rng.uniform(0.1, 0.9, len(rows))).astype(np.int64), days)
    crown = sentences.in_crown[rows]
    here, above = (court_codes(letter, seed, people, person, day) for letter in "MC")
    court = above.zip_with(pl.Series(crown), here)
    group = cases.group[sentences.case[rows]]
    sectors, household = street_sectors(), people.household[person]
    sector = places.home_sector(seed, household, places.address_number(seed, household, day))
    crn, disposal = crns(people, load.record), numbered("D", load.disposal, 10)
    table = pl.DataFrame(
        {
            "disposal_id": disposal,
            "event_id": numbered("E", load.disposal, 10),
            "crn": crn,
            "disposal_date": dates(day),
            "disposal_type": labelled(list(DISPOSALS), kind),
            "sentence_days": pl.Series(days),
            "termination_date": dates(ends, ends <= last),
            "termination_reason": labelled(["Completed", "Revoked"], np.where(ends <= last, fails, -1)),
            "sentencing_court_type": labelled(["magistrates", "crown"], crown),
            "offence_group": labelled(OFFENCE_GROUPS, group),
            "ogrs3_2yr": where(rng.random(len(rows)) < 0.85, pl.Series(_ogrs(rng, people, person, day))),
            "probation_region": sectors.column("probation_region", sector),
        }
    )
    return {
        "probation_disposal": table,
        "probation_requirement": _requirements(rng, table, kind, day, ends, last),
        "court_report": _reports(rng, table.with_columns(court_code=court), kind, day, last),
    }


def _ogrs(rng: np.random.Generator, people: People, person: np.ndarray, day: np.ndarray) -> np.ndarray:
    age = (day - people.birth[person]) / 365.25
    risk = 1 / (1 + np.exp(-(0.4 - 0.05 * (age - 25) + rng.normal(0, 0.9, len(person)))))
    return (100 * risk).astype(np.int64).clip(1, 99)


def _requirements(
    rng: np.random.Generator, table: pl.DataFrame, kind: np.ndarray, day: np.ndarray, ends: np.ndarray, last: int
) -> pl.DataFrame:
    """One to three requirements of each order."""
    orders = np.flatnonzero(kind < 2)
    count = 1 + pick(rng, (0.5, 0.35, 0.15), len(orders))
    row = np.repeat(orders, count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    # No requirement twice: each further one is another step on in the list.
    begin = pick(rng, (0.40, 0.28, 0.07, 0.06, 0.01, 0.08, 0.06, 0.02, 0.01, 0.01), len(orders))
    which = (np.repeat(begin, count) + nth * 3) % len(REQUIREMENTS)
    completed = table["termination_reason"].gather(row.astype(np.uint32))
    return pl.DataFrame(
        {
            "requirement_id": numbered(
                "R", pl.Series(table["disposal_id"].str.slice(1).cast(pl.Int64)).to_numpy()[row] * 4 + nth, 11
            ),
            "disposal_id": table["disposal_id"].gather(row.astype(np.uint32)),
            "requirement_type": labelled(list(REQUIREMENTS), which),
            "start_date": dates(day[row]),
            "termination_date": dates(ends[row], ends[row] <= last),
            "termination_reason": completed,
        }
    )


def _reports(
    rng: np.random.Generator, table: pl.DataFrame, kind: np.ndarray, day: np.ndarray, last: int
) -> pl.DataFrame:
    """A report before six in ten sentences; what is delivered is not always what was asked for, nor followed."""
    rows = np.flatnonzero(rng.random(len(kind)) < 0.6)
    asked = pick(rng, _ASKED, len(rows))
    steps = np.cumsum(_DELIVERED, axis=1)[asked]
    delivered = np.minimum((steps <= rng.random(len(rows))[:, None]).sum(axis=1), 2)
    days = np.where(
        delivered == 2, 0, np.where(delivered == 1, rng.integers(0, 8, len(rows)), rng.integers(10, 29, len(rows)))
    )
    requested = day[rows] - days - np.where(rng.random(len(rows)) < 0.5, 0, rng.integers(0, 15, len(rows)))
    milder = np.where(kind[rows] == 2, pick(rng, (0.4, 0.6), len(rows)), 0)
    follows = rng.random(len(rows)) < np.where(delivered == 0, 0.82, np.where(delivered == 1, 0.74, 0.70))
    proposed = np.where(follows, kind[rows], milder)
    lost = (rng.random(len(rows)) < 0.04) | (requested + days > last)
    return pl.DataFrame(
        {
            "report_id": "P" + table["disposal_id"].gather(rows.astype(np.uint32)),
            "event_id": table["event_id"].gather(rows.astype(np.uint32)),
            "crn": table["crn"].gather(rows.astype(np.uint32)),
            "court_code": table["court_code"].gather(rows.astype(np.uint32)),
            "date_requested": dates(requested),
            "completed_date": dates(requested + days, ~lost),
            "type_requested": labelled(list(REPORTS), asked),
            "type_delivered": labelled(list(REPORTS), np.where(lost, -1, delivered)),
            "proposed_disposal": labelled(list(DISPOSALS), np.where(rng.random(len(rows)) < 0.9, proposed, -1)),
        }
    )
