"""What of a run explains a published figure and stands in no receipt of a table: model, threshold, decisions, code.

Counts are rounded as in everything that is read outside a zone. Does not belong here: how it is printed (lines.py),
what the page of the publication says of the same (publication_assets/steps/lineage).
"""

from collections.abc import Iterable
from typing import Any

from contracts.zones import SECTIONS
from publication_assets.steps.lineage.run_record import MODELS, formulas_of, linkage_of
from publishing.tables.declared import DeclaredTable
from resources.lineage.code_now import code_now
from resources.lineage.walk import Step
from resources.settings.study_settings import StudySettings


def run_facts(steps: Iterable[Step], settings: StudySettings, table: DeclaredTable) -> dict[str, Any]:
    """Facts by name, of what is on the way: linkage, the models of the table, runs, decisions, code as it is now."""
    on_the_way = {step.receipt.table: step for step in steps}
    facts: dict[str, Any] = {}
    if linkage := linkage_of(on_the_way.values(), settings):
        facts["linkage"] = linkage
    formulas = formulas_of(settings, table)
    if MODELS in on_the_way and formulas:
        facts["models"] = formulas
        facts["imputations"] = settings.modelling.imputation.imputations
    return facts | facts_of_steps(on_the_way.values(), settings)


def facts_of_steps(steps: Iterable[Step], settings: StudySettings) -> dict[str, Any]:
    """Facts of any study: decisions, runs, and code as it is now."""
    on_the_way = {step.receipt.table: step for step in steps}
    facts: dict[str, Any] = {}
    facts["accepted"] = [
        {"table": name, "measure": decision.measure, "by": decision.by, "on": decision.on.isoformat()}
        for name, step in on_the_way.items()
        for record in step.receipt.checks.values()
        if record
        for decision in record.accepted
    ]
    facts["runs"] = _runs(on_the_way.values())
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


def _runs(steps: Iterable[Step]) -> list[dict[str, str]]:
    """Runs that made the tables, each with who launched it and when it made the last of them (UTC), in that order."""
    last: dict[tuple[str, str, str], str] = {}
    for step in steps:
        run = (step.zone, step.receipt.run, step.receipt.launched_by)
        last[run] = max(last.get(run, ""), step.receipt.made_at)
    found = [{"zone": zone, "run": run, "by": by, "at": at} for (zone, run, by), at in last.items() if run]
    return sorted(found, key=lambda each: (each["at"], each["zone"]))
