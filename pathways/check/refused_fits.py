"""What is written into the reports of the dry run of what does not fit: a refusal, or a warning once it is accepted.

Does not belong here: what does not fit (check_together.py, resources/extracts/compare_age.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from contracts.references import EXTRACTS_CHECK
from pathways.check.file_report import FileReport
from pathways.refresh.refusals import accept_command
from resources.extracts.extract_age import Age
from resources.extracts.extract_references import Fit
from resources.process.data_root import data_root
from resources.zone.gates import Acceptance, Decisions, DecisionsFolder, judge


def write_fits(reports: Mapping[str, FileReport], fits: Sequence[Fit | Age], quarter: str | None) -> set[str]:
    """Write `fits` into `reports` (by table), and return the tables that stop a refresh.

    What somebody has accepted for `quarter` (pathways accept) is a warning.
    """
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
