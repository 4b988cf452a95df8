"""How requirements ended, who died, and who was truly engaged in any treatment during the requirement.

Belongs here: expected end, termination, death, unstructured treatment and CJIT contact. Does not belong here:
structured journeys (treatment/) and the words of contact notes (notes/).
"""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.calibration import COMPLETED, DIED, TERMINATIONS, by_type, calibration
from synthetic_extracts.courts.reconviction import unlinked_target
from synthetic_extracts.draws import logistic, pick_rows, stream
from synthetic_extracts.raking import ClassMargin, Margin, rake_classes, rake_yes_no
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.treatment.journeys import OPEN, Treatment, expected_recall

ACTIVE = -1
FEW_DAYS = 84  # all notes of so short a requirement are of its last twelve weeks


@dataclass
class Supervision:
    """Per requirement, except `cjit_day` and `in_cjit` (per sentence) and `death_day` (per person, OPEN: alive).

    `planned_reason` and `planned_day` say how and when a requirement ends, also after the end of observation.
    """

    expected_end: np.ndarray
    termination: np.ndarray
    termination_day: np.ndarray
    window_end: np.ndarray
    in_structured_window: np.ndarray
    in_any_treatment: np.ndarray
    late_engagement: np.ndarray
    in_cjit: np.ndarray
    cjit_day: np.ndarray
    death_day: np.ndarray
    planned_reason: np.ndarray
    planned_day: np.ndarray


def draw_supervision(seed: int, cohort: Cohort, treatment: Treatment) -> Supervision:
    """Ends of requirements and true engagement."""
    rng = stream(seed, "supervision")
    sentence = cohort.requirements.sentence
    day = cohort.sentences.day[sentence]
    length = np.round(cohort.requirements.months * 30.4375).astype(np.int64)
    journeys = treatment.journeys
    death = np.full(len(cohort.people), OPEN)
    died = journeys.status == DIED
    death[journeys.person[died]] = journeys.end[died]
    planned_reason, planned_day = _terminations(rng, cohort, treatment, day, length, death)
    running = planned_day > cohort.end
    reason, end_day = np.where(running, ACTIVE, planned_reason), np.where(running, OPEN, planned_day)
    window_end = np.minimum(np.where(reason == ACTIVE, cohort.end, end_day), cohort.end)
    number = treatment.journey[sentence]
    in_window = treatment.structured[sentence] & (journeys.start[number] <= window_end) & (journeys.end[number] >= day)
    in_cjit, cjit_day = _cjit_contact(rng, cohort, treatment)
    engaged = _any_treatment(
        rng,
        cohort,
        treatment,
        reason,
        in_window,
        in_cjit[sentence] & (cjit_day[sentence] <= window_end),
        window_end - day < FEW_DAYS,
    )
    tendency = np.array([0.80, 0.25, 0.25, 0.50, 0.40, 0.30, 0.50])[reason]
    late = np.clip(tendency + rng.normal(0, 0.12, len(day)) + 0.1 * in_window, 0.02, 0.98)
    return Supervision(
        day + length,
        reason,
        end_day,
        window_end,
        in_window,
        engaged,
        np.where(engaged, late, late * 0.3),
        in_cjit,
        cjit_day,
        death,
        planned_reason,
        planned_day,
    )


def _terminations(
    rng: np.random.Generator,
    cohort: Cohort,
    treatment: Treatment,
    day: np.ndarray,
    length: np.ndarray,
    death: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Reason (index of TERMINATIONS) and day, be it after the end of observation; records deaths of the untreated."""
    person = cohort.sentences.person[cohort.requirements.sentence]
    days = _days_of_reasons(rng, day, length)
    reason = pick_rows(rng, _chances_of_reasons(cohort, treatment, death, days <= cohort.end))
    end_day = days[np.arange(len(day)), reason]
    newly_dead = (reason == TERMINATIONS.index("Died")) & (end_day <= cohort.end)
    death[person[newly_dead]] = np.minimum(death[person[newly_dead]], end_day[newly_dead])
    dead_first = death[person] <= end_day
    reason = np.where(dead_first, TERMINATIONS.index("Died"), reason)
    end_day = np.where(dead_first, np.maximum(death[person], day), end_day)
    return reason, end_day


def _days_of_reasons(rng: np.random.Generator, day: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Day on which each requirement (rows) would end for each reason (columns, as TERMINATIONS)."""
    size = len(day)
    jitter = rng.normal(0, 9, size)
    days = [
        day + length + jitter,
        day + length * rng.uniform(0.30, 0.98, size),
        day + length * rng.uniform(0.30, 0.98, size),
        day + np.maximum(length, rng.choice([180, 365, 365, 548, 730], size)) + np.abs(jitter),
        day + length * rng.uniform(0.05, 1.0, size),
        day + length * rng.uniform(0.05, 1.0, size),
    ]
    return np.maximum(np.stack(days).astype(np.int64).T, day[:, None] + 7)


def _chances_of_reasons(cohort: Cohort, treatment: Treatment, death: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Chance of each reason (columns) for each requirement (rows). `observed`: whether that end would be seen."""
    settings = calibration()["cohort"]["termination_share"]
    weights = _weights_of_reasons(cohort, treatment, death)
    # The published shares are of unlinked requirements that had ended: what ends later is seen less often, so the aim
    # is moved until what is seen has the published shares.
    found = np.where(treatment.structured, expected_recall(cohort), 0.0)[cohort.requirements.sentence]
    counted = cohort.requirements.analysed * (1 - found)
    aim, wanted = np.array(settings["all"]), np.array(settings["all"])
    for _ in range(6):
        margin = ClassMargin(np.zeros(len(weights), dtype=np.int64), np.arange(6), (aim / aim.sum())[None, :])
        chance = rake_classes(weights, [margin], counted=counted, sweeps=8)
        seen = (chance * observed * counted[:, None]).sum(axis=0)
        aim = aim * np.clip(wanted / np.maximum(seen / seen.sum(), 1e-9), 0.2, 5)
    return chance


def _weights_of_reasons(cohort: Cohort, treatment: Treatment, death: np.ndarray) -> np.ndarray:
    settings, sentence = calibration()["cohort"]["termination_share"], cohort.requirements.sentence
    of, structured = cohort.sentences.take(sentence), treatment.structured[sentence]
    weights = np.tile(settings["all"], (len(of), 1)) * np.where(structured[:, None], settings["in_treatment_odds"], 1.0)
    weights[treatment.status[sentence] == COMPLETED] *= [1.6, 0.5, 0.5, 1.0, 0.2, 1.0]
    weights[~of.suspended, TERMINATIONS.index("Suspended Sentence Activated")] = 0
    can_die = (of.next_day > cohort.end) & ~structured & (death[of.person] == OPEN)
    weights[~can_die, TERMINATIONS.index("Died")] = 0
    return weights


def _cjit_contact(rng: np.random.Generator, cohort: Cohort, treatment: Treatment) -> tuple[np.ndarray, np.ndarray]:
    sentences = cohort.sentences
    settings = calibration()["other_treatment"]
    found = np.where(treatment.structured, expected_recall(cohort), 0.0)
    wanted = np.empty(2)
    for number in range(2):
        rows = cohort.analysed & (sentences.kind == number)
        total = by_type(settings["cjit_among_unlinked"])[number] * (1 - found[rows]).sum()
        without = (~treatment.structured[rows]).sum() * calibration()["linkage"]["expected_recall_any"]
        wanted[number] = total / max(without, 1)
    p = np.where(treatment.structured, by_type(settings["cjit_in_structured"])[sentences.kind], wanted[sentences.kind])
    p = p * np.where(sentences.wales, 0.1, 1.0)
    day = sentences.day + np.floor(rng.exponential(70, len(p))).astype(np.int64)
    seen = 1 - np.exp(-(cohort.end - sentences.day) / 70)
    yes = (rng.random(len(p)) < p / np.maximum(seen, 0.2)) & (day <= cohort.end)
    return yes, day


def _any_treatment(
    rng: np.random.Generator,
    cohort: Cohort,
    treatment: Treatment,
    reason: np.ndarray,
    in_window: np.ndarray,
    in_cjit: np.ndarray,
    short: np.ndarray,
) -> np.ndarray:
    """Structured treatment or CJIT contact in the window, else unstructured treatment, raked among the unlinked; seldom
    where the window is `short`."""
    sentence = cohort.requirements.sentence
    share = np.bincount(sentence, weights=in_window, minlength=len(cohort.sentences)) > 0
    wanted = unlinked_target(
        by_type(calibration()["other_treatment"]["any_among_unlinked"]), cohort, treatment, share.astype(float)
    )
    start = logistic(
        0.6
        - 0.3 * cohort.people.disorder[cohort.sentences.person[sentence]]
        + np.array([0.9, -0.5, -0.5, 0.1, -0.3, -0.4, 0])[reason]
        - 2.0 * short
    )
    fixed = in_window | in_cjit
    start = np.where(fixed, 1.0, start)
    counted = cohort.requirements.analysed & ~treatment.structured[sentence]
    p = rake_yes_no(start, [Margin(cohort.requirements.kind, wanted)], counted=counted, fixed=fixed)
    return rng.random(len(p)) < p
