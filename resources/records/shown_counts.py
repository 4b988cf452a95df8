"""How a count of people or rows is told outside of where it was counted: rounded, and few as few.

Belongs here: the rounding. Does not belong here: what is counted, and the tables that are published, which have rules
of their own (publishing/disclosure).
"""

from collections.abc import Mapping
from typing import Any, cast

from resources.settings.study_settings import load_study_settings


def rounded(number: int, base: int) -> int:
    """`number` to the nearest multiple of `base`, halves away from zero: nothing exact is left to subtract from."""
    return base * ((2 * number + base) // (2 * base))


def counts_base() -> int:
    """What counts are rounded to, and the smallest that is told: publication.disclosure_threshold."""
    return load_study_settings().publication.disclosure_threshold


def shown_counts(counts: Mapping[str, Any], base: int) -> dict[str, Any]:
    """`counts` with every whole number as `shown_count` gives it, also those in dicts and lists."""
    return {name: _shown(count, base) for name, count in counts.items()}


def shown_count(count: int, base: int, few: str) -> int | str:
    """A count rounded to `base`; `few` for one from 1 to one below."""
    return few if 0 < count < base else rounded(count, base)


def _shown(count: Any, base: int) -> Any:
    if isinstance(count, Mapping):
        return shown_counts(cast("Mapping[str, Any]", count), base)
    if isinstance(count, list):
        return [_shown(each, base) for each in cast("list[Any]", count)]
    whole = isinstance(count, int) and not isinstance(count, bool)
    return shown_count(count, base, f"fewer than {base}") if whole else count
