"""Whether an extract is of the quarter that it is sent for: how old it is, and whether an earlier quarter had it.

Belongs here: judging one file by its dates and its bytes. Does not belong here: which column is the date of a source's
events (contracts/sources), and showing what was found (pathways/check/check_together.py).

Extracts are cumulative. Last quarter's file sent again under a new name has no event of this quarter, in whatever form
and order it was exported; a file with the new rows alone has none of the first years.
"""

import math
from dataclasses import dataclass
from datetime import date

import polars as pl

from resources.extracts.extract_declaration import Extract
from resources.settings.extract_settings import Extracts
from resources.zone.gates import Measure

DAYS_OF_A_YEAR = 365
FEW_ROWS = 100  # a smaller file may well be the same in two quarters, or without an event in one


@dataclass(frozen=True)
class Age:
    """What the dates or the bytes of a file say of it: `problem` in words and counts, and the measure of a gate."""

    table: str
    problem: str
    remedy: str
    measure: Measure

    @property
    def name(self) -> str:
        """The measure in words, unique."""
        return self.measure.name


def judge_dates(
    extract: Extract, frame: pl.DataFrame, quarter: str, last_day: date, cohort_start: date, limits: Extracts
) -> list[Age]:
    """What is wrong with how old an extract's newest and how young its oldest event is; days and counts, no date.

    A file of few dates, or of a system without a limit, is not judged. Events may lie far apart: `typical_gaps` times
    the mean gap between two events of the nearest year is allowed at least.
    """
    dates = frame[extract.event_date].drop_nulls() if extract.event_date else pl.Series(dtype=pl.Date)
    dates = dates.filter(dates <= last_day)
    if dates.len() < FEW_ROWS:
        return []
    until_end, since_start = (last_day - dates).dt.total_days(), (dates - cohort_start).dt.total_days()
    column = f"{extract.name}.{extract.event_date}"
    found: list[Age] = []
    days, allowed = _nearest(until_end, limits.newest_event_days.get(extract.system), limits.typical_gaps)
    if days > allowed:
        found.append(
            _age(
                extract,
                f"{column}: days from the newest date to the end of the quarter",
                days,
                allowed,
                f"the newest {extract.event_date} lies {days} days before the end of {quarter}",
                f"Send {extract.name} of {quarter}: this looks like the file of an earlier quarter.",
            )
        )
    days, allowed = _nearest(since_start, limits.oldest_event_days.get(extract.system), limits.typical_gaps)
    if days > allowed:
        found.append(
            _age(
                extract,
                f"{column}: days from the start of the cohort to the oldest date",
                days,
                allowed,
                f"the oldest {extract.event_date} lies {days} days after study.cohort_start",
                f"Send all of {extract.name} since the start of the cohort, not only what is new.",
            )
        )
    return found


def _nearest(days: pl.Series, limit: int | None, gaps: float) -> tuple[int, float]:
    """Days to the nearest event, and how many are allowed; `days` of all events from the same day on."""
    nearest = int(days.to_numpy().min())
    events = int((days.to_numpy() < nearest + DAYS_OF_A_YEAR).sum())
    return nearest, math.inf if limit is None else max(limit, round(gaps * DAYS_OF_A_YEAR / events))


def _age(extract: Extract, name: str, days: int, allowed: float, problem: str, remedy: str) -> Age:
    return Age(extract.name, problem, remedy, Measure(name, float(days), f"at most {allowed:g}", False, remedy))


def judge_same_file(extract: Extract, earlier: str, rows: int) -> Age:
    """That an extract has the very bytes of an earlier quarter's. It stops a refresh where no date can tell, and the
    file is not small: otherwise its dates decide, and it is a warning.
    """
    within = bool(extract.event_date) or rows < FEW_ROWS or extract.may_be_empty
    remedy = f"Send {extract.name} of this quarter: people and records were added since {earlier}."
    measure = Measure(f"{extract.name}: rows of the same file as in {earlier}", float(rows), "0", within, remedy)
    return Age(extract.name, f"the file is the same, byte for byte, as in {earlier} ({rows:,} rows)", remedy, measure)
