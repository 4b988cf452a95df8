"""Adds the odds ratios of the model of custody to the table that counts the defendants behind them.

Belongs here: which cell stands for which estimate, and which counts it would give away. Does not belong here: the model
(steps/models), what may be shown (publishing/disclosure).
"""

import polars as pl

from justice_assets.catalogue.view_tables import VIEW_TABLES
from justice_assets.steps.models.fit_custody import FEW, REFERENCE, SPREAD
from justice_assets.steps.view_tables.counted_view import CountedView, quantity
from justice_assets.steps.views.bands import NO, YES
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Measure, Row

TABLE = "custody_model"
ODDS = Measure("odds_ratio", "odds ratio", "Odds ratio of immediate custody")
LIMITS = (
    Measure("odds_ratio_lower", "odds ratio", "Odds ratio, lower limit"),
    Measure("odds_ratio_upper", "odds ratio", "Odds ratio, upper limit"),
)
ABSENT = {REFERENCE: "[z]", FEW: "[u]"}
COURTS = Row(SPREAD, "Median odds ratio", "Between courts")


def add_odds_ratios(table: CountedView, estimates: pl.DataFrame) -> None:
    """The cells of `estimates` (schemas/estimates.py CustodyEstimates), a row of which without a row of the table is
    left out. An estimate goes with the counts of its level and of the one that it is compared with: with three of them
    and the interval known, the fourth would follow.
    """
    declared = VIEW_TABLES[TABLE]
    rows = {cell.row.key: cell.row for cell in table.cells}
    references = dict(estimates.filter(status=REFERENCE).select("term", "level").iter_rows())
    for estimate in estimates.iter_rows(named=True):
        term, level = estimate["term"], estimate["level"]
        if term == SPREAD:
            _cells(table, COURTS, estimate, _behind(declared.view))
        elif (row := rows.get(Row(f"{term}/{level}", level).key)) is not None:
            others = [] if estimate["status"] == REFERENCE else [level, references.get(term, level)]
            _cells(
                table, row, estimate, tuple(name for each in others for name in _behind(declared.view, (term, each)))
            )


def _behind(view: str, *conditions: tuple[str, str]) -> tuple[str, ...]:
    parts = [(("custody", YES),), (("custody", NO),), ()]
    return tuple(quantity(view, (*conditions, *part)) for part in parts)


def _cells(table: CountedView, row: Row, estimate: dict[str, float | None], behind: tuple[str, ...]) -> None:
    absent = ABSENT.get(str(estimate["status"]), "[x]")
    for measure, column in ((ODDS, "odds_ratio"), *zip(LIMITS, ("lower", "upper"), strict=True)):
        table.cells.append(Cell(row, measure, measure.unit, estimate[column], depends_on=behind, text=absent))
