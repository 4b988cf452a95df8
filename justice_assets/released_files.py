"""Writes what the justice zone releases. Does not belong here: what is in the files."""

from hashlib import sha256
from pathlib import Path

import polars as pl

from resources.process.data_root import data_root
from resources.secrets.private_files import make_folder, put_in_place
from resources.zone.partitions import known_quarter


def write_files(quarter: str, folder: str, files: dict[str, bytes]) -> pl.DataFrame:
    """Write each file by rename into a folder of the quarter; what else an earlier run left in it is removed.

    Returns schemas/release.py JusticeFiles. Raises NotAQuarter.
    """
    root = data_root()
    inside = root / "justice" / known_quarter(quarter) / folder
    make_folder(root, inside)
    for name, content in files.items():
        partial = inside / f"{name}.partial"
        partial.write_bytes(content)
        put_in_place(root, partial, inside / name)
    for old in sorted(set(inside.iterdir()) - {inside / name for name in files}):
        old.unlink()
    rows = [(str(Path(folder) / name), len(made), sha256(made).hexdigest()) for name, made in sorted(files.items())]
    return pl.DataFrame(rows, schema={"file": pl.String, "bytes": pl.Int64, "sha256": pl.String}, orient="row")
