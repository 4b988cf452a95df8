"""Section 4 of the report: reconvictions (published report, section 4).

Belongs here: its sentences with figures. Does not belong here: prose (templates/report), figures
(figures_reconviction.py).
"""

from collections.abc import Mapping

from contracts.vocabulary import KIND_LABELS, TYPES
from publication_assets.steps.documents.comparisons import extremes, rows_but_total
from publication_assets.steps.documents.fill_template import Value
from publication_assets.steps.figures.charts import Figure
from publication_assets.steps.figures.of_report.figures_by_group import FEW
from publication_assets.steps.figures.of_report.figures_models import model_blocks
from publication_assets.steps.figures.of_report.figures_reconviction import reconvicted_share
from publication_assets.steps.report.report_findings import MODELS_OF_RECONVICTION
from publication_assets.steps.report.report_linkage import region_text
from publication_assets.steps.report.report_words import by_linkage, requirements_in_group
from publication_assets.steps.report.trend_text import trend_text
from publication_assets.steps.tables.contents.tables_breakdowns import RECONVICTED
from publication_assets.steps.tables.contents.tables_outcomes import LINKED, NOT_LINKED
from publication_assets.steps.tables.contents.tables_reconviction import FOLLOWED_SHORT, RECONVICTION_LABELS
from publication_assets.steps.tables.shown_cells import ShownCells


def reconviction_values(cells: ShownCells, figures: dict[str, Figure]) -> Mapping[str, Value]:
    """Values of section 4; those by requirement type end in "_atr" and "_drr"."""
    return {
        **{f"reconvictions_{kind.lower()}": reconviction_text(cells, kind) for kind in TYPES},
        "models_of_reconviction": model_blocks(cells, figures, MODELS_OF_RECONVICTION),
        "trend_of_reconviction": trend_text(cells, RECONVICTED),
        **{
            f"reconvictions_by_region_{kind.lower()}": region_text(
                cells, 13, reconvicted_share(kind), f"{kind}s were followed by a reconviction"
            )
            for kind in TYPES
        },
        "reconvictions_by_length": _length(cells),
    }


def reconviction_text(cells: ShownCells, kind: str) -> str:
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


def _length(cells: ShownCells) -> list[str]:
    return [
        f"{kind}s followed by a reconviction: {ends.in_words('for ')}."
        for kind in TYPES
        if (ends := extremes(cells, 14, rows_but_total(cells, 14, FEW), reconvicted_share(kind)))
    ]
