"""Walks a published cell back to the extracts, or an extract forward to what is published of it.

Belongs here: putting together what the walk found. Does not belong here: the walk (walk.py), words (lines.py).
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from contracts.extracts import SUPPLIERS
from contracts.zones import MADE_BY
from justice_assets.catalogue.view_tables import VIEW_TABLES, ViewTable
from pathways.duties.lines import signed_off
from pathways.lineage.cells import find_cells
from pathways.lineage.facts import facts_of_steps, run_facts
from pathways.refresh.receipts_of_run import believed_table, receipts_of
from pathways.studies import TREATMENT, Study
from publication_assets.catalogue.tables import by_number
from publication_assets.catalogue.wording import wording
from publication_assets.steps.lineage.run_record import function_of, steps_of
from resources.deletion.deleted_quarters import deleted
from resources.lineage.walk import Step, extracts_of_steps, no_longer_so, walk_back, walk_forward
from resources.receipts.receipts import Receipt
from resources.records.shown_counts import shown_count
from resources.settings.study_settings import load_study_settings
from resources.zone.partitions import known_quarter


class NothingToWalk(Exception):
    """The quarter has no such table, or the study no such extract; says which and what to do."""


def receipts_by_table(root: Path, quarter: str, study: Study = TREATMENT) -> dict[str, tuple[str, Receipt]]:
    """Zone and receipt of every table of a quarter that its zone signed. Raises NotAQuarter."""
    found = receipts_of(root, known_quarter(quarter), study.zones)
    return {receipt.table: (_zone(folder, receipt), receipt) for folder, receipt in found}


def lineage_of_cell(
    root: Path, quarter: str, table: int, row: str | None, column: str | None, study: Study = TREATMENT
) -> dict[str, Any]:
    """The cells, every table that they were made from with rows and hashes, extracts, and the facts of the run.

    Raises NothingToWalk, CellNotFound, and TableNotUsable when the published tables are not what was written.
    """
    receipts = receipts_by_table(root, quarter, study)
    if study.cells not in receipts:
        raise NothingToWalk(f"There are no published tables of {quarter}. Run `{study.refresh(quarter)}`.")
    settings = load_study_settings()
    cells = find_cells(believed_table(root, study.publisher, study.cells, quarter), table, row, column)
    steps = steps_of_table(receipts, table, study)
    if study is TREATMENT:
        declared = by_number(table)
        counted_by = function_of(declared)[0]
        said = {"key": declared.key, "title": wording(settings)(declared.title)}
        facts = run_facts(steps, settings, declared)
    else:
        view = view_of(table)
        counted_by = "justice_assets/steps/view_tables/count_view_tables.py"
        said, facts = {"key": view.key, "title": view.title}, facts_of_steps(steps, settings)
    base = settings.publication.disclosure_threshold
    return {
        "quarter": quarter,
        "table": table,
        **said,
        "counted_by": counted_by,
        "cells": cells.to_dicts(),
        "made_from": [_told(step, base) for step in steps],
        "extracts": extracts_of_steps(steps),
        "suppliers": {name: SUPPLIERS.get(name.partition("/")[0], "") for name in extracts_of_steps(steps)},
        "out_of_date": no_longer_so(receipts, steps),
        "deleted": deleted(root, quarter, study.name),
        "signed_off": signed_off(root, quarter, study),
        **facts,
    }


def steps_of_table(receipts: Mapping[str, tuple[str, Receipt]], table: int, study: Study) -> list[Step]:
    """All that a published table was made from, nearest first. Raises KeyError where it is no longer declared."""
    if study is TREATMENT:
        return steps_of(receipts, by_number(table))
    return walk_back(receipts, study.cells, {"counted_views": frozenset({view_of(table).view})})


def view_of(number: int) -> ViewTable:
    """A published table of the justice records. Raises KeyError where there is none of the number."""
    return {table.number: table for table in VIEW_TABLES.values()}[number]


def lineage_of_extract(root: Path, quarter: str, extract: str, study: Study = TREATMENT) -> dict[str, Any]:
    """Tables made from an extract such as "ndelius/offender", and whether what is published is among them.

    Raises NothingToWalk.
    """
    receipts = receipts_by_table(root, quarter, study)
    made = walk_forward(receipts, f"extract:{extract}")
    if not made:
        known = sorted({name for _, receipt in receipts.values() for name in receipt.made_from if ":" in name})
        extracts = ", ".join(name.removeprefix("extract:") for name in known if name.startswith("extract:"))
        raise NothingToWalk(
            f"Nothing of {quarter} was made from an extract {extract}. "
            + (f"Its extracts are {extracts}." if extracts else f"Run `{study.refresh(quarter)}`.")
        )
    by_zone: dict[str, list[str]] = {}
    for table in made:
        by_zone.setdefault(receipts[table][0], []).append(table)
    return {
        "quarter": quarter,
        "extract": extract,
        "tables": by_zone,
        "published": [it for it in study.listing if it in made],
        "released_as": study.released_as,
        "deleted": deleted(root, quarter, study.name),
    }


def _told(step: Step, base: int) -> dict[str, Any]:
    """A step as it may be read outside of its zone: rows can be people."""
    receipt = step.receipt
    return {
        "table": receipt.table,
        "zone": step.zone,
        "distance": step.distance,
        "rows": shown_count(receipt.rows, base, f"fewer than {base}"),
        "sha256": receipt.sha256,
        "code": receipt.code,
        "made_at": receipt.made_at,
        "launched_by": receipt.launched_by,
        "run": receipt.run,
        "settings": receipt.settings,
        "checks_passed": sorted(name for name, record in receipt.checks.items() if record and record.passed),
        "made_from": [asdict(source) for source in step.sources],
    }


def _zone(folder: str, receipt: Receipt) -> str:
    return MADE_BY[receipt.table] if folder == "crossings" else folder
