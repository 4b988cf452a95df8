"""Match weights of a next release: what stood in the last one keeps its weights, what is new or changed is compared.

Belongs here: which groups are compared again. Does not belong here: groups that stay (record_linkage
next_release.py), a first release (score_justice_pairs.py).

What comes out is what comparing everything would give, row by row: a weight depends on the identities of two groups and
the model alone, and a pair is looked at or not by blocks that hold the same groups as before, unless one of them has
become too large or no longer is: whoever is in such a block is compared again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from justice_assets.steps.linking.compare_groups import ComparedGroups
from justice_assets.steps.linking.group_rules import CERTAIN
from justice_assets.steps.linking.justice_specification import KEPT_COLUMNS, PLAIN_COLUMNS
from justice_assets.steps.linking.score_parts import (
    COMPARED,
    EQUAL,
    EQUAL_BEYOND_DOUBT,
    ONE_GROUP,
    LastRelease,
    compared_pairs,
    equal_records,
    justice_groups,
    prepared,
    shared,
    within_groups,
)
from record_linkage.identities.certain_groups import Groups, key_columns
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.derive import coded_columns
from record_linkage.identities.group_candidates import GROUP, Candidates, crossing_blocks, group_candidates
from record_linkage.identities.next_release import Before, Regrouped, group_again
from record_linkage.identities.places import places_of
from record_linkage.identities.rows_sharing import Mask, Table, Way, rows_sharing, some_rows, ways_of, widest
from record_linkage.identities.score_identities import Scoring, Shares, score_sides
from record_linkage.identities.value_codes import Rows
from record_linkage.scoring.score_in_chunks import ChunkFolder
from record_linkage.specification import column_pairs
from resources.settings.justice_settings import JusticeLinkage


@dataclass(frozen=True)
class Part:
    """Some groups of a release. grouped: their identities, with numbers that start anew. numbers: those of all groups.

    changed: whether a group is to be compared.
    """

    grouped: pl.DataFrame
    numbers: Rows
    compared: ComparedGroups
    changed: Mask


def score_next_release(
    identities: pl.DataFrame,
    last: LastRelease,
    scoring: Scoring,
    settings: JusticeLinkage,
    chunks: ChunkFolder | None = None,
) -> tuple[pl.DataFrame, Candidates]:
    """As score_justice_pairs, row by row the same; and what was looked at in this release. Raises SplinkFailed."""
    rules = scoring.specification.blocking_rules
    keys = key_columns(CERTAIN, scoring.model, scoring.specification)
    asked = {column for rule in rules.values() for pair in column_pairs(rule) for column in pair}
    columns = sorted(asked | {column for key in keys for column in key})
    table = coded_columns(identities, columns, KEPT_COLUMNS, PLAIN_COLUMNS)

    def gone(rows: Rows) -> Table:
        return coded_columns(last.identities[rows], columns, KEPT_COLUMNS, PLAIN_COLUMNS)

    before = _before(last)
    known = Shares(scoring)

    def group(some: pl.DataFrame) -> Groups:
        return justice_groups(shared(some, scoring, known), scoring, settings)

    again = group_again(identities, table, before, gone, widest(keys), group)
    changed = ~again.same
    lost = gone(again.gone)
    near = partial(_near, table, lost, ways_of(rules.values()))
    part = _part(identities, again.groups, changed, near(changed), known)
    crossing = crossing_blocks(
        part.compared.tables, part.changed, _lost(last, before, again), rules, settings.largest_block
    )
    if crossing.any():
        changed |= np.isin(again.groups.group, part.numbers[crossing])
        part = _part(identities, again.groups, changed, near(changed), known)
    found = group_candidates(part.compared.tables, rules, settings.largest_block)
    wanted = part.changed[found.pairs["l"].to_numpy()] | part.changed[found.pairs["r"].to_numpy()]
    candidates = Candidates(found.pairs.filter(pl.Series(wanted)), found.found, found.passed_over)
    compared = compared_pairs(score_sides(part.compared.sides, part.grouped, candidates.pairs, scoring, chunks))
    pairs = _in_order([_kept(last, identities, changed), compared], identities, again.groups)
    weighed = last.scored.filter(pl.col("kind") == EQUAL).select("l", "match_weight")
    equal = equal_records(identities, again.groups, scoring, weighed)
    return pl.concat([equal, within_groups(again.groups, identities[IDENTITY]), pairs]), candidates


def _before(last: LastRelease) -> Before:
    held, sure = (last.scored.filter(pl.col("kind") == kind) for kind in (ONE_GROUP, EQUAL_BEYOND_DOUBT))
    return Before.of(last.identities, held, sure)


def _near(table: Table, lost: Table, ways: Sequence[Way], changed: Mask) -> Mask:
    """Identities that share something with some that are changed, or lost, and these."""
    return changed | rows_sharing(table, [some_rows(table, changed), lost], ways)


def _part(identities: pl.DataFrame, groups: Groups, changed: Mask, near: Mask, known: Shares) -> Part:
    """The groups of identities that are near."""
    there, of_changed = np.zeros(groups.number, dtype=np.bool_), np.zeros(groups.number, dtype=np.bool_)
    there[groups.group[near]], of_changed[groups.group[changed]] = True, True
    numbers = np.flatnonzero(there).astype(np.uint32)
    rows = there[groups.group]
    place = (np.cumsum(there) - 1).astype(np.uint32)
    some = shared(identities.filter(pl.Series(rows)), known.scoring, known)
    grouped = some.with_columns(pl.Series(GROUP, place[groups.group[rows]]))
    return Part(grouped, numbers, ComparedGroups.of(grouped, numbers.size), of_changed[numbers])


def _lost(last: LastRelease, before: Before, again: Regrouped) -> Sequence[Table]:
    """What groups looked like that are no more as they were."""
    first, group = np.unique(before.first[again.gone], return_inverse=True)
    gone = prepared(last.identities[again.gone])
    grouped = gone.with_columns(pl.Series(GROUP, group.astype(np.uint32)))
    return ComparedGroups.of(grouped, first.size).tables


def _kept(last: LastRelease, identities: pl.DataFrame, changed: Mask) -> pl.DataFrame:
    """Pairs of two groups of the last release that are as they were."""
    pairs = last.scored.filter(pl.col("kind") == COMPARED)
    ids = identities[IDENTITY].to_numpy()
    stays = np.append(~changed, False)
    both = np.ones(pairs.height, dtype=np.bool_)
    for side in ("l", "r"):
        both &= stays[np.minimum(places_of(pairs[side].to_numpy(), ids), ids.size)]
    return pairs.filter(pl.Series(both))


def _in_order(pairs: Sequence[pl.DataFrame], identities: pl.DataFrame, groups: Groups) -> pl.DataFrame:
    """All pairs in the order of their groups."""
    found, ids = pl.concat(pairs), identities[IDENTITY].to_numpy()
    sides = [groups.group[places_of(found[side].to_numpy(), ids)].astype(np.uint64) for side in ("l", "r")]
    order = np.argsort((np.minimum(*sides) << np.uint64(32)) | np.maximum(*sides))
    return found[order]
