"""Looks up this run's counterpart of a published figure, in what is published of the run and nowhere else.

Belongs here: which cells make a figure, and how they are put together. Does not belong here: tolerances and agreement
(compare_with_published.py), where a figure is (where_ours_is.py). Tables come in after disclosure control, and the
linkage quality table as it crossed, so nothing that is withheld can be read off a comparison.

    value                the cell                     share      cells as a percentage of the base cells
    sum                  of the cells                 range      highest less lowest
    lowest, all above    lowest of the cells          direction  what all the cells say
    highest, all below   highest of the cells
    first above second   smallest difference between the first and the second measure, over the rows
    highest is           label of the row with the highest cell
    directions           what those of the cells say that say something else than no difference
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce

import polars as pl

from contracts.code_lists import CODE_LISTS
from contracts.extracts import ALL_EXTRACTS
from contracts.vocabulary import ALL, REGIONS
from publication_assets.steps.comparison.where_ours_is import Place, parts
from publication_assets.steps.tables.estimates.tables_models import NO_CLEAR_DIFFERENCE
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.disclosure.disclosure_control import CONFIDENTIAL, LOW, UNRELIABLE, rounded
from resources.settings.study_settings import StudySettings

DIRECTION, DIRECTIONS, HIGHEST_IS = "direction: ", "directions: ", "highest is: "  # and what the published study says
SHOWN, WITHHELD, NOT_AVAILABLE = "shown", "withheld", "not available"
RULES: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "lowest": min,
    "all above": min,
    "highest": max,
    "all below": max,
    "range": lambda values: max(values) - min(values),
}


@dataclass(frozen=True)
class OurFigure:
    """One figure of this run: as published, as a number (None for words), and whether it is shown."""

    text: str
    number: float | None = None
    status: str = SHOWN


NONE = OurFigure("[x]", None, NOT_AVAILABLE)


class OurFigures:
    """This run's counterparts of published figures.

    `cells` is published_tables, `consort_counts` and `linkage_quality` the crossing tables, `settings` those of the
    quarter.
    """

    def __init__(
        self, cells: pl.DataFrame, consort_counts: pl.DataFrame, linkage_quality: pl.DataFrame, settings: StudySettings
    ):
        self._shown, self._settings = ShownCells(cells), settings
        self._steps = {(step["stream"], step["step"]): step for step in consort_counts.sort("order").to_dicts()}
        self._last_steps = {stream: step for (stream, _), step in self._steps.items()}
        self._quality = {
            (cell["section"], cell["row_group"], cell["row_label"], cell["measure"]): cell
            for cell in linkage_quality.to_dicts()
        }

    def at(self, place: Place) -> OurFigure:
        """The figure at a place; "[x]" where this run has no such row."""
        if place.kind == "setting":
            return _of_setting(reduce(_step_into, parts(place.measure)[0].split("."), self._settings))
        if place.kind == "list":
            return _whole(_length_of_list(place.measure))
        cells = self._cells(place, place.row_label, place.measure, place.row_group)
        if place.rule == "value" and len(cells) == 1:
            return cells[0]
        base = self._cells(place, place.base_label, place.base_measure, None) if place.base_label else []
        for cell in (*cells, *base):
            if cell.status != SHOWN:
                return cell
        numbers = [cell.number or 0.0 for cell in cells]
        if place.rule.startswith(DIRECTION):
            return OurFigure(" and ".join(dict.fromkeys(cell.text for cell in cells)))
        if place.rule.startswith(DIRECTIONS):
            said = dict.fromkeys(cell.text for cell in cells if cell.text != NO_CLEAR_DIFFERENCE)
            return OurFigure(" and ".join(said) or NO_CLEAR_DIFFERENCE)
        if place.rule.startswith(HIGHEST_IS):
            row = parts(place.row_label)[numbers.index(max(numbers))]
            return OurFigure(self._shown.label(place.table, row))
        return _put_together(place.rule, numbers, [cell.number or 0.0 for cell in base])

    def requirements(self) -> float | None:
        """Requirements analysed, as published."""
        return self._cell("identification", "", ALL, "all_requirements").number

    def _cells(self, place: Place, labels: str, measures: str, group: str | None) -> list[OurFigure]:
        """Every combination of table, label and measure; rows of published tables are found by their key."""
        find = {"table": self._cell, "consort": self._step, "linkage quality": self._quality_cell}[place.kind]
        return [
            find(table, place.row_group if place.kind != "table" else group, label, measure)
            for table in parts(place.table)
            for label in parts(labels)
            for measure in parts(measures)
        ]

    def _cell(self, table: str, _: str | None, row: str, measure: str) -> OurFigure:
        try:
            text, number = self._shown.text(table, row, measure), self._shown.value(table, row, measure)
        except KeyError:
            return NONE
        if text in (CONFIDENTIAL, UNRELIABLE):
            return OurFigure(text, None, WITHHELD)
        return NONE if text.startswith("[") and text != LOW else OurFigure(text, number)

    def _step(self, _: str, stream: str, step: str, measure: str) -> OurFigure:
        found = self._steps.get((stream, step)) if step else self._last_steps.get(stream)
        return _whole(found[measure]) if found else NONE

    def _quality_cell(self, section: str, group: str, label: str, measure: str) -> OurFigure:
        found = self._quality.get((section, group, label, measure))
        if found is None or found["status"] == "[x]":
            return NONE
        return OurFigure(found["status"], None, WITHHELD) if found["value"] is None else _whole(found["value"])


def _put_together(rule: str, values: list[float], base: list[float]) -> OurFigure:
    if rule == "share":
        return _whole(100 * sum(values) / sum(base)) if sum(base) else NONE
    if rule == "first above second":
        return _whole(min(first - second for first, second in zip(values[::2], values[1::2], strict=True)))
    return _whole(RULES[rule](values))


def _whole(number: float) -> OurFigure:
    """A figure in whole numbers, as the tables show counts and percentages."""
    shown = rounded(number, 0)
    return OurFigure(f"{shown:,}", float(shown))


def _of_setting(value: object) -> OurFigure:
    if value is None:
        return NONE
    if isinstance(value, date):
        return OurFigure(f"{value:%Y-%m}")
    return OurFigure(f"{value:g}", float(value)) if isinstance(value, int | float) else OurFigure(str(value))


def _step_into(value: object, name: str) -> object:
    if isinstance(value, list | tuple):
        return value[int(name)] if int(name) < len(value) else None
    return getattr(value, name)


def _length_of_list(name: str) -> int:
    match name:
        case "probation regions":
            return len(REGIONS)
        case "NDTMS data sets":
            return sum(extract.system == "ndtms" and not extract.absent_means for extract in ALL_EXTRACTS)
        case "treatment keywords":
            return pl.read_csv(CODE_LISTS / "treatment_keywords.csv").height
        case "court outcomes":
            return pl.read_csv(CODE_LISTS / "reconviction_outcomes.csv").height
        case _:
            raise KeyError(name)
