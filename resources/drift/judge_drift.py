"""Judges a profile: beside what the model was trained on and the quarter before, and by what is plausible in itself.

Belongs here: bands, what chance explains, and measures for a gate (resources/zone/gates.py). Does not belong here: any
measure of a table (the zones), and the tables themselves (quarter_profile.py).

Chance is allowed `drift.sampling_errors` standard errors of the difference. Extracts are cumulative: the quarter before
is part of this one, so only the new records differ by chance. Training may be on other records altogether.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from resources.drift.quarter_profile import DIGITS, HELD, MEAN, RECENT, ROWS, SHARE, spread_of_share
from resources.settings.drift_settings import Drift, SourceBands
from resources.zone.gates import Measure, shown_value

ROUNDING = 1e-9  # so that a value equal to its bound is within
COMPARABLE = "the quarter before can be compared with"
DECIDE_BEFORE = (
    "The quarter before is held by a check. Mend its cause, or accept it (pathways accept), and refresh it: then "
    "refresh this one. If it is to stay as it is, accept this with its reason."
)
NOTHING = "no earlier quarter to compare with"


@dataclass(frozen=True)
class Points:
    """A share may move by `points`, and by no more than a `part` of itself; `least` it may always."""

    points: float
    part: float = 1.0
    least: float = 0.0

    def around(self, other: float, chance: float) -> tuple[float, float]:
        """Lowest and highest value allowed beside `other`."""
        allowed = max(self.least, min(self.points, self.part * other)) + chance
        return max(other - allowed, 0.0), min(other + allowed, 1.0)


@dataclass(frozen=True)
class Factor:
    """A figure may become `least` to `most` times what it was."""

    least: float
    most: float

    def around(self, other: float, chance: float) -> tuple[float, float]:
        """Lowest and highest value allowed beside `other`."""
        return max(other * self.least - chance, 0.0), other * self.most + chance


Band = Points | Factor


@dataclass(frozen=True)
class Bands:
    """A band per kind of measure, or per measure where it has one of its own; and how much chance is given."""

    by_kind: Mapping[str, Band]
    sampling_errors: float
    by_measure: Mapping[str, Band] | None = None
    continued: bool = True  # the quarter before is part of this one

    def of(self, measure: str, kind: str) -> Band:
        """The band of a measure."""
        return (self.by_measure or {}).get(measure) or self.by_kind[kind]


def source_bands(drift: SourceBands, continued: bool = True) -> Bands:
    """The bands of `[drift]`, or of `[justice_drift]`, for sources."""
    by_kind: dict[str, Band] = {
        SHARE: Points(drift.share_points, drift.share_part, drift.least_points),
        MEAN: Factor(1 - drift.mean_part, 1 / (1 - drift.mean_part)),
        ROWS: Factor(1 - drift.rows_lost, 1 + drift.rows_gained),
    }
    if isinstance(drift, Drift):
        by_kind[RECENT] = Factor(1 / drift.newest_factor, drift.newest_factor)
    return Bands(by_kind, drift.sampling_errors, continued=continued)


def compare_profiles(
    now: pl.DataFrame,
    training: Mapping[str, float | None],
    last_quarter: pl.DataFrame | None,
    bands: Bands,
    compared_with: str,
) -> pl.DataFrame:
    """One row per measure of `now` as quarter_profile.Drift, in its order.

    `training`: value by measure when the model was trained. `last_quarter`: the profile of the quarter before, None
    without one. `compared_with`: what these are, in words. Rows of files are compared with the quarter before alone,
    as they grow with time; the newest numbers of records with those before them in the same extract. A measure that
    had a value and has none any more is outside.
    """
    before = {row["measure"]: row for row in last_quarter.to_dicts()} if last_quarter is not None else {}
    rows = [_compare(row, training.get(row["measure"]), before.get(row["measure"]), bands) for row in now.to_dicts()]
    return drift_frame([(*row, compared_with) for row in rows])


def drift_frame(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    """Rows as a table of class quarter_profile.Drift."""
    return pl.DataFrame(
        rows,
        schema={
            "source": pl.String,
            "measure": pl.String,
            "kind": pl.String,
            "value": pl.Float64,
            "base": pl.Int64,
            "training": pl.Float64,
            "last_quarter": pl.Float64,
            "lowest": pl.Float64,
            "highest": pl.Float64,
            "within": pl.Boolean,
            "compared_with": pl.String,
        },
        orient="row",
    )


def _compare(
    row: dict[str, Any], training: float | None, before: dict[str, Any] | None, bands: Bands
) -> tuple[Any, ...]:
    last = before["value"] if before else None
    band = bands.of(row["measure"], row["kind"])
    ranges: list[tuple[float, float]] = []
    if row["kind"] == RECENT:
        if row["base"]:
            ranges.append(band.around(1.0, bands.sampling_errors * row["spread"] / math.sqrt(row["base"])))
    else:
        if training is not None and row["kind"] != ROWS:
            ranges.append(band.around(training, bands.sampling_errors * _error_of_others(row, training)))
        if before and last is not None and (last or row["kind"] == SHARE):
            ranges.append(band.around(last, bands.sampling_errors * _error_since(row, before, bands.continued)))
    low = max((low for low, _ in ranges), default=None)
    high = min((high for _, high in ranges), default=None)
    return (
        row["source"],
        row["measure"],
        row["kind"],
        row["value"],
        row["base"],
        training,
        last,
        _rounded(low),
        _rounded(high),
        lies_within(row["value"], low, high),
    )


def lies_within(value: float | None, low: float | None, high: float | None) -> bool:
    """Whether a value is in its band. Without a band everything is; in a band nothing is no value."""
    if low is None and high is None:
        return True
    return value is not None and (low is None or value >= low - ROUNDING) and (high is None or value <= high + ROUNDING)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, DIGITS)


def _error_of_others(row: dict[str, Any], other: float) -> float:
    """Standard error of a difference from a sample of other records, taken to be as large as this one."""
    spread = spread_of_share(other, row["base"]) if row["kind"] == SHARE else row["spread"]
    return spread * math.sqrt(2 / max(row["base"], 1))


def _error_since(row: dict[str, Any], before: dict[str, Any], continued: bool) -> float:
    """Standard error of a difference from the quarter before, which is part of this one if `continued`."""
    if row["kind"] == ROWS and not row["value"]:
        return 0.0  # chance explains fewer rows, not a file that is gone
    now, then = 1 / max(row["base"], 1), 1 / max(before["base"], 1)
    return before["spread"] * math.sqrt(abs(then - now) if continued else then + now)


def band_in_words(low: float | None, high: float | None) -> str:
    """A band as a person reads it."""
    if low is None and high is None:
        return NOTHING
    if low is None or high is None:
        return f"at most {_figure(high)}" if low is None else f"at least {_figure(low)}"
    if low > high:  # this quarter cannot be near both
        return f"at least {_figure(low)} by one comparison and at most {_figure(high)} by the other"
    return f"from {_figure(low)} to {_figure(high)}"


def _figure(value: float | None) -> str:
    """Numbers of rows whole, with commas; shares and means with four digits."""
    assert value is not None
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"


def drift_measures(drift: pl.DataFrame, remedies: Mapping[str, str]) -> list[Measure]:
    """The rows of a table of class quarter_profile.Drift, for a gate. `remedies`: what to do, by source.

    Where the quarter before is held by a check, one measure more is outside: without it a file that lost half its rows
    would pass, as rows are compared with nothing else.
    """
    held = drift["compared_with"].str.contains(HELD, literal=True).any()
    return [
        *([Measure(COMPARABLE, 0.0, "1 (yes)", False, DECIDE_BEFORE)] if held else []),
        *_measures_of_rows(drift, remedies),
    ]


def _measures_of_rows(drift: pl.DataFrame, remedies: Mapping[str, str]) -> list[Measure]:
    return [
        Measure(
            row["measure"],
            row["value"],
            f"{band_in_words(row['lowest'], row['highest'])} ({_beside(row)})",
            row["within"],
            remedies[row["source"]],
        )
        for row in drift.to_dicts()
    ]


def _beside(row: dict[str, Any]) -> str:
    others = {"training": row["training"], "last quarter": row["last_quarter"]}
    words = [f"{name} {shown_value(value)}" for name, value in others.items() if value is not None]
    return ", ".join(words) or ("1 is as before" if row["kind"] == RECENT else "no earlier value")


def plausible_measures(
    profile: pl.DataFrame,
    bounds: Mapping[str, tuple[float, float]],
    sampling_errors: float,
    remedies: Mapping[str, str],
) -> list[Measure]:
    """Measures of a profile beside what is plausible in itself, whatever there was before, for a gate.

    `bounds`: least and most by measure, all of which the profile has; chance is given besides. A measure without a
    value, because there was nothing to measure it on, is outside.
    """
    found = {row["measure"]: row for row in profile.to_dicts()}
    measures: list[Measure] = []
    for measure, (least, most) in bounds.items():
        row = found[measure]
        chance = sampling_errors * row["spread"] / math.sqrt(max(row["base"], 1))
        within = lies_within(row["value"], least - chance, most + chance)
        measures.append(Measure(measure, row["value"], f"from {least:g} to {most:g}", within, remedies[row["source"]]))
    return measures
