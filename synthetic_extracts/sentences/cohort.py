"""The cohort: people with an ATR or DRR, their sentences, identifiers and requirements, as they truly were.

Belongs here: the tables, and what follows from them alone. Does not belong here: how they are drawn (draw_cohort.py),
treatment, reconviction, or what the systems recorded.

They are tables of arrays: every draw is arithmetic on whole columns. A *sentence* is one disposal; it carries one
requirement, or an ATR and a DRR.
"""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.people.true_people import People
from synthetic_extracts.rows import Rows


@dataclass
class Sentences(Rows):
    """One row per sentence, in order of person and day.

    person: row of the people. order: number of the sentence in the person's own, from 0. crn: row of the identifiers.
    day, offence_day, next_day (of the person's next sentence; far in the future where there is none): day numbers.
    kind: 0 ATR, 1 DRR; of an order with `both`, that of the first requirement. sector: where the person lived.
    accommodation, offence: index of the lists of calibration.py. rsr, ogrs_two_years: scores. age: whole years.
    length_band: 0 to 4, of the requirements. mental_health: the order has an MHTR too.
    """

    person: np.ndarray
    order: np.ndarray
    crn: np.ndarray
    day: np.ndarray
    offence_day: np.ndarray
    next_day: np.ndarray
    kind: np.ndarray
    both: np.ndarray
    mental_health: np.ndarray
    length_band: np.ndarray
    sector: np.ndarray
    accommodation: np.ndarray
    offence: np.ndarray
    suspended: np.ndarray
    crown: np.ndarray
    rsr: np.ndarray
    ogrs_two_years: np.ndarray
    age: np.ndarray

    @property
    def region(self) -> np.ndarray:
        """Probation region that supervises: number in street_sectors().regions."""
        return street_sectors().region[self.sector]

    @property
    def wales(self) -> np.ndarray:
        """Sentences supervised in Wales."""
        return self.region == street_sectors().regions.index("Wales")

    @property
    def age_band(self) -> np.ndarray:
        """0: 18-29, 1: 30-39, 2: 40-49, 3: 50 and over."""
        return np.digitize(self.age, [30, 40, 50])


@dataclass
class Identifiers(Rows):
    """One row per CRN: whose it is, and whether enough is known under it to link it."""

    person: np.ndarray
    linkable: np.ndarray


@dataclass
class Requirements(Rows):
    """One row per ATR or DRR, in order of sentence: row of the sentence, kind (0 ATR, 1 DRR), length in months, whether
    the length is left out on file, and whether the study keeps the requirement."""

    sentence: np.ndarray
    kind: np.ndarray
    months: np.ndarray
    no_length: np.ndarray
    analysed: np.ndarray


@dataclass
class Cohort:
    """The tables of the cohort, observed up to the day number `end`."""

    people: People
    sentences: Sentences
    identifiers: Identifiers
    requirements: Requirements
    end: int

    @property
    def analysed(self) -> np.ndarray:
        """Sentences with at least one requirement that the study keeps."""
        kept, size = self.requirements, len(self.sentences)
        return np.bincount(kept.sentence, weights=kept.analysed, minlength=size) > 0

    @property
    def eligible(self) -> np.ndarray:
        """Requirements that the study keeps if they have a length: none of Wales, of an order with both types or an
        MHTR, or of people who cannot be linked."""
        sentences = self.sentences
        linkable = self.identifiers.linkable[sentences.crn]
        left_out = sentences.wales | sentences.both | sentences.mental_health | ~linkable
        return ~left_out[self.requirements.sentence]

    @property
    def seen_until(self) -> np.ndarray:
        """Per sentence the last day before the next one, or the end of observation."""
        return np.minimum(self.sentences.next_day, self.end)
