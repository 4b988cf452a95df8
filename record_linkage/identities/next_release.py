"""Groups of the identities of a next release: only what new or lost identities touch is looked at again.

Belongs here: which groups stay as they were, and why nothing else can have changed. Does not belong here: what makes a
group (certain_groups.py), and pairs of groups (whoever scores them).

A group depends on its identities and on who shares a key with one of them. An identity that is new, or gone, or stands
for several records where it stood for one, can change the groups of all that share a key with it: those groups are made
again, with everybody who shares a key with one of theirs, so that each key is judged by all who have it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from record_linkage.identities.certain_groups import Groups
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.least_weights import Bits
from record_linkage.identities.places import NOWHERE, Ids, places_of
from record_linkage.identities.rows_sharing import Mask, Table, Way, columns_of, rows_sharing, some_rows
from record_linkage.identities.value_codes import Rows


@dataclass(frozen=True)
class Before:
    """The release before, row by row of its identities, which are sorted: their ids, the row of the first identity of
    each one's group, at_least as in Groups (NaN where nothing needs it), and whether it stands for several records.
    """

    ids: Ids
    first: Rows
    at_least: Bits
    several: Mask

    @classmethod
    def of(cls, identities: pl.DataFrame, held: pl.DataFrame, sure: pl.DataFrame) -> "Before":
        """held: l (the first of a group), r and match_weight of all others of groups. sure: l and match_weight of
        identities of several records whose group says what these weigh among themselves.
        """
        ids = identities[IDENTITY].to_numpy()
        first = np.arange(ids.size, dtype=np.uint32)
        at_least = np.full(ids.size, np.nan, dtype=np.float32)
        for side, rows in (("r", held), ("l", sure)):
            at_least[places_of(rows[side].to_numpy(), ids)] = rows["match_weight"].to_numpy()
        first[places_of(held["r"].to_numpy(), ids)] = places_of(held["l"].to_numpy(), ids)
        return cls(ids, first, at_least, (identities["records"] > 1).to_numpy())


@dataclass(frozen=True)
class Regrouped:
    """groups: of all identities. same: of each identity, whether its group has the identities that it had before.

    Of the release before, gone: rows whose group is no more as it was; left: rows of identities that are no more.
    """

    groups: Groups
    same: Mask
    gone: Rows
    left: Rows


def group_again(
    ids: Ids,
    several: Mask,
    table: Table,
    before: Before,
    gone_rows: Callable[[Rows], Table],
    ways: Sequence[Way],
    group: Callable[[Rows], Groups],
) -> Regrouped:
    """Groups as `group` makes them of all rows of identities, made of some of them.

    ids: the identities, sorted. several: whether each stands for several records. table: codes of the columns of
    `ways`, the keys of groups. gone_rows: the same of rows of the release before.
    """
    place = places_of(ids, before.ids)
    there = place != NOWHERE
    now = np.full(before.ids.size, NOWHERE, dtype=np.uint32)  # of each row before, its row now
    now[place[there]] = np.flatnonzero(there)
    looked_up = columns_of(table, ways)
    changed = ~there
    changed[there] = several[there] != before.several[place[there]]
    gone = np.flatnonzero(now == NOWHERE).astype(np.uint32)
    touched = changed | rows_sharing(looked_up, [some_rows(looked_up, changed), gone_rows(gone)], ways)
    again = np.zeros(before.ids.size, dtype=np.bool_)  # by the first row of a group
    again[before.first[place[there & touched]]] = True
    again[before.first[gone]] = True
    inside = ~there
    inside[there] = again[before.first[place[there]]]
    around = inside | rows_sharing(looked_up, [some_rows(looked_up, inside)], ways)
    head = np.arange(ids.size, dtype=np.uint32)
    at_least = np.full(ids.size, np.nan, dtype=np.float32)
    left_alone = place[~inside]
    head[~inside] = now[before.first[left_alone]]
    at_least[~inside] = before.at_least[left_alone]
    rows = np.flatnonzero(around).astype(np.uint32)
    found = group(rows)
    of_found = inside[rows]
    head[inside], at_least[inside] = rows[found.heads[of_found]], found.at_least[of_found]
    same = _same(head, inside, place, before)
    kept = np.zeros(before.ids.size, dtype=np.bool_)
    kept[before.first[place[same]]] = True
    no_more = np.flatnonzero(~kept[before.first]).astype(np.uint32)
    return Regrouped(Groups.held_by(head, at_least), same, no_more, gone)


def _same(head: Rows, inside: Mask, place: Rows, before: Before) -> Mask:
    """Whether all of a group were one group before, and nobody of it is missing."""
    same = ~inside
    rows = np.flatnonzero(inside)
    was = np.where(place[rows] == NOWHERE, NOWHERE, before.first[np.minimum(place[rows], before.ids.size - 1)])
    members = pl.DataFrame({"row": rows, "head": head[rows], "was": was.astype(np.uint32)})
    sizes = pl.DataFrame({"was": before.first}).group_by("was").agg(size=pl.len())
    whole = (
        members.group_by("head")
        .agg(pl.len().alias("members"), pl.col("was").min(), pl.col("was").max().alias("last"))
        .filter((pl.col("was") == pl.col("last")) & (pl.col("was") != int(NOWHERE)))
        .join(sizes, on="was")
        .filter(pl.col("members") == pl.col("size"))
    )
    same[members.join(whole, on="head", how="semi")["row"].to_numpy()] = True
    return same
