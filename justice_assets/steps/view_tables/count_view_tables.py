"""Counts the tables of the research views and applies disclosure control to all of them together.

Belongs here: counts by row and part, and what adds up to what. Does not belong here: which tables there are
(catalogue/view_tables.py), what may be shown (publishing/disclosure).
"""

from collections.abc import Iterable, Mapping

import polars as pl

from contracts.vocabulary import NOT_RECORDED
from justice_assets.catalogue.levels import ordered
from justice_assets.catalogue.view_table import ViewTable
from justice_assets.catalogue.view_tables import VIEW_TABLES
from justice_assets.catalogue.wording import phrases
from justice_assets.steps.view_tables.add_odds_ratios import add_odds_ratios
from justice_assets.steps.view_tables.compare_matched import BALANCE, add_matched, count_balance
from justice_assets.steps.view_tables.counted_view import Conditions, CountedView, quantity
from publishing.disclosure.show_cells import show_cells
from publishing.tables.declared import Measure, Row
from resources.settings.justice_settings import JusticeViews
from resources.settings.study_settings import Publication

FEW_UNKNOWN = ("sex", "age_band", "ethnic_group")
MEASURED_IN = 5  # of so many times the base of a percentage, parts of a few hundredths are no small counts
ALL_ROW = Row("all", "All", "All")


def count_view_tables(
    views: Mapping[str, pl.DataFrame], estimates: pl.DataFrame, publication: Publication, settings: JusticeViews
) -> pl.DataFrame:
    """Cells of all tables with what becomes of each: the class CountedCells.

    views: by the names of their tables. estimates: schemas/estimates.py CustodyEstimates.
    """
    folded = {name: few_unknown_with_most(view, publication.minimum_base) for name, view in views.items()}
    whole = [table for table in VIEW_TABLES.values() if table.key != BALANCE]
    tables = {table.key: count_view_table(table, folded[table.view]) for table in whole}
    compared = folded[VIEW_TABLES[BALANCE].view]
    add_odds_ratios(tables["custody_model"], estimates)
    add_matched(tables["matched"], compared, settings.confidence_level)
    cells = show_cells([*tables.values(), count_balance(compared)], publication)
    words = {f"{{{name}}}": phrase for name, phrase in phrases(settings).items()}
    return cells.with_columns(pl.col("measure").str.replace_many(words))


def few_unknown_with_most(view: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """A view in which few records that lack sex, age or ethnic group count as what most of the others are.

    Shown apart, their small counts would take larger ones out of every table.
    """
    for column in (name for name in FEW_UNKNOWN if name in view.columns):
        sizes = view.group_by(column).agg(pl.col("records").sum()).sort("records", column, descending=[True, False])
        unknown = sizes.filter(pl.col(column) == NOT_RECORDED)["records"].sum()
        known = sizes.filter(pl.col(column) != NOT_RECORDED)
        if 0 < unknown < minimum * MEASURED_IN and known.height:
            view = view.with_columns(pl.col(column).replace(NOT_RECORDED, known[column][0]))
    return view


def count_view_table(declared: ViewTable, view: pl.DataFrame) -> CountedView:
    """One table, counted."""
    table = CountedView(declared.key)
    parts = ordered(declared.parts, view[declared.parts].unique().to_list())
    rows: dict[Row, Conditions] = {ALL_ROW: declared.where}
    counted = view.filter(*(pl.col(column) == level for column, level in declared.where))
    for column, heading in declared.rows:
        for level in ordered(column, counted[column].unique().to_list()):
            rows[Row(f"{column}/{level}", level, heading)] = (*declared.where, (column, level))
    known = _counts(counted, declared, [column for column, _ in declared.rows])
    for row, conditions in rows.items():
        names = [quantity(declared.view, (*conditions, (declared.parts, part))) for part in parts]
        whole = quantity(declared.view, conditions)
        table.counts |= {name: known.get(name, 0) for name in (whole, *names)}
        table.add_up(whole, *names)
        if declared.has_all or row is not ALL_ROW:
            _cells(table, declared, row, whole, dict(zip(parts, names, strict=True)))
    for column, _ in declared.rows:
        levels = [conditions for conditions in rows.values() if conditions and conditions[-1][0] == column]
        for part in (None, *parts):
            add = ((declared.parts, part),) if part is not None else ()
            total = quantity(declared.view, (*declared.where, *add))
            table.add_up(total, *(quantity(declared.view, (*conditions, *add)) for conditions in levels))
    return table


def _cells(table: CountedView, declared: ViewTable, row: Row, whole: str, names: Mapping[str, str]) -> None:
    table.count(row, Measure("all", "count", f"All {declared.noun} (count)"), whole)
    for part, words in declared.shown or tuple((part, part) for part in names):
        if part in names:
            table.count(row, Measure(f"count/{part}", "count", f"{words} (count)"), names[part])
            share = Measure(f"share/{part}", "percent", f"{words} (% of {declared.noun})")
            table.percent(row, share, names[part], whole)


def _counts(view: pl.DataFrame, declared: ViewTable, columns: Iterable[str]) -> dict[str, int]:
    """Every count of a table by its name."""
    found: dict[str, int] = {}
    for by in ([], *([column] for column in columns)):
        for within in (by, [*by, declared.parts]):
            records = pl.col("records").sum()
            sums = view.group_by(within).agg(records) if within else view.select(records)
            for *levels, number in sums.iter_rows():
                found[quantity(declared.view, (*declared.where, *zip(within, levels, strict=True)))] = int(number)
    return found
