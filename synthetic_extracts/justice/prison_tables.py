"""The extracts of prisons: people by prison number, and custodial journeys.

Belongs here: what of stays in custody prisons recorded. Does not belong here: the stays (sentences.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.draws import dates, numbered, stream
from synthetic_extracts.justice import numbers
from synthetic_extracts.justice.mistakes import record_people
from synthetic_extracts.justice.people import People
from synthetic_extracts.justice.places import PRISONS
from synthetic_extracts.justice.rates import rates
from synthetic_extracts.justice.sentences import RECALL, SENTENCED, Sentences, Stays


def prison_tables(
    seed: int, people: People, sentences: Sentences, stays: Stays, first: int, last: int
) -> tuple[dict[str, pl.DataFrame], np.ndarray]:
    """prison_person up to day `last`, custodial_journey as it is then, and the person of each row of the former.

    Receptions from day `first` on; later ones than `last` are in custodial_journey, too.
    """
    rng = stream(seed, f"justice prisons {people.block}")
    two = rng.random(len(people)) < rates()["systems"]["second_prison_number"]
    second = two[stays.person] & (rng.random(len(stays.person)) < 0.5)
    held = np.flatnonzero(stays.received >= first)
    place = 2 * stays.person[held] + second[held]
    order = np.argsort(stays.received[held], kind="stable")
    place_of_number, earliest = np.unique(place[order], return_index=True)
    person = place_of_number // 2
    since = stays.received[held][order][earliest]
    record = record_people(rng, seed, people, person, since, "prison")
    numbers_of = numbers.prison_numbers(2 * people.first_id + place_of_number)
    table = pl.DataFrame({"noms_number": numbers_of, **record})
    journeys = _journeys(rng, people, sentences, stays, held, place, last)
    known = since <= last
    return {"prison_person": table.filter(pl.Series(known)), "custodial_journey": journeys}, person[known]


def _journeys(
    rng: np.random.Generator,
    people: People,
    sentences: Sentences,
    stays: Stays,
    held: np.ndarray,
    place: np.ndarray,
    last: int,
) -> pl.DataFrame:
    kind, sentence = stays.kind[held], stays.sentence[held]
    released = stays.released[held]
    return pl.DataFrame(
        {
            "journey_id": numbered("J", people.block * 10**7 + held, 10),
            "noms_number": numbers.prison_numbers(2 * people.first_id + place),
            "establishment_code": numbered("P", rng.integers(0, PRISONS, len(held)), 3),
            "reception_date": dates(stays.received[held]),
            "release_date": dates(released, released <= last),
            "sentence_date": dates(sentences.day[sentence], np.isin(kind, (SENTENCED, RECALL))),
        }
    )
