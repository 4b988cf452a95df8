"""A release beside the one before and what the model was trained on, as the quality page shows it.

Belongs here: the tables, in rounded counts and shares of them. Does not belong here: judging (resources/drift).
"""

from collections.abc import Mapping
from math import floor, log10
from typing import Any

import polars as pl

from justice_assets.steps.quality_page.shown_shares import share
from publishing.documents.document import Grid
from resources.drift.judge_drift import band_in_words
from resources.drift.quarter_profile import ROWS, SHARE
from resources.records.shown_counts import rounded

HEADERS = ["Measure", "This release", "When trained", "Release before", "Allowed", "Within"]
MOST_DECIMALS = 6
VALUES = ("value", "training", "last_quarter")


def drift_grid(drift: pl.DataFrame, what: str, mark: str, base: int, least: int) -> Grid:
    """Every measure of a table of class quarter_profile.Drift. `base`: what counts are rounded to; `least`: records of
    which a share is shown.
    """
    rows: list[list[str]] = []
    for row in drift.to_dicts():
        shown = [_shown(row, value, base, least) for value in VALUES]
        within = "yes" if row["within"] else "no"
        rows.append([_sentence(row["measure"]), *shown, _allowed(row, base, least), within])
    return Grid(f"{what}, beside training and the release before{mark}", HEADERS, rows)


def compared_with(drift: pl.DataFrame) -> str:
    """What there was to compare with, in words."""
    return ", ".join(drift["compared_with"].unique().sort())


def _shown(row: Mapping[str, Any], value: str, base: int, least: int) -> str:
    found = row[value]
    if found is None:
        return "[x]"
    if row["kind"] == ROWS:
        return f"{rounded(round(found), base):,}"
    if row["base"] < least:
        return "[u]"
    if row["kind"] == SHARE:
        return f"{share(round(found * row['base']), row['base'], base, least)} %"
    return _number(found)


def _number(found: float) -> str:
    """Three digits, never as 4e-06: the page is for people."""
    decimals = max(0, 2 - floor(log10(abs(found)))) if found else 0
    written = f"{found:,.{min(decimals, MOST_DECIMALS)}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _allowed(row: Mapping[str, Any], base: int, least: int) -> str:
    if row["kind"] != ROWS and row["base"] < least:
        return "[u]"
    bounds = row["lowest"], row["highest"]
    if row["kind"] == ROWS:
        return band_in_words(*(None if found is None else float(rounded(round(found), base)) for found in bounds))
    if row["kind"] == SHARE and bounds != (None, None):
        return band_in_words(*(None if found is None else round(100 * found, 1) for found in bounds)) + " %"
    return band_in_words(*(None if found is None else round(found, 3) for found in bounds))


def _sentence(words: str) -> str:
    """A name of a table, such as crown_defendant_case, stays as it is."""
    first = words.partition(" ")[0]
    return words if "_" in first else f"{words[:1].upper()}{words[1:]}"
