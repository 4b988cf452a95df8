"""Sets every figure of the published study beside this run's: difference, tolerance, agreement and explanation.

Belongs here: tolerances, what agreement means, and the counts of it. Does not belong here: where a figure of ours is
(where_ours_is.py) and how it is looked up (our_figures.py), the page (write_comparison.py).

Tolerances: shares 2 percentage points, counts under 1,000 and days 10 %, larger counts 5 %. Counts from 1,000 up vary
by chance by at most 3 % (Poisson, one standard error), so 5 % asks more of them than 10 % of the small ones. Numbers
of the method must be equal. Figures are compared as both print them, in whole numbers.

Counts say nothing about a run of another size: unless its requirements are within 10 % of the published number, counts
and directions of odds ratios (whose significance depends on size) are not compared. Shares are. A figure that rests on
a setting that defines something else than the published study did is not compared either (other_settings.py).
"""

import re
from dataclasses import dataclass

import polars as pl

from publication_assets.steps.comparison.other_settings import in_words, other_definitions, touching
from publication_assets.steps.comparison.our_figures import (
    DIRECTION,
    DIRECTIONS,
    HIGHEST_IS,
    NOT_AVAILABLE,
    SHOWN,
    WITHHELD,
    OurFigure,
    OurFigures,
)
from publication_assets.steps.comparison.published_study import INCONSISTENT, PublishedFigure, published_rows
from publication_assets.steps.comparison.where_ours_is import LISTS, OTHER_STUDY, SETTINGS, Place, places
from resources.settings.study_settings import StudySettings

REPORT, METHODOLOGY, OTHER = "report of 2026", "methodology of 2026", "other source"
DOCUMENTS = {"001_e564668bccb0f2c7.txt": REPORT, "000_899a3af0c46a1542.txt": METHODOLOGY}
WITHIN, OUTSIDE, NOT_COMPARED = "within tolerance", "outside tolerance", "not compared"
AGREEMENTS = [WITHIN, OUTSIDE, INCONSISTENT, WITHHELD, NOT_COMPARED, OTHER_STUDY]
ALL_REQUIREMENTS = "F001"
KEY_FINDING = re.compile(r"\bKF(\d)")  # as the notes on the published figures write it
POPULATIONS = {"all": "ATRs and DRRs", "ATR": "ATRs", "DRR": "DRRs", "ATR/DRR": "ATRs against DRRs"}
SHARE_POINTS, SMALL_COUNT, LARGE_COUNT, SMALL_BELOW, DAYS = 2.0, 0.10, 0.05, 1000, 0.10
SAME_SIZE = 0.10
WORDS_OF_SIZE = ("count", "direction")
WITHHELD_WORDS = "Withheld by disclosure control."
OTHER_DEFINITION = "Not comparable:"
NOT_THERE, OTHER_SIZE = "This run has no such figure.", "This run has another number of requirements."
COLUMNS = {
    "id": pl.String,
    "document": pl.String,
    "section": pl.String,
    "place": pl.String,
    "population": pl.String,
    "measure": pl.String,
    "published": pl.String,
    "unit": pl.String,
    "ours": pl.String,
    "ours_from": pl.String,
    "difference": pl.Float64,
    "tolerance": pl.String,
    "agreement": pl.String,
    "explanation": pl.String,
}


@dataclass(frozen=True)
class Agreement:
    """How many figures agree.

    consistent: the source does not contradict itself and they are of this study. results_within: those within tolerance
    that are results, not settings and lists.
    """

    rows: int
    consistent: int
    compared: int
    within: int
    results_compared: int
    results_within: int

    @property
    def share(self) -> float | None:
        """Percentage of the compared figures that are within tolerance."""
        return 100 * self.within / self.compared if self.compared else None

    @property
    def results_share(self) -> float | None:
        """The same of results alone: settings and lists agree by construction."""
        return 100 * self.results_within / self.results_compared if self.results_compared else None

    @property
    def share_of_consistent(self) -> float | None:
        """Percentage of all figures of this study that the source states consistently, compared or not."""
        return 100 * self.within / self.consistent if self.consistent else None


def compare_with_published(
    cells: pl.DataFrame, consort_counts: pl.DataFrame, linkage_quality: pl.DataFrame, settings: StudySettings
) -> pl.DataFrame:
    """One row per published figure, in the order of the file; see the class PublishedComparison for the columns.

    `cells` is published_tables, the next two the crossing tables, `settings` those of the quarter. Raises
    PlacesDoNotFit when a figure is not mapped.
    """
    figures = published_rows()
    ours = OurFigures(cells, consort_counts, linkage_quality, settings)
    mapped = places(figures)
    same_size = _same_size(ours, next(figure for figure in figures if figure.id == ALL_REQUIREMENTS))
    others = other_definitions(settings)
    rows = [
        _row(figure, place, ours, same_size, [in_words(each, settings) for each in touching(others, place)])
        for figure in figures
        for place in [mapped[figure.id]]
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def agreement_of(comparison: pl.DataFrame, document: str = REPORT) -> Agreement:
    """How well the figures of one document agree."""
    rows = comparison.filter(pl.col("document") == document)
    compared = rows.filter(pl.col("agreement").is_in([WITHIN, OUTSIDE]))
    results = compared.filter(~pl.col("ours_from").is_in([SETTINGS, LISTS]))
    return Agreement(
        rows=rows.height,
        consistent=rows.filter(~pl.col("agreement").is_in([INCONSISTENT, OTHER_STUDY])).height,
        compared=compared.height,
        within=compared.filter(pl.col("agreement") == WITHIN).height,
        results_compared=results.height,
        results_within=results.filter(pl.col("agreement") == WITHIN).height,
    )


def _same_size(ours: OurFigures, published: PublishedFigure) -> bool:
    requirements, expected = ours.requirements(), published.number or 0.0
    return requirements is not None and abs(requirements - expected) <= SAME_SIZE * expected


def _row(figure: PublishedFigure, place: Place, ours: OurFigures, same_size: bool, otherwise: list[str]) -> tuple:
    document = DOCUMENTS.get(figure.source_file, OTHER)
    found = ours.at(place) if place.compared else OurFigure("")
    of_size = same_size or place.tolerance not in WORDS_OF_SIZE
    comparable = place.compared and found.status == SHOWN and of_size and not otherwise
    difference = _difference(figure, place, found) if comparable else None
    agreement = _agreement(figure, place, found, document, comparable)
    return (
        figure.id,
        document,
        figure.section,
        figure.figure_or_table,
        _population(figure),
        figure.measure,
        figure.value,
        figure.unit,
        found.text,
        place.ours_from,
        difference,
        _tolerance_in_words(figure, place) if place.compared else "",
        agreement,
        _explanation(figure, place, found, agreement, same_size, otherwise),
    )


def _population(figure: PublishedFigure) -> str:
    kind = POPULATIONS.get(figure.population, figure.population)
    return kind if figure.group in ("", "all", figure.population) else f"{kind}, {figure.group}"


def _agreement(figure: PublishedFigure, place: Place, found: OurFigure, document: str, comparable: bool) -> str:
    if document == OTHER or place.kind == OTHER_STUDY:
        return OTHER_STUDY
    if figure.inconsistent:
        return INCONSISTENT
    if found.status == WITHHELD:
        return WITHHELD
    if not comparable:
        return NOT_COMPARED
    return WITHIN if _agrees(figure, place, found) else OUTSIDE


def _agrees(figure: PublishedFigure, place: Place, found: OurFigure) -> bool:
    if place.rule.startswith((DIRECTION, DIRECTIONS, HIGHEST_IS)):
        return found.text == place.rule.partition(": ")[2]
    difference = _difference(figure, place, found)
    if difference is None:
        return found.text == figure.value
    # A bound or an order is kept on one side; on the other it may be missed by the tolerance.
    one_sided = {"all below": difference, "all above": -difference, "first above second": -difference}
    return one_sided.get(place.rule, abs(difference)) <= _allowed(figure, place)


def _difference(figure: PublishedFigure, place: Place, found: OurFigure) -> float | None:
    """Ours less the published figure; of an order, by how much it is kept."""
    published = 0.0 if place.rule == "first above second" else figure.number
    return None if published is None or found.number is None else found.number - published


def _allowed(figure: PublishedFigure, place: Place) -> float:
    number = figure.number or 0.0
    match place.tolerance:
        case "share":
            return SHARE_POINTS
        case "count":
            return number * _of_count(number)
        case "days":
            return number * DAYS
        case _:
            return 0.0


def _of_count(number: float) -> float:
    return SMALL_COUNT if number < SMALL_BELOW else LARGE_COUNT


def _tolerance_in_words(figure: PublishedFigure, place: Place) -> str:
    match place.tolerance:
        case "share":
            return f"{SHARE_POINTS:.0f} points"
        case "count":
            return f"{_of_count(figure.number or 0.0):.0%}"
        case "days":
            return f"{DAYS:.0%}"
        case "direction":
            return "same direction, significant"
        case "same row":
            return "same row"
        case _:
            return "equal"


def _explanation(
    figure: PublishedFigure, place: Place, found: OurFigure, agreement: str, same_size: bool, otherwise: list[str]
) -> str:
    of_run = {WITHHELD: WITHHELD_WORDS, NOT_AVAILABLE: NOT_THERE}.get(found.status, "")
    if otherwise and not of_run:
        of_run = f"{OTHER_DEFINITION} {'; '.join(otherwise)}."
    if agreement == NOT_COMPARED and not of_run and not same_size and place.compared:
        of_run = OTHER_SIZE
    note = KEY_FINDING.sub(r"key finding \1", figure.note.removeprefix(f"{INCONSISTENT}: "))
    said = [f"Source: {note[:1].upper()}{note[1:].rstrip('.')}." if note else "", place.remark, of_run]
    return " ".join(part for part in said if part)
