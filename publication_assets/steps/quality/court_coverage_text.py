"""Sentences on how complete court results are, by quarter and court system.

Belongs here: words with figures of the section "court coverage" in them. Does not belong here: the figures themselves,
and fixed text of the pages that say these sentences.
"""

from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.tables.estimates.quality_tables import QualityTables

SECTION, SHARE, ALL_SYSTEMS, GAP = "court coverage", "On Common Platform (%)", "All systems", "Gap"
FEWER = "fewer than expected"


def court_coverage(tables: QualityTables, fall: float) -> list[str]:
    """The move to Common Platform, and the quarters in which all systems together hold too few results: more than the
    part `fall` below the mean of the four quarters before. Nothing where there is no such section."""
    quarters = tables.labels(SECTION)
    if not quarters:
        return []
    first, last = quarters[0], quarters[-1]
    flagged = [quarter for quarter in quarters if tables.text(SECTION, quarter, GAP) == FEWER]
    below = f"more than {100 * fall:.4g}% below the mean of the four quarters before"
    return [
        f"Of the court results of {first}, {tables.text(SECTION, first, SHARE)}% are on Common Platform; of those of "
        f"{last}, {tables.text(SECTION, last, SHARE)}%.",
        f"All court systems together hold fewer results than expected, {below}, in "
        f"{listed(flagged)}. Reconvictions of these months may be missing; courts may also have heard fewer cases."
        if flagged
        else f"In no quarter do all court systems together hold results {below}.",
    ]
