"""What the dry run says of files beside one another: references, code lists and identity numbers.

Belongs here: putting what was judged into the reports of the files. Does not belong here: judging
(linkage_assets/steps/sources/judge_extracts.py), which the linkage zone does once more by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Protocol

import polars as pl

from contracts.references import EXTRACTS_CHECK, JUSTICE_REFERENCES
from linkage_assets.steps.sources.judge_extracts import extract_columns, judge_extracts
from pathways.refresh.refusals import accept_command
from resources.extracts.extract_age import Age
from resources.extracts.extract_references import Fit, columns_needed, judge_references
from resources.process.data_root import data_root
from resources.settings.study_settings import load_study_settings
from resources.zone.gates import Acceptance, Decisions, DecisionsFolder, judge


class Report(Protocol):
    """The parts of a file's report that are written here."""

    table: str
    problem: str
    remedy: str
    warnings: list[str]
    refused: list[dict]


def key_columns(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """What is kept of an extract to judge it beside others; not its other columns, of which there are many."""
    return frame.select(sorted({*extract_columns(table), *columns_needed(JUSTICE_REFERENCES, table)}))


def judge_together(
    reports: Mapping[str, Report], frames: dict[str, pl.DataFrame], quarter: str | None, ages: Sequence[Age] = ()
) -> set[str]:
    """Write into `reports` (by table) what does not fit in `frames`, and return the tables that stop a refresh. So is
    what the age of a file says (`ages`).

    What somebody has accepted for `quarter` (pathways accept) is a warning.
    """
    fits = [*ages, *judge_extracts(frames, load_study_settings()), *judge_references(JUSTICE_REFERENCES, frames)]
    decisions = DecisionsFolder(data_root()).of_quarter(quarter) if quarter else Decisions("")
    judgement = judge(EXTRACTS_CHECK, [fit.measure for fit in fits], decisions)
    refused = {measure.name for measure in judgement.refused}
    accepted = {measure.name: decision for measure, decision in judgement.accepted}
    for fit in fits:
        if fit.problem and fit.name not in refused:
            reports[fit.table].warnings.append(fit.problem + _by_whom(accepted.get(fit.name)))
    stopping = {table: [fit for fit in fits if fit.table == table and fit.name in refused] for table in reports}
    for table, stops in stopping.items():
        if stops and not reports[table].problem:
            reports[table].problem = "; ".join(fit.problem for fit in stops)
            reports[table].refused = [asdict(fit.measure) for fit in stops]
            reports[table].remedy = f"{stops[0].remedy} {_how_to_accept(stops, quarter)}".strip()
    return {table for table, stops in stopping.items() if stops}


def _by_whom(decision: Acceptance | None) -> str:
    return f" (accepted by {decision.by} on {decision.on}: {decision.reason})" if decision else ""


def _how_to_accept(stops: Sequence[Fit | Age], quarter: str | None) -> str:
    if not quarter:
        return ""
    commands = "; ".join(accept_command(quarter, EXTRACTS_CHECK, fit.name) for fit in stops)
    return f"If it is right as it is, somebody who may decide it records so: {commands}"
