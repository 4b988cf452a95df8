"""Sentences on the year of sentence: shares by year, and the trend with other factors held equal.

Belongs here: sentences with figures of tables 27 and 32. Does not belong here: the figures themselves.
"""

from contracts.vocabulary import TYPES
from modelling_assets.steps.sensitivity.sensitivity_years import YEAR, YEAR_ADDED
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.tables.contents.tables_years import ALL_YEARS, by_year_measures
from publication_assets.steps.tables.estimates.tables_sensitivity_models import (
    OUTCOMES,
    YEAR_LABEL,
    odds_ratio_measures,
)
from publication_assets.steps.tables.shown_cells import ShownCells

CAUTION = "Later sentences have had less time to be linked and to be followed by a reconviction."


def trend_text(cells: ShownCells, outcome: tuple[str, str, str]) -> str:
    """Sentences on an outcome by year of sentence, one of tables_years.OUTCOMES; none where nothing can be said."""
    said = [*_shares(cells, outcome), *_trends(cells, outcome[0])]
    return " ".join([*said, CAUTION]) if said else ""


def _shares(cells: ShownCells, outcome: tuple[str, str, str]) -> list[str]:
    if 32 not in cells.tables:
        return []
    years = [label for _, label in cells.rows(32) if label != ALL_YEARS]
    found = []
    for kind in TYPES:
        shares = {year: cells.percent(32, year, by_year_measures(kind, outcome)[1]) for year in years}
        known = [
            f"{share} of those {year[0].lower()}{year[1:]}"
            for year, share in shares.items()
            if not share.startswith("[")
        ]
        if len(known) > 1:
            found.append(f"Of {kind}s, {known[0]} and {known[-1]} were {outcome[2]}.")
    return [*found[:-1], f"{found[-1]} (Table 32)"] if found else []


def _trends(cells: ShownCells, outcome: str) -> list[str]:
    if 27 not in cells.tables:
        return []
    label, measures = f"{YEAR_LABEL}: {YEAR[1]}", odds_ratio_measures(YEAR_ADDED)
    model = OUTCOMES[outcome].split(" {")[0]
    groups = [group for group, row in cells.rows(27) if row == label and group.startswith(model)]
    found = []
    for kind, group in ((kind, group) for kind in TYPES for group in groups if group.endswith(f", {kind}s")):
        odds_ratio, low, high = (cells.text(27, label, measure, group) for measure in measures)
        if not odds_ratio.startswith("["):
            found.append(f"{odds_ratio} ({low} to {high}) for {kind}s")
    if not found:
        return []
    return [f"With the year added to the models, the odds ratio per later year is {listed(found)}. (Table 27)"]
