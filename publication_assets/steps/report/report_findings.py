"""Values of the key findings of the report, looked up in what the tables show.

Belongs here: figures of a finding by name. Does not belong here: the findings' words (templates/report/00_summary.md),
values that sections name too (report_overview.py). A withheld figure appears as its shorthand.
"""

from collections.abc import Mapping

from contracts.vocabulary import ALL, TYPES
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.fill_template import Value
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.of_report.figures_models import (
    ALTERNATIVES,
    associations_in_words,
    model_title,
    regions_in_words,
)
from publication_assets.steps.report.note_text import (
    engaged_text,
    engagement_heading,
    treated_by_type_text,
    uncertainty_text,
    worst_text,
)
from publication_assets.steps.report.report_words import (
    by_status_in_words,
    follow_up_text,
    reconvicted_by_linkage_text,
    reconvicted_heading,
    share_of_linked,
    study_measure_text,
)
from publication_assets.steps.tables.shown_cells import ShownCells, joined

STATUS = "treatment_status"  # measured after the outcome that it would be set against
MODELS_OF_LINKAGE, MODELS_OF_RECONVICTION = (
    tuple(f"odds_ratios_{outcome}_{kind.lower()}" for kind in (*TYPES, ALL)) for outcome in ("linked", "reconvicted")
)


def findings_values(cells: ShownCells, facts: RunFacts) -> Mapping[str, Value]:
    """Values of the key findings; those by requirement type end in "_atrs" and "_drrs"."""
    by_type = {
        "reconvicted": lambda kind: reconvicted_by_linkage_text(cells, kind),
        "by_outcome": lambda kind: by_status_in_words(cells, kind),
        "completed": lambda kind: share_of_linked(cells, "Completed", kind),
        "remained": lambda kind: share_of_linked(cells, "Remained", kind),
    }
    return {
        "engagement_heading": engagement_heading(cells, facts.experimental),
        "engaged": engaged_text(cells),
        "treated_by_type": treated_by_type_text(cells),
        "uncertainty": uncertainty_text(cells, ALL),
        "worst_known": worst_text(cells),
        "reconvicted_heading": reconvicted_heading(cells),
        "reconvicted_all": reconvicted_by_linkage_text(cells, ALL),
        "study_measure": study_measure_text(cells),
        "follow_up": follow_up_text(cells),
        **{f"{name}_{kind.lower()}s": say(kind) for name, say in by_type.items() for kind in TYPES},
        "linkage_models": _models(cells, MODELS_OF_LINKAGE),
        "linkage_model_tables": _tables(cells, MODELS_OF_LINKAGE),
        "reconviction_models": _models(cells, MODELS_OF_RECONVICTION),
        "reconviction_model_tables": _tables(cells, MODELS_OF_RECONVICTION),
    }


def _models(cells: ShownCells, tables: tuple[str, ...]) -> str:
    """What fitted models say, one sentence after the other; empty without any."""
    return " ".join(
        f"{model_title(table)[1]}: {associations_in_words(cells, table, STATUS)}{regions_in_words(cells, table)}"
        for table in tables
        if table in cells.tables
    )


def _tables(cells: ShownCells, tables: tuple[str, ...]) -> str:
    shown = [str(TABLES[table].number) for table in (*tables, ALTERNATIVES) if table in cells.tables]
    return f"Tables {joined(shown)}" if len(shown) > 1 else f"Table {''.join(shown)}"
