"""What the scored pairs of a release are made of: equal records, groups beyond doubt, and groups that are compared.

Belongs here: each part, of all identities or of some. Does not belong here: which are looked at
(score_justice_pairs.py, score_next_release.py), and scoring (record_linkage).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from justice_assets.steps.identities.code_identities import DOUBTFUL, IDENTITY_COLUMNS
from justice_assets.steps.identities.condense_persons import with_compared_columns
from justice_assets.steps.linking.group_rules import CERTAIN
from justice_assets.steps.linking.justice_specification import KEPT_COLUMNS, PLAIN_COLUMNS, SIGNATURE
from record_linkage.identities.certain_groups import Groups, certain_groups
from record_linkage.identities.coded_identities import CodedIdentities, coded_columns, values_at
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.rows_sharing import Table, some_rows
from record_linkage.identities.score_identities import Scoring, Shares, own_weights
from record_linkage.identities.value_codes import Rows
from resources.settings.justice_settings import JusticeLinkage

# Kinds of rows of scored identities.
EQUAL, EQUAL_BEYOND_DOUBT, ONE_GROUP, COMPARED = range(4)


@dataclass(frozen=True)
class LastRelease:
    """identities, codes and scored pairs of the release before, of the same model, settings and code."""

    identities: pl.LazyFrame
    codes: pl.LazyFrame
    scored: pl.LazyFrame


def coded_identities(
    identities: pl.LazyFrame, table: Table, shares: Shares, rows: Rows | None = None
) -> CodedIdentities:
    """Identities, or those in some `rows`, with what groups are made by and compared by. table: codes of them all."""
    weighed = list(shares.scoring.model.term_frequencies)
    needed = {
        root for column in KEPT_COLUMNS if column.meta.output_name() in weighed for root in column.meta.root_names()
    }
    needed = ["records", *sorted(needed | (set(weighed) & set(SIGNATURE)))]
    some = identities if rows is None else values_at(identities, rows, needed).lazy()
    _, found = coded_columns(some, (), KEPT_COLUMNS, PLAIN_COLUMNS, shares)
    several = some.select(pl.col("records") > 1).collect().to_series().to_numpy()
    codes = table if rows is None else some_rows(table, rows)
    return CodedIdentities(codes, found, several, codes[DOUBTFUL].astype(np.bool_, copy=False))


def table_of(codes: pl.LazyFrame, rows: Rows | None = None) -> Table:
    """Codes by column, of all identities or of some rows."""
    columns = {name: codes.select(name).collect().to_series() for name in codes.collect_schema().names()}
    return {name: (each if rows is None else each[rows]).to_numpy() for name, each in columns.items()}


def justice_groups(coded: CodedIdentities, scoring: Scoring, settings: JusticeLinkage) -> Groups:
    """Groups of identities."""
    return certain_groups(coded, CERTAIN, scoring.model, scoring.specification, max(settings.thresholds))


def equal_records(
    identities: pl.LazyFrame, groups: Groups, scoring: Scoring, weighed: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Weights of equal records among themselves: what they are at least, where a group says so.

    weighed: l and match_weight of identities that have been weighed before.
    """
    standing = identities.select(IDENTITY, several=pl.col("records") > 1).collect()
    standing = standing.with_columns(match_weight=pl.Series(groups.at_least).cast(pl.Float64).round(4))
    several = standing.with_row_index("row").filter("several").rename({IDENTITY: "l"})
    unsure = several["match_weight"].is_nan()
    said, unsaid = several.filter(~unsure), several.filter(unsure)
    known = weighed if weighed is not None else pl.DataFrame(schema={"l": pl.UInt64, "match_weight": pl.Float64})
    new = unsaid.join(known, on="l", how="anti", maintain_order="left")["row"].to_numpy()
    compared = scoring.with_shares(with_compared_columns(values_at(identities, new, IDENTITY_COLUMNS)))
    worked_out = pl.DataFrame({"l": compared[IDENTITY], "match_weight": own_weights(compared, scoring)})
    weights = pl.concat([worked_out, known.select(worked_out.columns)])
    found = unsaid.select("l").join(weights, on="l", how="left", maintain_order="left")
    return pl.concat([_of_kind(said, EQUAL_BEYOND_DOUBT), _of_kind(found, EQUAL)])


def within_groups(groups: Groups, ids: pl.Series) -> pl.DataFrame:
    """A row for each identity of a group but the first, with the first."""
    held = groups.edges.with_columns(pl.Series(side, ids[groups.edges[side]]) for side in ("l", "r"))
    return _of_kind(held, ONE_GROUP)


def compared_pairs(scored: pl.DataFrame) -> pl.DataFrame:
    """Pairs of groups that were compared, the smaller identity first."""
    ordered = scored.with_columns(l=pl.min_horizontal("l", "r"), r=pl.max_horizontal("l", "r"))
    return _of_kind(ordered, COMPARED)


def _of_kind(rows: pl.DataFrame, kind: int) -> pl.DataFrame:
    other = pl.col("r" if "r" in rows.columns else "l").alias("r")
    return rows.select("l", other, "match_weight", kind=pl.lit(kind, pl.UInt8))
