"""The published study's own figures, and what follows from those on contact notes.

Belongs here: reading reference/published/published_figures.csv, arithmetic with its figures by their ids. Does not
belong here: figures of this run (compare_with_published.py), sentences (note_reading_text.py).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import floor
from pathlib import Path

from modelling_assets.steps.engagement.correct_for_label_error import corrected_share

FIGURES = Path(__file__).resolve().parents[3] / "reference" / "published" / "published_figures.csv"
HALF = 0.5  # a printed whole percentage stands for half a point either way
NOTE_SPECIFICITIES = (0.999, 0.99, 0.97, 0.9)
SENSITIVITIES = (1.0, 0.95, 0.9, 0.85)


INCONSISTENT, TO_TWO_PLACES = "inconsistent in source", "mean count"


@dataclass(frozen=True)
class PublishedFigure:
    """A row of the file: one number (or statement) of the published report, its methodology or another source."""

    id: str
    source_file: str
    section: str
    figure_or_table: str
    population: str
    measure: str
    group: str
    value: str
    unit: str
    denominator: str
    note: str

    @property
    def number(self) -> float | None:
        """The value as a number; None for words and months."""
        return float(self.value) if _is_number(self.value) else None

    @property
    def inconsistent(self) -> bool:
        """Whether the source contradicts itself here, so that nobody can say what the figure should be."""
        return self.note.startswith(INCONSISTENT)


def published_rows(file: Path = FIGURES) -> list[PublishedFigure]:
    """Every row of the file, in order."""
    with file.open(encoding="utf-8", newline="") as rows:
        return [PublishedFigure(**row) for row in csv.DictReader(rows)]


def published_figures(file: Path = FIGURES) -> dict[str, float]:
    """The numbers of the published study by id, e.g. "F003"; figures that are no number are left out."""
    return {figure.id: figure.number for figure in published_rows(file) if figure.number is not None}


@cache
def figures_as_written(file: Path = FIGURES) -> Mapping[str, str]:
    """The numbers of the published study by id as a sentence writes them, e.g. "18,712" or "81": templates name them
    as {{ F003 }}, so that nobody writes one by hand."""
    return {
        row.id: f"{row.number:.2f}" if row.unit == TO_TWO_PLACES else f"{row.number:,.10g}"
        for row in published_rows(file)
        if row.number is not None
    }


def requirements_not_linked(figures: Mapping[str, float]) -> float:
    """Requirements that the published study did not link, which it prints nowhere."""
    return figures["F001"] - figures["F002"]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


@dataclass(frozen=True)
class Reading:
    """A way to read the estimate of engaged requirements: what it gives, and the range that rounding allows."""

    words: str
    gives: float
    lowest: float
    highest: float

    def allows(self, number: float) -> bool:
        """Whether rounding of the printed percentages could hide `number` behind this reading."""
        return self.lowest <= number < self.highest or number == self.gives


def readings_of_the_estimate(figures: dict[str, float]) -> list[Reading]:
    """Every reading of "an estimated 18,712" that the report's other figures allow (executive summary, 2.1)."""
    requirements, linked = figures["F001"], figures["F002"]
    unlinked, atr, drr = requirements_not_linked(figures), figures["F052"], figures["F054"]
    rest = {"F042": figures["F085"], "F046": figures["F115"]}
    rate = figures["F133"] / figures["F032"]
    return [
        _reading("{F038} of the requirements not linked", {"F038": unlinked}, figures),
        Reading(
            f"{figures['F133']:,.0f} of {figures['F032']:,.0f}, applied to the requirements not linked",
            rate * unlinked,
            rate * unlinked,
            rate * unlinked,
        ),
        _reading("{F042} of the ATRs and {F046} of the DRRs not linked", rest, figures),
        _reading("{F039} of all requirements", {"F039": requirements}, figures),
        _reading("{F043} of all ATRs and {F047} of all DRRs", {"F043": atr, "F047": drr}, figures),
        _reading("{F036} of all requirements, less those linked", {"F036": requirements}, figures, linked),
        _reading(
            "{F040} of all ATRs and {F044} of all DRRs, less those linked", {"F040": atr, "F044": drr}, figures, linked
        ),
    ]


def _reading(words: str, of: dict[str, float], figures: dict[str, float], less: float = 0.0) -> Reading:
    named = words.format(**{name: f"{figures[name]:.0f}%" for name in of})
    gives, lowest, highest = (
        sum((figures[name] + shift) / 100 * base for name, base in of.items()) - less for shift in (0, -HALF, HALF)
    )
    return Reading(named, gives, lowest, highest)


def explains_to_the_unit(reading: Reading, number: float) -> bool:
    """Whether a reading gives the printed number once its decimals are cut."""
    return floor(reading.gives) == number


def notes_per_requirement(figures: dict[str, float]) -> float:
    """Keyword notes of a sampled requirement that has any (report 1.5)."""
    return figures["F033"] / figures["F034"]


@dataclass(frozen=True)
class Reconciliation:
    """Errors under which 65% engaged are labelled as 81%. Specificities are shares; None where none will do."""

    sensitivity: float
    specificity: float | None
    note_specificity: float | None


def reconcile_review_with_labels(figures: dict[str, float]) -> list[Reconciliation]:
    """Per sensitivity, the specificity of a requirement that makes the labelled share out of the reviewed one.

    note_specificity: that of a single note which gives it when one wrong note among the average number is enough and
    notes are wrong independently of each other.
    """
    engaged, labelled = figures["F028"] / 100, figures["F133"] / figures["F032"]
    found = []
    for sensitivity in SENSITIVITIES:
        specificity = 1 - (labelled - sensitivity * engaged) / (1 - engaged)
        possible = 0 <= specificity <= 1
        found.append(
            Reconciliation(
                sensitivity,
                specificity if possible else None,
                specificity ** (1 / notes_per_requirement(figures)) if possible else None,
            )
        )
    return found


def called_engaged(note_specificity: float, notes: float) -> float:
    """Probability that a requirement that never engaged has at least one of `notes` notes wrongly labelled 1."""
    return 1 - note_specificity**notes


def corrected_published_share(figures: dict[str, float], sensitivity: float, specificity: float) -> float:
    """The published share of the sample, corrected for labels of that sensitivity and specificity."""
    return float(corrected_share(figures["F133"] / figures["F032"], sensitivity, specificity))
