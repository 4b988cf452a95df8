"""Identities as numbers: what groups and pairs are found by, so that a next release need not make it again.

Belongs here: the columns that are coded, and which rows are taken from the release before. Does not belong here: codes
(record_linkage coded_identities.py), what is found by them (steps/linking).
"""

import numpy as np
import polars as pl

from justice_assets.steps.identities.condense_persons import said_to_be_apart
from justice_assets.steps.linking.group_rules import CERTAIN
from justice_assets.steps.linking.justice_specification import KEPT_COLUMNS, PLAIN_COLUMNS, SIGNATURE
from record_linkage.identities.coded_identities import AT_ONCE, coded_columns, values_at
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.places import NOWHERE, places_of
from record_linkage.identities.rows_sharing import Mask
from record_linkage.identities.value_codes import Rows

DOUBTFUL = "doubtful"
IDENTITY_COLUMNS = (IDENTITY, *SIGNATURE, "records")
_MADE = [each.meta.output_name() for each in KEPT_COLUMNS]
CODED = tuple(dict.fromkeys([*(name for name in SIGNATURE if name != "sex"), *_MADE]))  # `female` says as much


def code_identities(identities: pl.LazyFrame, before: tuple[pl.LazyFrame, pl.LazyFrame] | None = None) -> pl.DataFrame:
    """schemas/linking.py IdentityCodes of JusticeIdentities, row by row.

    before: identities and codes of the release before. An identity that is in both has the same codes in both.
    """
    if before is None:
        return _coded(identities)
    last_identities, last = before
    ids = identities.select(IDENTITY).collect().to_series().to_numpy()
    place = places_of(ids, last_identities.select(IDENTITY).collect().to_series().to_numpy())
    new = place == NOWHERE
    rows = np.flatnonzero(new).astype(np.uint32)
    coded = _coded(values_at(identities, rows, IDENTITY_COLUMNS).lazy())
    place[new] = np.arange(rows.size, dtype=np.uint32) + np.uint32(last.select(pl.len()).collect().item())
    return pl.DataFrame({name: _taken(last.select(name), coded[name], place) for name in coded.columns})


def _taken(last: pl.LazyFrame, new: pl.Series, place: Rows) -> np.ndarray:
    return np.concatenate([last.collect().to_series().to_numpy(), new.to_numpy()])[place]


def _coded(identities: pl.LazyFrame) -> pl.DataFrame:
    codes, _ = coded_columns(identities, CODED, KEPT_COLUMNS, PLAIN_COLUMNS)
    return pl.DataFrame({name: codes[name] for name in CODED} | {DOUBTFUL: _doubtful(identities)})


def _doubtful(identities: pl.LazyFrame) -> Mask:
    """Whether an identity is left to pairs: the same name twice, or said to be another than one that may look so."""
    found = [np.empty(0, dtype=np.bool_)]
    for start in range(0, identities.select(pl.len()).collect().item(), AT_ONCE):
        some = identities.slice(start, AT_ONCE).select(IDENTITY, *SIGNATURE).collect()
        told = some.with_columns(said_to_be_apart(some)).select(CERTAIN.doubtful.fill_null(False))
        found.append(told.to_series().to_numpy())
    return np.concatenate(found)
