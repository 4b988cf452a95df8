"""The manifest of a publication: what each table cost and is, settings, headline results, and what was accepted.

Belongs here: what is in it. Does not belong here: how right synthetic results are, which nobody here may know
(pathways/refresh/compare_with_truth.py).
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from publication_assets.steps.comparison.compare_with_published import agreement_of
from publication_assets.steps.documents.headline import headline
from publication_assets.steps.documents.reading_engines import reading_engines
from publication_assets.steps.figures.of_report.consort_diagram import shown_steps
from publication_assets.steps.release.listed_settings import listed_settings
from publication_assets.steps.release.release_entries import left_open, release_entries
from resources.receipts.told_receipts import WITHHELD
from resources.settings.study_settings import StudySettings


@dataclass(frozen=True)
class ManifestTables:
    """What the manifest is made of. `receipts`: of all zones, by name of the zone, as ZoneReceipts."""

    receipts: dict[str, pl.DataFrame]
    published_tables: pl.DataFrame
    consort_counts: pl.DataFrame
    published_comparison: pl.DataFrame
    note_reading_quality: pl.DataFrame
    synthetic: bool


def manifest(quarter: str, tables: ManifestTables, settings: StudySettings) -> dict[str, Any]:
    """The manifest of a quarter. Counts of people are rounded, and small ones withheld."""
    threshold = settings.publication.disclosure_threshold
    engines = reading_engines(tables.note_reading_quality)
    return {
        "quarter": quarter,
        "synthetic_extracts": {"synthetic": True} if tables.synthetic else None,
        "settings": listed_settings(settings),
        "labels": [asdict(engine) for engine in engines],
        "without_instruct_model_because": sorted({engine.reason for engine in engines if engine.reason}),
        "assets": _assets(tables.receipts),
        "headline": headline(tables.published_tables),
        "consort": shown_steps(tables.consort_counts, threshold).to_dicts(),
        "against_published": asdict(agreement_of(tables.published_comparison)),
        "quarantined_rows": _quarantined(tables.receipts["linkage"]),
        "accepted": [
            decision
            for receipts in tables.receipts.values()
            for accepted in receipts["accepted"]
            for decision in json.loads(accepted)
        ],
        "not_given_of_release": [
            f"release.{entry.setting}" for entry in left_open(release_entries(settings.release, tables.synthetic))
        ],
    }


def manifest_file(quarter: str, tables: ManifestTables, settings: StudySettings) -> bytes:
    """The manifest as its file."""
    return json.dumps(manifest(quarter, tables, settings), indent=1, default=str).encode()


def _assets(receipts: dict[str, pl.DataFrame]) -> dict[str, dict[str, Any]]:
    """What each table cost, and is. Rows can be people: how many there are of few is withheld."""
    return {
        row["table"]: {
            "zone": zone,
            "rows": WITHHELD if row["rows"] is None else row["rows"],
            "seconds": row["seconds"],
            "cpu_seconds": row["cpu_seconds"],
            "peak_mb": row["peak_mb"],
            "version": row["code"],
            "sha256": row["sha256"],
            "made_at": row["made_at"],
            "launched_by": row["launched_by"],
            "run": row["run"],
            "checks": sorted(name for name, passed in json.loads(row["checks"]).items() if passed),
            "made_from": {
                name: content for name, content in json.loads(row["made_from"]).items() if "/secrets/" not in name
            },
        }
        for zone, told in receipts.items()
        for row in told.iter_rows(named=True)
    }


def _quarantined(linkage: pl.DataFrame) -> dict[str, int | str]:
    """Rows set aside in each extract of which any were."""
    rows = dict(linkage.select("table", "rows_quarantined").iter_rows())
    found = {extract.name: rows[extract.name] for extract in LINKAGE_EXTRACTS if rows.get(extract.name, 0) != 0}
    return {name: WITHHELD if count is None else count for name, count in sorted(found.items())}
