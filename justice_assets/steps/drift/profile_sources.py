"""The profile of a release's extracts: rows of every file, how complete its columns are, rows per person.

Belongs here: which measures there are, and what to do about them. Does not belong here: how a measure becomes a row
(resources/drift/quarter_profile.py), whether it may be so (judge_drift.py), the linkage (profile_linkage.py).

Nothing here depends on the linkage model: the profile is taken when a model is trained, and with every release.
"""

from collections.abc import Mapping

import polars as pl

from contracts.extracts import JUSTICE_EXTRACTS
from resources.drift.quarter_profile import Row, mean, number_of_rows, profile_frame, share
from resources.extracts.extract_declaration import Extract

FILES = "files"
# Files with a row for each thing that happened to a person, and the key of the person.
PER_PERSON = {"custodial_journey": "noms_number", "probation_disposal": "crn", "supervision_contact": "crn"}
_REAL = "If the change is real, accept it with its reason."
REMEDIES = {
    **{
        system: f"Look at the {system} extracts: is every file of this quarter, whole, and coded as before? {_REAL}"
        for system in sorted({extract.system for extract in JUSTICE_EXTRACTS})
    },
    FILES: "Extracts are cumulative: send the whole file, not only the new rows, and each row once. If records were "
    "deleted or a system joined, accept it with its reason.",
}


def profile_sources(tables: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    """One row per measure, as resources/drift/quarter_profile.py Profile. `tables`: every extract by its name, as read.

    Rows of each file, shares of its rows with a value in each column that may be empty, and mean rows per person.
    """
    files: list[Row] = []
    columns: list[Row] = []
    for extract in JUSTICE_EXTRACTS:
        rows, known = _counted(tables[extract.name], extract)
        files.append(number_of_rows(FILES, f"rows of {extract.name}", rows))
        columns += [
            share(extract.system, f"{extract.name} rows with {name}", there, rows) for name, there in known.items()
        ]
        if extract.name in PER_PERSON:
            each = tables[extract.name].group_by(PER_PERSON[extract.name]).len().select("len").collect()["len"]
            columns.append(mean(extract.system, f"{extract.name} rows per person", each))
    return profile_frame([*columns, *files])


def _counted(table: pl.LazyFrame, extract: Extract) -> tuple[int, dict[str, int]]:
    """Rows, and rows with a value by column that may be empty."""
    names = [column.name for column in extract.columns if column.null]
    counts = table.select(pl.len().alias("all rows"), *(pl.col(name).count() for name in names)).collect()
    found = counts.row(0, named=True)
    return found.pop("all rows"), found
