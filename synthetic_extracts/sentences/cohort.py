"""Sentences of the cohort and their requirements, as they truly were, and which of them the study will leave out.

Belongs here: disposals, requirements, offence, risk, accommodation at sentence, identifiers (CRN) and exclusions.
Does not belong here: treatment (treatment.py), reconviction (reconviction.py), or what the systems recorded.

A *sentence* is one disposal; it carries one requirement, or an ATR and a DRR. Arrays of `Cohort` that start with
`requirement_` have one value per requirement, all others one per sentence, in order of person and day.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from synthetic_extracts.calibration import NO_FIXED_ADDRESS, TYPES, by_type, calibration
from synthetic_extracts.draws import day_number, pick, pick_rows, stream, years_between
from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.people.true_people import People, draw_people

FIRST_SENTENCE = day_number(date(2018, 8, 1))
MOST_SENTENCES = 9
LENGTHS = [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12], [15, 18, 24]]
LENGTH_WEIGHTS = [[0.05, 0.15, 0.80], [0.06, 0.04, 0.90], [0.05, 0.20, 0.75], [0.05, 0.03, 0.92], [0.3, 0.5, 0.2]]


@dataclass
class Cohort:
    """People with an ATR or DRR, their sentences and requirements."""

    people: People
    end: int
    person: np.ndarray
    day: np.ndarray
    offence_day: np.ndarray
    order: np.ndarray
    next_day: np.ndarray
    kind: np.ndarray
    both: np.ndarray
    mental_health: np.ndarray
    crn: np.ndarray
    region: np.ndarray
    sector: np.ndarray
    accommodation: np.ndarray
    offence: np.ndarray
    suspended: np.ndarray
    crown: np.ndarray
    rsr: np.ndarray
    ogrs_two_years: np.ndarray
    age: np.ndarray
    length_band: np.ndarray
    crn_person: np.ndarray
    crn_linkable: np.ndarray
    requirement_sentence: np.ndarray
    requirement_kind: np.ndarray
    requirement_months: np.ndarray
    requirement_band: np.ndarray
    requirement_no_length: np.ndarray
    requirement_analysed: np.ndarray
    extra: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.day)

    @property
    def analysed(self) -> np.ndarray:
        """Sentences with at least one requirement that the study keeps."""
        return np.bincount(self.requirement_sentence, weights=self.requirement_analysed, minlength=len(self)) > 0

    @property
    def requirement_eligible(self) -> np.ndarray:
        """Requirements that the study keeps if they have a length: none of Wales, of an order with both types or an
        MHTR, or of people who cannot be linked."""
        sentence = self.requirement_sentence
        left_out = self.wales | self.both | self.mental_health | ~self.crn_linkable[self.crn]
        return ~left_out[sentence]

    @property
    def wales(self) -> np.ndarray:
        """Sentences supervised in Wales."""
        return self.region == street_sectors().regions.index("Wales")

    @property
    def age_band(self) -> np.ndarray:
        """0: 18-29, 1: 30-39, 2: 40-49, 3: 50 and over."""
        return np.digitize(self.age, [30, 40, 50])

    @property
    def window_end(self) -> np.ndarray:
        """Last day a person could still be seen before the next sentence, or the end of observation."""
        return np.minimum(self.next_day, self.end)


def size_of(name: str, scale: float) -> int:
    """A count of calibration.toml [size] at `scale`."""
    return int(round(calibration()["size"][name] * scale))


def draw_cohort(
    seed: int, scale: float, end: int, first: int = FIRST_SENTENCE, last: int | None = None,
    people_scale: float | None = None,
) -> Cohort:
    """All people, sentences and requirements of the cohort; `end` is the day number of the end of observation.

    Sentences are of the days from `first` to `last` (default: `end`). `people_scale`: scale of the number of people,
    where they have fewer sentences each than over the whole period.
    """
    settings = calibration()["cohort"]
    rng = stream(seed, "sentences")
    people_scale = scale if people_scale is None else people_scale
    size, total = size_of("people", people_scale), size_of("requirements", scale)
    usual = (rng.random(size) >= settings["atr_share"]).astype(np.int64)
    disorder = rng.normal(0.0, 1.0, size)
    held = _requirements_each(rng, size, total, disorder)
    pairs = min(int(round(settings["both_types_share"] * total)), int((held >= 2).sum()))
    has_pair = np.zeros(size, dtype=bool)
    has_pair[rng.choice(np.flatnonzero(held >= 2), pairs, replace=False)] = True
    sentences = held - has_pair
    person = np.repeat(np.arange(size), sentences)
    order = np.arange(len(person)) - np.repeat(np.cumsum(sentences) - sentences, sentences)
    day = _sentence_days(rng, person, order, sentences, first, end if last is None else last)
    next_day = np.where(np.append(person[1:] == person[:-1], False), np.append(day[1:], 0), end + 100_000)
    both = has_pair[person] & (order == (rng.random(size) * sentences).astype(np.int64)[person])

    kind = np.where(rng.random(len(person)) < settings["same_type_again"], usual[person], 1 - usual[person])
    kind = np.where(order == 0, usual[person], kind)
    _set_share(rng, kind, both, total, settings["atr_share"])

    age = rng.normal(by_type(settings["age_mean"])[usual], by_type(settings["age_spread"])[usual])
    age = np.where((age < 18.3) | (age > 79), rng.uniform(18.3, 55, size), age)
    dob = (day[order == 0] - age * 365.2425).astype(np.int64)
    male = rng.random(size) < by_type(settings["male_share"])[usual]
    region_shares = {name: share * (1 - settings["wales_share"]) for name, share in settings["region"].items()}
    region_shares["Wales"] = settings["wales_share"]
    people = draw_people(stream(seed, "people"), male, dob, disorder, region_shares, day_number(date(2016, 1, 1)), end)
    sector = people.sector_at(person, day)
    chaos = disorder[person]
    accommodation = _accommodation(rng, kind, chaos)
    crn, crn_person, crn_linkable = _identifiers(
        rng, people_scale, person, order, sentences, disorder, sector, accommodation
    )
    offence = _by_kind(rng, kind, [list(settings["offence_share"][name].values()) for name in TYPES])
    suspended = rng.random(len(kind)) < by_type(settings["suspended_share"])[kind]
    crown = rng.random(len(kind)) < by_type(settings["crown_share"])[kind] * np.where(suspended, 1.7, 0.6)
    sentence_age = years_between(people.dob[person], day)
    risk = rng.normal(0.50 + 0.42 * chaos + 0.30 * male[person] - 0.012 * (sentence_age - 38), 0.70)
    ogrs = 100 / (1 + np.exp(-(rng.normal(0.15 + 0.55 * chaos + 0.55 * kind - 0.035 * (sentence_age - 38), 0.8))))
    band = _by_kind(rng, kind, [settings["length_share"][name] for name in TYPES])

    requirement_sentence = np.sort(np.concatenate([np.arange(len(kind)), np.flatnonzero(both)]))
    second = np.append(False, requirement_sentence[1:] == requirement_sentence[:-1])
    requirement_kind = np.where(second, 1 - kind[requirement_sentence], kind[requirement_sentence])
    requirement_band = band[requirement_sentence]
    cohort = Cohort(
        people=people,
        end=end,
        person=person,
        day=day,
        offence_day=day - 14 - np.floor(stream(seed, "offence days").exponential(110, len(day))).astype(np.int64),
        order=order,
        next_day=next_day,
        kind=kind,
        both=both,
        # A need for mental health treatment lasts: all orders of a person have an MHTR, or none.
        mental_health=stream(seed, "mental health").random(size)[person] < settings["mental_health_share"],
        crn=crn,
        region=street_sectors().region[sector],
        sector=sector,
        accommodation=accommodation,
        offence=offence,
        suspended=suspended,
        crown=crown,
        rsr=np.clip(np.round(np.exp(risk), 2), 0.01, 99.0),
        ogrs_two_years=np.clip(np.round(ogrs), 2, 99).astype(np.int64),
        age=sentence_age,
        length_band=band,
        crn_person=crn_person,
        crn_linkable=crn_linkable,
        requirement_sentence=requirement_sentence,
        requirement_kind=requirement_kind,
        requirement_months=_months(rng, requirement_band),
        requirement_band=requirement_band,
        requirement_no_length=np.zeros(total, dtype=bool),
        requirement_analysed=np.ones(total, dtype=bool),
    )
    _leave_out(rng, cohort, scale)
    return cohort


def _requirements_each(rng: np.random.Generator, size: int, total: int, disorder: np.ndarray) -> np.ndarray:
    spread = calibration()["cohort"]["repeat_weight_spread"]
    weight = rng.gamma(1 / spread**2, 1.0, size) * np.exp(0.25 * disorder)
    held = 1 + np.bincount(pick(rng, weight, total - size), minlength=size)
    while (over := held > MOST_SENTENCES).any():
        surplus = int((held[over] - MOST_SENTENCES).sum())
        held[over] = MOST_SENTENCES
        held += np.bincount(rng.choice(np.flatnonzero(held < 3), surplus), minlength=size)
    return held


def _sentence_days(
    rng: np.random.Generator, person: np.ndarray, order: np.ndarray, sentences: np.ndarray, first: int, end: int
) -> np.ndarray:
    """First sentence by the yearly profile, further ones at exponential gaps, all inside the period, never less apart
    than the minimum gap."""
    settings = calibration()["cohort"]
    days = np.arange(first, end + 1)
    years = (days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970).astype(int)
    weight = np.array([settings["monthly_weight"].get(str(year), 1.0) for year in years])
    gap = np.where(
        order == 0,
        0.0,
        settings["repeat_gap_minimum"] + rng.exponential(settings["repeat_gap_days"], len(order)),
    )
    first_row = np.cumsum(sentences) - sentences
    running = np.cumsum(gap)
    offset = running - running[first_row][person]
    longest = offset[np.cumsum(sentences) - 1]
    room = float(end - first)
    shrink = np.where(longest > 0.9 * room, 0.9 * room / np.maximum(longest, 1.0), 1.0)
    offset = np.floor(offset * shrink[person]).astype(np.int64)
    longest = offset[np.cumsum(sentences) - 1]
    start = days[pick(rng, weight, len(sentences))]
    too_late = start + longest > end
    slack = end - first - longest
    start = np.where(too_late, first + (rng.random(len(sentences)) ** 0.7 * slack).astype(np.int64), start)
    return start[person] + offset


def _set_share(rng: np.random.Generator, kind: np.ndarray, both: np.ndarray, total: int, atr_share: float) -> None:
    """Change the type of some single sentences so that the share of ATRs among all requirements is exact."""
    surplus = int((kind[~both] == 0).sum() + both.sum()) - int(round(atr_share * total))
    rows = np.flatnonzero(~both & (kind == (0 if surplus > 0 else 1)))
    changed = rng.choice(rows, min(abs(surplus), len(rows)), replace=False)
    kind[changed] = 1 - kind[changed]
    kind[both] = 1


def _identifiers(
    rng: np.random.Generator,
    scale: float,
    person: np.ndarray,
    order: np.ndarray,
    sentences: np.ndarray,
    disorder: np.ndarray,
    sector: np.ndarray,
    accommodation: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """CRN number per sentence, person per CRN, and whether the CRN has enough identifiers to be linked.

    Some people who had not moved have a second CRN for their last sentence. The counts are those of figure M1, exactly.
    """
    size = len(sentences)
    doubles = size_of("offender_identifiers", scale) - size
    last = np.cumsum(sentences) - 1
    settled = (accommodation[last] < NO_FIXED_ADDRESS) & (accommodation[last - 1] < NO_FIXED_ADDRESS)
    candidates = np.flatnonzero((sentences >= 2) & (sector[last] == sector[last - 1]) & settled)
    twice = rng.choice(candidates, min(doubles, len(candidates)), replace=False)
    second = np.full(size, -1)
    second[twice] = size + np.arange(len(twice))
    crn = np.where((second[person] >= 0) & (order == sentences[person] - 1), second[person], person)
    crn_person = np.concatenate([np.arange(size), twice])
    linkable = np.ones(len(crn_person), dtype=bool)
    both_linkable = size_of("linkable_identifiers", scale) - size_of("linkable_people", scale)
    lost_seconds = max(len(twice) - both_linkable, 0)
    linkable[size : size + lost_seconds] = False
    lost = max(len(crn_person) - size_of("linkable_identifiers", scale) - lost_seconds, 0)
    single = np.setdiff1d(np.arange(size), twice)
    weight = np.exp(0.3 * disorder[single])
    linkable[rng.choice(single, lost, replace=False, p=weight / weight.sum())] = False
    return crn, crn_person, linkable


def _by_kind(rng: np.random.Generator, kind: np.ndarray, weights: list[list[float]]) -> np.ndarray:
    return pick_rows(rng, np.array(weights, dtype=float)[kind])


def _accommodation(rng: np.random.Generator, kind: np.ndarray, disorder: np.ndarray) -> np.ndarray:
    shares = np.array([calibration()["cohort"]["accommodation_share"][name] for name in TYPES])[kind]
    tilt = np.array([-0.30, 0.15, 0.25, 0.75, 0.85, 0.10])
    return pick_rows(rng, shares * np.exp(tilt * disorder[:, None] - tilt**2 / 2))


def _months(rng: np.random.Generator, band: np.ndarray) -> np.ndarray:
    position = pick_rows(rng, np.array(LENGTH_WEIGHTS)[band])
    return np.array(LENGTHS)[band, position]


def _leave_out(rng: np.random.Generator, cohort: Cohort, scale: float) -> None:
    """Mark requirements the study leaves out; missing lengths make up what the other reasons leave over."""
    sentence, eligible = cohort.requirement_sentence, cohort.requirement_eligible
    no_length = cohort.requirement_no_length
    share = []
    # An office that leaves the length out does so every time: all requirements of a person together.
    turn = rng.random(len(cohort.people))[cohort.person[sentence]]
    for number, name in enumerate(TYPES):
        rows = np.flatnonzero(eligible & (cohort.requirement_kind == number))
        surplus = max(len(rows) - size_of(f"analysed_{name}", scale), 0)
        no_length[rows[np.argsort(turn[rows], kind="stable")[:surplus]]] = True
        share.append(surplus / max(len(rows), 1))
    others = np.flatnonzero(~eligible)
    no_length[others] = rng.random(len(others)) < np.array(share)[cohort.requirement_kind[others]]
    cohort.requirement_analysed[:] = eligible & ~no_length
