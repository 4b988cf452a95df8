"""What of a run explains its figures: receipts of all zones, and from them what each published table was made from.

Belongs here: putting receipts, catalogue and settings together. Does not belong here: walking (resources/lineage), what
is made of it (lineage_page.py, prov_record.py).
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from publication_assets.catalogue.wording import wording
from publishing.tables.declared import DeclaredTable
from resources.lineage.walk import Step, walk_back
from resources.process.data_root import REPOSITORY
from resources.receipts.receipts import Receipt
from resources.settings.study_settings import StudySettings

PUBLISHED, COUNTED = "published_tables", "counted_tables"
SCORING, MODELS = "scored_pairs", "model_fits"
COUNTING = Path("publication_assets/steps/tables")
Receipts = Mapping[str, tuple[str, Receipt]]
# What a parameter of a function that makes a table is made of (steps/tables/make_tables.py): its name to the asset.
READS = {
    "frame": "analysis_frame",
    "pooled": "pooled_odds_ratios",
    "estimates": "engagement_estimates",
    "sensitivity": "sensitivity_estimates",
    "diagnostics": "imputation_diagnostics",
    "substance_use": "substance_use",
    "worst": "note_reading_quality",
    "linkage_quality": "linkage_quality",
    "requirement_counts": "requirement_counts",
}


@dataclass(frozen=True)
class RunRecord:
    """One quarter. tables: name of each table to its zone and receipt. code: as code_now gives it. accepted: decisions
    to go on against a check. signed: sign-offs, each as (what, role, who, when).
    """

    quarter: str
    tables: Receipts
    settings: StudySettings
    code: Mapping[str, str]
    accepted: tuple[Mapping[str, Any], ...] = ()
    signed: tuple[tuple[str, str, str, str], ...] = ()
    synthetic: bool = False
    base: int = field(default=5, kw_only=True)


def steps_of(tables: Receipts, declared: DeclaredTable) -> list[Step]:
    """All that the values of a published table were made from, nearest first. Which cells are withheld depends on all
    published tables, as a cell may protect one of another table.
    """
    return walk_back(tables, PUBLISHED, {COUNTED: assets_read(declared)})


def assets_read(declared: DeclaredTable) -> frozenset[str]:
    """The assets that a table is counted from: its function takes them by name."""
    _, function = _function(declared.made_by)
    return frozenset(READS[each.arg] for each in function.args.args if each.arg in READS)


def function_of(declared: DeclaredTable) -> tuple[str, str]:
    """File and name of the function that counts a table, and what it says of itself."""
    file, function = _function(declared.made_by)
    said = (ast.get_docstring(function) or "").partition("\n\n")[0]
    return f"{file.relative_to(REPOSITORY)}: {function.name}", " ".join(said.split())


@cache
def _function(made_by: str) -> tuple[Path, ast.FunctionDef]:
    """The function as it is written: importing it would load all that it computes with, which takes seconds."""
    module, _, name = made_by.partition(":")
    file = next((REPOSITORY / COUNTING).rglob(f"{module}.py"))
    functions = (node for node in ast.parse(file.read_bytes()).body if isinstance(node, ast.FunctionDef))
    return file, next(node for node in functions if node.name == name)


def linkage_of(steps: Iterable[Step], settings: StudySettings) -> dict[str, Any] | None:
    """Model, digest, threshold and who decided it, where linkage is on the way."""
    on_the_way = {step.receipt.table: step.receipt for step in steps}
    if SCORING not in on_the_way:
        return None
    model = on_the_way.get("linkage_model")
    return {
        "model": settings.linkage.model.name,
        "model_sha256": model.sha256 if model else "",
        "threshold": settings.linkage.threshold,
        "decided": settings.linkage.threshold_decision.model_dump(mode="json"),
    }


def formulas_of(settings: StudySettings, declared: DeclaredTable) -> dict[str, str]:
    """Formulas of the models whose odds ratios a table has: its own one, or all where it sets models side by side."""
    if not any(measure.unit == "odds ratio" for measure in declared.measures):
        return {}
    say = wording(settings)
    return {
        name: f"{model.outcome}, {say(f'{{types_of_{name}}}')}: {' + '.join(model.factors)} + (1 | region)"
        for name, model in settings.modelling.models.items()
        if declared.model in {"", name}
    }
