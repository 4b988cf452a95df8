"""Which settings differ between two runs, by name, with what they were: told by the manifests of the two publications.

Does not belong here: which settings a manifest lists (publication_assets/steps/release/listed_settings.py).
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from pathways.refresh.receipts_of_run import believed_table
from resources.zone.zone_tables import TableNotUsable

MANIFEST, TABLE = "manifest.json", "release_manifest"
NOT_THERE = "not there"


def settings_told(root: Path, quarter: str) -> dict[str, Any] | None:
    """Every listed setting of a run; None where the manifest is not the file that was written, or lists none."""
    try:
        files = dict(believed_table(root, "modelling", TABLE, quarter).select("file", "sha256").iter_rows())
        content = (root / "publication" / quarter / MANIFEST).read_bytes()
    except (TableNotUsable, FileNotFoundError):
        return None
    return json.loads(content).get("settings") if files.get(MANIFEST) == sha256(content).hexdigest() else None


def settings_that_differ(then: dict[str, Any] | None, now: dict[str, Any] | None) -> list[dict[str, Any]] | None:
    """Name, value before and value after of each setting that is another; None where either run does not tell."""
    if then is None or now is None:
        return None
    return [
        {"setting": name, "before": then.get(name, NOT_THERE), "after": now.get(name, NOT_THERE)}
        for name in sorted(then.keys() | now.keys())
        if then.get(name, NOT_THERE) != now.get(name, NOT_THERE)
    ]
