"""Sentences on the year of sentence: shares by year, and the trend with other factors held equal.

Belongs here: sentences with figures of tables 27 and 32. Does not belong here: the figures themselves.
"""

from contracts.vocabulary import TYPES
from modelling_assets.steps.sensitivity.sensitivity_years import YEAR, YEAR_ADDED
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.comparisons import capital, listed
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.tables.declared import and_limits, as_key, noun_of

BY_YEAR, ALTERNATIVES = "linked_and_reconvicted_by_year", "alternative_odds_ratios"
WORDS = {"linked": "linked to structured treatment", "reconvicted": "reconvicted {within_period}"}
CAUTION = {
    "linked": "This is no trend: later sentences have had less time to be linked to treatment that starts after them.",
    "reconvicted": "This is no trend: later sentences have been followed for less time, and until a reconviction is "
    "found they count as not reconvicted.",
}
BY_MEASURE = {"linked": "", "reconvicted": "By the study's measure, "}


def trend_text(cells: ShownCells, outcome: str) -> str:
    """Sentences on an outcome by year of sentence, one of WORDS; none where nothing can be said."""
    said = [*_shares(cells, outcome), *_trends(cells, outcome)]
    return " ".join([*said, CAUTION[outcome]]) if said else ""


def _shares(cells: ShownCells, outcome: str) -> list[str]:
    if BY_YEAR not in cells.tables:
        return []
    found = []
    for kind in TYPES:
        shares = [(year, cells.percent(BY_YEAR, year, f"{outcome}_share/{kind}")) for year in cells.levels(BY_YEAR)]
        known = [(year, share) for year, share in shares if not share.startswith("[")]
        if len(known) > 1:
            (first, early), *_, (last, late) = known
            told = (
                f"{BY_MEASURE[outcome]}of {noun_of(kind)}, {early} of those sentenced in {first} and {late} of those "
                f"sentenced in {last} were {WORDS[outcome]}."
            )
            found.append(capital(told) + (_followed(cells, kind, last) if outcome == "reconvicted" else ""))
    return [*found[:-1], f"{found[-1]} ({TABLES[BY_YEAR].name})"] if found else []


def _followed(cells: ShownCells, kind: str, year: str) -> str:
    """How many of those sentenced in a year were followed in full."""
    share = cells.percent(BY_YEAR, year, f"followed_share/{kind}")
    return "" if share.startswith("[") else f" Of those sentenced in {year}, {share} were followed for {{period}}."


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
