"""Section 3 of the report: ATRs and DRRs linked to structured treatment in detail (published report, section 3).

Belongs here: its sentences and where its figures stand. Does not belong here: figures (figures_linkage.py,
figures_status.py). Where figures are withheld and nothing can be compared, nothing is said.
"""

from modelling_assets.steps.documents.comparisons import capital, extremes, listed, row_words, rows_but_total
from modelling_assets.steps.documents.document import Block, Box, Bullets, Drawing, Heading, Paragraph, Section, Words
from modelling_assets.steps.figures.charts import Figure
from modelling_assets.steps.figures.figures_by_group import FEW, TOTAL
from modelling_assets.steps.figures.figures_linkage import (
    REGION_FIGURES,
    TIME_ROWS,
    linked_share,
    reached_share,
    reached_share_of_all,
)
from modelling_assets.steps.figures.figures_models import model_blocks
from modelling_assets.steps.figures.figures_status import STATUS_TABLES, status_share
from modelling_assets.steps.report.report_substance_use import substance_use_blocks
from modelling_assets.steps.report.report_treatment import staying_blocks
from modelling_assets.steps.report.report_words import OFF
from modelling_assets.steps.report.trend_text import trend_blocks
from modelling_assets.steps.tables.declared_table import TYPES
from modelling_assets.steps.tables.shown_cells import ShownCells
from modelling_assets.steps.tables.tables_breakdowns import ALL_LINKED, LINKED, STATUSES, UNKNOWN

FEW_WORDS = "Few requirements are longer than 12 months, so their figures are of low reliability."
STATUS_AT_END = "Structured treatment engagement status at end of observation period"
STATUS_NOUNS = {
    "Completed": "Completed treatment",
    "wide dropout": "Dropped out (wide definition)",
    "Remained": "Remained in treatment",
}


def linkage_section(cells: ShownCells, figures: dict[str, Figure], doubts: dict[str, list[str]]) -> Section:
    """Section 3. `doubts`: how far headlines could be off, by headline."""
    blocks: list[Block] = [
        Paragraph(
            "Sections 3 and 4 rest on linked probation and treatment records alone. Shares linked are lower bounds: "
            "people whose links were missed count as not linked. Differences between groups are associations, and part "
            "of a difference can come from links that are harder to make for one group than for another."
        ),
        Heading("factors-linkage", "3.1 Factors and characteristics associated with linkage to structured treatment"),
        *model_blocks(cells, figures, (16, 17, 30)),
        *trend_blocks(cells, LINKED),
        *([Box(OFF, [*doubts["models"]])] if doubts.get("models") else []),
        Heading("regions", "3.2 Linkage to structured treatment by region"),
        *_said(_types_by_region(cells)),
        *(block for kind, number in REGION_FIGURES.items() for block in _region(cells, figures[number], kind)),
        Heading("accommodation", "3.3 Accommodation status for ATRs and DRRs linked to structured treatment"),
        Drawing(figures["8"]),
        *_list(_compared(cells, 6, UNKNOWN)),
        *_said(_not_recorded(cells)),
        Heading("length", "3.4 ATRs and DRRs linked to structured treatment, by requirement length"),
        Drawing(figures["9"]),
        *_list(_compared(cells, 7, FEW)),
        Paragraph(FEW_WORDS),
        Heading("time", "3.5 Time to access structured treatment after sentencing"),
        Drawing(figures["10"]),
        *_list([_time(cells, kind) for kind in TYPES]),
        *_list([_time_of_all(cells, kind) for kind in TYPES]),
        Heading("status", "3.6 Treatment engagement status at the end of the observation period"),
        Paragraph(
            "Of requirements linked to structured treatment. Dropped out is the wide definition here: the journey "
            "ended in dropout, on entering prison or in death. Remaining in treatment can be a positive step in "
            "recovery."
        ),
    ]  # fmt: skip
    for table, anchor, heading in (
        (9, "status-age", f"3.6.1 {STATUS_AT_END}, by age band"),
        (10, "status-sex", f"3.6.2 {STATUS_AT_END}, by sex"),
        (11, "status-time", "3.7 Treatment outcomes for ATRs and DRRs linked to structured treatment based on time "
         "to engage with treatment"),
    ):
        blocks.append(Heading(anchor, heading))
        for kind, number in zip(TYPES, STATUS_TABLES[table][1], strict=True):
            blocks += [Drawing(figures[number]), *_list(_status(cells, table, kind))]
    blocks += substance_use_blocks(cells, figures)
    blocks += staying_blocks(cells, figures)
    return Section("linked", "3. Detailed analysis of ATRs and DRRs linked to structured treatment", blocks)


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


def _region(cells: ShownCells, figure: Figure, kind: str) -> list[Block]:
    return [Drawing(figure), *_said(region_text(cells, 5, linked_share(kind), f"{kind}s were linked"))]


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
    return f"Accommodation is not recorded for {said}; they are a row of their own."


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


def _said(sentence: str) -> list[Block]:
    return [Paragraph(capital(sentence))] if sentence else []


def _list(sentences: list[str]) -> list[Block]:
    words: list[Words] = [*filter(None, sentences)]
    return [Bullets(words)] if words else []
