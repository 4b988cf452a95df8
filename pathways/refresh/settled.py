"""What was looked at when there was nothing to do: while all of it is as it was, a refresh starts nothing.

Belongs here: the record, and whether it holds. Does not belong here: what a zone has to do, which it says itself
(resources/zone/zone_definitions.py), and is asked again when anything differs.

What a zone decides from is files, code, settings and the environment. Files are told by what changes whenever one is
written (receipts.file_state), and not read: a table is compared with its receipt when somebody reads it. So the command
that starts zones needs to know nothing of any.
"""

import json
import os
import sysconfig
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import sleep

from pathways.refresh.zone_order import ZONES
from resources.extracts.kept_reading import READINGS
from resources.operation.quarter_lock import UNDER_LOCK
from resources.receipts.code_fingerprint import code_fingerprint
from resources.receipts.receipts import CLOCK_TICK_SECONDS, file_state
from resources.secrets.kept_file import KeptFileDamaged, read_kept
from resources.secrets.private_files import LOCK, make_folder, put_in_place
from resources.settings.study_settings import SETTINGS_COPIES, StudySettings, load_study_settings

DECIDING = ("PATHWAYS_", "VLLM_")  # environment variables that begin so
SAYING_NOTHING = ("PATHWAYS_VAR", SETTINGS_COPIES, UNDER_LOCK, "VLLM_API_KEY")
READ_BY_ENGINES = ("note_models/encoder", "note_models/baselines", "note_models/fixture")


def zone_places(zone: str, quarter: str, crossings: Iterable[str], listed: Iterable[str] = ()) -> list[str]:
    """Files and folders below the data root that a zone decides from. `crossings`: tables it makes or reads; `listed`:
    folders of files that tables of it list, with {quarter} in them.
    """
    others = (f"crossings/{table}/{quarter}" for table in crossings)
    files = (folder.format(quarter=quarter) for folder in listed)
    return sorted({zone, f"extracts/{quarter}", "decisions", *others, *files})


def seen_now(root: Path, places: Sequence[str]) -> dict:
    """All that decides what there is to do, as it is: take it before the decision, keep it when that was nothing."""
    sleep(CLOCK_TICK_SECONDS)  # what is written within a tick of the clock leaves no trace
    return _seen(root, places)


def keep_seen(root: Path, name: str, quarter: str, seen: dict) -> None:
    """Record that there was nothing to do (`name`: a zone, or the comparison with the truth)."""
    path = _record(root, name, quarter)
    make_folder(root, path.parent)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(seen), encoding="utf-8")
    put_in_place(root, partial, path)


def nothing_changed(root: Path, name: str, quarter: str) -> bool:
    """Whether all is as it was when there was nothing to do. No, where that was never so, or the record is damaged."""
    try:
        before = read_kept(_record(root, name, quarter), {"places": list, "files": dict}, "")
    except (KeptFileDamaged, FileNotFoundError):
        return False
    return before == _seen(root, before["places"])


def _record(root: Path, name: str, quarter: str) -> Path:
    return root / "dagster" / f"settled_{name}_{quarter}.json"


def _seen(root: Path, places: Sequence[str]) -> dict:
    files = (path for place in places for path in _files(root / place))
    return {
        "places": list(places),
        "files": {str(path): list(file_state(path)[1:]) for path in files},
        "settings": load_study_settings().fingerprint(*StudySettings.model_fields),
        "environment": sha256(json.dumps(_environment()).encode()).hexdigest(),
        "code": _code(),
    }


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place] if place.is_file() else []
    files = (path for path in place.rglob("*") if path.is_file() and READINGS not in path.parts)
    return sorted(path for path in files if path.suffix != LOCK)


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in sorted(os.environ.items())
        if name.startswith(DECIDING) and name not in SAYING_NOTHING
    }


@cache
def _code() -> str:
    """Hash of all our code, and of which packages are installed."""
    installed = Path(sysconfig.get_path("purelib")).stat().st_mtime_ns
    return f"{code_fingerprint('pathways', *ZONES, *READ_BY_ENGINES)} {installed}"
