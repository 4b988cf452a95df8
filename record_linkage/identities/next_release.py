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
from record_linkage.identities.value_codes import Rows, in_order_of, starts_of


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
        """held: l (row of the first of a group), r and match_weight of all others of it. sure: l and match_weight of
        identities of several records whose group says what these weigh among themselves.
        """
        first = np.arange(identities.height, dtype=np.uint32)
        at_least = np.full(identities.height, np.nan, dtype=np.float32)
        for side, rows in (("r", held), ("l", sure)):
            at_least[rows[side].to_numpy()] = rows["match_weight"].to_numpy()
        first[held["r"].to_numpy()] = held["l"].to_numpy()
        return cls(identities[IDENTITY].to_numpy(), first, at_least, (identities["records"] > 1).to_numpy())


@dataclass(frozen=True)
class Regrouped:
    """groups: of all identities. same: of each identity, whether its group has the identities that it had before.

    Of the release before, gone: rows whose group is no more as it was; left: rows of identities that are no more; now:
    the row that each row has now, NOWHERE if it is no more.
    """

    groups: Groups
    same: Mask
    gone: Rows
    left: Rows
    now: Rows


def group_again(
    ids: Ids,
    several: Mask,
    table: Table,
    before: Before,
    left: Callable[[Rows], Table],
    ways: Sequence[Way],
    group: Callable[[Rows], Groups],
) -> Regrouped:
    """Groups as `group` makes them of all rows of identities, made of some of them.

    ids: the identities, sorted. several: whether each stands for several records. table: codes of the columns of
    `ways`, the keys of groups. left: the same of rows of the release before.
    """
    place = places_of(ids, before.ids)
    there = place != NOWHERE
    now = np.full(before.ids.size, NOWHERE, dtype=np.uint32)
    now[place[there]] = np.flatnonzero(there)
    looked_up = columns_of(table, ways)
    changed = ~there
    changed[there] = several[there] != before.several[place[there]]
    gone = np.flatnonzero(now == NOWHERE).astype(np.uint32)
    touched = rows_sharing(looked_up, [some_rows(looked_up, changed), left(gone)], ways, changed)
    again = np.zeros(before.ids.size, dtype=np.bool_)  # by the first row of a group
    again[before.first[place[there & touched]]] = True
    again[before.first[gone]] = True
    inside = ~there
    inside[there] = again[before.first[place[there]]]
    around = rows_sharing(looked_up, [some_rows(looked_up, inside)], ways, inside)
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
    return Regrouped(Groups.held_by(head, at_least), same, no_more, gone, now)


def _same(head: Rows, inside: Mask, place: Rows, before: Before) -> Mask:
    """Whether all of a group were one group before, and nobody of it is missing."""
    same = ~inside
    rows = np.flatnonzero(inside)
    rows = rows[in_order_of(head[rows])]
    was = np.where(place[rows] == NOWHERE, NOWHERE, before.first[np.minimum(place[rows], before.ids.size - 1)])
    starts = starts_of(head[rows])
    members = np.diff(np.append(starts, rows.size))
    first, last = (way.reduceat(was, starts) if rows.size else was for way in (np.minimum, np.maximum))
    sizes = np.append(np.bincount(before.first, minlength=before.ids.size), 0)
    whole = (first == last) & (first != NOWHERE) & (members == sizes[np.minimum(first, before.ids.size)])
    same[rows[np.repeat(whole, members)]] = True
    return same
