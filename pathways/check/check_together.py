"""What the dry run says of files beside one another: references, code lists and identity numbers.

Does not belong here: judging (linkage_assets/steps/sources/judge_extracts.py), which the linkage zone does once more by
itself, and how it is reported (refused_fits.py).
"""

from collections.abc import Mapping, Sequence

import polars as pl

from contracts.references import JUSTICE_LISTS, JUSTICE_REFERENCES
from linkage_assets.steps.sources.judge_extracts import extract_columns, judge_extracts
from pathways.check.file_report import FileReport
from pathways.check.refused_fits import write_fits
from resources.extracts.extract_age import Age
from resources.extracts.extract_lists import judge_lists
from resources.extracts.extract_references import columns_needed, judge_references
from resources.settings.study_settings import load_study_settings


def key_columns(table: str, rows: pl.LazyFrame) -> pl.DataFrame:
    """What is kept of an extract to judge it beside others; not its other columns, of which there are many."""
    of_lists = [listed.column for listed in JUSTICE_LISTS if listed.table == table]
    needed = {*extract_columns(table), *columns_needed(JUSTICE_REFERENCES, table), *of_lists}
    return rows.select(sorted(needed)).collect()


def judge_together(
    reports: Mapping[str, FileReport], frames: dict[str, pl.DataFrame], quarter: str | None, ages: Sequence[Age] = ()
) -> set[str]:
    """Write into `reports` (by table) what does not fit in `frames`, and return the tables that stop a refresh. So is
    what the age of a file says (`ages`).

    What somebody has accepted for `quarter` (pathways accept) is a warning.
    """
    of_justice = [*judge_references(JUSTICE_REFERENCES, frames), *judge_lists(JUSTICE_LISTS, frames)]
    fits = [*ages, *judge_extracts(frames, load_study_settings()), *of_justice]
    return write_fits(reports, fits, quarter)
