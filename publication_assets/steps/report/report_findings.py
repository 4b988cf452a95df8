"""Values of the key findings of the report, looked up in what the tables show.

Belongs here: figures of a finding by name. Does not belong here: the findings' words (templates/report/00_summary.md),
values that sections name too (report_overview.py). A withheld figure appears as its shorthand.
"""

from collections.abc import Mapping

from contracts.vocabulary import KIND_LABELS, TYPES
from publication_assets.steps.documents.fill_template import Value
from publication_assets.steps.figures.of_report.figures_models import (
    MODEL_TITLES,
    regions_in_words,
    strongest_in_words,
)
from publication_assets.steps.report.note_text import ANY_TREATMENT, ESTIMATED_SHARE, uncertainty_text
from publication_assets.steps.report.report_words import (
    by_linkage,
    by_status_in_words,
    requirements_in_group,
    share_of_linked,
    span_by_status,
)
from publication_assets.steps.tables.contents.tables_outcomes import LINKED, NOT_LINKED
from publication_assets.steps.tables.shown_cells import ShownCells, joined

BOTH, ATR, DRR = KIND_LABELS.values()
MODELS_OF_LINKAGE, MODELS_OF_RECONVICTION = (16, 17, 30), (18, 19, 31)


def findings_values(cells: ShownCells) -> Mapping[str, Value]:
    """Values of the key findings; those by requirement type end in "_atrs" and "_drrs"."""
    treated = {noun: cells.value(1, noun, ANY_TREATMENT) or 0 for noun in (ATR, DRR)}
    by_type = {
        "any_treatment": lambda kind: cells.percent(1, f"{kind}s", ANY_TREATMENT),
        "reconvicted": lambda kind: _reconvicted(cells, f"{kind}s"),
        "reconvicted_by_outcome": lambda kind: span_by_status(cells, kind),
        "by_outcome": lambda kind: by_status_in_words(cells, kind),
        "completed": lambda kind: share_of_linked(cells, "Completed", kind),
        "remained": lambda kind: share_of_linked(cells, "Remained", kind),
    }
    return {
        "engaged_not_linked": cells.percent(1, BOTH, ESTIMATED_SHARE),
        "higher_for_atrs": treated[ATR] > treated[DRR],
        "uncertainty": uncertainty_text(cells, BOTH),
        "reconvicted_linked": by_linkage(cells, LINKED, BOTH),
        "reconvicted_not_linked": by_linkage(cells, NOT_LINKED, BOTH),
        **{f"{name}_{kind.lower()}s": say(kind) for name, say in by_type.items() for kind in TYPES},
        "linkage_models": _models(cells, MODELS_OF_LINKAGE),
        "linkage_model_tables": _tables(cells, MODELS_OF_LINKAGE),
        "reconviction_models": _models(cells, MODELS_OF_RECONVICTION),
        "reconviction_model_tables": _tables(cells, MODELS_OF_RECONVICTION),
    }


def _reconvicted(cells: ShownCells, noun: str) -> str:
    return (
        f"{by_linkage(cells, LINKED, noun)} of {requirements_in_group(cells, LINKED, noun)} linked and "
        f"{by_linkage(cells, NOT_LINKED, noun)} of {requirements_in_group(cells, NOT_LINKED, noun)} not linked"
    )


def _models(cells: ShownCells, tables: tuple[int, ...]) -> str:
    """What fitted models say, one sentence after the other; empty without any."""
    return " ".join(
        f"{MODEL_TITLES[table][1]}: {_lower(strongest_in_words(cells, table))}{regions_in_words(cells, table)}"
        for table in tables
        if table in cells.tables
    )


def _tables(cells: ShownCells, tables: tuple[int, ...]) -> str:
    shown = [str(table) for table in tables if table in cells.tables]
    return f"Tables {joined(shown)}" if len(shown) > 1 else f"Table {''.join(shown)}"


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]
