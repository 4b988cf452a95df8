"""Records of justice systems become identities: who is the same in all that is compared is compared once.

Belongs here: the forms of a record, and the columns of an identity. Does not belong here: condensing (record_linkage).

A record has a form for each of its names and each of its places; all forms of a record are one person by definition.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from justice_assets.steps.linking.justice_specification import KEPT_COLUMNS, PLAIN_COLUMNS, SAID_APART, SIGNATURE
from record_linkage.identities.condense import IDENTITY, condense, signatures
from record_linkage.identities.derive import derive

RECORD = ["source", "record_key"]
APART = "apart"


@dataclass(frozen=True)
class Identities:
    """identities: as schemas/linking.py Identities. members: record (row number in the order of `records`), identity
    (row of `identities`), one row per form.
    """

    identities: pl.DataFrame
    members: pl.DataFrame


def condense_persons(
    batches: Iterable[pl.DataFrame], said_apart: pl.DataFrame | None = None, before: pl.LazyFrame | None = None
) -> Identities:
    """Identities of standardised persons that come in batches, the rows of a record always in the same batch.

    before: identities of the release before, which is faster where most are the same.

    `said_apart`: source and record_key of records that people have said are another person than a record that may look
    the same: each is an identity of its own.
    """
    records: list[pl.Series] = []

    def forms() -> Iterator[pl.DataFrame]:
        first = 0
        for batch in batches:
            form = forms_of(batch, first, said_apart)
            first = int(form["record"].max() or 0) + 1 if form.height else first  # pyright: ignore[reportArgumentType]
            records.append(form["record"])
            yield form

    condensed = condense(forms(), SIGNATURE, APART, before)
    members = pl.DataFrame({"record": pl.concat(records), "identity": condensed.members})
    return Identities(condensed.identities.with_columns(condensed.records), members)


def identities_of_forms(batches: Iterable[pl.DataFrame], said_apart: pl.DataFrame | None = None) -> pl.DataFrame:
    """source, record_key and identity of every form of each record, in their order."""
    found: list[pl.DataFrame] = []
    for batch in batches:
        forms = forms_of(batch, 0, said_apart)
        found.append(forms.select(*RECORD, signatures(forms, [*SIGNATURE, APART])))
    return pl.concat(found)


def batches_of(persons: pl.LazyFrame, records: int) -> Iterator[pl.DataFrame]:
    """Standardised persons, about so many rows at a time, the rows of a record together."""
    columns = [*RECORD, "name_form", *SIGNATURE, "postcodes"]
    rows = persons.select(pl.len()).collect().item()
    waiting: pl.DataFrame | None = None
    for start in range(0, rows, records):
        batch = persons.slice(start, records).select(columns).collect()
        batch = batch if waiting is None else pl.concat([waiting, batch])
        last = batch.select(pl.struct(RECORD).rle_id()).to_series()
        waiting = batch.filter(last == last[-1])
        yield batch.filter(last != last[-1])
    if waiting is not None:
        yield waiting


def with_compared_columns(identities: pl.DataFrame) -> pl.DataFrame:
    """`identities` with the columns that rules and comparisons look at."""
    return derive(identities, KEPT_COLUMNS, PLAIN_COLUMNS)


def said_to_be_apart(identities: pl.DataFrame) -> pl.Series:
    """said_apart: whether people have said that an identity is another person than one that may look the same."""
    of_all = signatures(identities.with_columns(pl.lit(None, pl.String).alias(APART)), [*SIGNATURE, APART])
    return (of_all != identities[IDENTITY]).alias(SAID_APART)


def forms_of(persons: pl.DataFrame, first: int, said_apart: pl.DataFrame | None = None) -> pl.DataFrame:
    """RECORD, SIGNATURE, record and apart: a row for each name and place of each record; records are numbered from
    `first`.
    """
    another = pl.any_horizontal(pl.col(name) != pl.col(name).shift() for name in RECORD).fill_null(True)
    numbered = persons.select(
        *RECORD, *SIGNATURE, "postcodes", record=(another.cum_sum().cast(pl.Int64) - 1 + first).cast(pl.UInt32)
    )
    apart = pl.lit(None, pl.String)
    if said_apart is not None and said_apart.height:
        marked = said_apart.select(RECORD).unique().with_columns(marked=pl.concat_str(RECORD, separator=" "))
        numbered, apart = numbered.join(marked, on=RECORD, how="left", maintain_order="left"), pl.col("marked")
    numbered = numbered.with_columns(apart.alias(APART))
    if numbered.select((pl.col("postcodes").list.len() > 1).any()).item():
        numbered = numbered.with_columns(place=pl.col("postcodes").fill_null([])).explode("place", empty_as_null=True)
    else:
        numbered = numbered.with_columns(place=pl.col("postcodes").list.get(0, null_on_oob=True))
    return numbered.with_columns(postcode=pl.coalesce("place", "postcode")).select(*RECORD, "record", *SIGNATURE, APART)
