"""What crosses is read by the zone that it crosses to: a column that nothing reads should not cross."""

import re
from functools import cache
from pathlib import Path

import pytest

from contracts.crossings import CROSSINGS
from resources.settings.study_settings import load_study_settings

ROOT = Path(__file__).resolve().parents[4]
COLUMNS = [
    (table, zone, column)
    for table, crossing in CROSSINGS.items()
    for zone in crossing.read_by
    for column in crossing.table.to_schema().columns
]
# Read under a name that is put together from this beginning and a time.
BY_PARTS = "in_treatment_after_"
# Every crossing table says of itself whether it describes real people; of some the zone asks another one.
MARK = "synthetic"


# The analysis frame passes what crosses on to publication, which is of the same zone.
PASSED_ON = {"modelling_assets": ("publication_assets",)}


@cache
def source(zone: str) -> dict[str, str]:
    """The files of a zone that may read a table: not its declarations, and not what completes every column alike."""
    places = [zone, *PASSED_ON.get(zone, ())]
    every = (file for place in places for file in sorted((ROOT / place).rglob("*.py")))
    files = (file for file in every if "schemas" not in file.parts)
    return {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
        for file in files
        if file.name != "impute_frames.py"
    }


@pytest.mark.parametrize(("table", "zone", "column"), [each for each in COLUMNS if each[2] != MARK])
def test_a_column_that_crosses_is_read_where_it_crosses_to(table, zone, column):
    # The sheet's variables can be named in a formula; it says of each why it is in a model, or in none.
    in_the_sheet = load_study_settings().modelling.factors if table == "anonymised_requirements" else ()
    named = rf"[\"\']{BY_PARTS}" if column.startswith(BY_PARTS) else rf"[\"\']{column}[\"\']|\b{column}="
    assert any(re.search(named, text) for text in source(zone).values()) or column in in_the_sheet
