"""What the scored pairs of a release are made of: equal records, groups beyond doubt, and groups that are compared.

Belongs here: each part, of all identities or of some. Does not belong here: which are looked at
(score_justice_pairs.py, score_next_release.py), and scoring (record_linkage).
"""

from dataclasses import dataclass

import polars as pl

from justice_assets.steps.identities.condense_persons import said_to_be_apart, with_compared_columns
from justice_assets.steps.linking.group_rules import CERTAIN
from justice_assets.steps.linking.justice_specification import BORN, FEMALE, MIDDLE_INITIAL
from record_linkage.identities.certain_groups import Groups, certain_groups
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.derive import derive
from record_linkage.identities.score_identities import Scoring, Shares, own_weights
from resources.settings.justice_settings import JusticeLinkage

# Kinds of rows of scored identities.
EQUAL, EQUAL_BEYOND_DOUBT, ONE_GROUP, COMPARED = range(4)


@dataclass(frozen=True)
class LastRelease:
    """identities and scored pairs of the release before, of the same model, settings and code."""

    identities: pl.DataFrame
    scored: pl.DataFrame


def prepared(identities: pl.DataFrame) -> pl.DataFrame:
    """`identities` with what groups are made by and compared by."""
    return derive(identities, [BORN]).with_columns(FEMALE, MIDDLE_INITIAL, said_to_be_apart(identities))


def shared(identities: pl.DataFrame, scoring: Scoring, known: Shares | None = None) -> pl.DataFrame:
    """The same, with tf_x. known: shares that were looked up before."""
    return scoring.with_shares(prepared(identities), known)


def justice_groups(identities: pl.DataFrame, scoring: Scoring, settings: JusticeLinkage) -> Groups:
    """Groups of identities as `shared` gives them."""
    return certain_groups(identities, CERTAIN, scoring.model, scoring.specification, max(settings.thresholds))


def equal_records(
    identities: pl.DataFrame, groups: Groups, scoring: Scoring, weighed: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Weights of equal records among themselves: what they are at least, where a group says so.

    identities: as `shared` gives them. Or as they were condensed, with `weighed`: l and match_weight of identities that
    have been weighed before.
    """
    several = identities.with_columns(pl.Series("at_least", groups.at_least).cast(pl.Float64).round(4)).filter(
        pl.col("records") > 1
    )
    unsure = several["at_least"].is_nan()
    said = several.filter(~unsure).select(l=IDENTITY, match_weight="at_least")
    unsaid = several.filter(unsure).drop("at_least")
    known = pl.DataFrame({"l": [], "match_weight": []}, schema=said.schema) if weighed is None else weighed
    new = unsaid.join(known, left_on=IDENTITY, right_on="l", how="anti", maintain_order="left")
    compared = with_compared_columns(new)
    if weighed is not None:  # `identities` are as they were condensed
        compared = scoring.with_shares(compared)
    worked_out = pl.DataFrame({"l": new[IDENTITY], "match_weight": own_weights(compared, scoring)})
    weights = pl.concat([worked_out, known.select(worked_out.columns)])
    found = unsaid.select(l=IDENTITY).join(weights, on="l", how="left", maintain_order="left")
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
