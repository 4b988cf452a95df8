"""Rates of the synthetic justice records, read once. Belongs here: reading. Does not belong here: any rate."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def rates() -> dict[str, Any]:
    """All of calibration.toml."""
    return tomllib.loads((Path(__file__).parent / "calibration.toml").read_text(encoding="utf-8"))
