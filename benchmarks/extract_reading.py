"""Memory and processor time of reading one large extract by part, beside reading it at once and beside polars alone.

    python benchmarks/extract_reading.py [--scale 0.16] [--table magistrates_defendant_case] [--folder FOLDER]

Scale 1 is 17.3 million SYNTHETIC records; at 0.16 the magistrates' extract has two million. FOLDER holds extracts that
`pathways justice-extracts` wrote, as folders of Parquet parts; without it they are written first. The extract is read
so, and as one CSV file. Each way runs in a process of its own. Prints a JSON line per form: `by_part` is how a zone
reads; `at_once` the same code with nothing in files and, of CSV, a block larger than the file; `polars` reads and
writes the columns as they are, without any check. `same` says whether both of ours wrote the same bytes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Any

import polars as pl

from contracts.extracts import JUSTICE_EXTRACT_BY_NAME
from resources.extracts.extract_reader import read_extract_file
from resources.extracts.extract_schema import extract_table
from resources.extracts.files import text_blocks
from resources.extracts.files.extract_file import find_extract
from resources.extracts.files.extract_parts import extract_parts
from resources.extracts.reading import rows_in_parts
from resources.settings.study_settings import load_study_settings
from resources.zone import schema_check
from resources.zone.partitions import quarter_end
from resources.zone.schema_check import check_scan
from resources.zone.zone_store import ROWS_PER_GROUP

QUARTER, BEYOND = "2023Q1", 1 << 50
WAYS = ("by_part", "at_once", "polars")


def main() -> None:
    """Read the extract each way and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", default="magistrates_defendant_case", choices=sorted(JUSTICE_EXTRACT_BY_NAME))
    parser.add_argument("--folder", type=Path, help="holds justice_sources")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        print(json.dumps(measured(given.file, given.table, given.way)))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        if given.folder is None:
            write(folder, given.scale, given.seed)
        extract = JUSTICE_EXTRACT_BY_NAME[given.table]
        files = {"parquet": find_extract(folder / "justice_sources" / "extracts" / QUARTER, extract)}
        files["csv"] = Path(made) / f"{given.table}.csv"
        pl.scan_parquet(files["parquet"]).sink_csv(files["csv"])
        for form, file in files.items():
            found = {way: in_a_process(file, given.table, way) for way in WAYS}
            ours, once = found["by_part"], found["at_once"]
            ratios = {
                "memory_at_once_to_by_part": round(once["peak_mb"] / ours["peak_mb"], 2),
                "processor_by_part_to_at_once": round(ours["processor_seconds"] / once["processor_seconds"], 2),
                "same": ours["sha256"] == once["sha256"],
            }
            print(json.dumps({"benchmark": "extract_reading", "table": given.table, "form": form, **found, **ratios}))


def write(folder: Path, scale: float, seed: int) -> None:
    """Synthetic extracts, in a process of its own: what the generator needs is not measured."""
    command = "from pathlib import Path; from synthetic_extracts.justice.write_justice_extracts import *; "
    command += f"write_justice_extracts(Path({str(folder)!r}), {QUARTER!r}, {scale}, {seed}, lambda _: None, True)"
    subprocess.run([sys.executable, "-c", command], check=True)


def in_a_process(file: Path, table: str, way: str) -> dict[str, Any]:
    """What one way costs."""
    command = [sys.executable, __file__, "--file", str(file), "--table", table, "--way", way]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def measured(path: Path, table: str, way: str) -> dict[str, Any]:
    """Rows, processor seconds and peak memory of reading, writing and checking the table in this process."""
    extract = JUSTICE_EXTRACT_BY_NAME[table]
    if way == "at_once":
        rows_in_parts.BYTES_HELD = schema_check.ROWS_AT_ONCE = BEYOND
        text_blocks.BYTES_PER_BLOCK = path.stat().st_size + 1  # a larger one would be asked of the machine
    with tempfile.TemporaryDirectory() as made:
        out, began = Path(made) / "table.parquet", process_time()
        if way == "polars":
            rows = pl.read_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.read_parquet(path)
            rows.write_parquet(out, compression="zstd")
        else:
            limits = load_study_settings().extracts
            read = read_extract_file(path, extract, quarter_end(QUARTER), limits, Path(made) / "parts")
            read.table.sink_parquet(out, compression="zstd", row_group_size=ROWS_PER_GROUP)
            del read
            check_scan(pl.scan_parquet(out), extract_table(extract), table)
        seconds = process_time() - began
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
        return {
            "rows": pl.scan_parquet(out).select(pl.len()).collect().item(),
            "file_mb": round(sum(part.bytes for part in extract_parts(path).parts) / 1e6),
            "processor_seconds": round(seconds, 1),
            "peak_mb": peak // 1024,
            "sha256": sha256(out.read_bytes()).hexdigest(),
        }


if __name__ == "__main__":
    main()
