"""Which benchmarks `pathways bench` runs: all that need nothing but this repository."""

from pathlib import Path

from resources.process.data_root import REPOSITORY

# What others run beside ours; an hour of its own (make bench-faults); what reads a quarter that somebody has published
NOT_BY_THEMSELVES = {"peers", "faults", "published"}


def scripts() -> list[Path]:
    """Their files, by path."""
    found = sorted((REPOSITORY / "benchmarks").rglob("*.py"))
    return [script for script in found if script.parent.name not in NOT_BY_THEMSELVES]
