"""Court cases of the people of a block: when, what for, how they ended, which went up to the Crown Court.

Belongs here: what truly happened in court. Does not belong here: which of it an extract holds and how it is recorded
(court_tables.py), custody and probation (sentences.py).
"""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from contracts.sources.ndelius import OFFENCE_GROUPS
from synthetic_extracts.draws import day_number, pick, stream
from synthetic_extracts.justice.people import CODES, People
from synthetic_extracts.justice.places import court_areas
from synthetic_extracts.justice.rates import rates

OUTCOMES = ("CUSTODY", "SUSPENDED", "COMMUNITY", "FINE", "DISCHARGE", "OTHER", "NOT_CONVICTED")
CUSTODY, SUSPENDED, COMMUNITY, FINE, DISCHARGE, OTHER, NOT_CONVICTED = range(7)
PURPOSES = ("trial", "sentence", "appeal")
TRIAL, SENTENCE, APPEAL = range(3)
NO_PURPOSE = -1
HORIZON = day_number(
    date(2026, 12, 31)
)  # cases are drawn up to it, so that a later quarter holds all that an earlier one did
# Weights by outcome in the order above, and of offence groups in the order of OFFENCE_GROUPS; A, as the criminal court
# statistics of England and Wales roughly are.
_IN_MAGISTRATES = (0.032, 0.028, 0.068, 0.590, 0.052, 0.050, 0.180)
_IN_CROWN = (0.440, 0.250, 0.090, 0.010, 0.010, 0.030, 0.170)
_GROUPS = (0.09, 0.01, 0.01, 0.14, 0.02, 0.07, 0.02, 0.05, 0.06, 0.02, 0.22, 0.28, 0.01)
_GROUPS_IN_CROWN = (0.25, 0.09, 0.08, 0.15, 0.03, 0.18, 0.06, 0.04, 0.06, 0.05, 0.0, 0.01, 0.0)


COURTS = 1000  # more than there are of either kind


@dataclass
class Cases:
    """A row per case and defendant, sorted by person and day; `case` is the same for co-defendants.

    `outcome` is a place in OUTCOMES, `group` in OFFENCE_GROUPS.
    `sent` is whether it went up to the Crown Court, on day `sent_on`, for `purpose`; what follows with `crown_` is
    then of that court. A sentence that was not passed is on day -1.
    """

    case: np.ndarray
    person: np.ndarray
    first_hearing: np.ndarray
    group: np.ndarray
    offence: np.ndarray
    outcome: np.ndarray
    sentenced: np.ndarray
    custody_days: np.ndarray
    sent: np.ndarray
    sent_on: np.ndarray
    purpose: np.ndarray
    crown_receipt: np.ndarray
    crown_outcome: np.ndarray
    crown_sentenced: np.ndarray
    crown_custody_days: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    def numbers(self, people: People) -> np.ndarray:
        """A number for each row, over all blocks."""
        return people.block * 10**7 + np.arange(len(self))

    def active_until(self, people: People) -> np.ndarray:
        """The last day on which anything of a person's cases happens."""
        last = np.zeros(len(people), dtype=np.int64)
        for day in (self.first_hearing, self.sentenced, self.crown_sentenced, self.sent_on):
            np.maximum.at(last, self.person, day)
        return last


def draw_cases(seed: int, people: People) -> Cases:
    """All cases of a block up to the horizon."""
    rng, rate = stream(seed, f"justice cases {people.block}"), rates()["careers"]
    count = 1 + np.floor(np.exp(rng.normal(rate["log_mean"], rate["log_sd"], len(people)))).astype(np.int64)
    count = np.minimum(count, rate["most_cases"])
    person = np.repeat(np.arange(len(people)), count)
    day = _days(rng, people, person, count)
    size = len(person)
    order = np.lexsort((day, person))
    day = day[order]
    sent = rng.random(size) < rate["sent_to_crown"]
    group = np.where(sent, pick(rng, _GROUPS_IN_CROWN, size), pick(rng, _GROUPS, size))
    severity, household = _severity(rng, people, person, count), people.household[person]
    purpose = np.where(sent, pick(rng, (0.70, 0.22, 0.08), size), NO_PURPOSE)
    here = court_effects(seed, "M")[court_areas("M", seed, household, day)]
    outcome = _outcomes(rng, _IN_MAGISTRATES, severity, here)
    outcome = np.where(purpose == APPEAL, np.where(outcome == NOT_CONVICTED, FINE, outcome), outcome)
    decided_here = ~sent | (purpose == APPEAL)
    ends = day + np.where(rng.random(size) < 0.4, 0, rng.integers(1, 120, size))
    sentenced = np.where(decided_here & (outcome != NOT_CONVICTED), ends, -1)
    sent_on = np.where(decided_here, ends + rng.integers(3, 20, size), day + rng.integers(0, 45, size))
    receipt = sent_on + rng.integers(0, 21, size)
    above = court_effects(seed, "C")[court_areas("C", seed, household, receipt)]
    crown_outcome = _outcomes(rng, _IN_CROWN, severity, above)
    crown_ends = receipt + np.where(purpose == TRIAL, rng.integers(40, 420, size), rng.integers(15, 70, size))
    cases = Cases(
        np.arange(size),
        person,
        day,
        group,
        rng.integers(1, 60, size),
        outcome,
        sentenced,
        _custody_days(rng, 3.9, 0.7, size, 180),
        sent,
        np.where(sent, sent_on, -1),
        purpose,
        receipt,
        crown_outcome,
        np.where(sent & (crown_outcome != NOT_CONVICTED), crown_ends, -1),
        _custody_days(rng, 6.2, 0.9, size, 9000),
    )
    return _with_co_defendants(rng, people, cases)


def _with_co_defendants(rng: np.random.Generator, people: People, cases: Cases) -> Cases:
    """The same cases, some of them with a second defendant: the next person, often a relative, who ends alike."""
    second = np.minimum(cases.person + 1, len(people) - 1)
    joined = rng.random(len(cases)) < rates()["careers"]["co_defendant"]
    joined &= (second != cases.person) & (people.first_case[second] <= cases.first_hearing)
    rows = np.concatenate([np.arange(len(cases)), np.flatnonzero(joined)])
    person = np.concatenate([cases.person, second[joined]])
    order = np.lexsort((cases.first_hearing[rows], person))
    columns = {field.name: getattr(cases, field.name)[rows][order] for field in fields(Cases)}
    return Cases(**columns | {"person": person[order]})


def _days(rng: np.random.Generator, people: People, person: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Days of first hearings: the first case of a person, and the others spread over a career that grows with them."""
    start, horizon = people.first_case[person], HORIZON
    span = 365 * (0.6 + 0.55 * count) * np.exp(rng.normal(0, 0.5, len(count)))
    span = np.minimum(span, np.maximum(horizon - people.first_case, 30))
    first = np.concatenate([[True], person[1:] != person[:-1]])
    return start + np.where(first, 0, (rng.random(len(person)) * span[person]).astype(np.int64))


def _severity(rng: np.random.Generator, people: People, person: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Log odds by which custody is likelier: of men, of people with many cases and, a little, of some groups; A."""
    group = np.array([0.12 if code[0] in "BA" else 0.0 for code in CODES])
    own = rng.normal(0, 0.5, len(people)) + np.where(people.male, 0.15, -0.55) + group[people.ethnicity]
    return (own + 0.25 * np.log(count))[person]


def court_effects(seed: int, letter: str) -> np.ndarray:
    """By how much the log odds of custody of the same people are higher in each court, by its number (court_areas)."""
    return stream(seed, f"justice courts {letter}").normal(0, rates()["careers"]["between_courts"], COURTS)


def _outcomes(
    rng: np.random.Generator, weights: tuple[float, ...], severity: np.ndarray, of_court: np.ndarray
) -> np.ndarray:
    """Outcomes drawn with `weights`, the first three of which grow with severity; the first, custody, is `of_court` log
    odds likelier, in the place of all others alike.
    """
    heavier = np.exp(severity)
    heavy = sum(weights[:3])
    share = heavy * heavier / (heavy * heavier + 1 - heavy)
    before = share * weights[CUSTODY] / heavy
    custody = 1 / (1 + (1 - before) / before * np.exp(-of_court))
    milder = custody + (share - before) * (1 - custody) / (1 - before)
    size = len(severity)
    drawn, heavy_kind, other = rng.random(size), pick(rng, weights[1:3], size), pick(rng, weights[3:], size)
    return np.where(drawn < custody, CUSTODY, np.where(drawn < milder, 1 + heavy_kind, 3 + other)).astype(np.int8)


def _custody_days(rng: np.random.Generator, log_mean: float, log_sd: float, size: int, most: int) -> np.ndarray:
    return np.exp(rng.normal(log_mean, log_sd, size)).clip(7, most).astype(np.int64)


def offence_code(group: np.ndarray, offence: np.ndarray) -> np.ndarray:
    """Five digits that stand for a Home Office code: of the group, and of the offence in it."""
    return (group + 1) * 1000 + offence


assert len(_GROUPS) == len(_GROUPS_IN_CROWN) == len(OFFENCE_GROUPS)
