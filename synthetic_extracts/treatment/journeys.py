"""True journeys through structured treatment, which of them answers for each sentence, and who of them is linked.

Belongs here: the tables, and the expected linkage. Does not belong here: how they are drawn (draw_treatment.py), the
NDTMS episodes that record them (treatment_tables.py) and strangers (strangers.py).
"""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.calibration import calibration
from synthetic_extracts.draws import logistic
from synthetic_extracts.rows import Rows
from synthetic_extracts.sentences.cohort import Cohort

ALREADY = 0  # the band of those who are in treatment on the day of sentence
BAND_DAYS = [(0, 0), (1, 21), (22, 42), (43, 84), (85, 85)]
OPEN = 10_000_000  # end of a journey that is still open


@dataclass
class Journeys(Rows):
    """One row per journey, in order of person and start; `end` is OPEN while the person is in treatment."""

    person: np.ndarray
    start: np.ndarray
    end: np.ndarray
    status: np.ndarray
    kind: np.ndarray


@dataclass
class Treatment:
    """Truth of structured treatment. `journey` is the number of the answering journey per sentence, -1 for none."""

    journeys: Journeys
    journey: np.ndarray
    status: np.ndarray
    time_band: np.ndarray

    @property
    def structured(self) -> np.ndarray:
        """Sentences with a structured journey open on or starting after the day of sentence."""
        return self.journey >= 0


def expected_recall(cohort: Cohort) -> np.ndarray:
    """Chance that a person in structured treatment is linked, per sentence (calibration.toml [linkage.log_odds])."""
    return logistic(recall_factors(cohort) @ np.array(list(calibration()["linkage"]["log_odds"].values()), dtype=float))


def recall_factors(cohort: Cohort) -> np.ndarray:
    """What the chance of being linked depends on, one column per key of calibration.toml [linkage.log_odds]."""
    sentences = cohort.sentences
    housing = (sentences.accommodation == number for number in range(1, 6))
    columns = [sentences.kind == 0, sentences.kind == 1, *housing, ~cohort.people.male[sentences.person]]
    return np.column_stack([*columns, cohort.people.disorder[sentences.person]]).astype(float)
