"""Equal records become one identity before anything is compared: they make most pairs, and those pairs say nothing.

Belongs here: which records are equal, and what stands for them. Does not belong here: pairs of identities
(certain_groups.py, score_identities.py), and how equal records fall apart again (entities/nested_clusters.py).

Nothing is lost by it. A pair's weight depends on the columns of its two records alone, so equal records have the same
weight against every other record, and one weight among themselves: that of the record against itself (own_weight.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from record_linkage.identities.places import NOWHERE, places_of
from record_linkage.identities.value_codes import in_order

IDENTITY = "identity"
SEED = 20261130


@dataclass(frozen=True)
class Condensed:
    """identities: identity (64-bit hash of its columns, the same in every linkage) and the columns, sorted by it.

    members: row of `identities` of each record, in the order in which the records came. records: how many records each
    identity stands for. Two different records have one hash with a chance of 1 in 370,000 among ten million distinct
    ones.
    """

    identities: pl.DataFrame
    members: pl.Series
    records: pl.Series


def condense(
    batches: Iterable[pl.DataFrame],
    columns: Sequence[str],
    apart: str | None = None,
    before: pl.LazyFrame | None = None,
) -> Condensed:
    """Identities of records that come in batches, so that not all that is known of them need be in memory.

    `columns`: all that comparisons and rules look at or are made from. `apart`: a column that is empty for all records
    but those that must stay alone, and there unlike any other. before: identities of earlier records: what is known of
    those that are still there is taken from them, in their order, which takes a fourth of the time.
    """
    by = [*columns, *([apart] if apart else [])]
    found: dict[str, list[pl.Series]] = {column: [] for column in columns}
    signed: list[pl.Series] = []
    for batch in batches:
        signed.append(signatures(batch, by))
        for column in columns:
            found[column].append(batch[column])
    identity = pl.concat(signed)
    order, ordered = in_order(identity.to_numpy())
    first = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if ordered.size else np.empty(0, dtype=np.bool_)
    members = np.empty(order.size, dtype=np.uint32)
    members[order] = np.cumsum(first) - 1
    records = np.diff(np.append(np.flatnonzero(first), order.size)).astype(np.uint32)
    chosen, distinct = order[first], ordered[first]
    known = before.select(IDENTITY).collect().to_series().to_numpy() if before is not None else distinct[:0]
    place = places_of(distinct, known)
    new = place == NOWHERE
    place[new] = np.arange(known.size, known.size + int(new.sum()), dtype=np.uint32)
    # Column by column: two copies of all of them would be too many.
    kept = [_taken(before, column, pl.concat(found.pop(column)).gather(chosen[new]), place) for column in columns]
    identities = pl.DataFrame([pl.Series(IDENTITY, distinct), *kept])
    return Condensed(identities, pl.Series("member", members), pl.Series("records", records))


def signatures(records: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """The identity of each record."""
    return records.select(columns).hash_rows(seed=SEED).alias(IDENTITY)


def _taken(before: pl.LazyFrame | None, column: str, new: pl.Series, place: npt.NDArray[np.uint32]) -> pl.Series:
    """A column of the identities: of those that were known, and the new."""
    if before is None:
        return new
    return pl.concat([before.select(column).collect().to_series(), new]).gather(place)
