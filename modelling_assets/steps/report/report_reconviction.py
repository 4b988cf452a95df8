"""Section 4 of the report: reconvictions (published report, section 4).

Belongs here: its sentences and where its figures stand. Does not belong here: figures (figures_reconviction.py).
"""

from modelling_assets.steps.documents.comparisons import extremes, rows_but_total
from modelling_assets.steps.documents.document import Block, Box, Bullets, Drawing, Heading, Paragraph, Section, Words
from modelling_assets.steps.documents.run_facts import RunFacts
from modelling_assets.steps.figures.charts import Figure
from modelling_assets.steps.figures.figures_by_group import FEW
from modelling_assets.steps.figures.figures_models import model_blocks
from modelling_assets.steps.figures.figures_reconviction import LINKAGE_FIGURES, REGION_FIGURES, reconvicted_share
from modelling_assets.steps.report.report_linkage import FEW_WORDS, region_text
from modelling_assets.steps.report.report_words import OFF, by_linkage, by_status_in_words, requirements_in_group
from modelling_assets.steps.report.trend_text import trend_blocks
from modelling_assets.steps.tables.declared_table import KIND_LABELS, TYPES
from modelling_assets.steps.tables.shown_cells import ShownCells
from modelling_assets.steps.tables.tables_breakdowns import RECONVICTED
from modelling_assets.steps.tables.tables_outcomes import LINKED, NOT_LINKED
from modelling_assets.steps.tables.tables_reconviction import FOLLOWED_SHORT, RECONVICTION_LABELS


def reconviction_section(
    cells: ShownCells, figures: dict[str, Figure], facts: RunFacts, doubts: dict[str, list[str]]
) -> Section:
    """Section 4. `doubts`: how far headlines could be off, by headline."""
    blocks: list[Block] = [
        Paragraph(
            "A reconviction is {reconviction}. Courts take time, so percentages are minimum estimates. It is "
            "not known whether the new offence is of the same kind. The differences are associations: they do not show "
            "what causes them."
        ),
        Heading("reconvictions-linkage", "4.1 Identified reconvictions for ATRs and DRRs"),
        *(block for kind in TYPES
          for block in (Drawing(figures[LINKAGE_FIGURES[kind]]), Paragraph(reconviction_text(cells, kind, facts)))),
        *([Box(OFF, [*doubts["reconvicted"]])] if doubts.get("reconvicted") else []),
        Heading("factors-reconviction",
                "4.2 Factors and characteristics associated with being reconvicted after an ATR or DRR"),
        *model_blocks(cells, figures, (18, 19, 31)),
        *trend_blocks(cells, RECONVICTED),
        Heading("reconvictions-regions", "4.3 Identified reconvictions for ATRs and DRRs, by region"),
        *(block for kind, number in REGION_FIGURES.items() for block in _region(cells, figures[number], kind)),
        Heading("reconvictions-length", "4.4 Identified reconvictions, by requirement length"),
        Drawing(figures["21"]),
        *_length(cells),
        Paragraph(FEW_WORDS),
        Heading("reconvictions-status", "4.5 Identified reconvictions, by structured treatment engagement status"),
        Drawing(figures["22"]),
        *(Paragraph(by_status_in_words(cells, kind)) for kind in TYPES),
    ]  # fmt: skip
    return Section("reconvictions", "4. Main findings: Reconvictions", blocks)


def reconviction_text(cells: ShownCells, kind: str, facts: RunFacts) -> str:
    """Sentences under figures 17 and 18."""
    noun = KIND_LABELS[kind]
    short = cells.text(12, RECONVICTION_LABELS[FOLLOWED_SHORT], f"{noun} (count)", "All")
    late = (
        ""
        if short.startswith("[")
        else f" {short} {noun} without a reconviction so far were followed for less than {{period}} and count "
        "as not reconvicted."
    )
    return (
        f"{by_linkage(cells, 'All', noun)} of {requirements_in_group(cells, 'All', noun)} {noun} were followed by a "
        f"reconviction {{within_period}}: {by_linkage(cells, LINKED, noun)} of those linked to "
        f"structured treatment and {by_linkage(cells, NOT_LINKED, noun)} of those not linked.{late}"
    )


def _region(cells: ShownCells, figure: Figure, kind: str) -> list[Block]:
    text = region_text(cells, 13, reconvicted_share(kind), f"{kind}s were followed by a reconviction")
    return [Drawing(figure), *([Paragraph(text)] if text else [])]


def _length(cells: ShownCells) -> list[Block]:
    found: list[Words] = [
        f"{kind}s followed by a reconviction: {ends.in_words('for ')}."
        for kind in TYPES
        if (ends := extremes(cells, 14, rows_but_total(cells, 14, FEW), reconvicted_share(kind)))
    ]
    return [Bullets(found)] if found else []
