"""The manifest of a publication: what each table cost, the headline results and, on synthetic extracts, the truth."""

import json
from dataclasses import asdict
from pathlib import Path

import polars as pl

from pathways.refresh.compare_with_truth import compare_with_truth
from pathways.refresh.receipts_of_run import believed_table, receipts_of
from publication_assets.steps.comparison.compare_with_published import agreement_of
from publication_assets.steps.documents.headline import headline
from publication_assets.steps.documents.reading_engines import reading_engines
from publication_assets.steps.figures.of_report.consort_diagram import shown_steps
from publication_assets.steps.release.release_entries import left_open, release_entries
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import synthetic_mark
from resources.records.shown_counts import shown_count
from resources.secrets.private_files import make_folder, put_in_place
from resources.settings.study_settings import load_study_settings

WITHHELD = "[c]"


def write_manifest(root: Path, quarter: str) -> dict:
    """Write `publication/<quarter>/manifest.json` from the receipts of all tables, and return it."""
    settings = load_study_settings()
    threshold = settings.publication.disclosure_threshold
    synthetic = synthetic_mark(extracts_of(root, quarter))
    engines = reading_engines(believed_table(root, "nlp", "note_reading_quality", quarter))
    manifest = {
        "quarter": quarter,
        "synthetic_extracts": synthetic,
        "labels": [asdict(engine) for engine in engines],
        "without_instruct_model_because": sorted({engine.reason for engine in engines if engine.reason}),
        "assets": _assets(root, quarter, threshold),
        "headline": headline(believed_table(root, "modelling", "published_tables", quarter)),
        "consort": shown_steps(believed_table(root, "linkage", "consort_counts", quarter), threshold).to_dicts(),
        "against_published": asdict(agreement_of(believed_table(root, "modelling", "published_comparison", quarter))),
        "quarantined_rows": _quarantined(root, quarter, threshold),
        "accepted": _accepted(root, quarter, threshold),
        "not_given_of_release": [
            f"release.{entry.setting}" for entry in left_open(release_entries(settings.release, bool(synthetic)))
        ],
    }
    if synthetic:
        manifest["truth"] = compare_with_truth(root, quarter)
    path = root / "publication" / quarter / "manifest.json"
    make_folder(root, path.parent)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(manifest, indent=1, default=str), encoding="utf-8")
    put_in_place(root, partial, path)
    return manifest


def _assets(root: Path, quarter: str, threshold: int) -> dict[str, dict]:
    """What each table cost. Rows can be people: how many there are of few is withheld, as in the published tables."""
    return {
        receipt.table: {
            "folder": folder,
            "rows": shown_count(receipt.rows, threshold, WITHHELD),
            "seconds": receipt.seconds,
            "cpu_seconds": receipt.cpu_seconds,
            "peak_mb": receipt.peak_mb,
            "version": receipt.code,
            "sha256": receipt.sha256,
        }
        for folder, receipt in receipts_of(root, quarter)
    }


def _accepted(root: Path, quarter: str, threshold: int) -> list[dict]:
    """Decisions by which checks passed that would have stopped this quarter; no value that is a small count."""
    records = [record for _, receipt in receipts_of(root, quarter) for record in receipt.checks.values() if record]
    accepted = [acceptance.model_dump(mode="json") for record in records for acceptance in record.accepted]
    small = {float(count) for count in range(1, threshold)}
    return [decision | ({"value": WITHHELD} if decision["value"] in small else {}) for decision in accepted]


def _quarantined(root: Path, quarter: str, threshold: int) -> dict[str, int | str]:
    rows = believed_table(root, "linkage", "quarantined_rows", quarter)
    counts = rows.group_by("extract").agg(pl.col("row_number").n_unique()).sort("extract")
    return {extract: shown_count(count, threshold, WITHHELD) for extract, count in counts.iter_rows()}
