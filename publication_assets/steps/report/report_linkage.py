"""Section 3 of the report: ATRs and DRRs linked to structured treatment in detail (published report, section 3).

Belongs here: its sentences with figures. Does not belong here: prose (templates/report), figures
(figures_linkage.py, figures_status.py). Where figures are withheld and nothing can be compared, nothing is said.
"""

from collections.abc import Mapping

from contracts.vocabulary import TYPES
from publication_assets.steps.documents.comparisons import capital, extremes, listed, row_words, rows_but_total
from publication_assets.steps.documents.fill_template import Value
from publication_assets.steps.figures.charts import Figure
from publication_assets.steps.figures.of_report.figures_by_group import FEW, TOTAL
from publication_assets.steps.figures.of_report.figures_linkage import (
    TIME_ROWS,
    linked_share,
    reached_share,
    reached_share_of_all,
)
from publication_assets.steps.figures.of_report.figures_models import model_blocks
from publication_assets.steps.figures.of_report.figures_status import status_share
from publication_assets.steps.report.report_findings import MODELS_OF_LINKAGE
from publication_assets.steps.report.trend_text import trend_text
from publication_assets.steps.tables.contents.tables_breakdowns import ALL_LINKED, LINKED, STATUSES, UNKNOWN
from publication_assets.steps.tables.shown_cells import ShownCells

STATUS_TABLE = {"age": 9, "sex": 10, "time": 11}
STATUS_NOUNS = {
    "Completed": "Completed treatment",
    "wide dropout": "Dropped out (wide definition)",
    "Remained": "Remained in treatment",
}


def linkage_values(cells: ShownCells, figures: dict[str, Figure]) -> Mapping[str, Value]:
    """Values of sections 3.1 to 3.7; those by requirement type end in "_atr" and "_drr"."""
    return {
        "models_of_linkage": model_blocks(cells, figures, MODELS_OF_LINKAGE),
        "trend_of_linkage": trend_text(cells, LINKED),
        "linkage_by_region": capital(_types_by_region(cells)),
        **{
            f"linkage_by_region_{kind.lower()}": region_text(cells, 5, linked_share(kind), f"{kind}s were linked")
            for kind in TYPES
        },
        "linkage_by_accommodation": _compared(cells, 6, UNKNOWN),
        "accommodation_not_recorded": _not_recorded(cells),
        "linkage_by_length": _compared(cells, 7, FEW),
        "time_to_treatment": [_time(cells, kind) for kind in TYPES],
        "time_to_treatment_of_all": [_time_of_all(cells, kind) for kind in TYPES],
        **{
            f"status_by_{name}_{kind.lower()}": _status(cells, table, kind)
            for name, table in STATUS_TABLE.items()
            for kind in TYPES
        },
    }


def region_text(cells: ShownCells, table: int, measure: str, did: str) -> str:
    """Where something happened most and least often, and in England; e.g. `did`: "ATRs were linked"."""
    ends = extremes(cells, table, rows_but_total(cells, table), measure)
    if ends is None:
        return ""
    among = "" if ends.complete else "Of the regions shown, "
    england = cells.percent(table, TOTAL, measure)
    beside = "" if england.startswith("[") else f"; in England as a whole it was {england}"
    return (
        f"{among}{did} most often in {listed(ends.highest)} ({ends.high}) and least often in {listed(ends.lowest)} "
        f"({ends.low}){beside}."
    )


def _types_by_region(cells: ShownCells) -> str:
    shares = {
        region: tuple(cells.value(5, region, linked_share(kind)) for kind in TYPES)
        for region in rows_but_total(cells, 5)
    }
    pairs = {region: (atr, drr) for region, (atr, drr) in shares.items() if atr is not None and drr is not None}
    if len(pairs) < len(shares):
        return ""
    others = [f"{region} ({atr:.0f}% and {drr:.0f}%)" for region, (atr, drr) in pairs.items() if atr <= drr]
    if len(others) == len(pairs):
        return "In no region was linkage more common for ATRs than for DRRs."
    but = f" but {listed(others)}" if others else ""
    return f"Linkage was more common for ATRs than for DRRs in all {len(pairs)} regions{but}."


def _compared(cells: ShownCells, table: int, but: str) -> list[str]:
    found = []
    for kind in TYPES:
        ends = extremes(cells, table, rows_but_total(cells, table, but), linked_share(kind))
        if ends:
            found.append(f"{kind}s linked: {ends.in_words('for ')}.")
    return found


def _not_recorded(cells: ShownCells) -> str:
    if UNKNOWN not in rows_but_total(cells, 6):
        return ""
    counts = {kind: cells.text(6, UNKNOWN, f"{kind}s (count)") for kind in TYPES}
    if any(number.startswith("[") for number in counts.values()):
        return ""
    said = listed([f"{number} {kind}s" for kind, number in counts.items()])
    return f"Accommodation is not recorded for {said}. They are shown as a separate row."


def _time(cells: ShownCells, kind: str) -> str:
    said = [
        f"{share} {'were already in treatment' if label.startswith('Already') else 'had started ' + row_words(written)}"
        for label, written in TIME_ROWS.items()
        if not (share := cells.percent(8, label, reached_share(kind))).startswith("[")
    ]
    days = cells.text(8, ALL_LINKED, f"{kind}s not already in treatment, mean time to structured treatment (days)")
    mean = "" if days.startswith("[") else f" Of those not already in treatment, it took {days} days on average (mean)."
    return f"Of linked {kind}s, {listed(said)}.{mean}" if said else ""


def _time_of_all(cells: ShownCells, kind: str) -> str:
    """Table 34, from its second row: shares of all requirements, which the round of 2023 reports at 3 weeks."""
    said = [
        f"{share} {row_words(written)}"
        for label, written in list(TIME_ROWS.items())[1:]
        if not (share := cells.percent(34, label, reached_share_of_all(kind))).startswith("[")
    ]
    told = f"Of all {kind}s, linked or not, {listed(said)} had started structured treatment or were already in it"
    return f"{told} (table 34)." if said else ""


def _status(cells: ShownCells, table: int, kind: str) -> list[str]:
    rows = rows_but_total(cells, table, UNKNOWN)
    return [
        f"{STATUS_NOUNS[status]}: {ends.in_words('for ')}."
        for status in STATUSES
        if (ends := extremes(cells, table, rows, status_share(kind, status)))
    ]
