"""Sentences on the year of sentence: shares by year, and the trend with other factors held equal.

Belongs here: sentences with figures of tables 27 and 32. Does not belong here: the figures themselves.
"""

from contracts.vocabulary import TYPES
from modelling_assets.steps.sensitivity.sensitivity_years import YEAR, YEAR_ADDED
from publication_assets.catalogue.declared import and_limits, as_key, noun_of
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.tables.shown_cells import ShownCells

BY_YEAR, ALTERNATIVES = "linked_and_reconvicted_by_year", "alternative_odds_ratios"
WORDS = {"linked": "linked to structured treatment", "reconvicted": "reconvicted {within_period}"}
CAUTION = "Later sentences have had less time to be linked and to be followed by a reconviction."


def trend_text(cells: ShownCells, outcome: str) -> str:
    """Sentences on an outcome by year of sentence, one of WORDS; none where nothing can be said."""
    said = [*_shares(cells, outcome), *_trends(cells, outcome)]
    return " ".join([*said, CAUTION]) if said else ""


def _shares(cells: ShownCells, outcome: str) -> list[str]:
    if BY_YEAR not in cells.tables:
        return []
    found = []
    for kind in TYPES:
        shares = {year: cells.percent(BY_YEAR, year, f"{outcome}_share/{kind}") for year in cells.levels(BY_YEAR)}
        known = [f"{share} of those sentenced in {year}" for year, share in shares.items() if not share.startswith("[")]
        if len(known) > 1:
            found.append(f"Of {noun_of(kind)}, {known[0]} and {known[-1]} were {WORDS[outcome]}.")
    return [*found[:-1], f"{found[-1]} ({TABLES[BY_YEAR].name})"] if found else []


def _trends(cells: ShownCells, outcome: str) -> list[str]:
    if ALTERNATIVES not in cells.tables:
        return []
    found = []
    for kind in TYPES:
        row = "/".join((f"{outcome}_{kind.lower()}", *YEAR))
        if as_key(row) not in cells.rows(ALTERNATIVES):
            continue
        odds_ratio, low, high = (
            cells.text(ALTERNATIVES, row, measure) for measure in and_limits(f"alternative/{YEAR_ADDED}")
        )
        if not odds_ratio.startswith("["):
            found.append(f"{odds_ratio} ({low} to {high}) for {noun_of(kind)}")
    if not found:
        return []
    told = f"With the year added to the models, the odds ratio per later year is {listed(found)}."
    return [f"{told} ({TABLES[ALTERNATIVES].name})"]
