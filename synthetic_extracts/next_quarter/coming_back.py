"""People of an intake who are people already known: who they are, and what they bring with them.

Belongs here: choosing them, their treatment, their numbers. Does not belong here: what is left out because it is on
file already (known_records.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic_extracts.calibration import calibration
from synthetic_extracts.courts.reconviction import FOLLOW_UP
from synthetic_extracts.draws import dates, years_between
from synthetic_extracts.next_quarter.period import Period
from synthetic_extracts.next_quarter.world import PERSON_NUMBERS, World
from synthetic_extracts.people.identity_numbers import Identities, crns
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.treatment.journeys import Treatment


@dataclass
class Returning:
    """Rows of the intake's people who are known, who they are, and which of them are given another CRN."""

    local: np.ndarray
    person: np.ndarray
    second_crn: np.ndarray


def come_back(rng: np.random.Generator, world: World, cohort: Cohort, period: Period) -> Returning:
    """Make some people of the intake people already known: some whose reconviction was to come, others years after."""
    sentences = cohort.sentences
    rates = calibration()["next_quarter"]
    single = np.flatnonzero(np.bincount(sentences.person, minlength=len(cohort.people)) == 1)
    wanted = round(rates["returning"] * len(cohort.people))
    free = _free_people(world, period)
    due = pl.col("reconviction_day").is_between(period.first, period.last)
    soon, later = free.filter(due), free.filter(pl.col("day") < period.first - FOLLOW_UP)
    soon = soon.sample(
        min(round(wanted * rates["returning_soon"]), soon.height), seed=int(rng.integers(2**31)), shuffle=True
    )
    later = later.sample(
        min(wanted - soon.height, later.height), seed=int(rng.integers(2**31)), shuffle=True
    ).with_columns(reconviction_day=pl.lit(-1, dtype=pl.Int64))
    who = pl.concat([soon, later])
    local = rng.choice(single, min(who.height, len(single)), replace=False)
    who = who.head(len(local))
    back = Returning(local, who["person"].to_numpy(), rng.random(len(local)) < rates["second_identifier"])
    row = np.searchsorted(sentences.person, local)
    due_day, drawn_day = who["reconviction_day"].to_numpy(), sentences.day[row]
    sentences.day[row] = np.where(due_day >= 0, due_day, drawn_day)
    wait = drawn_day - sentences.offence_day[row]
    sentences.offence_day[row] = np.maximum(sentences.day[row] - wait, who["day"].to_numpy() + 1)
    cohort.people.put(local, world.people.take(back.person))
    sentences.sector[row] = cohort.people.sector_at(local, sentences.day[row])
    sentences.age[row] = years_between(cohort.people.dob[local], sentences.day[row])
    linkable = world.persons["linkable"].to_numpy()[back.person]
    cohort.identifiers.linkable[sentences.crn[row]] = linkable
    cohort.requirements.analysed[:] = cohort.eligible & ~cohort.requirements.no_length
    return back


def _free_people(world: World, period: Period) -> pl.DataFrame:
    """person, day and reconviction_day of the last sentence of people who could be sentenced again: alive, on file
    under one name, not in treatment or custody when the quarter begins, and not just sentenced."""
    last = world.requirements.sort("day", "requirement_id").unique("person", keep="last", maintain_order=True)
    standing = world.tables["offender"].filter((pl.col("soft_deleted") == "0") & pl.col("deceased_date").is_null())
    first = dates(np.array([period.first]))[0]
    inside = world.tables["prison_spell"].filter(pl.col("release_date") >= first).select("noms_number")
    treated = world.journeys.filter(pl.col("end") >= period.first).select("person")
    return (
        last.filter((pl.col("day") <= period.first - 20) & (pl.col("termination") != "Died"))
        .join(world.persons.select("person", "noms", latest="crn"), on="person")
        .join(standing, left_on="latest", right_on="crn", how="semi")
        .join(inside, left_on="noms", right_on="noms_number", how="anti")
        .join(treated, on="person", how="anti")
        .select("person", "day", "reconviction_day")
        .sort("person")
    )


def start_again(treatment: Treatment, back: Returning, first: int) -> None:
    """Nobody who comes back is in treatment when the quarter begins: their journeys start in it or later."""
    journeys = treatment.journeys
    early = np.isin(journeys.person, back.local) & (journeys.start < first)
    journeys.start[early] = first
    journeys.end[early] = np.maximum(journeys.end[early], first + 14)


def use_known_numbers(
    rng: np.random.Generator, world: World, numbers: Identities, cohort: Cohort, back: Returning
) -> None:
    """Give people who come back the numbers that they have, and nobody a number that somebody else has."""
    taken = world.tables["offender"]["crn"].implode()
    fresh = crns(rng, 2 * len(numbers.crn) + 50)
    fresh = fresh.filter(~fresh.is_in(taken) & ~fresh.is_in(numbers.crn.implode())).head(len(numbers.crn))
    numbers.crn = fresh.zip_with(numbers.crn.is_in(taken), numbers.crn)
    for name in PERSON_NUMBERS:
        held, known = getattr(numbers, name), getattr(numbers, f"{name}_known")
        known &= ~held.is_in(world.persons[name].implode()).to_numpy()
        held = held.scatter(back.local, world.persons[name].gather(back.person))
        known[back.local] = world.persons[f"{name}_known"].to_numpy()[back.person]
        setattr(numbers, name, held)
    same = ~back.second_crn
    row = np.searchsorted(cohort.sentences.person, back.local[same])
    numbers.crn = numbers.crn.scatter(cohort.sentences.crn[row], world.persons["crn"].gather(back.person[same]))
