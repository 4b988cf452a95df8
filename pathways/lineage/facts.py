"""What of a run explains a published figure and stands in no receipt of a table: model, threshold, decisions, code.

Counts are rounded as in everything that is read outside a zone. Does not belong here: how it is printed (lines.py).
"""

import platform
import subprocess
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from contracts.zones import SECTIONS
from publication_assets.catalogue.declared import DeclaredTable
from publication_assets.catalogue.wording import wording
from resources.lineage.walk import Step
from resources.process.data_root import REPOSITORY
from resources.settings.study_settings import StudySettings

LIBRARIES = ("dagster", "splink", "duckdb", "polars", "miceforest", "statsmodels", "scipy", "gpboost")
SCORING, MODELS = "scored_pairs", "model_fits"


def run_facts(steps: Iterable[Step], settings: StudySettings, table: DeclaredTable) -> dict[str, Any]:
    """Facts by name, of what is on the way: linkage, the models of the table, decisions, code as it is now."""
    on_the_way = {step.receipt.table: step for step in steps}
    facts: dict[str, Any] = {}
    if SCORING in on_the_way:
        facts["linkage"] = _linkage(on_the_way, settings)
    models = _models(settings, table)
    if MODELS in on_the_way and models:
        facts["models"] = models
        facts["imputations"] = settings.modelling.imputation.imputations
    facts["accepted"] = [
        {"table": name, "measure": decision.measure, "by": decision.by, "on": decision.on.isoformat()}
        for name, step in on_the_way.items()
        for record in step.receipt.checks.values()
        if record
        for decision in record.accepted
    ]
    facts["settings_edited_since"] = edited_since(on_the_way.values(), settings)
    facts["code"] = code_now()
    return facts


def edited_since(steps: Iterable[Step], settings: StudySettings) -> list[str]:
    """Zones whose sections of study.toml are no longer what tables on the way were made with: what is said of these
    settings is not what the figure was made with.
    """
    made_with = {(step.zone, step.receipt.settings.partition("+")[0]) for step in steps}
    now = {zone: settings.fingerprint(*sections) for zone, sections in SECTIONS.items()}
    return sorted({zone for zone, then in made_with if then != now[zone]})


def code_now() -> dict[str, str]:
    """The commit of this code where it is a git repository, Python, and libraries that compute figures."""
    return {"commit": _commit(), "python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def _linkage(on_the_way: dict[str, Step], settings: StudySettings) -> dict[str, Any]:
    decision = settings.linkage.threshold_decision
    model = on_the_way.get("linkage_model")
    return {
        "model": settings.linkage.model.name,
        "model_sha256": model.receipt.sha256 if model else "",
        "threshold": settings.linkage.threshold,
        "decided": decision.model_dump(mode="json"),
    }


def _models(settings: StudySettings, table: DeclaredTable) -> dict[str, str]:
    """Formulas of the models whose odds ratios a table has: its own one, or all where it sets models side by side."""
    if not any(measure.unit == "odds ratio" for measure in table.measures):
        return {}
    say = wording(settings)
    return {
        name: f"{model.outcome}, {say(f'{{types_of_{name}}}')}: {' + '.join(model.factors)} + (1 | region)"
        for name, model in settings.modelling.models.items()
        if table.model in {"", name}
    }


def _commit() -> str:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=10
        )
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return "not a git repository"
    return done.stdout.strip() + (" with changes that are not committed" if changed.stdout.strip() else "")
