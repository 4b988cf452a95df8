"""Writes a whole set of synthetic extracts with the truth about them.

Belongs here: files, and the mark SYNTHETIC.json. Does not belong here: what is recorded (recording.py), how it goes
on after the first quarter (next_quarter/), any rate or share (calibration.toml).
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

import polars as pl

from contracts.extracts import EXTRACT_BY_NAME
from resources.extracts.synthetic_mark import is_marked, write_mark, written_with
from resources.secrets.kept_file import KeptFileDamaged
from resources.zone.partitions import QUARTER_NAMES, quarter_end
from synthetic_extracts.draws import day_number
from synthetic_extracts.next_quarter.go_on import recorded_at
from synthetic_extracts.recording import Strangers, Tables, draw_truth, record_everything
from synthetic_extracts.treatment.outcome_forms import COMMUNITY, outcome_profile
from synthetic_extracts.treatment.strangers import FIRST_TRIAGE

TableFormat = Literal["default", "csv", "parquet"]
BASE_QUARTER = QUARTER_NAMES[0]
DEFAULT_SCALE, DEFAULT_SEED = 0.1, 1


def write_extracts(
    root: Path,
    quarter: str,
    scale: float,
    seed: int,
    table_format: TableFormat = "default",
    say: Callable[[str], None] = lambda line: None,
    with_notes: bool = True,
    besides: bool = False,
) -> dict[str, int]:
    """Write root/extracts/<quarter> and root/truth/<quarter>; what was there is replaced as a whole. Returns counts.

    scale 1 is the published size, in 2023Q1. Later quarters continue it: the same people and records, and what is new,
    late, corrected, deleted or merged in each quarter after it. `default` writes CSV, and Parquet for contact_note.
    `besides` sends all that the systems hold of each record, as a supplier may; else the columns that are asked for.
    `say` gets progress, counts only.
    Raises ValueError for a scale that is not above 0, an unknown format, or (from quarter_end) an unknown quarter.
    """
    if scale <= 0:
        raise ValueError("scale must be above 0; 1 is the published size")
    if table_format not in get_args(TableFormat):
        raise ValueError("table_format must be default, csv or parquet")
    quarter_end(quarter)
    counts: dict[str, int] = {}
    with (
        ReplacedFolder(root / "extracts" / quarter) as extracts,
        ReplacedFolder(root / "truth" / quarter) as truth_folder,
    ):
        community: Tables = {}

        def put(tables: Tables) -> None:
            for name, table in tables.items():
                if name in COMMUNITY:
                    community[name] = table
                counts[name] = table.height
                _write_table(extracts, name, table, table_format, besides)
                say(f"{name}: {table.height:,} rows")

        def put_truth(name: str, table: pl.DataFrame) -> None:
            table.write_parquet(truth_folder / f"{name}.parquet")

        if quarter == BASE_QUARTER:
            counts |= _record_base(scale, seed, with_notes, put, put_truth, say)
        else:
            counts |= recorded_at(BASE_QUARTER, quarter, scale, seed, with_notes, put, put_truth, say)
        put({"outcome_profile": outcome_profile(seed, community, day_number(quarter_end(quarter)))})
        write_mark(extracts, {"scale": scale, "seed": seed, "quarter": quarter, "with_notes": with_notes})
    return counts


class QuarterNotContinued(ValueError):
    """Last quarter's synthetic extracts have another scale or seed than was asked for; says which, and what to do."""


def scale_and_seed(
    root: Path, quarter: str, scale: float | None, seed: int | None, default: float = DEFAULT_SCALE
) -> tuple[float, int]:
    """Scale and seed of a quarter: as asked for, else those of the latest extracts before it, else `default` and 1.

    root: the folder that holds `extracts`, which those of the justice records have of their own.
    Raises QuarterNotContinued where those extracts are another world than the one asked for: the quarter would look
    like its continuation and be none.
    """
    earlier = QUARTER_NAMES[: QUARTER_NAMES.index(quarter)]
    written = [name for name in earlier if is_marked(root / "extracts" / name)]
    if not written:
        return default if scale is None else scale, DEFAULT_SEED if seed is None else seed
    before = written[-1]
    try:
        last = written_with(root / "extracts" / before, f"Write {before} again, then {quarter}.")
    except KeptFileDamaged as damaged:
        raise QuarterNotContinued(str(damaged)) from None
    if scale not in (None, last["scale"]) or seed not in (None, last["seed"]):
        raise QuarterNotContinued(
            f"{before} was written with --scale {last['scale']} --seed {last['seed']}, so {quarter} cannot continue it "
            f"with others. Leave both out to continue it, or write {before} again with yours first."
        )
    return last["scale"], last["seed"]


def _record_base(
    scale: float,
    seed: int,
    with_notes: bool,
    put: Callable[[Tables], None],
    put_truth: Callable[[str, pl.DataFrame], None],
    say: Callable[[str], None],
) -> dict[str, int]:
    truth = draw_truth(BASE_QUARTER, scale, seed)
    say(f"people: {len(truth.cohort.people):,}, requirements: {len(truth.cohort.requirements.sentence):,}")
    strangers = Strangers(scale, FIRST_TRIAGE, day_number(quarter_end(BASE_QUARTER)))
    return record_everything(seed, scale, truth, strangers, with_notes, put, put_truth)[1]


def _write_table(folder: Path, name: str, table: pl.DataFrame, table_format: TableFormat, besides: bool) -> None:
    extract = EXTRACT_BY_NAME[name]
    if not besides:
        table = table.select(extract.column_names)
    place = folder / extract.system
    place.mkdir(exist_ok=True)
    if table_format == "parquet" or (table_format == "default" and name == "contact_note"):
        table.write_parquet(place / f"{name}.parquet")
    else:
        table.write_csv(place / f"{name}.csv")


class ReplacedFolder:
    """A new folder that takes the place of `target` when the block ends well, and vanishes when it does not."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __enter__(self) -> Path:
        self.target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.new = Path(tempfile.mkdtemp(prefix=f".{self.target.name}-", dir=self.target.parent))
        return self.new

    def __exit__(self, kind, error, trace) -> None:
        if kind is not None:
            shutil.rmtree(self.new, ignore_errors=True)
            return
        old = self.new.with_name(self.new.name + "-old")
        if self.target.exists():
            self.target.replace(old)
        self.new.replace(self.target)
        shutil.rmtree(old, ignore_errors=True)
