"""The part of the linkage quality report on court results by quarter and system.

Belongs here: its layout. Does not belong here: the counts (count_court_results.py), disclosure control
(quality_cells.py).
"""

import polars as pl

from contracts.sources.courts import COURT_SYSTEMS
from linkage_assets.steps.quality.quality_cells import QualityCells

SYSTEM_NAMES = dict(zip(COURT_SYSTEMS, ["Xhibit", "Libra", "Common Platform"], strict=True))
TOO_FEW = {True: "fewer than expected", False: "no", None: "too early to say"}


def add_court_coverage(cells: QualityCells, court_coverage: pl.DataFrame) -> None:
    """A row per quarter: results of each system and of all, how many are on Common Platform, and how they compare with
    the mean of the four quarters before."""
    for quarter in court_coverage.to_dicts():
        row = cells.row("court coverage", quarter["quarter"])
        for system, name in SYSTEM_NAMES.items():
            row.count(name, quarter[system])
        row.count("All systems", quarter["results"])
        row.percent("On Common Platform (%)", quarter["common_platform"], quarter["results"])
        before = quarter["mean_before"]
        row.percent("Of the mean of the four quarters before (%)", quarter["results"], round(before or 0))
        row.words("Gap", TOO_FEW[quarter["too_few"]])
