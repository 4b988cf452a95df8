"""Section 4 of the report: reconvictions (published report, section 4).

Belongs here: its sentences with figures. Does not belong here: prose (templates/report), figures
(figures_reconviction.py).
"""

from collections.abc import Mapping

from contracts.vocabulary import TYPES
from publication_assets.steps.documents.clear_differences import clear_differences
from publication_assets.steps.figures.of_report.figures_by_group import FEW
from publication_assets.steps.report.assumptions.trend_text import trend_text
from publication_assets.steps.report.report_associations import MODELS_OF_RECONVICTION, model_blocks
from publication_assets.steps.report.report_linkage import region_text
from publication_assets.steps.report.report_words import BY_LINKAGE, by_linkage, requirements_in_group
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.documents.fill_template import Value
from publishing.tables.declared import noun_of

BY_REGION, BY_LENGTH = "reconvicted_by_region", "reconvicted_by_length"


def reconviction_values(cells: ShownCells, figures: dict[str, Figure]) -> Mapping[str, Value]:
    """Values of section 4; those by requirement type end in "_atr" and "_drr"."""
    return {
        **{f"reconvictions_{kind.lower()}": reconviction_text(cells, kind) for kind in TYPES},
        "models_of_reconviction": model_blocks(cells, figures, MODELS_OF_RECONVICTION),
        "trend_of_reconviction": trend_text(cells, "reconvicted"),
        **{
            f"reconvictions_by_region_{kind.lower()}": region_text(
                cells, BY_REGION, f"reconvicted_share/{kind}", f"{noun_of(kind)} were followed by a reconviction"
            )
            for kind in TYPES
        },
        "reconvictions_by_length": _length(cells),
    }


def reconviction_text(cells: ShownCells, kind: str) -> str:
    """Sentences under figures 17 and 18."""
    noun = noun_of(kind)
    short = cells.text(BY_LINKAGE, "all/followed short", f"requirements/{kind}")
    late = (
        ""
        if short.startswith("[")
        else f" {short} {noun} without a reconviction so far were followed for less than {{period}} and count "
        "as not reconvicted."
    )
    return (
        f"{by_linkage(cells, 'all', kind)} of {requirements_in_group(cells, 'all', kind)} {noun} were followed by a "
        f"reconviction {{within_period}}: {by_linkage(cells, 'linked', kind)} of those linked to "
        f"structured treatment and {by_linkage(cells, 'not linked', kind)} of those not linked.{late}"
    )


def _length(cells: ShownCells) -> list[str]:
    return [
        f"{noun_of(kind)} followed by a reconviction: {found.in_words('overall', 'for ')}."
        for kind in TYPES
        if (
            found := clear_differences(
                cells, BY_LENGTH, cells.levels(BY_LENGTH, FEW), f"reconvicted_share/{kind}", "all"
            )
        )
    ]
