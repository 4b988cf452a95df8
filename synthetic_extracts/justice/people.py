"""True people of a block: names, birth, sex, family, marriage, aliases, and when they were first before a court.

Belongs here: what is true of a person. Does not belong here: how it is recorded (mistakes.py).

People stand in families: a relative follows the person whose relative it is. Brothers, twins, fathers and sons share a
surname, often an address, sometimes a forename: this is what makes records hard to tell apart.
"""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.draws import day_number, pick, stream
from synthetic_extracts.justice.names import KINDS, NO_NAME, TRADITIONS, all_names, draw_rare
from synthetic_extracts.justice.rates import rates

NEVER = 10**6  # a day that does not come
LEAD, SIBLING, TWIN, CHILD, SPOUSE = range(5)
YEAR = 365.25
_SURNAME = KINDS.index("surname")
# 18+1 codes of people by tradition, with weights; A.
ETHNICITIES = {
    "british": {"W1": 0.90, "B1": 0.035, "M1": 0.025, "B9": 0.01, "M3": 0.005, "W9": 0.015, "M9": 0.01},
    "irish": {"W1": 0.72, "W2": 0.20, "W3": 0.08},
    "welsh": {"W1": 0.98, "M1": 0.02},
    "muslim": {"A2": 0.50, "A3": 0.17, "A9": 0.12, "B2": 0.09, "O2": 0.07, "O9": 0.05},
    "south_asian": {"A1": 0.88, "A9": 0.10, "M3": 0.02},
    "east_european": {"W9": 0.95, "W5": 0.05},
    "african": {"B2": 0.90, "B9": 0.06, "M2": 0.04},
    "chinese": {"A4": 0.75, "A9": 0.25},
}
CODES = sorted({code for codes in ETHNICITIES.values() for code in codes})


@dataclass
class People:
    """A row per person; days since 1970-01-01, names as places in the vocabulary, NO_NAME for none."""

    block: int
    first_id: int
    tradition: np.ndarray
    role: np.ndarray
    family: np.ndarray
    male: np.ndarray
    birth: np.ndarray
    ethnicity: np.ndarray
    forename: np.ndarray
    middle: np.ndarray
    second_middle: np.ndarray
    surname: np.ndarray
    double_with: np.ndarray
    married_on: np.ndarray
    married_surname: np.ndarray
    has_alias: np.ndarray
    alias_forename: np.ndarray
    alias_surname: np.ndarray
    alias_birth: np.ndarray
    first_case: np.ndarray
    household: np.ndarray

    def __len__(self) -> int:
        return len(self.birth)

    @property
    def ids(self) -> np.ndarray:
        """Number of each person, over all blocks."""
        return self.first_id + np.arange(len(self))


def draw_people(seed: int, block: int, size: int) -> People:
    """`size` people of a block; the same whatever other blocks there are."""
    rng, rate = stream(seed, f"justice people {block}"), rates()
    families, first_id = rate["families"], block * rate["people_in_block"]
    shares = [families[name] for name in ("sibling", "twin", "child", "spouse")]
    role = pick(rng, [1 - sum(shares), *shares], size)
    role[0] = LEAD
    family = np.maximum.accumulate(np.where(role == LEAD, np.arange(size), 0))
    tradition = pick(rng, [rate["traditions"][name] for name in TRADITIONS], size)[family]
    male = rng.random(size) < rate["careers"]["share_male"]
    male = np.where(role == SPOUSE, ~male[family], np.where(role == TWIN, male[family], male))
    birth, first_case = _ages(rng, role, family)
    names = _own_names(rng, tradition, male, role, family)
    apart = rng.random(size) >= families["lives_with_family"]
    household = first_id + np.where(apart & (role != LEAD), np.arange(size), family)
    ethnicity = _ethnicities(rng, tradition)
    relatives = (role == SIBLING) | (role == TWIN)
    return People(
        block,
        first_id,
        tradition,
        role,
        family,
        male,
        birth,
        np.where(relatives, ethnicity[family], ethnicity),
        *names,
        **_other_names(rng, tradition, male, names, birth),
        first_case=first_case,
        household=household,
    )


def _ages(rng: np.random.Generator, role: np.ndarray, family: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days of birth and of the first case."""
    rate, size = rates(), len(role)
    first, last = day_number(rate["first_first_case"]), day_number(rate["last_first_case"])
    first_case = rng.integers(first, last, size)
    age = (12.0 + rng.gamma(2.0, 7.5, size)) * YEAR
    born = first_case - age.astype(np.int64)
    apart = np.where(rng.random(size) < 0.5, 1, -1) * rng.integers(300, 3300, size)
    younger = (rng.normal(26.0, 5.0, size).clip(17, 45) * YEAR).astype(np.int64)
    born = np.select(
        [role == SIBLING, role == TWIN, role == CHILD, role == SPOUSE],
        [born[family] + apart, born[family], born[family] + younger, born[family] + rng.integers(-2000, 2000, size)],
        born,
    )
    grown = born + (rng.gamma(2.0, 5.0, size) * YEAR).astype(np.int64) + int(12 * YEAR)
    return born, np.where(role == LEAD, first_case, np.maximum(grown, first))


def _own_names(
    rng: np.random.Generator, tradition: np.ndarray, male: np.ndarray, role: np.ndarray, family: np.ndarray
) -> tuple[np.ndarray, ...]:
    """forename, middle, second_middle, surname, double_with."""
    names, rate, size = all_names(), rates()["names"], len(tradition)
    families, sex = rates()["families"], np.where(male, 0, 1)
    western = np.isin(tradition, [TRADITIONS.index(name) for name in ("british", "irish", "welsh")])
    forename = names.draw(rng, tradition, sex)
    rare = western & (rng.random(size) < rate["rare_forename"])
    forename[rare] = draw_rare(rng, names.rare_forenames, int(rare.sum()))
    named_after = (role == CHILD) & male & male[family] & (rng.random(size) < families["has_fathers_forename"])
    forename = np.where(named_after, forename[family], forename)
    middle_tradition = np.where(tradition == TRADITIONS.index("irish"), 0, tradition)
    middle = names.draw(rng, middle_tradition, sex)
    middle = np.where(rng.random(size) < rate["has_middle_name"], middle, NO_NAME)
    second = names.draw(rng, middle_tradition, sex)
    second = np.where((middle >= 0) & (rng.random(size) < rate["has_two_middle_names"]), second, NO_NAME)
    surname = names.draw(rng, tradition, np.full(size, _SURNAME))
    rare = western & (rng.random(size) < rate["rare_surname"])
    surname[rare] = draw_rare(rng, names.rare_surnames, int(rare.sum()))
    double = names.draw(rng, tradition, np.full(size, _SURNAME))
    double = np.where(western & (rng.random(size) < rate["double_barrelled"]), double, NO_NAME)
    return forename, middle, second, surname[family], double[family]


def _other_names(
    rng: np.random.Generator, tradition: np.ndarray, male: np.ndarray, names: tuple[np.ndarray, ...], birth: np.ndarray
) -> dict[str, np.ndarray]:
    """Marriage, and the alias that some go by: another surname or forename, and in part another date of birth."""
    vocabulary, rate, size = all_names(), rates()["names"], len(male)
    marries = ~male & (rng.random(size) < rate["woman_marries"])
    married_on = birth + ((18 + rng.gamma(2.5, 4.0, size)) * YEAR).astype(np.int64)
    other = vocabulary.draw(rng, tradition, np.full(size, _SURNAME))
    changes, slips = rng.random(size), rng.random(size)
    return {
        "married_on": np.where(marries, married_on, NEVER),
        "married_surname": vocabulary.draw(rng, tradition, np.full(size, _SURNAME)),
        "has_alias": rng.random(size) < rate["alias"],
        "alias_forename": np.where(changes < 0.45, vocabulary.draw(rng, tradition, np.where(male, 0, 1)), names[0]),
        "alias_surname": np.where(changes > 0.30, other, names[3]),
        "alias_birth": np.where(slips < 0.25, birth + rng.integers(-900, 900, size), birth),
    }


def _ethnicities(rng: np.random.Generator, tradition: np.ndarray) -> np.ndarray:
    """Place in CODES of each person's ethnicity."""
    found = np.zeros(len(tradition), dtype=np.int8)
    for number, name in enumerate(TRADITIONS):
        rows = np.flatnonzero(tradition == number)
        codes = ETHNICITIES[name]
        places = np.array([CODES.index(code) for code in codes], dtype=np.int8)
        found[rows] = places[pick(rng, list(codes.values()), len(rows))]
    return found
