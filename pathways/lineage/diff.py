"""What differs between two quarters, or two runs of one: settings, code, inputs, then rows, then published cells.

Belongs here: finding it in receipts and published tables. Does not belong here: words (diff_lines.py).

Rows can be people and are told rounded; published cells are public. Content is compared by hash within one data root
alone: a hash is made with a secret of its zone, so that in another root the same content has another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from contracts.zones import CROSSING_TABLES
from pathways.lineage.lineage import NothingToWalk, receipts_by_table, steps_of_table
from pathways.lineage.settings_told import NOT_THERE, settings_that_differ, settings_told
from pathways.refresh.receipts_of_run import believed_table
from pathways.studies import TREATMENT, Study
from publication_assets.steps.lineage.run_record import Receipts
from resources.lineage.walk import sources_of
from resources.records.shown_counts import counts_base, shown_count

KEYS = ["table", "row_key", "measure_key"]
SAID = ["row_group", "row_label", "measure", "shown", "value"]


@dataclass(frozen=True)
class Run:
    """A quarter in a data root."""

    root: Path
    quarter: str


def diff_of_runs(before: Run, after: Run, study: Study = TREATMENT) -> dict[str, Any]:
    """What differs, by what it is. Raises NothingToWalk, NotAQuarter, and TableNotUsable for published tables that are
    not what was written.
    """
    then, now = (receipts_by_table(run.root, run.quarter, study) for run in (before, after))
    for run, receipts in ((before, then), (after, now)):
        if study.cells not in receipts:
            raise NothingToWalk(
                f"There are no published tables of {run.quarter} in {run.root.name}. Run "
                f"`{study.refresh(run.quarter)}`."
            )
    cells = _cells(*(believed_table(run.root, study.publisher, study.cells, run.quarter) for run in (before, after)))
    code = sorted(name for name in then.keys() & now.keys() if then[name][1].code != now[name][1].code)
    inputs = _inputs(then, now)
    return {
        "before": before.quarter,
        "after": after.quarter,
        "settings": _settings(then, now)
        | {"changed": _settings_changed(before, after) if study is TREATMENT else None},
        "code": code,
        "inputs": inputs,
        "crossings": [_told(name, then, now) for name in sorted(CROSSING_TABLES) if name in then or name in now],
        "tables": _rows(then, now),
        "cells": cells,
        "through": _through(cells, now, {*code}, {each["extract"] for each in inputs}, study),
    }


def _settings_changed(before: Run, after: Run) -> list[dict[str, Any]] | None:
    return settings_that_differ(*(settings_told(run.root, run.quarter) for run in (before, after)))


def _settings(then: Receipts, now: Receipts) -> dict[str, Any]:
    """Zones whose own sections of study.toml differ, and sections that documents quote and that differ."""
    zones = {now[name][0] for name in then.keys() & now.keys() if then[name][1].settings != now[name][1].settings}
    quoted = [
        {
            source.name: source.sha256
            for _, receipt in tables.values()
            for source in sources_of(receipt)
            if source.kind == "settings"
        }
        for tables in (then, now)
    ]
    sections = {name for name in quoted[0].keys() | quoted[1].keys() if quoted[0].get(name) != quoted[1].get(name)}
    return {"zones": sorted(zones), "sections": sorted(sections)}


def _inputs(then: Receipts, now: Receipts) -> list[dict[str, Any]]:
    """Extracts whose content differs, with hash and rounded rows of both; of contact notes only those asked for are
    read, and no table counts the file.
    """
    before, after = (
        {
            source.name: source.sha256
            for _, receipt in tables.values()
            for source in sources_of(receipt)
            if source.kind == "extract"
        }
        for tables in (then, now)
    )
    return [
        {
            "extract": name,
            "before": before.get(name, ""),
            "after": after.get(name, ""),
            "rows_before": _rows_told(then, name.rpartition("/")[2]),
            "rows_after": _rows_told(now, name.rpartition("/")[2]),
        }
        for name in sorted(before.keys() | after.keys())
        if before.get(name, "") != after.get(name, "")
    ]


def _rows(then: Receipts, now: Receipts) -> list[dict[str, Any]]:
    """Tables that are in one only, or have other rows: zone, table, rounded rows of both."""
    told = [_told(name, then, now) for name in sorted(then.keys() | now.keys())]
    return [each for each in told if each["before"] != each["after"]]


def _told(name: str, then: Receipts, now: Receipts) -> dict[str, Any]:
    return {
        "zone": (now if name in now else then)[name][0],
        "table": name,
        "before": _rows_told(then, name),
        "after": _rows_told(now, name),
    }


def _rows_told(tables: Receipts, name: str) -> int | str:
    base = counts_base()
    return shown_count(tables[name][1].rows, base, f"fewer than {base}") if name in tables else NOT_THERE


def _cells(then: pl.DataFrame, now: pl.DataFrame) -> list[dict[str, Any]]:
    """Published cells that moved, came or went: keys, words, what both show, and the change where both are numbers."""
    before, after = (frame.select(*KEYS, *SAID) for frame in (then, now))
    joined = before.join(after, on=KEYS, how="full", coalesce=True, suffix="_after")
    moved = joined.filter(~pl.col("shown").eq_missing(pl.col("shown_after"))).sort(KEYS)
    return moved.select(
        *KEYS,
        *(pl.coalesce(f"{name}_after", name).alias(name) for name in ("row_group", "row_label", "measure")),
        before="shown",
        after="shown_after",
        change=(pl.col("value_after") - pl.col("value")).round(6),
    ).to_dicts()


def _through(
    cells: list[dict[str, Any]], now: Receipts, code: set[str], inputs: set[str], study: Study
) -> dict[int, dict[str, list[str]]]:
    """Of each published table with cells that moved: what it is counted from, and which other code and other extracts
    lie on its way.
    """
    found: dict[int, dict[str, list[str]]] = {}
    for number in sorted({cell["table"] for cell in cells}):
        try:
            steps = steps_of_table(now, number, study)
        except KeyError:  # of another version of this code: the table is no longer declared
            continue
        on_the_way = {step.receipt.table for step in steps}
        extracts = {source.name for step in steps for source in step.sources if source.kind == "extract"}
        found[number] = {
            "counted_from": sorted(step.receipt.table for step in steps if step.distance == 2),
            "code": sorted(code & on_the_way),
            "extracts": sorted(inputs & extracts),
        }
    return found


def counts_by_table(cells: list[Mapping[str, Any]]) -> dict[int, int]:
    """How many cells of each published table moved."""
    found: dict[int, int] = {}
    for cell in cells:
        found[cell["table"]] = found.get(cell["table"], 0) + 1
    return found
