"""Equal records become one identity before anything is compared: they make most pairs, and those pairs say nothing.

Belongs here: which records are equal, and what stands for them. Does not belong here: pairs of identities
(candidate_pairs.py, score_identities.py), and how equal records fall apart again (entities/nested_clusters.py).

Nothing is lost by it. A pair's weight depends on the columns of its two records alone, so equal records have the same
weight against every other record, and one weight among themselves: that of the record against itself (own_weight.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

IDENTITY = "identity"
SEED = 20261130
PARTS = 16  # put in order one after the other: two copies of all identities would be too many


@dataclass(frozen=True)
class Condensed:
    """identities: identity (64-bit hash of its columns, the same in every linkage) and the columns, sorted by it.

    members: row of `identities` of each record, in the order in which the records came. Two different records have one
    hash with a chance of 1 in 370,000 among ten million distinct ones.
    """

    identities: pl.DataFrame
    members: pl.Series

    def records(self) -> pl.Series:
        """How many records each identity stands for."""
        counted = self.members.value_counts(name="records").rename({self.members.name: "row"})
        rows = pl.DataFrame({"row": pl.int_range(self.identities.height, dtype=pl.UInt32, eager=True)})
        return rows.join(counted, on="row", how="left", maintain_order="left")["records"].fill_null(0)


def condense(batches: Iterable[pl.DataFrame], columns: Sequence[str], apart: str | None = None) -> Condensed:
    """Identities of records that come in batches, so that not all of them need be in memory.

    `columns`: all that comparisons and rules look at or are made from. `apart`: a column that is empty for all records
    but those that must stay alone, and there unlike any other.
    """
    by = [*columns, *([apart] if apart else [])]
    parts: list[list[pl.DataFrame]] = [[] for _ in range(PARTS)]
    members: list[pl.Series] = []
    for batch in batches:
        identity = signatures(batch, by)
        members.append(identity)
        distinct = batch.select(identity, *columns).unique(IDENTITY, keep="first", maintain_order=True)
        for part, found in enumerate(parts):
            found.append(distinct.filter(pl.col(IDENTITY) // (2**64 // PARTS) == part))
    identities = pl.concat([_sorted(part) for part in parts], rechunk=False)
    rows = identities.select(IDENTITY, row=pl.int_range(pl.len(), dtype=pl.UInt32))
    found = pl.concat(members).to_frame().join(rows, on=IDENTITY, how="left", maintain_order="left")["row"]
    return Condensed(identities, found.alias("member"))


def signatures(records: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """The identity of each record."""
    return records.select(columns).hash_rows(seed=SEED).alias(IDENTITY)


def _sorted(part: list[pl.DataFrame]) -> pl.DataFrame:
    """Distinct identities in their order; `part` is emptied."""
    together = pl.concat(part)
    part.clear()
    return together.unique(IDENTITY, keep="first", maintain_order=True).sort(IDENTITY)
