"""Match weights of the candidate pairs of identities, and of equal records among themselves.

Belongs here: what of a release is scored. Does not belong here: scoring (record_linkage), the specification.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from justice_assets.steps.identities.condense_persons import with_compared_columns
from justice_assets.steps.linking.justice_specification import PAIR_COLUMNS, justice_specification
from record_linkage.identities.candidate_pairs import Candidates, candidate_pairs
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.score_identities import NEVER, Scoring, own_weights, score_identities
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring.score_in_chunks import ChunkFolder
from record_linkage.splink_backend import SplinkBackend
from resources.settings.justice_settings import JusticeLinkage


@dataclass(frozen=True)
class Earlier:
    """identities and scored pairs of the release before, of the same model, settings and code."""

    identities: pl.DataFrame
    scored: pl.DataFrame


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
    earlier: Earlier | None = None,
) -> tuple[pl.DataFrame, Candidates]:
    """l, r (identities, both the same for equal records among themselves) and match_weight; and what was looked at.

    Pairs of two identities of an earlier release are taken from it: a weight depends on the two identities and the
    model alone. Raises SplinkFailed.
    """
    known = pl.Series(np.zeros(identities.height, dtype=np.bool_))
    if earlier is not None:
        known = identities[IDENTITY].is_in(earlier.identities[IDENTITY].implode())
    compared = with_compared_columns(identities)
    candidates = candidate_pairs(
        compared, scoring.specification.blocking_rules, settings.largest_block, None if earlier is None else ~known
    )
    own = _own(compared, earlier, scoring)
    pairs = candidates.pairs
    if earlier is not None:  # few of all identities have a new pair: what is looked up for each is looked up for these
        compared, pairs = _in_pairs(compared, pairs)
    scored = score_identities(scoring.with_shares(compared), pairs, scoring, chunks)
    if earlier is None:
        return pl.concat([own, scored]), candidates
    still = identities.filter(known).select(IDENTITY)
    kept = earlier.scored.join(still, left_on="l", right_on=IDENTITY, how="semi").join(
        still, left_on="r", right_on=IDENTITY, how="semi"
    )
    return pl.concat([kept, own, scored]), candidates


def split_own(scored: pl.DataFrame, identities: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """Of score_justice_pairs: the weight of every identity's records among themselves, and the pairs of two."""
    among = scored.filter(pl.col("l") == pl.col("r")).select(l="l", own="match_weight")
    own = identities.select(l=IDENTITY).join(among, on="l", how="left", maintain_order="left")["own"].fill_null(NEVER)
    return own, scored.filter(pl.col("l") != pl.col("r"))


def _own(compared: pl.DataFrame, earlier: Earlier | None, scoring: Scoring) -> pl.DataFrame:
    """Weights of equal records among themselves, of identities that have several and had no weight before."""
    new = compared.filter(pl.col("records") > 1)
    if earlier is not None:
        weighed = earlier.scored.filter(pl.col("l") == pl.col("r")).select(l="l")
        new = new.join(weighed, left_on=IDENTITY, right_on="l", how="anti", maintain_order="left")
    ids = new[IDENTITY]
    return pl.DataFrame({"l": ids, "r": ids, "match_weight": own_weights(scoring.with_shares(new), scoring)})


def _in_pairs(compared: pl.DataFrame, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Identities that are in some pair, and the pairs by their rows."""
    rows = pl.concat([pairs["l"], pairs["r"].alias("l")]).unique().sort()
    place = np.zeros(compared.height, dtype=np.uint32)
    place[rows.to_numpy()] = np.arange(rows.len(), dtype=np.uint32)
    return compared[rows], pairs.with_columns(pl.Series(side, place[pairs[side].to_numpy()]) for side in ("l", "r"))
