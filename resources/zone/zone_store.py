"""Where a zone keeps its tables: one Parquet file and one receipt per table and quarter.

Belongs here: writing and reading tables, when a table is current, when it may be read, and what its checks said. Does
not belong here: what any table means, and the form of a receipt (receipts.py).

A table is current while its file is what its receipt says, and code, settings, extract and every table it was made from
are the same: so a run that was killed resumes with the first table that is not current, and a run with nothing new
computes nothing. It may be read while every blocking check has passed on just this content, and no table before it is
refused: so a check that failed holds until its cause is gone, whoever asks again, from the command line or the UI.
"""

import os
import resource
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any

import dagster as dg
import polars as pl

from resources.extracts.extract_place import extract_file
from resources.extracts.files.extract_parts import extract_hash, last_touched
from resources.extracts.synthetic_mark import MARK
from resources.process.shield import shielded
from resources.receipts.receipt_book import ReceiptRefused
from resources.receipts.receipts import CheckRecord, Receipt, file_hash, file_state
from resources.records.launched_by import launched_by
from resources.records.shown_counts import counts_base, shown_count
from resources.secrets.private_files import make_folder
from resources.secrets.zone_secrets import table_salt
from resources.zone.gates import GATE
from resources.zone.partitions import previous_quarter
from resources.zone.schema_check import check_scan
from resources.zone.zone_tables import TableNotUsable, Zone

EXTRACT = "pathways/extract"
# Of every table, so that its bytes are the same on every machine, and whether it was in memory or written by parts.
ROWS_PER_GROUP = 1 << 17
# Metadata of an asset that asks whether the extracts are synthetic: it is made again when the mark changes.
READS_MARK = {"pathways/reads_mark": True}
SOURCE_SHA256 = "source_sha256"  # output metadata: the hash of the extract as it was read


def made_from(zone: Zone, quarter: str, spec: dg.AssetSpec) -> dict[str, str]:
    """What a table would be made from now: name of each input to the hash of its content ("" when it is missing).

    Inputs are the tables that the asset depends on, its extract or extracts (metadata EXTRACT), files of the zone, and
    sections of the settings besides the zone's.
    """
    sources: dict[str, str] = {}
    for dep in sorted(spec.deps, key=lambda dep: dep.asset_key):
        sources[dep.asset_key.path[-1]] = _content(zone, dep.asset_key.path[-1], quarter)
    sources |= {f"settings:{name}": content for name, content in zone.quoted.get(spec.key.path[-1], {}).items()}
    for name, path in _files_read(zone, quarter, spec).items():
        if name.startswith("extract:"):
            sources[name] = extract_hash(path) if path else ""
        else:
            sources[name] = file_hash(path) if path and path.is_file() else ""
    return sources


def _content(zone: Zone, table: str, quarter: str) -> str:
    receipt = zone.receipt(table, quarter)
    return receipt.sha256 if receipt else ""


def _files_read(zone: Zone, quarter: str, spec: dg.AssetSpec) -> dict[str, Path | None]:
    extracts = spec.metadata.get(EXTRACT, ())
    extracts = [extracts] if isinstance(extracts, str) else extracts
    files, before = zone.files.get(spec.key.path[-1], ()), previous_quarter(quarter)
    below = f"{zone.sources}/" if zone.sources else ""
    mark = [f"{below}extracts/{{quarter}}/{MARK}"] if READS_MARK.items() <= spec.metadata.items() else []
    return {
        **{f"extract:{extract}": extract_file(zone.root / zone.sources, quarter, extract) for extract in extracts},
        **{f"file:{file}": zone.root / file.format(quarter=quarter, before=before) for file in (*files, *mark)},
    }


def is_current(zone: Zone, quarter: str, spec: dg.AssetSpec) -> bool:
    """Whether a stored table is what running its asset again would give."""
    receipt = zone.receipt(spec.key.path[-1], quarter)
    return (
        receipt is not None
        and receipt.code == zone.code_of(receipt.table)
        and receipt.settings == zone.settings
        and receipt.made_from == made_from(zone, quarter, spec)
    )


class ZoneStore(dg.IOManager):
    """Stores each asset's frame as Parquet with a receipt; a crossing table is validated before it is written."""

    def __init__(self, zone: Zone):
        self.zone = zone
        # What each step has read: table to the hash of what was read, and the file's state where only a scan was given.
        self._read: dict[str, dict[str, str]] = {}
        self._scanned: dict[str, dict[Path, tuple[Any, ...]]] = {}
        self._scanned_before: dict[Path, tuple[Any, ...]] = {}  # the same of tables of the quarter before
        self._cpu = _ProcessorTime()

    @shielded
    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame | pl.LazyFrame) -> None:
        """Write a frame and its receipt, each by rename, so that a kill leaves the old or the new, never half.

        A scan is written as it is read: the table is never in memory.

        Raises TableNotUsable when a table that it was made from was changed meanwhile, or is held by a check.
        """
        table, quarter = context.asset_key.path[-1], context.asset_partition_key
        self.require_same_settings()
        if table in self.zone.crossings:
            check_scan(obj.lazy(), self.zone.crossings[table], table)
        sources = self._made_from_as_read(context)
        path = self.zone.table_path(table, quarter)
        make_folder(self.zone.root, path.parent)
        with self.zone.book.one_writer(table, quarter):
            receipt = self._write(context, obj, sources)
        shutil.rmtree(self.chunk_folder(table, quarter), ignore_errors=True)
        # Dagster keeps what each step of a command's run gave until its end: all tables would be in memory at once.
        if (given := context.step_context.output_capture) is not None:
            given.clear()
        # Rows can be people, and Dagster's records are read outside the zone: exact is the receipt, which stays here.
        shown = shown_count(receipt.rows, counts_base(), "")
        rows = {} if shown == "" else {"dagster/row_count": shown}
        context.add_output_metadata(  # pyright: ignore[reportUnknownMemberType]
            {
                **rows,
                "sha256": receipt.sha256,
                "made_from": receipt.made_from,
                "peak_mb": receipt.peak_mb,
            }
        )

    def _write(self, context: dg.OutputContext, obj: pl.DataFrame | pl.LazyFrame, sources: dict[str, str]) -> Receipt:
        table, quarter = context.asset_key.path[-1], context.asset_partition_key
        path = self.zone.table_path(table, quarter)
        self.zone.book.remove(table, quarter, self.zone.receipt_path(table, quarter))
        partial = path.with_suffix(".partial")
        salt = table_salt(self.zone.root, self.zone.name, table)
        obj.lazy().sink_parquet(partial, compression="zstd", metadata={"salt": salt}, row_group_size=ROWS_PER_GROUP)
        rows, columns = shape_of(partial)
        self.zone.book.kept.look(path)
        self.zone.book.kept.put(partial, path)
        receipt = Receipt(
            table=table,
            quarter=quarter,
            rows=rows,
            columns=columns,
            bytes=path.stat().st_size,
            sha256=file_hash(path),
            code=self.zone.code_of(table),
            settings=self.zone.settings,
            made_from=sources,
            seconds=round(time() - _step_start(context), 2),
            cpu_seconds=self._cpu.taken(),
            peak_mb=_take_peak_memory(),
            checks=dict.fromkeys(self.zone.checks.get(table, ())),
            run=context.run_id,
            launched_by=launched_by(context.step_context.dagster_run.tags),
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        self.zone.book.write(receipt, self.zone.receipt_path(table, quarter))
        return receipt

    def require_same_settings(self) -> None:
        """Raise TableNotUsable when the settings were edited since this run began."""
        if self.zone.settings_now and self.zone.settings_now() != self.zone.settings:
            raise TableNotUsable(
                "study.toml or reference/variables.csv was edited while this ran. What was made is kept; run it again, "
                "with the settings as they are now."
            )

    def _made_from_as_read(self, context: dg.OutputContext) -> dict[str, str]:
        """Hashes of what the step read, which may no longer be what lies there: then the next run makes the table anew.

        A file (extract, model, findings) that was touched after the step began counts as changed, unless the asset says
        what it read.
        """
        quarter, spec = context.asset_partition_key, context.asset_spec
        read = self._read.pop(context.step_key, {})
        scanned, self._scanned_before = self._scanned.pop(context.step_key, {}) | self._scanned_before, {}
        if any(file_state(path) != state for path, state in scanned.items()):
            raise TableNotUsable("a table was replaced while it was read. Run the refresh again.")
        for dep in spec.deps:
            if (name := dep.asset_key.path[-1]) not in read and self.zone.receipt(name, quarter):
                self.zone.passed(name, quarter, now=True)
        sources = made_from(self.zone, quarter, spec) | read
        said = context.output_metadata.get(SOURCE_SHA256)
        for name, path in _files_read(self.zone, quarter, spec).items():
            if said is not None and name.startswith("extract:"):
                sources[name] = str(getattr(said, "value", said))
            elif path and path.exists() and last_touched(path) > _step_start(context):
                sources[name] = "changed while it was read"
        return sources

    def chunk_folder(self, table: str, quarter: str) -> Path:
        """Where a long step may keep parts of a table until the table is written."""
        return self.zone.table_path(table, quarter).with_suffix(".chunks")

    @shielded
    def load_input(self, context: dg.InputContext) -> pl.DataFrame | pl.LazyFrame:
        """Read a table of this zone, or one that crosses into it; a scan of it where the asset asks for a LazyFrame.

        Raises TableNotUsable when it is not what was written, or a check holds it from all but the checks themselves.
        """
        table, quarter, step = context.asset_key.path[-1], context.asset_partition_key, context.step_context
        path = self.zone.table_path(table, quarter)
        if step.is_asset_check_step:
            receipt = self.zone.written(table, quarter)
        else:
            receipt = self.zone.passed(table, quarter, now=True)
        self._read.setdefault(step.step.key, {})[table] = receipt.sha256
        state = file_state(path)
        if context.dagster_type.typing_type is pl.LazyFrame:
            self._scanned.setdefault(step.step.key, {})[path] = state
            return pl.scan_parquet(path)
        frame = pl.read_parquet(path)
        if file_state(path) != state:
            raise TableNotUsable(f"table {table} of {quarter} was replaced while it was read. Run the refresh again.")
        return frame

    def read(self, table: str, quarter: str) -> pl.DataFrame:
        """Read a stored table of any quarter, whatever code or settings made it. Raises TableNotUsable."""
        self.zone.passed(table, quarter)
        return pl.read_parquet(self.zone.table_path(table, quarter))

    def of_quarter_before(
        self, quarter: str, tables: Sequence[str], same: str | None = None
    ) -> dict[str, pl.LazyFrame] | None:
        """Scans of tables of the quarter before, if the same code, settings and content of table `same` made them.

        None as well when one of them is held by a check. Only how fast a table is made may depend on them: what it is
        made from is declared (Zone.files).
        """
        before = previous_quarter(quarter)
        if before is None:
            return None
        now, then = (self.zone.receipt(same, each) if same else None for each in (quarter, before))
        receipts = [self.zone.receipt(table, before) for table in tables]
        if same and not (now and then and now.sha256 == then.sha256):
            return None
        if not all(
            receipt and receipt.code == self.zone.code_of(receipt.table) and receipt.settings == self.zone.settings
            for receipt in receipts
        ):
            return None
        paths = {table: self.zone.table_path(table, before) for table in tables}
        states = {path: file_state(path) for path in paths.values()}
        try:
            for table in tables:
                self.zone.passed(table, before)
        except TableNotUsable:
            return None
        self._scanned_before |= states
        return {table: pl.scan_parquet(path) for table, path in paths.items()}

    def record(self, table: str, quarter: str, check: str, result: dg.AssetCheckResult, step_key: str) -> None:
        """Write into the receipt what a blocking check said of the table, and hold or release all that follows from it.

        What follows is held first: a kill in between leaves a check that has not judged. What another process wrote
        into the receipt meanwhile stays.
        """
        self._cpu.taken()  # by the check, not by the table that comes next
        self.require_same_settings()
        passed = bool(result.passed) or result.severity != dg.AssetCheckSeverity.ERROR
        read = self._read.pop(step_key, {})
        self._scanned.pop(step_key, None)
        receipt = self.zone.receipt(table, quarter)
        if receipt is None or read.get(table, receipt.sha256) != receipt.sha256:
            return  # the table was written anew meanwhile, and is judged anew
        if not passed:
            self._hold(f"{table}: {check}", self.zone.after.get(table, ()), quarter)
        gate = _value(result.metadata.get(GATE)) or {}
        record = CheckRecord(
            passed=passed,
            judged={
                "code": self.zone.code_of_checks(table),
                "settings": self.zone.settings,
                **read,
                table: receipt.sha256,
            },
            message="" if passed else _said(result),
            acceptable=gate.get("acceptable", False),
            refused=gate.get("refused", []),
            accepted=gate.get("accepted", []),
        )
        self._change(
            table,
            quarter,
            lambda now: {"checks": {**now.checks, check: record}} if now.sha256 == receipt.sha256 else {},
        )
        if passed:
            self._release(self.zone.after.get(table, ()), quarter)

    def _hold(self, check: str, tables: Sequence[str], quarter: str) -> None:
        for table in tables:
            self._change(table, quarter, lambda now: {"held_by": [*{**dict.fromkeys(now.held_by), check: None}]})

    def release(self, quarter: str) -> None:
        """Free the tables that were held by checks which have passed since."""
        self._release({name for after in self.zone.after.values() for name in after}, quarter)

    def _release(self, tables: Iterable[str], quarter: str) -> None:
        for table in tables:
            self._change(
                table,
                quarter,
                lambda now: {"held_by": [check for check in now.held_by if self._refused(check, quarter)]},
            )

    def _change(self, table: str, quarter: str, change: Callable[[Receipt], dict[str, Any]]) -> None:
        """Give fields of a table's receipt the values that `change` makes of it as it is; anew where another process
        wrote it meanwhile. A receipt that is not there, or is not believed, stays so.
        """
        path = self.zone.receipt_path(table, quarter)
        with suppress(ReceiptRefused):
            while True:
                receipt = self.zone.signed(table, quarter)
                changed = receipt.model_copy(update=change(receipt))
                if changed == receipt or self.zone.book.replace(receipt, changed, path):
                    return

    def _refused(self, check: str, quarter: str) -> bool:
        table, _, name = check.partition(": ")
        return name in self.zone.unjudged(table, quarter)

    def refusals(self, quarter: str) -> Iterator[tuple[str, str, CheckRecord]]:
        """Table, check and record of all that blocking checks of this zone refuse in a quarter."""
        for table in self.zone.checks:
            receipt = self.zone.receipt(table, quarter)
            for check, record in (receipt.checks if receipt else {}).items():
                if record and not record.passed:
                    yield table, check, record


def shape_of(path: Path) -> tuple[int, int]:
    """Rows and columns of a table that was written."""
    table = pl.scan_parquet(path)
    return table.select(pl.len()).collect().item(), len(table.collect_schema())


def _value(metadata: object) -> dict[str, Any] | None:
    return getattr(metadata, "value", metadata)  # type: ignore[return-value]


def _said(result: dg.AssetCheckResult) -> str:
    """What a check without measures found, from its metadata: counts, names and what to do."""
    entries = {name: getattr(value, "value", value) for name, value in result.metadata.items() if name != GATE}
    return "; ".join(f"{name}: {value}" for name, value in entries.items())


def _step_start(context: dg.OutputContext) -> float:
    """When the step began, seconds since 1970."""
    step = context.step_context
    stats = step.instance.get_run_step_stats(step.run_id, step_keys=[step.step.key])
    return (stats[0].start_time if stats else None) or time()


class _ProcessorTime:
    """Processor time of this process and of those that it started and that have ended."""

    def __init__(self):
        self._before = sum(os.times()[:4])

    def taken(self) -> float:
        """Seconds since this was last asked, or made."""
        before, self._before = self._before, sum(os.times()[:4])
        return round(self._before - before, 2)


def _take_peak_memory() -> int:
    """Peak memory of this process since the last call, MB; since its start where the kernel cannot reset it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        peak_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    except OSError:
        peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak_kb // 1024
