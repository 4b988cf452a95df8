"""What reading an extract gave, kept by the check of a refresh for the zone that makes its table: a file is read once.

Belongs here: the files of a reading. Does not belong here: reading (extract_reader.py).

A reading lies in the folder of the zone that reads the extract, holds what that zone's table will hold, and is taken
once. What no zone took, because its table was current, is deleted at the end of the refresh. A reading is used only
where the extract, the code and the settings are those that it was made from.
"""

import json
import shutil
from dataclasses import fields
from datetime import date
from pathlib import Path

import polars as pl

from resources.extracts.extract_reader import ReadExtract
from resources.extracts.files.extract_parts import extract_hash
from resources.receipts.code_fingerprint import code_of
from resources.receipts.receipts import file_hash
from resources.settings.extract_settings import Extracts

FRAMES = ("table", "quarantined", "voided")
READINGS = "readings"
WHAT_READS = ("resources.extracts.extract_reader", "contracts.extracts")


def readings_folder(root: Path, zone: str, quarter: str) -> Path:
    """Where the readings of a zone's extracts are kept until the zone takes them."""
    return root / zone / quarter / READINGS


def reading_key(latest: date, limits: Extracts) -> str:
    """What a reading depends on besides the file: the code that reads, the last day of the quarter, and limits."""
    return f"{code_of(*WHAT_READS)} {latest} {limits.model_dump_json()}"


def keep_reading(folder: Path, read: ReadExtract, key: str) -> None:
    """Keep `read` in `folder`. Where it cannot be written it is not kept, and the zone reads the file again."""
    place = folder / read.extract
    try:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for name in FRAMES:
            getattr(read, name).lazy().sink_parquet(place / f"{name}.parquet", compression="lz4")
        facts = {item.name: getattr(read, item.name) for item in fields(read) if item.name not in (*FRAMES, "path")}
        facts["kept"] = {"key": key, "frames": {name: file_hash(place / f"{name}.parquet") for name in FRAMES}}
        partial = place / "facts.partial"
        partial.write_text(json.dumps(facts), encoding="utf-8")
        partial.replace(place / "facts.json")
    except OSError:
        shutil.rmtree(place, ignore_errors=True)


def forget_readings(root: Path, quarter: str) -> None:
    """Delete what is still kept of a quarter, in all zones under `root`."""
    for folder in sorted(root.glob(f"*/{quarter}/{READINGS}")):
        shutil.rmtree(folder, ignore_errors=True)


def take_reading(folder: Path, extract: str, path: Path, key: str) -> ReadExtract | None:
    """The reading of the extract at `path`, which is then no longer kept; None where there is none of just that."""
    place = folder / extract
    try:
        facts = json.loads((place / "facts.json").read_text(encoding="utf-8"))
        kept = facts.pop("kept")
        now = {"key": key, "frames": {name: file_hash(place / f"{name}.parquet") for name in FRAMES}}
        if kept != now or facts["sha256"] != extract_hash(path):
            return None
        facts |= {name: pl.read_parquet(place / f"{name}.parquet") for name in FRAMES}
        return ReadExtract(path=path, **facts | {"table": facts["table"].lazy(), "in_files": False})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # damaged: the file is read again
        return None
    finally:
        shutil.rmtree(place, ignore_errors=True)
