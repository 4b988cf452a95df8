"""What is released is written whole, told with its hash, and holds nothing of an earlier run."""

from hashlib import sha256

from justice_assets.released_files import write_files
from justice_assets.schemas.release import JusticeFiles
from resources.zone.schema_check import check_frame


def test_files_are_told_with_size_and_hash_and_earlier_ones_are_gone(tmp_path, monkeypatch):
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    write_files("2023Q1", "release", {"old.csv": b"1"})
    told = check_frame(
        write_files("2023Q1", "release", {"b.csv": b"2", "a.csv": b"33"}), JusticeFiles, "justice_release"
    )
    assert told.rows() == [
        ("release/a.csv", 2, sha256(b"33").hexdigest()),
        ("release/b.csv", 1, sha256(b"2").hexdigest()),
    ]
    assert sorted(path.name for path in (tmp_path / "justice" / "2023Q1" / "release").iterdir()) == ["a.csv", "b.csv"]
