"""The fault benchmark: what it takes for the middle of a refresh."""

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
