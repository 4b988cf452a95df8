"""Which sentences truly lead to structured treatment of their own.

Belongs here: that choice, raked to the published shares. Does not belong here: how it goes on (draw_treatment.py).
"""

import numpy as np
from scipy.special import ndtr

from synthetic_extracts.calibration import THEFT, TYPES, by_type, calibration, ethnicity_codes, in_order
from synthetic_extracts.draws import logistic
from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.raking import Margin, rake_yes_no
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.treatment.journeys import expected_recall


def own_treatment(rng: np.random.Generator, cohort: Cohort) -> np.ndarray:
    """Sentences that lead to treatment of their own; raked so that what the study finds has the wanted shares."""
    sentences = cohort.sentences
    settings, odds = calibration()["structured"], calibration()["structured"]["log_odds"]
    groups = np.array(ethnicity_codes()[3])[cohort.people.ethnicity[sentences.person]]
    inclination = (
        odds["theft"] * (sentences.offence == THEFT)
        + odds["crown"] * sentences.crown
        + odds["low_risk"] * (sentences.rsr < 3)
        + odds["asian_or_mixed"] * np.isin(groups, ["Asian", "Mixed"])
        + odds["disorder"] * cohort.people.disorder[sentences.person]
    )
    share = by_type(settings["share"])[sentences.kind]
    start = logistic(np.log(share / (1 - share)) + 0.4 + inclination)
    correlation = settings["person_correlation"]
    wish = np.sqrt(correlation) * rng.normal(size=len(cohort.people))[sentences.person] + np.sqrt(
        1 - correlation
    ) * rng.normal(size=len(sentences))
    draw = ndtr(wish)
    counted = cohort.analysed & ~sentences.wales
    same_person = sentences.person[1:] == sentences.person[:-1]
    soon_again = np.append((np.diff(sentences.day) < 45) & same_person, False)
    found = expected_recall(cohort)
    trim = np.ones(2)
    for _ in range(5):
        p = rake_yes_no(start, _margins(cohort, trim), exposure=found, counted=counted)
        p = np.where(sentences.wales, settings["wales"], p)
        own = draw < p
        own[1:] |= own[:-1] & soon_again[:-1]
        derived = own | _later_same_person(cohort, own)
        for number in range(2):
            rows = counted & (sentences.kind == number)
            if not rows.any():
                continue
            trim[number] *= by_type(settings["share"])[number] / max((derived * found)[rows].mean(), 1e-6)
    return own


def _margins(cohort: Cohort, trim: np.ndarray) -> list[Margin]:
    sentences = cohort.sentences
    settings = calibration()["structured"]
    regions = street_sectors().regions

    def crossed(group: np.ndarray, targets: list[np.ndarray]) -> Margin:
        width = len(targets[0])
        return Margin(sentences.kind * width + group, np.concatenate([targets[k] * trim[k] for k in range(2)]))

    sex = (~cohort.people.male[sentences.person]).astype(np.int64)
    return [
        crossed(sentences.age_band, [np.array(settings["age"][name]) for name in TYPES]),
        crossed(sex, [np.array(settings["sex"][name]) for name in TYPES]),
        crossed(sentences.length_band, [np.array(settings["length"][name]) for name in TYPES]),
        crossed(sentences.accommodation, [np.array(settings["accommodation"][name]) for name in TYPES]),
        crossed(sentences.region, [in_order(settings["region"][name], regions) for name in TYPES]),
        Margin(sentences.kind, by_type(settings["share"]) * trim),
    ]


def _later_same_person(cohort: Cohort, flag: np.ndarray) -> np.ndarray:
    """Whether a later sentence of the same person has the flag."""
    return next_flagged(cohort, flag) >= 0


def next_flagged(cohort: Cohort, flag: np.ndarray) -> np.ndarray:
    """Row of the same person's next flagged sentence, -1 if there is none."""
    sentences = cohort.sentences
    size = len(sentences)
    rows = np.where(flag, np.arange(size), size)
    following = np.append(np.minimum.accumulate(rows[::-1])[::-1][1:], size)
    same = np.append(sentences.person, -1)[np.minimum(following, size)] == sentences.person
    return np.where((following < size) & same, following, -1)
