"""Where the repository is, and the folder of everything that a run makes. Does not belong here: what lies in it."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def data_root() -> Path:
    """Folder of everything a run makes: environment variable PATHWAYS_VAR, or `var` in the repository."""
    return Path(os.environ.get("PATHWAYS_VAR", REPOSITORY / "var")).resolve()


def spill_of(zone: str) -> Path:
    """Folder of a zone for what is on disk only while it is worked on (spill_folder.py)."""
    return data_root() / zone / "spill"
