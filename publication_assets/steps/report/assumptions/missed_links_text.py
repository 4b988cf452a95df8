"""Sentences on how far missed links explain what differs between groups.

Belongs here: sentences with figures of table 40. Does not belong here: the estimates, what other assumptions make of
the odds ratios (sensitivity_text.py), fixed text.
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.rows import ALL_BY_REVIEW, ALL_BY_SIMULATED_REVIEW
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.clear_differences import difference
from publication_assets.steps.documents.comparisons import group_words, listed
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.tables.declared import and_limits, noun_of

MISSED, ALTERNATIVES = "missed_links_by_group", "alternative_odds_ratios"
ACCOMMODATION, ETHNIC_GROUP = "accommodation", "ethnic_group"
REVIEWS = {
    ALL_BY_REVIEW.key: "clerical review",
    ALL_BY_SIMULATED_REVIEW.key: "a simulated review (no person looked at a pair)",
}


def missed_links(cells: ShownCells) -> list[str]:
    """How far missed links explain what differs by accommodation, where most and where fewest are missed; and the rates
    by ethnic group, which is used to make links. Nothing without rates by accommodation."""
    rates = _rates(cells, ACCOMMODATION)
    if len(rates) < 2:
        return []
    most, fewest = (end(rates, key=lambda row: rates[row]) for end in (max, min))
    said = ", ".join(f"{cells.percent(MISSED, row, 'missed')} for {_named(cells, row)}" for row in (most, fewest))
    first = (
        "Links are missed more often for some groups than for others. Of true links among the pairs that it compared, "
        f"the linkage model expects that it missed these shares: {said}, {cells.percent(MISSED, 'all', 'missed')} "
        f"overall.{_by_review(cells)}"
    )
    corrected = [told for kind in TYPES if (told := _if_corrected(cells, kind, most, fewest))]
    return [first, *filter(None, [_by_ethnic_group(cells)]), *corrected]


def _rates(cells: ShownCells, grouping: str) -> dict[str, float]:
    """Rows of a grouping whose rate is shown, and the rate in percent."""
    rows = cells.rows(MISSED, within=grouping) if MISSED in cells.tables else []
    return {row: rate for row in rows if (rate := cells.value(MISSED, row, "missed")) is not None}


def _by_review(cells: ShownCells) -> str:
    """What review of pairs found, and who reviewed; empty where nobody did."""
    for row in cells.rows(MISSED):
        if row in REVIEWS and not (share := _with_limits(cells, row, "missed")).startswith("["):
            return f" By {REVIEWS[row]}, {share} of true links among the pairs compared were missed."
    return ""


def _by_ethnic_group(cells: ShownCells) -> str:
    """The rates of every ethnic group; empty where fewer than two are shown."""
    rates = _rates(cells, ETHNIC_GROUP)
    if len(rates) < 2:
        return ""
    said = listed([f"{cells.percent(MISSED, row, 'missed')} for {cells.label(MISSED, row)}" for row in rates])
    table = (
        f" {TABLES[ALTERNATIVES].name} has the odds ratios corrected for them." if ALTERNATIVES in cells.tables else ""
    )
    return (
        "Ethnic group is used to make links. By ethnic group, the model expects that it missed these shares of links: "
        f"{said}.{table}"
    )


def _if_corrected(cells: ShownCells, kind: str, most: str, fewest: str) -> str:
    """What the shares linked of two groups become, each corrected for its own rate; empty where one is withheld."""
    linked, corrected = f"linked_share/{kind}", f"corrected_for_missed/{kind}"
    if any(cells.value(MISSED, row, column) is None for row in (most, fewest) for column in (linked, corrected)):
        return ""
    as_linked = " and ".join(f"{cells.percent(MISSED, row, linked)} ({_named(cells, row)})" for row in (most, fewest))
    if_missed = " and ".join(
        f"{_with_limits(cells, row, corrected, f'{_named(cells, row)}, ')}" for row in (most, fewest)
    )
    return (
        f"Of {noun_of(kind)}, {as_linked} were linked. Corrected for the links that the model expects it missed in "
        f"each group, {if_missed} were in structured treatment.{_then(cells, linked, corrected, most, fewest)} "
        f"({TABLES[MISSED].name})"
    )


def _then(cells: ShownCells, linked: str, corrected: str, most: str, fewest: str) -> str:
    """What the correction makes of the difference of two groups; empty where the limits are not shown."""
    ends = [[cells.value(MISSED, row, name) for name in and_limits(corrected)] for row in (most, fewest)]
    clear = difference(*ends)
    if clear is None:
        return ""
    if clear == 0:
        return " There is then no clear difference."
    gaps = [
        (cells.value(MISSED, most, column) or 0.0) - (cells.value(MISSED, fewest, column) or 0.0)
        for column in (linked, corrected)
    ]
    if gaps[0] * gaps[1] < 0:
        return " The difference is then the other way round."
    return f" The difference is then {'smaller' if abs(gaps[1]) < abs(gaps[0]) else 'no smaller'}."


def _with_limits(cells: ShownCells, row: str, measure: str, lead: str = "") -> str:
    """A share with its limits in brackets, where they are shown; lead: what stands before them in the brackets."""
    share, low, high = (cells.percent(MISSED, row, name) for name in and_limits(measure))
    beside = lead.removesuffix(", ") if "[" in low + high else f"{lead}{low} to {high}"
    return f"{share} ({beside})" if beside else share


def _named(cells: ShownCells, row: str) -> str:
    return group_words(cells.label(MISSED, row))
