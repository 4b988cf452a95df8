"""Reads notes/calibration.toml, and names the kinds of contact that it has shares of.

Belongs here: reading. Does not belong here: any number. Standard library only, as wordings.py.
"""

import tomllib
from functools import cache
from pathlib import Path

CONTACT_KINDS = ("visit", "phone", "admin", "home")


@cache
def calibration() -> dict:
    """The tables of calibration.toml, each figure with its source there."""
    return tomllib.loads((Path(__file__).resolve().parent / "calibration.toml").read_text(encoding="utf-8"))
