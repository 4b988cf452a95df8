"""What is signed off, each as a hash that changes when the thing itself does.

Belongs here: of what the hash is made. Does not belong here: who signs (study.toml, `[duties]`), sign-offs
(resources/duties). Acceptances of a failed check are signed one by one (resources/zone/gates.py).
"""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from contracts.crossings import CROSSINGS
from contracts.zones import CROSSING_TABLES, JUSTICE_FILES, MADE_BY, RECEIPTS
from resources.duties.asked import Digest
from resources.duties.sign_offs import digest_of
from resources.settings.governance_settings import SignedOff
from resources.settings.study_settings import load_study_settings
from resources.zone.zone_tables import TableNotUsable, Zone

# What leaves the zones of identifiers and of notes for the anonymised one; what tells of a run differs with every run.
RELEASED = [
    name
    for name, crossing in CROSSINGS.items()
    if {"modelling_assets", "publication_assets"} & {*crossing.read_by} and name not in RECEIPTS.values()
]
PUBLISHED = ["publication", "linkage_quality_report", "note_reading_report", "comparison_page"]


def digests(root: Path) -> dict[SignedOff, Digest]:
    """Of each thing, the function that gives its hash in a quarter; None while a part of it is not there."""
    return {
        "threshold": lambda quarter: threshold_digest(),
        "model": lambda quarter: model_digest(),
        "release": lambda quarter: _of_tables(_reader(root), RELEASED, quarter),
        "publication": lambda quarter: _of_tables(_reader(root), PUBLISHED, quarter),
    }


def digests_of_justice(root: Path) -> dict[SignedOff, Digest]:
    """The same of the justice records: what their zone releases is signed off as a publication is, and nothing else."""
    return {"publication": lambda quarter: _of_tables(Zone("justice", root, "", "", {}), JUSTICE_FILES, quarter)}


def threshold_digest() -> str:
    """Of the threshold of links with its decision, whatever the quarter."""
    linkage = load_study_settings().linkage
    return digest_of([linkage.threshold, linkage.threshold_decision.model_dump(mode="json")])


def model_digest() -> str | None:
    """Of the linkage model that study.toml approves, by its own digest, whatever the quarter; None where there is none.

    So a run of real extracts without an approved model begins through no door, and reads nothing.
    """
    model = load_study_settings().linkage.model
    return digest_of([model.name, model.sha256]) if model.sha256 else None


def released_is_synthetic(root: Path, quarter: str) -> bool:
    """Whether what crossed was made from synthetic extracts, as the anonymised zone sees it."""
    zone = _reader(root)
    try:
        zone.written("anonymised_requirements", quarter)
    except TableNotUsable:
        return False
    table = pl.scan_parquet(zone.table_path("anonymised_requirements", quarter))
    return bool(table.select(pl.col("synthetic").all()).collect().item())


def _of_tables(zone: Zone, tables: Iterable[str], quarter: str) -> str | None:
    try:
        return digest_of([quarter, {table: zone.written(table, quarter).sha256 for table in tables}])
    except TableNotUsable:
        return None


def _reader(root: Path) -> Zone:
    return Zone("modelling", root, "", "", CROSSING_TABLES, made_by=MADE_BY)
