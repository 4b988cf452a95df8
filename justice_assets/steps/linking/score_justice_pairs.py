"""Match weights of groups of identities, of identities within a group, and of equal records among themselves.

Belongs here: what of a release is scored. Does not belong here: scoring (record_linkage), the specification.
"""

from dataclasses import replace

import polars as pl

from justice_assets.steps.linking.compare_groups import ComparedGroups
from justice_assets.steps.linking.justice_specification import PAIR_COLUMNS, justice_specification
from justice_assets.steps.linking.score_next_release import score_next_release
from justice_assets.steps.linking.score_parts import (
    LastRelease,
    compared_pairs,
    equal_records,
    justice_groups,
    shared,
    within_groups,
)
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.group_candidates import GROUP, Candidates, group_candidates
from record_linkage.identities.score_identities import NEVER, Scoring, score_sides
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring.score_in_chunks import ChunkFolder
from record_linkage.splink_backend import SplinkBackend
from resources.settings.justice_settings import JusticeLinkage


def justice_scoring(
    model: TrainedModel, key: bytes, backend: SplinkBackend, settings: JusticeLinkage, with_numbers: bool = True
) -> Scoring:
    """The model as it is applied to justice records."""
    specification = justice_specification(settings, with_numbers)
    kept = {each.name for each in specification.comparisons}
    compared = [each for each in model.splink["comparisons"] if each["output_column_name"] in kept]
    applied = replace(model, splink=model.splink | {"comparisons": compared})
    return Scoring(applied, specification, key, backend, PAIR_COLUMNS)


def score_justice_pairs(
    identities: pl.DataFrame,
    scoring: Scoring,
    settings: JusticeLinkage,
    chunks: ChunkFolder | None = None,
    last: LastRelease | None = None,
) -> tuple[pl.DataFrame, Candidates]:
    """l, r (identities, both the same for equal records among themselves), match_weight and kind (score_parts.py); and
    what was looked at.

    Identities that are one person beyond doubt are a group: they have a pair with the first of it, and the bits that
    this reaches at least. Groups are compared as one record each. What stood in the `last` release is taken from it.
    Raises SplinkFailed.
    """
    if last is not None and last.identities.height:
        return score_next_release(identities, last, scoring, settings, chunks)
    given = shared(identities, scoring)
    groups = justice_groups(given, scoring, settings)
    grouped = given.with_columns(pl.Series(GROUP, groups.group))
    compared = ComparedGroups.of(grouped, groups.number)
    candidates = group_candidates(compared.tables, scoring.specification.blocking_rules, settings.largest_block)
    pairs = compared_pairs(score_sides(compared.sides, grouped, candidates.pairs, scoring, chunks))
    equal = equal_records(given, groups, scoring)
    return pl.concat([equal, within_groups(groups, identities[IDENTITY]), pairs]), candidates


def split_own(scored: pl.DataFrame, identities: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """Of score_justice_pairs: the weight of every identity's records among themselves, and the pairs of two."""
    among = scored.filter(pl.col("l") == pl.col("r")).select(l="l", own="match_weight")
    own = identities.select(l=IDENTITY).join(among, on="l", how="left", maintain_order="left")["own"].fill_null(NEVER)
    return own, scored.filter(pl.col("l") != pl.col("r"))
