"""Match weights of groups of identities, of identities within a group, and of equal records among themselves.

Belongs here: what of a release is scored. Does not belong here: scoring (record_linkage), the specification.
"""

from dataclasses import replace

import polars as pl

from justice_assets.steps.identities.condense_persons import said_to_be_apart, with_compared_columns
from justice_assets.steps.linking.compare_groups import ComparedGroups
from justice_assets.steps.linking.group_rules import CERTAIN
from justice_assets.steps.linking.justice_specification import (
    BORN,
    FEMALE,
    MIDDLE_INITIAL,
    PAIR_COLUMNS,
    justice_specification,
)
from record_linkage.identities.certain_groups import Groups, certain_groups
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.group_candidates import GROUP, Candidates, group_candidates
from record_linkage.identities.score_identities import NEVER, Scoring, own_weights, score_sides
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
) -> tuple[pl.DataFrame, Candidates]:
    """l, r (identities, both the same for equal records among themselves) and match_weight; and what was looked at.

    Identities that are one person beyond doubt are a group: they have a pair with the first of it, and the bits that
    this reaches at least. Groups are compared as one record each. Raises SplinkFailed.
    """
    made = identities.with_columns(BORN, FEMALE, MIDDLE_INITIAL, said_to_be_apart(identities))
    shared = scoring.with_shares(made)
    groups = certain_groups(shared, CERTAIN, scoring.model, scoring.specification, max(settings.thresholds))
    grouped = shared.with_columns(pl.Series(GROUP, groups.group))
    compared = ComparedGroups.of(grouped, groups.number)
    candidates = group_candidates(compared.tables, scoring.specification.blocking_rules, settings.largest_block)
    scored = score_sides(compared.sides, grouped, candidates.pairs, scoring, chunks)
    ids = identities[IDENTITY]
    within = groups.edges.with_columns(ids[groups.edges["l"]].alias("l"), ids[groups.edges["r"]].alias("r"))
    return pl.concat([_own(shared, groups, scoring), within, _in_order(scored)]), candidates


def split_own(scored: pl.DataFrame, identities: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """Of score_justice_pairs: the weight of every identity's records among themselves, and the pairs of two."""
    among = scored.filter(pl.col("l") == pl.col("r")).select(l="l", own="match_weight")
    own = identities.select(l=IDENTITY).join(among, on="l", how="left", maintain_order="left")["own"].fill_null(NEVER)
    return own, scored.filter(pl.col("l") != pl.col("r"))


def _own(shared: pl.DataFrame, groups: Groups, scoring: Scoring) -> pl.DataFrame:
    """Weights of equal records among themselves: what they are at least, where a group says so."""
    several = shared.with_columns(pl.Series("at_least", groups.at_least).cast(pl.Float64).round(4)).filter(
        pl.col("records") > 1
    )
    unsure = several["at_least"].is_nan()
    said, unsaid = several.filter(~unsure), with_compared_columns(several.filter(unsure))
    weights = [said["at_least"], own_weights(unsaid, scoring)]
    ids = pl.concat([said[IDENTITY], unsaid[IDENTITY]])
    return pl.DataFrame({"l": ids, "r": ids, "match_weight": pl.concat(weights)})


def _in_order(scored: pl.DataFrame) -> pl.DataFrame:
    """The same pairs, the smaller identity first."""
    return scored.with_columns(l=pl.min_horizontal("l", "r"), r=pl.max_horizontal("l", "r"))
