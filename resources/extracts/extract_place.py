"""Where the extracts of a quarter lie. Does not belong here: finding an extract for reading (extract_file.py)."""

from pathlib import Path

from resources.zone.partitions import known_quarter


def extracts_of(root: Path, quarter: str) -> Path:
    """Folder of a quarter's extracts under the data root. Raises NotAQuarter."""
    return root / "extracts" / known_quarter(quarter)


def extract_file(root: Path, quarter: str, extract: str) -> Path | None:
    """The file or folder of an extract such as "ndelius/offender" for a quarter, CSV or Parquet, or None.

    Raises NotAQuarter.
    """
    for suffix in (".csv", ".parquet"):
        path = root / "extracts" / known_quarter(quarter) / f"{extract}{suffix}"
        if path.is_file() or path.is_dir():
            return path
    return None
