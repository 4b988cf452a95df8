"""Everything that is true and recorded, be it of days to come: what a quarter continues.

Belongs here: the frames that outlive a quarter, and putting two parts of the world together. Does not belong here: what
of it is on file on a day (as_of.py). Days are day numbers, people are rows of `people`.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic_extracts.calibration import STATUSES, TERMINATIONS, TYPES
from synthetic_extracts.draws import labelled, numbered
from synthetic_extracts.people.true_people import People
from synthetic_extracts.recording import Tables, Truth
from synthetic_extracts.rows import together

PERSON_NUMBERS = ("noms", "pnc", "cro")


@dataclass
class World:
    """One part of the world, or all of it.

    persons: person, crn (the latest), linkable, and noms, pnc, cro with noms_known, pnc_known, cro_known.
    requirements: requirement_id, crn, person, requirement_type, analysed, day (of sentence), termination and
    termination_day, engaged, late_engagement, in_cjit, cjit_day, reconviction_day, on_record_from (OPEN: never).
    journeys: person, start, end, status, requirement_type. tables: the extracts; truth: person_truth, client_truth,
    note_truth.
    """

    people: People
    persons: pl.DataFrame
    requirements: pl.DataFrame
    journeys: pl.DataFrame
    tables: Tables
    truth: Tables


def world_of(
    truth: Truth, person: np.ndarray, on_record_from: np.ndarray, tables: Tables, truth_tables: Tables
) -> World:
    """The world of a drawn truth; `person` is the number of each of its people in the whole world."""
    return World(
        truth.cohort.people,
        _persons(truth, person),
        _requirements(truth, person, on_record_from),
        _journeys(truth, person),
        tables,
        {name: table for name, table in truth_tables.items() if name != "requirement_truth"},
    )


def with_part(world: World, part: World, new_people: np.ndarray) -> World:
    """Both; `new_people` are the rows of the part's people who are not in `world` yet."""
    return World(
        together([world.people, part.people.take(new_people)]),
        pl.concat([world.persons.join(part.persons, on="person", how="anti"), part.persons]).sort("person"),
        pl.concat([world.requirements, part.requirements]),
        pl.concat([world.journeys, part.journeys]),
        added(world.tables, part.tables),
        added(world.truth, part.truth),
    )


def added(tables: Tables, more: Tables) -> Tables:
    """Tables with the rows of `more` after their own."""
    return {
        name: pl.concat([table, more[name]], how="diagonal_relaxed") if name in more else table
        for name, table in tables.items()
    }


def _persons(truth: Truth, person: np.ndarray) -> pl.DataFrame:
    cohort, numbers = truth.cohort, truth.numbers
    latest = np.zeros(len(cohort.people), dtype=np.int64)
    latest[cohort.sentences.person] = cohort.sentences.crn
    columns = {
        "person": person,
        "crn": numbers.crn.gather(latest.astype(np.uint32)),
        "linkable": cohort.identifiers.linkable[latest],
    }
    for name in PERSON_NUMBERS:
        columns |= {name: getattr(numbers, name), f"{name}_known": getattr(numbers, f"{name}_known")}
    return pl.DataFrame(columns)


def _requirements(truth: Truth, person: np.ndarray, on_record_from: np.ndarray) -> pl.DataFrame:
    cohort, supervision = truth.cohort, truth.supervision
    sentence = cohort.requirements.sentence
    return pl.DataFrame(
        {
            "requirement_id": truth.numbers.requirement,
            "crn": truth.numbers.crn.gather(cohort.sentences.crn[sentence].astype(np.uint32)),
            "person": person[cohort.sentences.person[sentence]],
            "requirement_type": labelled(TYPES, cohort.requirements.kind),
            "analysed": cohort.requirements.analysed,
            "day": cohort.sentences.day[sentence],
            "termination": labelled(TERMINATIONS, supervision.planned_reason),
            "termination_day": supervision.planned_day,
            "engaged": supervision.in_any_treatment,
            "late_engagement": supervision.late_engagement,
            "in_cjit": supervision.in_cjit[sentence],
            "cjit_day": supervision.cjit_day[sentence],
            "reconviction_day": truth.reconvictions.day[sentence],
            "on_record_from": on_record_from[sentence],
        }
    )


def _journeys(truth: Truth, person: np.ndarray) -> pl.DataFrame:
    journeys = truth.treatment.journeys
    return pl.DataFrame(
        {
            "person": person[journeys.person],
            "start": journeys.start,
            "end": journeys.end,
            "status": labelled(STATUSES, journeys.status),
            "requirement_type": labelled(TYPES, journeys.kind),
        }
    )


def person_keys(person: np.ndarray) -> pl.Series:
    """true_person_id of people."""
    return numbered("P", person, 7)
