"""What a person reads of a lineage. Does not belong here: what is found (lineage.py)."""

from typing import Any

SHORT = 12  # of a hash, as enough to compare by eye; `--json` has all of it


def cell_lines(found: dict[str, Any]) -> list[str]:
    """Lines of the lineage of cells of a published table."""
    lines = [f"Table {found['table']} of {found['quarter']}: {found['title']}"]
    lines += [f"  {_named(cell)}: {cell['shown']}" for cell in found["cells"]]
    lines += ["", f"Counted by {found['counted_by']}"]
    lines += ["", "Made from, nearest first (table, zone, rows, content, code)"]
    lines += [
        f"  {'  ' * step['distance']}{step['table']}, {step['zone']}, {step['rows']} rows, "
        f"{step['sha256'][:SHORT]}, {step['code'][:SHORT]}"
        for step in found["made_from"]
    ]
    lines += ["", "Extracts (content)"]
    lines += [
        f"  {name}: {sha256[:SHORT] or 'was not there'}, from {found['suppliers'][name] or 'a supplier not listed'}"
        for name, sha256 in found["extracts"].items()
    ]
    lines += ["", f"What it was made from: {found['deleted']}"] if found["deleted"] else []
    lines += [f"Signed off: {words}" for words in found["signed_off"]]
    lines += _fact_lines(found)
    if found["out_of_date"]:
        lines += [
            "",
            f"Inputs of {', '.join(found['out_of_date'])} have changed since. Run the refresh, which makes them anew.",
        ]
    return lines


def extract_lines(found: dict[str, Any]) -> list[str]:
    """Lines of what was made from an extract."""
    lines = [f"Made from {found['extract']} of {found['quarter']}"]
    for zone, tables in found["tables"].items():
        lines += ["", f"  zone {zone}", *(f"    {table}" for table in tables)]
    lines += ["", f"  files of the {found['released_as']}: {', '.join(found['published']) or 'none'}"]
    return [*lines, "", f"  {found['deleted']}"] if found["deleted"] else lines


def _named(cell: dict[str, Any]) -> str:
    return " / ".join(part for part in (cell["row_group"], cell["row_label"], cell["measure"]) if part)


def _fact_lines(found: dict[str, Any]) -> list[str]:
    lines = []
    if linkage := found.get("linkage"):
        decided = linkage["decided"]
        lines += [
            "",
            f"Linkage: model {linkage['model']}, threshold {linkage['threshold']}, decided by {decided['decided_by']} "
            f"on {decided['decided_on']} ({decided['basis']}: {decided['evidence']})",
        ]
    if models := found.get("models"):
        lines += ["", f"Models, each fitted to {found['imputations']} completed data sets and pooled"]
        lines += [f"  {name}: {formula}" for name, formula in models.items()]
    for decision in found["accepted"]:
        lines.append(f"Accepted by {decision['by']} on {decision['on']}: {decision['measure']} ({decision['table']})")
    if found["settings_edited_since"]:
        zones = ", ".join(found["settings_edited_since"])
        lines += ["", f"Settings of {zones} were edited since: what is said of settings is not what was used."]
    if found["runs"]:
        lines += ["", "Made by (zone, run, launched by, until)"]
        lines += [f"  {run['zone']}, {run['run'][:SHORT]}, {run['by']}, {run['at']}" for run in found["runs"]]
    code = found["code"]
    lines += ["", f"Code now: {code['commit']}, Python {code['python']}, lock of libraries {code['uv.lock'][:SHORT]}"]
    return lines
