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
ENOUGH_FOLLOWED = 95  # percent of the requirements of a year; a share of fewer would grow with time alone
CAUTION = {
    "linked": "This does not show a trend: later sentences have had less time to be linked to treatment that starts "
    "after them.",
    "reconvicted": "Later years are not compared, because too few of their requirements have been followed for "
    "{period}. Figure F5 shows each quarter, of those that have.",
}
BY_MEASURE = {"linked": "", "reconvicted": "By the study's measure, "}


def trend_text(cells: ShownCells, outcome: str) -> str:
    """Sentences on an outcome by year of sentence, one of WORDS; none where nothing can be said.

    Reconvictions are told of years that have been followed: the odds ratio of the year would compare time to observe.
    """
    said = [*_shares(cells, outcome), *(_trends(cells, outcome) if outcome == "linked" else [])]
    return " ".join([*said, CAUTION[outcome]]) if said else ""


def _shares(cells: ShownCells, outcome: str) -> list[str]:
    if BY_YEAR not in cells.tables:
        return []
    found = []
    for kind in TYPES:
        years = [year for year in cells.levels(BY_YEAR) if outcome == "linked" or _is_followed(cells, kind, year)]
        shares = [(year, cells.percent(BY_YEAR, year, f"{outcome}_share/{kind}")) for year in years]
        known = [(year, share) for year, share in shares if not share.startswith("[")]
        if len(known) > 1:
            (first, early), *_, (last, late) = known
            told = (
                f"{BY_MEASURE[outcome]}of {noun_of(kind)}, {early} of those sentenced in {first} and {late} of those "
                f"sentenced in {last} were {WORDS[outcome]}."
            )
            found.append(capital(told))
    return [*found[:-1], f"{found[-1]} ({TABLES[BY_YEAR].name})"] if found else []


def _is_followed(cells: ShownCells, kind: str, year: str) -> bool:
    """Whether almost all of a year's requirements were followed in full."""
    return (cells.value(BY_YEAR, year, f"followed_share/{kind}") or 0) >= ENOUGH_FOLLOWED


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
