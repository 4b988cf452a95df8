"""What a person reads of the difference of two runs. Does not belong here: what is found (diff.py)."""

from collections.abc import Sequence
from typing import Any

from pathways.lineage.diff import counts_by_table

SHOWN_CELLS, SHORT = 10, 12  # of a table; `--json` has all of them


def diff_lines(found: dict[str, Any], table: int | None = None) -> list[str]:
    """Lines of the difference; of the cells of one published table all, where it is named."""
    lines = [f"From {found['before']} to {found['after']}", ""]
    lines += _of_settings(found["settings"])
    lines += [f"Code: {len(found['code'])} tables are made by other code: {_listed(found['code'])}", "", "Extracts"]
    lines += [
        f"  {each['extract']}: {each['before'][:SHORT] or 'not there'} -> {each['after'][:SHORT] or 'not there'}, rows "
        f"{each['rows_before']} -> {each['rows_after']}"
        for each in found["inputs"]
    ] or ["  all the same"]
    lines += ["", "Rows that cross, rounded (table, from zone)"]
    lines += [
        f"  {each['table']}, {each['zone']}: {each['before']} -> {each['after']}" for each in found["crossings"]
    ] or ["  none"]
    lines += ["", "Rows that differ, rounded (table, zone)"]
    lines += [
        f"  {each['table']}, {each['zone']}: {each['before']} -> {each['after']}" for each in found["tables"]
    ] or ["  all the same"]
    lines += ["", f"Published cells: {len(found['cells'])} moved"]
    for number, moved in counts_by_table(found["cells"]).items():
        if table in {None, number}:
            lines += _of_table(found, number, moved, everything=table is not None)
    return lines


def _of_settings(settings: dict[str, Any]) -> list[str]:
    """Settings by name with both values; where a run does not tell its values, the sections that differ."""
    sections = f"{_listed(settings['sections'])}; tables of the zones {_listed(settings['zones'])}"
    if settings["changed"] is None:
        return [f"Settings: {sections}. Their values are not told: a manifest lists none, or is not the one written"]
    changed = [f"  {each['setting']}: {each['before']} -> {each['after']}" for each in settings["changed"]]
    return [f"Settings: {len(changed)} differ. Sections of study.toml {sections}", *changed]


def _of_table(found: dict[str, Any], number: int, moved: int, everything: bool) -> list[str]:
    through = found["through"].get(number, {"counted_from": [], "code": [], "extracts": []})
    lines = [
        f"  table {number}: {moved}, counted from {_listed(through['counted_from'])}. On the way: "
        f"{len(through['extracts'])} other extracts, other code of {_listed(through['code'])}"
    ]
    cells = [cell for cell in found["cells"] if cell["table"] == number]
    largest = sorted(cells, key=lambda cell: -abs(cell["change"] or 0))
    shown = cells if everything else largest[:SHOWN_CELLS]
    lines += [f"    {_named(cell)}: {cell['before'] or 'none'} -> {cell['after'] or 'none'}" for cell in shown]
    if len(shown) < len(cells):
        lines.append(f"    and {len(cells) - len(shown)} more (--table {number})")
    return lines


def _named(cell: dict[str, Any]) -> str:
    return " / ".join(part for part in (cell["row_group"], cell["row_label"], cell["measure"]) if part)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
