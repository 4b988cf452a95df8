"""Where a zone keeps its tables: one Parquet file and one receipt per table and quarter.

Belongs here: writing and reading tables, the receipt that says what a table was made from, and whether it is
still current. Does not belong here: what any table means.

A receipt (`<table>.json`) holds hashes, counts and measurements only. A table is current while its file is whole,
and code, settings, extract and every table it was made from are the same: so a run that was killed resumes with
the first table that is not current, and a run with nothing new computes nothing.
"""

import json
import os
import resource
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from time import time

import dagster as dg
import polars as pl

from resources.partitions import previous_quarter
from resources.schema_check import Table, check_frame


@dataclass(frozen=True)
class Zone:
    """What identifies the tables of a zone on disk: folder, fingerprints, and which tables cross to other zones.

    `crossings` maps every crossing table to its schema, whoever makes it; `code` and `settings` are hashes.
    `files` maps a table to files below the root that it is made from besides extracts and tables, with {quarter} or
    {before}, the quarter before, in them.
    """

    name: str
    root: Path
    code: str
    settings: str
    crossings: Mapping[str, type[Table]]
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def table_path(self, table: str, quarter: str) -> Path:
        """File of a table. A crossing table has a folder of its own, so that a zone is given only those it may read."""
        if table in self.crossings:
            return self.root / "crossings" / table / quarter / f"{table}.parquet"
        return self.root / self.name / quarter / f"{table}.parquet"

    def receipt(self, table: str, quarter: str) -> dict | None:
        """The receipt of a table, or None when the table was never written whole."""
        path = self.table_path(table, quarter)
        receipt_path = path.with_suffix(".json")
        if not (path.exists() and receipt_path.exists()):
            return None
        receipt = json.loads(receipt_path.read_text(encoding="utf-8"))
        return receipt if receipt["bytes"] == path.stat().st_size else None


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
    return digest.hexdigest()


def extract_file(root: Path, quarter: str, extract: str) -> Path | None:
    """The file of an extract such as "ndelius/offender" for a quarter, CSV or Parquet, or None."""
    for suffix in (".csv", ".parquet"):
        path = root / "extracts" / quarter / f"{extract}{suffix}"
        if path.is_file():
            return path
    return None


EXTRACT = "pathways/extract"


def made_from(zone: Zone, quarter: str, spec: dg.AssetSpec) -> dict[str, str]:
    """What a table would be made from now: name of each input to the hash of its content ("" when it is missing)."""
    sources = {}
    for dep in sorted(spec.deps, key=lambda dep: dep.asset_key):
        parent = dep.asset_key.path[-1]
        receipt = zone.receipt(parent, quarter)
        sources[parent] = receipt["sha256"] if receipt else ""
    if extract := spec.metadata.get(EXTRACT):
        path = extract_file(zone.root, quarter, str(extract))
        sources[f"extract:{extract}"] = file_hash(path) if path else ""
    for file in zone.files.get(spec.key.path[-1], ()):
        path = zone.root / file.format(quarter=quarter, before=previous_quarter(quarter))
        sources[f"file:{file}"] = file_hash(path) if path.is_file() else ""
    return sources


def is_current(zone: Zone, quarter: str, spec: dg.AssetSpec) -> bool:
    """Whether a stored table is what running its asset again would give."""
    receipt = zone.receipt(spec.key.path[-1], quarter)
    return (
        receipt is not None
        and receipt["code"] == zone.code
        and receipt["settings"] == zone.settings
        and receipt["made_from"] == made_from(zone, quarter, spec)
    )


class ZoneStore(dg.IOManager):
    """Stores each asset's frame as Parquet with a receipt; a crossing table is validated before it is written."""

    def __init__(self, zone: Zone):
        self.zone = zone

    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame) -> None:
        """Write a frame and its receipt, each by rename, so that a kill leaves the old or the new, never half."""
        table, quarter = context.asset_key.path[-1], context.asset_partition_key
        if table in self.zone.crossings:
            check_frame(obj, self.zone.crossings[table], table)
        path = self.zone.table_path(table, quarter)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".json").unlink(missing_ok=True)
        partial = path.with_suffix(".partial")
        obj.write_parquet(partial, compression="zstd")
        os.replace(partial, path)
        receipt = {
            "table": table,
            "quarter": quarter,
            "rows": obj.height,
            "columns": obj.width,
            "bytes": path.stat().st_size,
            "sha256": file_hash(path),
            "code": self.zone.code,
            "settings": self.zone.settings,
            "made_from": made_from(self.zone, quarter, context.asset_spec),
            "seconds": _seconds_since_step_start(context),
            "peak_mb": _take_peak_memory(),
        }
        partial.write_text(json.dumps(receipt, indent=1, sort_keys=True), encoding="utf-8")
        os.replace(partial, path.with_suffix(".json"))
        shutil.rmtree(self.chunk_folder(table, quarter), ignore_errors=True)
        context.add_output_metadata(
            {
                "dagster/row_count": obj.height,
                "sha256": receipt["sha256"],
                "made_from": receipt["made_from"],
                "peak_mb": receipt["peak_mb"],
            }
        )

    def chunk_folder(self, table: str, quarter: str) -> Path:
        """Where a long step may keep parts of a table until the table is written."""
        return self.zone.table_path(table, quarter).with_suffix(".chunks")

    def load_input(self, context: dg.InputContext) -> pl.DataFrame | pl.LazyFrame:
        """Read a table of this zone, or one that crosses into it; a scan of it where the asset asks for a LazyFrame.

        Raises FileNotFoundError that names the table.
        """
        table, quarter = context.asset_key.path[-1], context.asset_partition_key
        path = self.zone.table_path(table, quarter)
        if not path.exists():
            raise FileNotFoundError(f"table {table} of {quarter} has not been written. Materialize it first.")
        return pl.scan_parquet(path) if context.dagster_type.typing_type is pl.LazyFrame else pl.read_parquet(path)

    def read(self, table: str, quarter: str) -> pl.DataFrame:
        """Read a stored table, for checks."""
        return pl.read_parquet(self.zone.table_path(table, quarter))

    def of_quarter_before(self, quarter: str, tables: Sequence[str], same: str) -> dict[str, pl.DataFrame] | None:
        """Tables of the quarter before by name, if the same code, settings and content of table `same` made them."""
        before = previous_quarter(quarter)
        if before is None:
            return None
        now, then = self.zone.receipt(same, quarter), self.zone.receipt(same, before)
        receipts = [self.zone.receipt(table, before) for table in tables]
        alike = now and then and now["sha256"] == then["sha256"]
        if not alike or not all(
            receipt and receipt["code"] == self.zone.code and receipt["settings"] == self.zone.settings
            for receipt in receipts
        ):
            return None
        return {table: self.read(table, before) for table in tables}

    def reject(self, table: str, quarter: str) -> None:
        """Take back the receipt of a table that failed its check: it is made again next time."""
        self.zone.table_path(table, quarter).with_suffix(".json").unlink(missing_ok=True)


def _seconds_since_step_start(context: dg.OutputContext) -> float:
    step = context.step_context
    stats = step.instance.get_run_step_stats(step.run_id, step_keys=[step.step.key])
    started = stats[0].start_time if stats else None
    if started is None:
        return 0.0
    return round(time() - started, 2)


def _take_peak_memory() -> int:
    """Peak memory of this process since the last call, MB; since its start where the kernel cannot reset it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        peak_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    except OSError:
        peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak_kb // 1024
