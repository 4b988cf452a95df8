"""The fault benchmark: what it takes for the middle of a refresh."""

import random
from pathlib import Path

import pytest

from benchmarks.faults.outcome import Outcome
from benchmarks.faults.quarter_folder import QUARTER, QuarterFolder


def test_a_refresh_is_under_way_when_tables_are_there_not_when_extracts_were_read(tmp_path):
    """Readings of extracts are Parquet too: a fault that was planned among the tables came before the first."""
    files = [
        f"linkage/{QUARTER}/person_key.parquet",
        f"crossings/note_request/{QUARTER}/note_request.parquet",
        f"linkage/{QUARTER}/readings/offender/rows.parquet",
        f"modelling/{QUARTER}/imputed_frames.chunks/1.parquet",
        f"extracts/{QUARTER}/contact_notes/contact_note.parquet",
        f"truth/{QUARTER}/person_truth.parquet",
    ]
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes(b"")
    tables = QuarterFolder(tmp_path, tmp_path / "logs").tables()
    assert {path.stem for path in tables} == {"person_key", "note_request"}


def with_tables(root: Path, count: int) -> QuarterFolder:
    place = root / "linkage" / QUARTER
    place.mkdir(parents=True)
    for number in range(count):
        (place / f"table_{number}.parquet").write_bytes(b"")
    return QuarterFolder(root, root / "logs")


def test_a_refresh_is_disturbed_after_some_of_its_tables_and_before_the_last_whatever_is_drawn(tmp_path):
    folder = with_tables(tmp_path, 80)
    drawn = {folder.number_between(random.Random(seed)) for seed in range(300)}
    assert min(drawn) >= 10 and max(drawn) < 70 and len(drawn) > 30
    assert folder.number_between(random.Random(3)) == folder.number_between(random.Random(3))


@pytest.mark.parametrize(("goes_on", "made"), [(True, 0), (False, 40), (True, 80)])
def test_a_fault_that_came_before_the_first_table_or_after_the_last_proves_nothing_and_is_said_to_be_wrong(
    goes_on, made
):
    right, wrong = Outcome(), Outcome()
    right.disturbed_at(True, 40, of=80)
    wrong.disturbed_at(goes_on, made, of=80)
    assert right.wrong == [] and right.facts == {"tables_before": 40, "tables": 80}
    assert wrong.wrong == [f"it was not disturbed in the middle: {made} of 80 tables were there"]
