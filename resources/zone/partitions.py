"""Quarters: the one partition of every asset. "2023Q1" is the quarter that ends on 31 March 2023.

They are a fixed list (dagster_partitions.py says why). Dagster starts a run whatever partition its launch names, and a
quarter is a folder: so whoever makes a path of one asks `known_quarter`.
"""

from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 2023, 2032
QUARTER_NAMES = [f"{year}Q{number}" for year in range(FIRST_YEAR, LAST_YEAR + 1) for number in (1, 2, 3, 4)]


class NotAQuarter(ValueError):
    """What was given is no quarter; lists what is allowed."""


def known_quarter(quarter: str) -> str:
    """The quarter that was given. Raises NotAQuarter."""
    if quarter not in QUARTER_NAMES:
        raise NotAQuarter(
            f"{quarter[:20]!r} is not a quarter. Use {QUARTER_NAMES[0]} to {QUARTER_NAMES[-1]}, e.g. 2023Q1."
        )
    return quarter


def quarter_end(quarter: str) -> date:
    """Last day of a quarter such as "2023Q1". Raises NotAQuarter."""
    year, number = int(known_quarter(quarter)[:4]), int(quarter[5])
    return date(year + (number == 4), number % 4 * 3 + 1, 1) - timedelta(days=1)


def quarter_before(day: date) -> str:
    """The last quarter that had ended on `day`."""
    first_of_quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    last_day = first_of_quarter - timedelta(days=1)
    return f"{last_day.year}Q{(last_day.month - 1) // 3 + 1}"


def previous_quarter(quarter: str) -> str | None:
    """The quarter before `quarter`, or None before the first one. Raises NotAQuarter."""
    quarter_end(quarter)
    position = QUARTER_NAMES.index(quarter)
    return QUARTER_NAMES[position - 1] if position else None
