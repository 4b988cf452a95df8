"""Shares as the quality page tells them. Does not belong here: the tables."""

from resources.records.shown_counts import rounded


def share(part: int, whole: int, base: int, least: int) -> str:
    """A percentage of rounded counts with one decimal; [x] of none, [u] of few."""
    part, whole = rounded(part, base), rounded(whole, base)
    if not whole:
        return "[x]"
    return "[u]" if whole < least else f"{min(100.0, 100 * part / whole):.1f}"
