"""Who is truly reconvicted of a further crime within 12 months of sentence, and when.

Belongs here: what counts, the true case and its days. Does not belong here: cases that do not count (court_cases.py),
and whether a court system still holds a case (court_records.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import betainc

from synthetic_extracts.calibration import (
    COMPLETED,
    NO_FIXED_ADDRESS,
    REMAINED,
    ROUGH,
    THEFT,
    TYPES,
    by_type,
    calibration,
    ethnicity_codes,
    in_order,
)
from synthetic_extracts.draws import logistic, stream
from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.raking import Margin, rake_yes_no
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.treatment.journeys import OPEN, Treatment, expected_recall

FOLLOW_UP = 365
EARLY, LATE = 1.1, 1.4  # shape of the time to a reconviction within the year
FIRST_DAY = 7


@dataclass
class Reconvictions:
    """Per sentence, observed or not: the day of the first appearance within 12 months for a further crime (OPEN: none);
    whether there is a case of its own, which is no later sentence of the cohort, and the days of its offence and
    appearance."""

    day: np.ndarray
    own: np.ndarray
    own_offence_day: np.ndarray
    own_day: np.ndarray

    @property
    def yes(self) -> np.ndarray:
        """Sentences followed by a reconviction."""
        return self.day < OPEN


def first_further_appearance(
    cohort: Cohort, person: np.ndarray, offence_day: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """Per sentence the day of the first of these appearances that is a reconviction: the person's, for an offence after
    the sentence, within 12 months of it. OPEN where there is none."""
    own = cohort.sentences
    sentences = pl.DataFrame({"person": own.person, "sentenced": own.day}).with_row_index("row")
    appearances = pl.DataFrame({"person": person, "offence": offence_day, "heard": day})
    further = sentences.join(appearances, on="person").filter(
        pl.col("offence") > pl.col("sentenced"), pl.col("heard") <= pl.col("sentenced") + FOLLOW_UP
    )
    first = further.group_by("row").agg(pl.col("heard").min())
    found = np.full(len(cohort.sentences), OPEN)
    found[first["row"].to_numpy()] = first["heard"].to_numpy()
    return found


def committed_after(rng: np.random.Generator, since: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Days of offences behind appearances on `day`, all after `since`."""
    offence = day - np.floor(rng.gamma(1.2, 60, len(day))).astype(np.int64) - 1
    between = since + 1 + np.floor(rng.random(len(day)) * np.maximum(day - since - 2, 1)).astype(np.int64)
    return np.minimum(np.where(offence <= since, between, offence), day)


def observed_share(days: np.ndarray) -> np.ndarray:
    """Chance that an event within the year has happened after so many days."""
    return betainc(EARLY, LATE, np.clip((days - FIRST_DAY) / (FOLLOW_UP - FIRST_DAY), 0.0, 1.0))


def event_days(rng: np.random.Generator, size: int, before: np.ndarray | int = FOLLOW_UP) -> np.ndarray:
    """Days from sentence to an event within the year, in the days up to `before`."""
    return FIRST_DAY + np.floor(rng.beta(EARLY, LATE, size) * (before - FIRST_DAY)).astype(np.int64)


def unlinked_target(rate: np.ndarray, cohort: Cohort, treatment: Treatment, in_structured: np.ndarray) -> np.ndarray:
    """Share per type that sentences without treatment need, so that the unlinked together have `rate`.

    The unlinked are those without structured treatment and those in it whom the linkage is expected to miss;
    `in_structured` is the share (or event) of each sentence in structured treatment.
    """
    found = np.where(treatment.structured, expected_recall(cohort), 0.0)
    wanted = np.empty(2)
    for number in range(2):
        rows = cohort.analysed & (cohort.sentences.kind == number)
        missed = (treatment.structured * (1 - found))[rows]
        without = (~treatment.structured[rows]).sum()
        total = rate[number] * (1 - found[rows]).sum()
        wanted[number] = (total - (missed * in_structured[rows]).sum()) / max(without, 1)
    return np.clip(wanted, 0.01, 0.98)


def draw_reconvictions(seed: int, cohort: Cohort, treatment: Treatment) -> Reconvictions:
    """True reconvictions, raked to the published shares by treatment status, region and length."""
    rng, sentences = stream(seed, "reconviction"), cohort.sentences
    person, sentenced = sentences.person, sentences.day
    # A later sentence is a reconviction when its offence came after this one; a case of its own is heard before it.
    again = first_further_appearance(cohort, person, sentences.offence_day, sentenced) < OPEN
    before = np.minimum(sentences.next_day - sentenced - 1, FOLLOW_UP)
    p = _chances(cohort, treatment, again, before)
    own = (rng.random(len(p)) < p) & ~again
    day = sentenced + event_days(rng, len(p), before)
    offence_day = committed_after(rng, sentenced, day)
    first = first_further_appearance(
        cohort,
        np.append(person, person[own]),
        np.append(sentences.offence_day, offence_day[own]),
        np.append(sentenced, day[own]),
    )
    return Reconvictions(first, own, offence_day, day)


def _chances(cohort: Cohort, treatment: Treatment, again: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Chance of a reconviction per sentence, 1 where a later sentence is one (`again`). `before`: days in which a case
    of its own would be heard."""
    settings, kind = calibration()["reconviction"], cohort.sentences.kind
    observed = observed_share(cohort.end - cohort.sentences.day)
    exposure = np.where(before < FOLLOW_UP, 1.0, observed) * settings["found_share"]
    group = _groups(treatment)
    share = np.array([[settings["share"][name][key] for key in ("completed", "remained", "neither")] for name in TYPES])
    regions = street_sectors().regions
    by_region = np.concatenate([in_order(settings["region"][name], regions) for name in TYPES])
    by_length = np.concatenate([settings["length"][name] for name in TYPES])
    # Published shares by status are of those the linkage finds: weigh by the chance to be found. Those it misses are
    # reconvicted more often, which the share of the untreated has to allow for: hence the second and third pass.
    findable = cohort.analysed * np.where(treatment.structured, expected_recall(cohort), 1.0)
    seen = share[kind, np.minimum(group, 2)]
    p = np.where(again, 1.0, _inclination(cohort))
    for _ in range(3):
        without = unlinked_target(by_type(settings["share"], "unlinked"), cohort, treatment, seen)
        margins = [
            Margin(kind * 5 + cohort.sentences.length_band, by_length),
            Margin(kind * len(regions) + cohort.sentences.region, by_region),
            Margin(kind * 4 + group, np.column_stack([share, without]).ravel(), findable),
        ]
        p = rake_yes_no(p, margins, exposure=exposure, counted=cohort.analysed, fixed=again)
        seen = p * exposure
    return p


def _groups(treatment: Treatment) -> np.ndarray:
    """0 completed, 1 remained, 2 neither, 3 without structured treatment."""
    group = np.full(len(treatment.status), 3)
    group[treatment.structured] = 2
    group[treatment.status == COMPLETED] = 0
    group[treatment.status == REMAINED] = 1
    return group


def _inclination(cohort: Cohort) -> np.ndarray:
    """Chance of a reconviction by what the person and the sentence are, before it is raked."""
    odds, people, sentences = calibration()["reconviction"]["log_odds"], cohort.people, cohort.sentences
    person, kind = sentences.person, sentences.kind
    black = np.array(ethnicity_codes()[3])[people.ethnicity[person]] == "Black"
    return logistic(
        -0.6
        + 0.6 * kind
        + odds["male"] * people.male[person]
        + odds["medium_risk"] * ((sentences.rsr >= 3) & (sentences.rsr < 6.9))
        + odds["high_risk"] * (sentences.rsr >= 6.9)
        + odds["theft"] * (sentences.offence == THEFT)
        + odds["unsettled"] * ((sentences.accommodation > 0) & (sentences.accommodation <= ROUGH))
        + odds["unsettled"] * 0.5 * np.isin(sentences.accommodation, [NO_FIXED_ADDRESS, ROUGH])
        + odds["black_atr"] * (black & (kind == 0))
        + odds["disorder"] * people.disorder[person]
    )
