"""Which files of a quarter precede its publication, and what is kept.

Belongs here: finding them. Does not belong here: which tables are kept (contracts/deletion.py), deleting (delete.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.deletion import KEPT_TABLES, RELEASE_SECRET
from contracts.zones import MADE_BY
from pathways.studies import TREATMENT, Study
from resources.zone.partitions import known_quarter

SENT = ("extracts", "truth")
NOTED = ("settled_*_{quarter}.json", "extracts_passed_{quarter}.json")  # what commands noted of the files


@dataclass(frozen=True)
class QuarterFiles:
    """Files of a quarter below the data root: those that are deleted, the secret of the release last; those kept."""

    deleted: list[Path]
    kept: list[Path]


def files_of_quarter(root: Path, quarter: str, study: Study = TREATMENT) -> QuarterFiles:
    """All files of a quarter in every zone of a study. Raises NotAQuarter."""
    kept, going = [], []
    for path, keep in _sorted_out(root, known_quarter(quarter), study):
        (kept if keep else going).append(path)
    secret = root / RELEASE_SECRET.format(quarter=quarter)
    own = [secret] if study is TREATMENT and secret.exists() else []
    return QuarterFiles([*going, *own], kept)


def tables_deleted(root: Path, quarter: str, study: Study = TREATMENT) -> Iterator[tuple[str, Path]]:
    """Zone and place of every table that has a receipt here and is not kept, whether or not its file is here."""
    for zone in study.zones:
        for receipt in sorted((root / zone / quarter).glob("*.json")):
            if receipt.stem not in KEPT_TABLES[zone]:
                yield zone, receipt.with_suffix(".parquet")
    for table, zone in ((table, zone) for table, zone in MADE_BY.items() if zone in study.zones):
        receipt = root / "crossings" / table / quarter / f"{table}.json"
        if receipt.exists() and table not in KEPT_TABLES["crossings"]:
            yield zone, receipt.with_suffix(".parquet")


def _sorted_out(root: Path, quarter: str, study: Study) -> Iterator[tuple[Path, bool]]:
    for place in SENT:
        yield from ((path, False) for path in _files(root / study.sources / place / quarter))
    for zone in study.zones:
        folder = root / zone / quarter
        for path in _files(folder):
            yield path, _is_kept(path, zone) if path.parent == folder else path.parent.name in study.released_in
    if study is not TREATMENT:
        return
    for folder in sorted((root / "crossings").glob(f"*/{quarter}")):
        yield from ((path, _is_kept(path, "crossings")) for path in _files(folder))
    yield from ((path, True) for path in _files(root / "publication" / quarter))
    for pattern in NOTED:
        yield from ((path, False) for path in sorted((root / "dagster").glob(pattern.format(quarter=quarter))))


def _is_kept(path: Path, zone: str) -> bool:
    """Whether a file of a zone is a receipt, or a table that is kept."""
    return path.suffix == ".json" or (path.suffix == ".parquet" and path.stem in KEPT_TABLES[zone])


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
