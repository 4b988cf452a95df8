"""Rows of the page on how notes are read: this quarter's notes beside those of the quarter before.

Belongs here: what is shown of drift. Does not belong here: judging it (resources/drift/judge_drift.py).
"""

import polars as pl

from nlp_assets.steps.quality.reading_cells import ReadingCells
from resources.drift.judge_drift import band_in_words
from resources.drift.quarter_profile import SHARE

COLUMNS = {"this quarter": "value", "last quarter": "last_quarter"}


def add_drift(cells: ReadingCells, note_drift: pl.DataFrame) -> None:
    """A row per measure of resources/drift/quarter_profile.py Drift; shares are of rounded counts, few are withheld."""
    for measure in note_drift.to_dicts():
        is_share, few = measure["kind"] == SHARE, measure["base"] < cells.minimum_base
        row = cells.row("drift", measure["measure"], "shares" if is_share else "per requirement")
        for header, column in COLUMNS.items():
            value = measure[column]
            if few and value is not None:
                row.withheld(header, "number")
            elif is_share and value is not None:
                row.percent(header, round(value * measure["base"]), measure["base"])
            else:
                row.number(header, None if value is None else round(value, 2))
        low, high = (bound if bound is None else round(bound, 2) for bound in (measure["lowest"], measure["highest"]))
        row.words("allowed", "[u]" if few else band_in_words(low, high))
        row.words("within", "yes" if measure["within"] else "no").words("last quarter is", measure["compared_with"])
