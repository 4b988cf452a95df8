"""Sees that the extracts of a quarter can be used before a refresh starts, and are the same ones while it runs.

Does not belong here: what is looked at in them (check.py).
"""

import json
import sys
from pathlib import Path

from pathways.refresh.stopped import RefreshStopped
from resources.extracts.files.extract_parts import hashes_under
from resources.process.child_processes import run_child
from resources.process.data_root import REPOSITORY
from resources.process.storage_faults import shown_path
from resources.receipts.code_fingerprint import code_fingerprint
from resources.receipts.receipts import file_hash
from resources.secrets.kept_file import KeptFileDamaged, read_kept
from resources.settings.study_settings import load_study_settings


def require_usable_extracts(root: Path, quarter: str) -> dict[str, str]:
    """Check the extracts as `pathways check` does, unless the same files have passed before; show its warnings.

    In a process of its own, which reads every zone's extracts and ends before any zone starts. Returns the hashes of
    the files that passed (extract_parts.hashes_under).
    """
    folder, passed = root / "extracts" / quarter, root / "dagster" / f"extracts_passed_{quarter}.json"
    decisions = root / "decisions" / f"{quarter}.toml"
    files = hashes_under(folder)
    seen = {
        "code": code_fingerprint("pathways", "linkage_assets"),
        "settings": load_study_settings().fingerprint("study", "extracts", "linkage", "combining", "notes"),
        "decisions": file_hash(decisions) if decisions.is_file() else "",
        "files": files,
    }
    before = _passed_before(passed)
    if before.get("seen") == seen:
        print("".join(f"{warning}\n" for warning in before["warnings"]), end="", flush=True)
        return files
    print(f"Checking the extracts of {quarter}", flush=True)
    command = [
        sys.executable,
        "-m",
        "pathways",
        "check",
        "--extracts",
        str(folder),
        "--quarter",
        quarter,
        "--json",
        "--keep-for",
        str(root),
    ]
    done = run_child(command, REPOSITORY, read_output=True)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    for report in reports:
        if report["problem"]:
            print(f"{report['file']}: {report['problem']}\n  what to do: {report['remedy']}", file=sys.stderr)
    warnings = [f"  warning: {report['table']}: {warning}" for report in reports for warning in report["warnings"]]
    print("".join(f"{warning}\n" for warning in warnings), end="", flush=True)
    if done.returncode != 0:
        raise RefreshStopped("The extracts cannot be used; nothing was written.")
    set_aside = sum(report["rows_quarantined"] for report in reports)
    files_sent = sum(bool(report["sha256"]) for report in reports)
    print(f"  {files_sent} files accepted, {set_aside:,} rows quarantined (pathways check shows which)", flush=True)
    passed.parent.mkdir(parents=True, exist_ok=True)
    passed.write_text(json.dumps({"seen": seen, "warnings": warnings}), encoding="utf-8")
    return files


def _passed_before(path: Path) -> dict:
    """What passed last time; nothing where the record is missing or damaged: then the extracts are checked again."""
    try:
        return read_kept(path, {"seen": dict, "warnings": list}, "")
    except (KeptFileDamaged, FileNotFoundError):
        return {}


def require_same_extracts(root: Path, quarter: str, files: dict[str, str]) -> None:
    """Raise RefreshStopped when extracts are not those that were checked: a mixture of old and new is no quarter.

    Hidden files, which programs leave where somebody looked into a folder, are part of no extract.
    """
    now = hashes_under(root / "extracts" / quarter)
    differing = sorted(name for name in files.keys() | now.keys() if files.get(name) != now.get(name))
    changed = [name for name in differing if not Path(name).name.startswith(".")]
    if changed:
        named = ", ".join(dict.fromkeys(map(shown_path, changed)))
        raise RefreshStopped(
            f"Extracts of {quarter} changed while this ran: {named}. The publication is not finished. "
            "Run the same command again: it checks them, and makes anew what they touch."
        )
