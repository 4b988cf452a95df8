"""People given a community order beside people given short custody who are alike in what is recorded of them.

Belongs here: who is matched with whom, and the odds of a further conviction. Does not belong here: who is compared
(steps/views/compared.py), what is published (steps/view_tables).

Exact matching in bands: people are alike when they are in all of MATCHED_BY. Who has nobody alike on the other side is
left out. Orders are weighted to the people given custody: the shares are of people like those who were sent to prison.
Odds ratios are pooled over the groups of people who are alike (Mantel and Haenszel; limits of Robins, Breslow and
Greenland, which hold for many small groups), as statsmodels works them out.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from statsmodels.stats import contingency_tables

from justice_assets.steps.views.bands import RECORDS, YES
from justice_assets.steps.views.compared import SHORT_CUSTODY
from justice_assets.steps.views.sentences import COMMUNITY

MATCHED_BY = ("years", "sex", "age_band", "offence_group", "earlier", "ogrs_band")
ARMS = (COMMUNITY, SHORT_CUSTODY)


@dataclass(frozen=True)
class OddsRatio:
    """Odds of a further conviction after custody beside those after an order; None where they cannot be estimated."""

    value: float | None
    lower: float | None = None
    upper: float | None = None


def matched_people(compared_view: pl.DataFrame) -> pl.DataFrame:
    """Rows of the view of people who have somebody alike on the other side, with `weight`: 1 of custody; of an order,
    how many of custody there are for each order of people who are alike.
    """
    arms = {arm: pl.col(RECORDS).filter(pl.col("given") == arm).sum().over(MATCHED_BY) for arm in ARMS}
    rows = compared_view.with_columns(orders=arms[COMMUNITY], custody=arms[SHORT_CUSTODY])
    both = rows.filter((pl.col("orders") > 0) & (pl.col("custody") > 0))
    weight = pl.when(pl.col("given") == SHORT_CUSTODY).then(1.0).otherwise(pl.col("custody") / pl.col("orders"))
    return both.with_columns(weight=weight).drop("orders", "custody")


def odds_of_all(compared_view: pl.DataFrame, level: float) -> OddsRatio:
    """Of everybody, as if they were alike. level: of the interval, such as 0.95."""
    table = _tables(compared_view.with_columns(one=pl.lit(1)), ["one"])
    if not table or not table[0].all():
        return OddsRatio(None)
    found = contingency_tables.Table2x2(table[0])
    lower, upper = found.oddsratio_confint(1 - level)
    return OddsRatio(float(found.oddsratio), float(lower), float(upper))


def odds_of_matched(matched: pl.DataFrame, level: float) -> OddsRatio:
    """Of people who are alike, pooled. `matched`: as matched_people returns it."""
    tables = _tables(matched, [*MATCHED_BY])
    agreeing, crossing = (sum(float(t[a] * t[b] / t.sum()) for t in tables) for a, b in _DIAGONALS)
    if not agreeing or not crossing:
        return OddsRatio(None)
    found = contingency_tables.StratifiedTable(tables)
    lower, upper = found.oddsratio_pooled_confint(1 - level)
    return OddsRatio(float(found.oddsratio_pooled), float(lower), float(upper))


_DIAGONALS = (((0, 0), (1, 1)), ((0, 1), (1, 0)))


def _tables(rows: pl.DataFrame, by: list[str]) -> list[np.ndarray]:
    """Of each group, in order: custody and orders by convicted again and not."""
    again, custody = pl.col("reconvicted") == YES, pl.col("given") == SHORT_CUSTODY
    cells = [custody & again, custody & ~again, ~custody & again, ~custody & ~again]
    counted = rows.group_by(by).agg(
        pl.col(RECORDS).filter(cell).sum().alias(f"n{number}") for number, cell in enumerate(cells)
    )
    numbers = counted.sort(by).select(f"n{number}" for number in range(4)).to_numpy().astype(float)
    return [row.reshape(2, 2) for row in numbers]
