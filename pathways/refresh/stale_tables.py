"""Which tables were made of what has changed since: extracts, settings, tables before them.

Belongs here: comparing receipts with what is there now. Does not belong here: whether new code would make a table anew,
which only the zone itself can say (`pathways refresh` asks it).
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from contracts.zones import MADE_BY, SECTIONS
from resources.extracts.extract_place import extract_file
from resources.extracts.files.extract_parts import extract_hash
from resources.receipts.receipts import Receipt, file_hash
from resources.settings.study_settings import StudySettings
from resources.zone.partitions import previous_quarter


def stale_tables(
    root: Path, quarter: str, found: Sequence[tuple[str, Receipt]], study: StudySettings, sources: str = ""
) -> set[str]:
    """Tables that were made of what is no longer there, or with other settings, and all that was made of them.

    `found`: folder and receipt of each table, as receipts_of has them. `sources`: the folder below the root that holds
    `extracts`.
    """
    receipts = {receipt.table: receipt for _, receipt in found}
    zone_of = {receipt.table: MADE_BY.get(receipt.table, folder) for folder, receipt in found}
    stale = {table for table, receipt in receipts.items() if _settings_differ(receipt, zone_of[table], study)}
    for table, receipt in receipts.items():
        content = partial(_content, root, quarter, receipts, study, sources)
        if any(content(name) != then for name, then in receipt.made_from.items()):
            stale.add(table)
    while new := {table for table, each in receipts.items() if stale & each.made_from.keys()} - stale:
        stale |= new
    return stale


def _settings_differ(receipt: Receipt, zone: str, study: StudySettings) -> bool:
    return receipt.settings.partition("+")[0] != study.fingerprint(*SECTIONS[zone])


def _content(
    root: Path, quarter: str, receipts: dict[str, Receipt], study: StudySettings, sources: str, name: str
) -> str:
    """Hash of what a table names as its source, as that is now; "" where it is not there."""
    kind, _, source = name.partition(":")
    if not source:
        return receipts[name].sha256 if name in receipts else ""
    if kind == "settings":
        return study.fingerprint(source)
    if kind == "extract":
        path = extract_file(root / sources, quarter, source)
        return extract_hash(path) if path else ""
    path = root / source.format(quarter=quarter, before=previous_quarter(quarter))
    return file_hash(path) if path.is_file() else ""
