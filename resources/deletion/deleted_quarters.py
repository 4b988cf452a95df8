"""Which quarter is deleted, or being so, as its certificate or plan says; asked by whoever would run it.

Belongs here: looking for the files. Does not belong here: what is in a certificate (certificates.py).
"""

from pathlib import Path

from resources.zone.partitions import known_quarter

FOLDER = "decisions/certificates"  # below the data root: every zone reads decisions
TREATMENT = "treatment"  # the published study; the quarters of another are deleted apart from its


class QuarterDeleted(Exception):
    """A quarter cannot be run or read, as its files are deleted; says by which certificate, and what to do."""


def certificates_folder(root: Path) -> Path:
    """Where certificates lie."""
    return root / FOLDER


def named(quarter: str, study: str = TREATMENT) -> str:
    """A quarter of a study in the name of a file. Raises NotAQuarter."""
    return known_quarter(quarter) if study == TREATMENT else f"{study}-{known_quarter(quarter)}"


def plan_file(root: Path, quarter: str, study: str = TREATMENT) -> Path:
    """The plan of a deletion that has begun. Raises NotAQuarter."""
    return certificates_folder(root) / f"{named(quarter, study)}.plan"


def deleted(root: Path, quarter: str, study: str = TREATMENT) -> str:
    """What became of a quarter, in words, where its files are deleted or being so; else empty. Raises NotAQuarter."""
    folder = certificates_folder(root)
    if not folder.is_dir():
        return ""
    if plan_file(root, quarter, study).exists():
        of = "" if study == TREATMENT else f" --study {study}"
        return f"{quarter} is being deleted: pathways delete{of} --quarter {quarter} goes on with it."
    found = sorted(folder.glob(f"*_{named(quarter, study)}.json"))
    return f"{quarter} is deleted, certificate {int(found[-1].stem.partition('_')[0])}." if found else ""
