"""Match weights of a next release: what stood in the last one keeps its weights, what is new or changed is compared.

Belongs here: which groups are compared again. Does not belong here: groups that stay (record_linkage
next_release.py), a first release (score_justice_pairs.py).

What comes out is what comparing everything would give, row by row: a weight depends on the identities of two groups and
the model alone, and a pair is looked at or not by blocks that hold the same groups as before, unless one of them has
become too large or no longer is: whoever is in such a block is compared again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from justice_assets.steps.linking.compare_groups import ComparedGroups, GroupTables, with_a_pair
from justice_assets.steps.linking.group_rules import CERTAIN
from justice_assets.steps.linking.score_parts import (
    COMPARED,
    EQUAL,
    EQUAL_BEYOND_DOUBT,
    ONE_GROUP,
    LastRelease,
    coded_identities,
    compared_pairs,
    equal_records,
    justice_groups,
    table_of,
    within_groups,
)
from record_linkage.identities.certain_groups import Groups, key_columns
from record_linkage.identities.coded_identities import CodedIdentities
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.group_candidates import Candidates, crossing_blocks, group_candidates
from record_linkage.identities.least_weights import Bits
from record_linkage.identities.next_release import Before, Regrouped, group_again
from record_linkage.identities.places import NOWHERE, places_of
from record_linkage.identities.rows_sharing import (
    Mask,
    Table,
    Way,
    columns_of,
    rows_sharing,
    some_rows,
    ways_of,
    widest,
)
from record_linkage.identities.score_identities import Scoring, Shares
from record_linkage.identities.value_codes import Rows
from record_linkage.scoring.score_in_chunks import ChunkFolder
from resources.settings.justice_settings import JusticeLinkage


@dataclass(frozen=True)
class Part:
    """Some groups of a release. rows: those of their identities; codes: of these. group: of each of these, with numbers
    that start anew; numbers: those of all groups. changed: whether a group is to be compared.
    """

    rows: Rows
    codes: Table
    group: Rows
    numbers: Rows
    tables: GroupTables
    changed: Mask


def score_next_release(
    identities: pl.LazyFrame,
    table: Table,
    last: LastRelease,
    scoring: Scoring,
    settings: JusticeLinkage,
    chunks: ChunkFolder | None = None,
) -> tuple[pl.DataFrame, Candidates]:
    """As score_justice_pairs, row by row the same; and what was looked at in this release. Raises SplinkFailed.

    table: codes of all identities.
    """
    rules = scoring.specification.blocking_rules
    keys = key_columns(CERTAIN, scoring.model, scoring.specification)
    standing = identities.select(IDENTITY, pl.col("records") > 1).collect()
    ids, known = standing[IDENTITY], Shares(scoring)

    def left(rows: Rows) -> Table:
        return table_of(last.codes, rows) if rows.size else some_rows(table, rows)

    def coded(rows: Rows) -> CodedIdentities:
        return coded_identities(identities, table, known, rows)

    def group(rows: Rows) -> Groups:
        return justice_groups(coded(rows), scoring, settings)

    scored = _with_rows(last)
    before = _before(last, scored)
    again = group_again(ids.to_numpy(), standing["records"].to_numpy(), table, before, left, widest(keys), group)
    changed = ~again.same
    part_of = partial(_part, table, again.groups)
    no_more = left(again.left)
    near = partial(_near, table, no_more, ways_of(rules.values()))
    part = part_of(changed, near(changed))
    lost = _lost(table, no_more, before, again)
    crossing = crossing_blocks(part.tables.tables, part.changed, lost, rules, settings.largest_block)
    if crossing.any():
        changed |= np.isin(again.groups.group, part.numbers[crossing])
        part = part_of(changed, near(changed))
    found = group_candidates(part.tables.tables, rules, settings.largest_block)
    wanted = part.changed[found.pairs["l"].to_numpy()] | part.changed[found.pairs["r"].to_numpy()]
    candidates = Candidates(found.pairs.filter(pl.Series(wanted)), found.found, found.passed_over)
    shares = _shares_of(part, candidates.pairs, coded)
    compared = ComparedGroups.of(identities, part.rows, part.codes, shares, part.group, part.tables, candidates.pairs)
    weighed = compared_pairs(compared.scored(ids, scoring, chunks))
    pairs = _in_order(_kept(scored, again.now, changed), weighed, ids, again.groups)
    equal = equal_records(identities, again.groups, scoring, scored.filter(kind=EQUAL).select("l", "match_weight"))
    return pl.concat([equal, within_groups(again.groups, ids), pairs]), candidates


def _with_rows(last: LastRelease) -> pl.DataFrame:
    """Scored pairs of the last release, with the rows of their identities there as row_l and row_r."""
    scored = last.scored.collect()
    ids = last.identities.select(IDENTITY).collect().to_series().to_numpy()
    return scored.with_columns(pl.Series(f"row_{side}", places_of(scored[side].to_numpy(), ids)) for side in ("l", "r"))


def _before(last: LastRelease, scored: pl.DataFrame) -> Before:
    standing = last.identities.select(IDENTITY, "records").collect()
    held, sure = (
        scored.filter(kind=kind).select("match_weight", l="row_l", r="row_r")
        for kind in (ONE_GROUP, EQUAL_BEYOND_DOUBT)
    )
    return Before.of(standing, held, sure)


def _near(table: Table, left: Table, ways: Sequence[Way], changed: Mask) -> Mask:
    """Identities that share something with some that are changed, or are no more, and these."""
    table = columns_of(table, ways)
    return rows_sharing(table, [some_rows(table, changed), left], ways, changed)


def _part(table: Table, groups: Groups, changed: Mask, near: Mask) -> Part:
    """The groups of identities that are near."""
    there, of_changed = np.zeros(groups.number, dtype=np.bool_), np.zeros(groups.number, dtype=np.bool_)
    there[groups.group[near]], of_changed[groups.group[changed]] = True, True
    numbers = np.flatnonzero(there).astype(np.uint32)
    rows = np.flatnonzero(there[groups.group]).astype(np.uint32)
    place = np.cumsum(there, dtype=np.uint32) - np.uint32(1)
    group = place[groups.group[rows]]
    codes = some_rows(table, rows)
    return Part(rows, codes, group, numbers, GroupTables.of(codes, group), of_changed[numbers])


def _shares_of(part: Part, pairs: pl.DataFrame, coded: Callable[[Rows], CodedIdentities]) -> Mapping[str, Bits]:
    """Shares of identities whose groups have pairs, by row of `part`; of the others none, as nobody looks at them."""
    rows = np.flatnonzero(with_a_pair(pairs, part.numbers.size)[part.group])
    shares: dict[str, Bits] = {}
    for name, share in coded(part.rows[rows]).shares.items():
        shares[name] = np.full(part.rows.size, np.nan, dtype=np.float32)
        shares[name][rows] = share
    return shares


def _lost(table: Table, no_more: Table, before: Before, again: Regrouped) -> Sequence[Table]:
    """What groups looked like that are no more as they were. no_more: codes of their identities that are no more."""
    there = again.gone[again.now[again.gone] != NOWHERE]
    rows = np.concatenate([there, again.left])
    codes = {name: np.concatenate([table[name][again.now[there]], no_more[name]]) for name in table}
    _, group = np.unique(before.first[rows], return_inverse=True)
    return GroupTables.of(codes, group.astype(np.uint32)).tables


def _kept(scored: pl.DataFrame, now: Rows, changed: Mask) -> pl.DataFrame:
    """Pairs of two groups of the last release that are as they were, with the rows that they have now."""
    pairs = scored.filter(kind=COMPARED)
    rows = {f"row_{side}": now[pairs[f"row_{side}"].to_numpy()] for side in ("l", "r")}
    stays = np.append(~changed, False)
    both = np.logical_and.reduce([stays[np.minimum(each, changed.size)] for each in rows.values()])
    return pairs.with_columns(pl.Series(name, each) for name, each in rows.items()).filter(pl.Series(both))


def _in_order(kept: pl.DataFrame, weighed: pl.DataFrame, ids: pl.Series, groups: Groups) -> pl.DataFrame:
    """All pairs in the order of their groups."""
    new = [pl.Series(f"row_{side}", places_of(weighed[side].to_numpy(), ids.to_numpy())) for side in ("l", "r")]
    found = pl.concat([kept, weighed.with_columns(new)])
    sides = [groups.group[found[f"row_{side}"].to_numpy()].astype(np.uint64) for side in ("l", "r")]
    order = np.argsort((np.minimum(*sides) << np.uint64(32)) | np.maximum(*sides))
    return found.select(weighed.columns)[order]
