"""The linkage of a release once more, as if some people had no identity number.

Belongs here: whose numbers are held out, and who is one person without them. Does not belong here: what is measured by
it (hold_out_numbers.py).

It is scored as a next release of the same records: pairs of records that keep their numbers are taken over. To link
everybody without numbers would take several times the memory of the release, as far fewer records are one beyond doubt.
"""

import numpy as np
import polars as pl

from justice_assets.steps.clusters.cluster_persons import CONTRADICTING, cluster_persons, first_forms
from justice_assets.steps.identities.code_identities import code_identities
from justice_assets.steps.identities.condense_persons import APART
from justice_assets.steps.linking.justice_specification import NUMBERS, SIGNATURE
from justice_assets.steps.linking.score_justice_pairs import score_justice_pairs
from justice_assets.steps.linking.score_parts import LastRelease, table_of
from record_linkage.identities.certain_groups import first_connected
from record_linkage.identities.coded_identities import values_at
from record_linkage.identities.condense import IDENTITY, signatures
from record_linkage.identities.rows_sharing import Mask
from record_linkage.identities.score_identities import Scoring
from record_linkage.identities.value_codes import NOTHING, Rows, firsts_of_hashes
from resources.settings.justice_settings import Justice, JusticeHoldOut


def link_without_numbers(
    release: LastRelease, members: pl.DataFrame, scoring: Scoring, settings: Justice
) -> pl.DataFrame:
    """cluster (at the middle threshold) and held_out (whether its numbers were) of every record. Raises SplinkFailed.

    release: all may be scans of their files. members: record and identity (its row), a row per form of a record.
    """
    chosen = _chosen(release, settings.hold_out)
    without, place = _without_numbers(release.identities, chosen)
    codes = code_identities(without, (release.identities, release.codes))
    scored, _ = score_justice_pairs(without, scoring, settings.linkage, codes=codes, last=release)
    del codes
    identity_of = members["identity"].to_numpy()
    forms = members.with_columns(identity=place[identity_of])
    found = cluster_persons(without.select(IDENTITY, *CONTRADICTING).collect(), forms, scored, settings.linkage)
    held_out = pl.Series("held_out", chosen[identity_of[first_forms(members)]])
    return found.records.select(held_out, cluster="cluster_medium")


def _chosen(release: LastRelease, settings: JusticeHoldOut) -> Mask:
    """Identities whose numbers are held out: those of people, as far as numbers tell, drawn at random."""
    numbers = table_of(release.codes.select(NUMBERS))
    numbered = np.logical_or.reduce([codes != NOTHING for codes in numbers.values()])
    counts = release.identities.select("records").collect().to_series().to_numpy()
    share = min(settings.records / max(int(counts[numbered].sum()), 1), 1.0)
    first = first_connected(numbered.size, [_sharing(codes) for codes in numbers.values()])
    ids = release.identities.select(IDENTITY).collect().to_series()
    return numbered & (ids.hash(settings.seed) / 2.0**64 <= share).to_numpy()[first]


def _sharing(codes: Rows) -> tuple[Rows, Rows]:
    """The first row with each number, and all others with it."""
    rows = np.flatnonzero(codes != NOTHING).astype(np.uint32)
    first = rows[firsts_of_hashes(codes[rows].astype(np.uint64) << np.uint64(32))]
    others = first != rows
    return first[others], rows[others]


def _without_numbers(identities: pl.LazyFrame, chosen: Mask) -> tuple[pl.LazyFrame, Rows]:
    """Identities as they are without the numbers of some, and which of them each has become.

    Some are now the same as another, and one with it. What people have said of them is left out. A column is in memory
    at a time: all of them are more than all that is made of them.
    """
    ids = identities.select(IDENTITY).collect().to_series().to_numpy().copy()
    numbers = {name: pl.lit(None, pl.String).alias(name) for name in (*NUMBERS, APART)}
    bare = values_at(identities, np.flatnonzero(chosen).astype(np.uint32), SIGNATURE).with_columns(**numbers)
    ids[chosen] = signatures(bare, [*SIGNATURE, APART]).to_numpy()
    distinct, first, place = np.unique(ids, return_index=True, return_inverse=True)
    counts = identities.select("records").collect().to_series().to_numpy()
    records = np.bincount(place, weights=counts, minlength=distinct.size).astype(np.uint32)
    rows, held_out = (pl.lit(pl.Series(each)) for each in (first.astype(np.uint32), chosen[first]))
    without = identities.select(
        pl.lit(pl.Series(distinct)).alias(IDENTITY),
        *(pl.col(name).gather(rows) for name in SIGNATURE if name not in NUMBERS),
        *(pl.when(~held_out).then(pl.col(name).gather(rows)).alias(name) for name in NUMBERS),
        pl.lit(pl.Series(records)).alias("records"),
    )
    return without, place.astype(np.uint32)
