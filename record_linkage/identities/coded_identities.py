"""Identities as numbers: a code for each value and a share for each that weighs by its rarity, column by column.

Belongs here: reading what many identities have without holding them. Does not belong here: which columns are made of
which (a specification), what is made of codes (certain_groups.py, group_candidates.py).

Identities may be a scan of a file: one column is in memory at a time, and of each stays four bytes a row.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from record_linkage.identities.derive import HASH, looked_up, once_each, with_hash
from record_linkage.identities.least_weights import Bits
from record_linkage.identities.rows_sharing import Mask, Table, some_rows
from record_linkage.identities.score_identities import Shares
from record_linkage.identities.value_codes import NOTHING, Rows, codes_of

RECORDS, OF_SEVERAL = "records", "of_several"
AT_ONCE = 1_000_000  # rows of which all columns are looked at together


@dataclass(frozen=True)
class CodedIdentities:
    """codes: by column, 0 where an identity has nothing. shares: of columns whose rare values weigh more.

    several: whether an identity stands for several records. doubtful: whether it is left to pairs (Keys.doubtful).
    """

    codes: Table
    shares: Mapping[str, Bits]
    several: Mask
    doubtful: Mask

    def at(self, rows: Mask | Rows) -> "CodedIdentities":
        """Some of them."""
        shares = {column: shares[rows] for column, shares in self.shares.items()}
        return CodedIdentities(some_rows(self.codes, rows), shares, self.several[rows], self.doubtful[rows])


def coded_columns(
    identities: pl.LazyFrame,
    columns: Sequence[str],
    made: Sequence[pl.Expr],
    plain: Collection[str] = (),
    shares: Shares | None = None,
) -> tuple[Table, dict[str, Bits]]:
    """Codes of `columns`, some made of one other column each; and with `shares` those of the columns that have them.

    `identities`: the columns that others are made of, and records. What is made of a column is made once for each of
    its values, but for `plain`, which is made faster than it is looked up.
    """
    ways = {each.meta.output_name(): each for each in made}
    weighed = [] if shares is None else list(shares.scoring.model.term_frequencies)
    by_root: dict[str, list[str]] = {}
    for column in dict.fromkeys([*columns, *weighed]):
        (root,) = set(ways[column].meta.root_names()) if column in ways else {column}
        by_root.setdefault(root, []).append(column)
    codes: dict[str, Rows] = {}
    found: dict[str, Bits] = {}
    for root, names in by_root.items():
        rows = identities.select(root, RECORDS).collect()
        directly = [name for name in names if name not in ways or name in plain]
        for name in directly:
            codes[name] = codes_of(rows.select(ways.get(name, pl.col(name))).to_series())
        if (by_value := [name for name in names if name not in directly]) or set(names) & set(weighed):
            hashed = with_hash(rows, root)
            values = once_each(hashed, root, (pl.col(RECORDS).sum() > 1).alias(OF_SEVERAL))
            of_value = values.select(HASH, *(pl.Series(name, codes_of(_made(values, ways[name]))) for name in by_value))
            for name in weighed:
                if shares is not None and name in names:
                    told = _shares(values.with_columns(ways.get(name, pl.col(name))), name, shares)
                    of_value = of_value.with_columns(told.alias(f"tf_{name}"))
            for column in looked_up(hashed, of_value, HASH):
                name = column.name.removeprefix("tf_")
                if column.name in by_value:
                    codes[name] = column.fill_null(int(NOTHING)).to_numpy().astype(np.uint32, copy=False)
                elif shares is not None:
                    found[name] = column.fill_null(shares.scoring.rarest(name)).to_numpy()
    return codes, found


def values_at(identities: pl.LazyFrame, rows: Rows, columns: Sequence[str]) -> pl.DataFrame:
    """Some columns of some rows, in their order, read column by column."""
    return pl.DataFrame([identities.select(column).collect().to_series()[rows] for column in columns])


def _made(values: pl.DataFrame, way: pl.Expr) -> pl.Series:
    return values.select(way).to_series()


def _shares(values: pl.DataFrame, column: str, shares: Shares) -> pl.Series:
    """The share of each value; of one that a single record has the rarest, as it agrees with no other."""
    several = values.filter(OF_SEVERAL).select(column)
    return looked_up(values, shares.of(column, several), column)[0].fill_null(shares.scoring.rarest(column))
