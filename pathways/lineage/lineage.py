"""Walks a published cell back to the extracts, or an extract forward to what is published of it.

Belongs here: putting together what the walk found. Does not belong here: the walk (walk.py), words (lines.py).
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from contracts.extracts import SUPPLIERS
from contracts.zones import MADE_BY, PUBLISHED_FILES
from pathways.duties.lines import signed_off
from pathways.lineage.cells import find_cells
from pathways.lineage.facts import run_facts
from pathways.refresh.receipts_of_run import believed_table, receipts_of
from publication_assets.catalogue.tables import by_number
from publication_assets.catalogue.wording import wording
from publication_assets.steps.lineage.run_record import function_of, steps_of
from resources.deletion.deleted_quarters import deleted
from resources.lineage.walk import Step, extracts_of_steps, no_longer_so, walk_forward
from resources.receipts.receipts import Receipt
from resources.records.shown_counts import shown_count
from resources.settings.study_settings import load_study_settings
from resources.zone.partitions import known_quarter

CELLS = "published_tables"
FILES = PUBLISHED_FILES


class NothingToWalk(Exception):
    """The quarter has no such table, or the study no such extract; says which and what to do."""


def receipts_by_table(root: Path, quarter: str) -> dict[str, tuple[str, Receipt]]:
    """Zone and receipt of every table of a quarter that its zone signed. Raises NotAQuarter."""
    found = receipts_of(root, known_quarter(quarter))
    return {receipt.table: (_zone(folder, receipt), receipt) for folder, receipt in found}


def lineage_of_cell(root: Path, quarter: str, table: int, row: str | None, column: str | None) -> dict[str, Any]:
    """The cells, every table that they were made from with rows and hashes, extracts, and the facts of the run.

    Raises NothingToWalk, CellNotFound, and TableNotUsable when the published tables are not what was written.
    """
    receipts = receipts_by_table(root, quarter)
    if CELLS not in receipts:
        raise NothingToWalk(f"There are no published tables of {quarter}. Run `pathways refresh --quarter {quarter}`.")
    settings = load_study_settings()
    cells = find_cells(believed_table(root, "modelling", CELLS, quarter), table, row, column)
    declared = by_number(table)
    steps = steps_of(receipts, declared)
    base = settings.publication.disclosure_threshold
    return {
        "quarter": quarter,
        "table": table,
        "key": declared.key,
        "title": wording(settings)(declared.title),
        "counted_by": function_of(declared)[0],
        "cells": cells.to_dicts(),
        "made_from": [_told(step, base) for step in steps],
        "extracts": extracts_of_steps(steps),
        "suppliers": {name: SUPPLIERS.get(name.partition("/")[0], "") for name in extracts_of_steps(steps)},
        "out_of_date": no_longer_so(receipts, steps),
        "deleted": deleted(root, quarter),
        "signed_off": signed_off(root, quarter),
        **run_facts(steps, settings, declared),
    }


def lineage_of_extract(root: Path, quarter: str, extract: str) -> dict[str, Any]:
    """Tables made from an extract such as "ndelius/offender", and whether the publication is among them.

    Raises NothingToWalk.
    """
    receipts = receipts_by_table(root, quarter)
    made = walk_forward(receipts, f"extract:{extract}")
    if not made:
        known = sorted({name for _, receipt in receipts.values() for name in receipt.made_from if ":" in name})
        extracts = ", ".join(name.removeprefix("extract:") for name in known if name.startswith("extract:"))
        raise NothingToWalk(
            f"Nothing of {quarter} was made from an extract {extract}. "
            + (f"Its extracts are {extracts}." if extracts else f"Run `pathways refresh --quarter {quarter}`.")
        )
    by_zone: dict[str, list[str]] = {}
    for table in made:
        by_zone.setdefault(receipts[table][0], []).append(table)
    return {
        "quarter": quarter,
        "extract": extract,
        "tables": by_zone,
        "published": [it for it in FILES if it in made],
        "deleted": deleted(root, quarter),
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
