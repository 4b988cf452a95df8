"""Match weights of groups of identities, of identities within a group, and of equal records among themselves.

Belongs here: what of a release is scored. Does not belong here: scoring (record_linkage), the specification.
"""

import numpy as np
import polars as pl

from justice_assets.steps.identities.code_identities import code_identities
from justice_assets.steps.linking.compare_groups import ComparedGroups, GroupTables
from justice_assets.steps.linking.justice_specification import PAIR_COLUMNS, justice_specification
from justice_assets.steps.linking.score_next_release import score_next_release
from justice_assets.steps.linking.score_parts import (
    LastRelease,
    coded_identities,
    compared_pairs,
    equal_records,
    justice_groups,
    table_of,
    within_groups,
)
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.group_candidates import Candidates, group_candidates
from record_linkage.identities.score_identities import NEVER, Scoring, Shares
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring.score_in_chunks import ChunkFolder
from record_linkage.splink_backend import SplinkBackend
from resources.settings.justice_settings import JusticeLinkage


def justice_scoring(model: TrainedModel, key: bytes, backend: SplinkBackend, settings: JusticeLinkage) -> Scoring:
    """The model as it is applied to justice records."""
    return Scoring(model, justice_specification(settings), key, backend, PAIR_COLUMNS)


def score_justice_pairs(
    identities: pl.DataFrame | pl.LazyFrame,
    scoring: Scoring,
    settings: JusticeLinkage,
    chunks: ChunkFolder | None = None,
    codes: pl.DataFrame | pl.LazyFrame | None = None,
    last: LastRelease | None = None,
) -> tuple[pl.DataFrame, Candidates]:
    """l, r (identities, both the same for equal records among themselves), match_weight and kind (score_parts.py); and
    what was looked at.

    `identities` and their `codes` (code_identities.py, made here where they are not given) may be scans of their files:
    a column is then in memory at a time, not all of them.

    Identities that are one person beyond doubt are a group: they have a pair with the first of it, and the bits that
    this reaches at least. Groups are compared as one record each. What stood in the `last` release is taken from it.
    Raises SplinkFailed.
    """
    every = identities.lazy()
    table = table_of((code_identities(every) if codes is None else codes).lazy())
    if last is not None and last.identities.head(1).collect().height:
        return score_next_release(every, table, last, scoring, settings, chunks)
    coded = coded_identities(every, table, Shares(scoring))
    groups = justice_groups(coded, scoring, settings)
    tables = GroupTables.of(coded.codes, groups.group)
    candidates = group_candidates(tables.tables, scoring.specification.blocking_rules, settings.largest_block)
    rows = np.arange(groups.group.size, dtype=np.uint32)
    compared = ComparedGroups.of(every, rows, coded.codes, coded.shares, groups.group, tables, candidates.pairs)
    del table, coded, tables  # most of what is held
    ids = every.select(IDENTITY).collect().to_series()
    pairs = compared_pairs(compared.scored(ids, scoring, chunks))
    return pl.concat([equal_records(every, groups, scoring), within_groups(groups, ids), pairs]), candidates


def split_own(scored: pl.DataFrame, identities: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """Of score_justice_pairs: the weight of every identity's records among themselves, and the pairs of two."""
    among = scored.filter(pl.col("l") == pl.col("r")).select(l="l", own="match_weight")
    own = identities.select(l=IDENTITY).join(among, on="l", how="left", maintain_order="left")["own"].fill_null(NEVER)
    return own, scored.filter(pl.col("l") != pl.col("r"))
