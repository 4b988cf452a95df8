"""Which quarter is deleted, or being so, as its certificate or plan says; asked by whoever would run it.

Belongs here: looking for the files. Does not belong here: what is in a certificate (certificates.py).
"""

from pathlib import Path

from resources.zone.partitions import known_quarter

FOLDER = "decisions/certificates"  # below the data root: every zone reads decisions


class QuarterDeleted(Exception):
    """A quarter cannot be run or read, as its files are deleted; says by which certificate, and what to do."""


def certificates_folder(root: Path) -> Path:
    """Where certificates lie."""
    return root / FOLDER


def plan_file(root: Path, quarter: str) -> Path:
    """The plan of a deletion that has begun. Raises NotAQuarter."""
    return certificates_folder(root) / f"{known_quarter(quarter)}.plan"


def deleted(root: Path, quarter: str) -> str:
    """What became of a quarter, in words, where its files are deleted or being so; else empty. Raises NotAQuarter."""
    folder = certificates_folder(root)
    if not folder.is_dir():
        return ""
    if plan_file(root, quarter).exists():
        return f"{quarter} is being deleted: pathways delete --quarter {quarter} goes on with it."
    found = sorted(folder.glob(f"*_{known_quarter(quarter)}.json"))
    return f"{quarter} is deleted, certificate {int(found[-1].stem.partition('_')[0])}." if found else ""
