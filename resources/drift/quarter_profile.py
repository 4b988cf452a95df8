"""The profile of a quarter: what its sources look like, in shares, means and numbers of rows.

Belongs here: the two tables, profile and drift, that every zone with a profile makes, and how a measure becomes a row.
Does not belong here: what is measured (the zones) and whether it may be so (judge_drift.py).

A profile is a measurement. It is read back a quarter later, whatever code or settings made it, so its rows say all
that a comparison needs: value, records it is of, and how much these differ.
"""

import math
from collections.abc import Iterable

import pandera.polars as pa
import polars as pl

from resources.zone.schema_check import Table

SHARE, MEAN, ROWS, RECENT, RATIO, DISTRIBUTION = "share", "mean", "rows", "recent", "ratio", "distribution"
KINDS = [SHARE, MEAN, ROWS, RECENT, RATIO, DISTRIBUTION]
DIGITS = 6
HELD = "is held by a check"  # words of compared_with where the quarter before cannot be compared with for that
SCHEMA = {
    "source": pl.String,
    "measure": pl.String,
    "kind": pl.String,
    "value": pl.Float64,
    "base": pl.Int64,
    "spread": pl.Float64,
}
Row = tuple[str, str, str, float | None, int, float]


class Profile(Table):
    """One row per measure of what the quarter looks like; shares, means and numbers of rows only."""

    source: str = pa.Field(description="what is measured: a system, or the linkage")
    measure: str = pa.Field(unique=True, description="the measure in words")
    kind: str = pa.Field(
        isin=KINDS,
        description="share of records; mean over records; rows of a file; recent: the newest number beside the mean of "
        "those before it; ratio; distribution: share of a band that is compared with its neighbours",
    )
    value: float = pa.Field(nullable=True, description="this quarter; empty when there is nothing to measure it on")
    base: pl.Int64 = pa.Field(ge=0, description="records that it is of")
    spread: float = pa.Field(ge=0, description="standard deviation over these records, for what chance explains")


class Drift(Table):
    """One row per measure: this quarter beside training and the quarter before, and whether it is within its band."""

    source: str = pa.Field(description="what is measured: a system, or the linkage")
    measure: str = pa.Field(unique=True, description="the measure in words: of the profile, or computed from it")
    kind: str = pa.Field(isin=KINDS, description="as in the profile")
    value: float = pa.Field(
        nullable=True, description="its value this quarter; empty when there is nothing to measure it on"
    )
    base: pl.Int64 = pa.Field(ge=0, description="records that it is of")
    training: float = pa.Field(nullable=True, description="when the model was trained")
    last_quarter: float = pa.Field(nullable=True, description="the quarter before")
    lowest: float = pa.Field(nullable=True, description="band: the lowest value allowed; empty when there is none")
    highest: float = pa.Field(nullable=True, description="band: the highest value allowed; empty when there is none")
    within: bool = pa.Field(description="inside the band")
    compared_with: str = pa.Field(description="what there was to compare with, or why there was nothing")


def profile_frame(rows: Iterable[Row]) -> pl.DataFrame:
    """Rows as a table of class Profile."""
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def share(source: str, measure: str, part: int, base: int, kind: str = SHARE) -> Row:
    """Share of `part` in `base` records."""
    value = round(part / base, DIGITS) if base else None
    return source, measure, kind, value, base, spread_of_share(value or 0.0, base)


def spread_of_share(value: float, base: int) -> float:
    """Standard deviation over records of a share; never 0, as few records without any prove little."""
    expected = (value * base + 0.5) / (base + 1)
    return round(math.sqrt(expected * (1 - expected)), DIGITS)


def share_known(source: str, measure: str, values: pl.Series) -> Row:
    """Share of records that have a value."""
    return share(source, measure, values.len() - values.null_count(), values.len())


def share_true(source: str, measure: str, flags: pl.Series) -> Row:
    """Share of records of which something is true; those that do not know are left out."""
    known = flags.drop_nulls()
    return share(source, measure, int(known.sum()), known.len())


def level_shares(source: str, measure: str, values: pl.Series, levels: Iterable[str]) -> list[Row]:
    """Share of each level in the records that have one, "measure: level"; levels that nobody has are there too."""
    counts = dict(values.drop_nulls().value_counts(name="records").iter_rows())
    known = sum(counts.values())
    return [share(source, f"{measure}: {level}", counts.get(level, 0), known) for level in levels]


def mean(source: str, measure: str, values: pl.Series) -> Row:
    """Mean of numbers over records."""
    known = values.drop_nulls().cast(pl.Float64).sort()  # sums of decimals depend on their order
    value, deviation = known.mean(), known.std()
    value = round(value, DIGITS) if isinstance(value, float) else None
    return source, measure, MEAN, value, known.len(), round(deviation, DIGITS) if isinstance(deviation, float) else 0.0


def number_of_rows(source: str, measure: str, rows: int) -> Row:
    """Rows of a file, which grows from quarter to quarter."""
    return source, measure, ROWS, float(rows), max(rows, 1), float(max(rows, 1))


def recent(source: str, measure: str, newest: int, before: list[int]) -> Row:
    """The newest number of records beside the mean of the numbers before it: 1 when nothing has changed."""
    expected = sum(before) / len(before) if before else 0.0
    value = round(newest / expected, DIGITS) if expected else None
    error = math.sqrt(1 + 1 / max(len(before), 1))  # of two counts, in numbers of expected records
    return source, measure, RECENT, value, round(expected), round(error, DIGITS)
