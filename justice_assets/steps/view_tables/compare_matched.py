"""Tables of people given a community order beside people given short custody: what followed, and how alike they are.

Belongs here: their counts and shares. Does not belong here: matching (steps/models/match_sentences.py), what may be
shown (publishing/disclosure).
"""

import polars as pl

from justice_assets.catalogue.levels import ordered
from justice_assets.catalogue.view_tables import VIEW_TABLES
from justice_assets.steps.models.match_sentences import (
    ARMS,
    MATCHED_BY,
    OddsRatio,
    matched_people,
    odds_of_all,
    odds_of_matched,
)
from justice_assets.steps.view_tables.counted_view import CountedView, quantity
from justice_assets.steps.views.bands import NO, RECORDS, YES
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Measure, Row

BALANCE = "balance"
ALL_PEOPLE, MATCHED_PEOPLE, UNMATCHED = "compared_view", "compared_view/matched", "compared_view/unmatched"
NUMBER = Measure("matched", "count", "Matched people (count)")
SHARE = Measure(
    "matched_share", "percent", "Convicted again within {reconviction_time} (% of matched people, weighted)"
)
ODDS = {
    "all": Measure("odds_ratio_all", "odds ratio", "Odds ratio of further conviction, all people"),
    "matched": Measure("odds_ratio", "odds ratio", "Odds ratio of further conviction, matched people"),
}
_PART = {part: (("reconvicted", part),) for part in (YES, NO)}
BESIDE = Row("beside", "Custody under 12 months beside a community order", "Sentence")


def add_matched(table: CountedView, view: pl.DataFrame, level: float) -> None:
    """Matched people of each sentence, what share was convicted again, and the odds of it: to the table `matched`."""
    matched = matched_people(view)
    everybody, some = (
        tuple(quantity(prefix, (("given", arm), *part)) for arm in ARMS for part in _PART.values())
        for prefix in (ALL_PEOPLE, MATCHED_PEOPLE)
    )
    for row in dict.fromkeys(cell.row for cell in table.cells):
        arm = row[1]
        _count(table, view, matched, (("given", arm),))
        for part in (YES, NO):
            _count(table, view, matched, (("given", arm), ("reconvicted", part)))
        for prefix in (MATCHED_PEOPLE, UNMATCHED):
            whole, *parts = (quantity(prefix, (("given", arm), *each)) for each in ((), _PART[YES], _PART[NO]))
            table.add_up(whole, *parts)
        of_arm = matched.filter(pl.col("given") == arm)
        table.count(row, NUMBER, quantity(MATCHED_PEOPLE, (("given", arm),)))
        behind = tuple(quantity(MATCHED_PEOPLE, (("given", arm), *part)) for part in (_PART[YES], ()))
        _share(table, row, SHARE, of_arm, pl.col("reconvicted") == YES, behind)
    _odds(table, "all", odds_of_all(view, level), everybody)
    _odds(table, "matched", odds_of_matched(matched, level), some)


def count_balance(view: pl.DataFrame) -> CountedView:
    """The table `balance`: of each sentence the share of people of each level, of all and of matched people."""
    declared, matched = VIEW_TABLES[BALANCE], matched_people(view)
    table = CountedView(BALANCE)
    for arm in ARMS:
        _count(table, view, matched, (("given", arm),))
    for column, heading in declared.rows:
        levels = ordered(column, view[column].unique().to_list())
        for level in levels:
            row = Row(f"{column}/{level}", level, heading)
            for arm in ARMS:
                given, of_level = (("given", arm),), ((column, level),)
                _count(table, view, matched, (*given, *of_level))
                everybody = Measure(f"all/{arm}", "percent", f"{arm}, all (% of people)")
                table.percent(row, everybody, quantity(ALL_PEOPLE, (*given, *of_level)), quantity(ALL_PEOPLE, given))
                weighted = Measure(f"matched/{arm}", "percent", f"{arm}, matched (% of people, weighted)")
                of_arm = matched.filter(pl.col("given") == arm)
                # By what people are matched on, weighted orders have the shares of custody.
                both = ARMS if column in MATCHED_BY else (arm,)
                counts = [quantity(MATCHED_PEOPLE, (("given", each), *of_level)) for each in both]
                behind = (*counts, quantity(MATCHED_PEOPLE, given))
                _share(table, row, weighted, of_arm, pl.col(column) == level, behind)
        for arm in ARMS:
            given = (("given", arm),)
            for prefix in (ALL_PEOPLE, MATCHED_PEOPLE, UNMATCHED):
                parts = (quantity(prefix, (*given, (column, level))) for level in levels)
                table.add_up(quantity(prefix, given), *parts)
    return table


def _count(
    table: CountedView, view: pl.DataFrame, matched: pl.DataFrame, conditions: tuple[tuple[str, str], ...]
) -> None:
    """Add how many people there are, how many of them are matched, and that the others are the rest."""
    meets = [pl.col(column) == level for column, level in conditions]
    whole, some = (int(rows.filter(*meets)[RECORDS].sum()) for rows in (view, matched))
    names = [quantity(prefix, conditions) for prefix in (ALL_PEOPLE, MATCHED_PEOPLE, UNMATCHED)]
    table.counts |= dict(zip(names, (whole, some, whole - some), strict=True))
    table.add_up(*names)


def _share(
    table: CountedView, row: Row, measure: Measure, people: pl.DataFrame, has: pl.Expr, behind: tuple[str, ...]
) -> None:
    """A weighted share of matched people, with the counts that it would give away, the last its base."""
    weight = pl.col(RECORDS) * pl.col("weight")
    some, whole = people.select(some=weight.filter(has).sum(), whole=weight.sum()).row(0)
    value = 100 * some / whole if whole else None
    table.cells.append(Cell(row, measure, "percent", value, depends_on=behind, text="[x]"))


def _odds(table: CountedView, of: str, odds: OddsRatio, behind: tuple[str, ...]) -> None:
    measure = ODDS[of]
    family = measure.key.partition("/")[0]
    lower, upper = (
        Measure(f"{family}_{side}", "odds ratio", f"{measure}, {side} limit") for side in ("lower", "upper")
    )
    for column, value in ((measure, odds.value), (lower, odds.lower), (upper, odds.upper)):
        table.cells.append(Cell(BESIDE, column, "odds ratio", value, depends_on=behind, text="[x]"))
