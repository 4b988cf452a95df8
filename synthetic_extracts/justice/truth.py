"""The truth about records: whose each is, in which tradition they are named, and what makes it hard.

Belongs here: truth, which no zone reads. Does not belong here: records.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from synthetic_extracts.draws import labelled
from synthetic_extracts.justice.names import TRADITIONS
from synthetic_extracts.justice.people import CHILD, CODES, NEVER, SIBLING, TWIN, People

HARD = ("twin", "father and son", "brother or sister", "alias", "married")


def true_people(people: People, whose: Mapping[str, tuple[pl.Series, np.ndarray]]) -> pl.DataFrame:
    """source, record_key, person_id, name_tradition, sex, ethnicity, birth_year and hard of each record.

    `whose`: source to the keys of its records and the person of each.
    """
    hard = _hard(people)
    ids, year = people.ids, 1970 + people.birth // 365.2425
    frames = [
        pl.DataFrame(
            {
                "source": pl.Series([source]).new_from_index(0, len(person)),
                "record_key": keys,
                "person_id": ids[person],
                "name_tradition": labelled(list(TRADITIONS), people.tradition[person]),
                "sex": labelled(["F", "M"], people.male[person]),
                "ethnicity": labelled(CODES, people.ethnicity[person]),
                "birth_year": year[person].astype(np.int32),
                "hard": labelled(list(HARD), hard[person]),
            }
        )
        for source, (keys, person) in whose.items()
    ]
    return pl.concat(frames)


def _hard(people: People) -> np.ndarray:
    """Place in HARD of the first that fits a person, -1 where none does; of relatives both are hard."""
    alone = np.zeros(len(people), dtype=bool)

    def family_of(role: int) -> np.ndarray:
        found = alone.copy()
        rows = np.flatnonzero(people.role == role)
        found[rows] = found[people.family[rows]] = True
        return found

    return np.select(
        [family_of(TWIN), family_of(CHILD), family_of(SIBLING), people.has_alias, people.married_on < NEVER],
        range(5),
        -1,
    )
