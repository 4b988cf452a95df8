"""What crosses into the modelling zone is read there: a column that nothing reads should not cross."""

import re
from pathlib import Path

import pytest

from contracts.crossings import AnonymisedRequirements
from resources.study_settings import load_study_settings

ZONE = Path(__file__).resolve().parents[3] / "modelling_assets"
COLUMNS = list(AnonymisedRequirements.to_schema().columns)
# Read under a name that is put together from this beginning and a time.
BY_PARTS = "in_treatment_after_"
# How long was observed: the empty values of those columns say it too; the anonymity of the release is counted by it.
SAID_TWICE = {"observed_for"}
SOURCE = {
    file.relative_to(ZONE).as_posix(): file.read_text(encoding="utf-8")
    for file in sorted(ZONE.rglob("*.py")) if "schemas" not in file.parts
}  # fmt: skip


@pytest.mark.parametrize("column", [column for column in COLUMNS if column not in SAID_TWICE])
def test_a_column_of_the_analysis_file_is_read(column):
    # The sheet's variables can be named in a formula; it says of each why it is in a model, or in none.
    in_the_sheet = load_study_settings().modelling.factors
    beginning = BY_PARTS if column.startswith(BY_PARTS) else column
    quoted = re.compile(rf"[\"']{beginning}" + ("" if beginning == BY_PARTS else "[\"']"))
    reading = [name for name, text in SOURCE.items() if quoted.search(text) and not name.endswith("impute_frames.py")]
    assert reading or column in in_the_sheet
