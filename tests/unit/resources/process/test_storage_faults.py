"""What disks, folders and ports refuse is said in words, whichever library ran into it, without a word of the data."""

import errno
import sqlite3

import duckdb
import polars as pl
import pytest

from resources.process.shield import DetailsWithheld, shielded
from resources.process.storage_faults import StorageFault, storage_fault

FULL = "Nothing more can be written"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/data/a.parquet"), f"{FULL} at /data/a.parquet"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), FULL),
        (OSError(errno.EROFS, "Read-only file system", "/data"), "Nothing can be written at /data: it is read-only"),
        (PermissionError(errno.EACCES, "Permission denied", "/data"), "This user may not read or write at /data"),
        (
            PermissionError(errno.EACCES, "Permission denied", "/data/town=Leeds/a.csv"),
            "This user may not read or write at /data/town=.../a.csv",
        ),
        (OSError(errno.EADDRINUSE, "Address already in use"), "The port is taken"),
        (pl.exceptions.ComputeError("No space left on device (os error 28)"), FULL),
        (duckdb.IOException('Could not write file "x": No space left on device'), FULL),
        (sqlite3.OperationalError("database or disk is full"), FULL),
        (sqlite3.OperationalError("attempt to write a readonly database"), "Nothing can be written: it is read-only"),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"), "No folder for temporary"),
    ],
)
def test_the_storage_says_what_it_refused_and_what_to_do(error, said):
    message = storage_fault(error)
    assert message is not None and message.startswith(said)


def test_the_cause_is_found_below_other_errors():
    failed = RuntimeError("the step failed")
    failed.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert (storage_fault(failed) or "").startswith(FULL)


@pytest.mark.parametrize("error", [ValueError("disk is full of Smiths"), RuntimeError("no"), KeyError("disk full")])
def test_other_errors_are_not_taken_for_the_disks(error):
    assert storage_fault(error) is None


def test_a_full_disk_leaves_an_asset_as_what_to_do_and_other_errors_as_nothing():
    def failing(error):
        def fail():
            raise error

        return shielded(fail)

    with pytest.raises(StorageFault, match="Free some space"):
        failing(duckdb.IOException("Smith, 1 May 1980: No space left on device"))()
    with pytest.raises(DetailsWithheld) as withheld:
        failing(ValueError("Smith"))()
    assert "Smith" not in str(withheld.value)
