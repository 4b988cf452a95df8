"""What tests of several kinds share: tiny extracts, and one small synthetic quarter run through all three zones.

The quarter runs on the real engines. It lies in var/tests and is made again only when code or settings have changed, by
the same receipts that let a refresh resume; so a second test run starts at once.
"""

import fcntl
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from contracts.extracts import EXTRACT_BY_NAME
from contracts.zones import SECTIONS
from pathways.refresh.zone_order import ZONES
from resources.receipts.receipt_book import ReceiptBook
from resources.receipts.receipts import Receipt, file_hash
from resources.secrets.kept_secret import keep_secret
from resources.settings.study_settings import load_study_settings
from tests.longest_first import longest_first
from tests.outbound_recorder import CANNOT_RECORD
from tests.refresh_witness import Witness, printed_by

REPOSITORY = Path(__file__).resolve().parents[1]
RECORDER = REPOSITORY / "tests" / "outbound_recorder.py"
QUARTER = "2023Q1"
SCALE = "0.02"
SECRETS = {
    "linkage": ("release_2023Q1", "release_2023Q2", "note_draw", "model_values", "table_salt"),
    "nlp": ("note_hash", "table_salt"),
    "modelling": ("table_salt",),
}


def pytest_collection() -> None:
    """Collect no garbage while tests are collected: all that they import stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From now on collect garbage, and look at what stays no more."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest test files first."""
    items[:] = longest_first(items)


def pathways(
    *arguments: str, var: Path, recorded: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess:
    """Run the command line on a data folder, as a user would; `recorded`: command line of who looks on."""
    return subprocess.run(
        [*recorded, sys.executable, "-m", "pathways", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "PATHWAYS_VAR": str(var), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def run_pathways():
    """The function that runs the command line."""
    return pathways


@contextmanager
def one_at_a_time(what: str = "small_quarter") -> Iterator[None]:
    """Hold the small quarter, or its extracts: tests run in several processes; a second refresh of it is refused."""
    folder = REPOSITORY / "var" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def witness() -> Callable[[Path], Witness]:
    """Function: folder of a quarter -> what was seen of refreshes by today's code."""
    from resources.receipts.code_fingerprint import code_fingerprint

    code = code_fingerprint("pathways", *ZONES)
    return lambda var: Witness(var / "witness" / code, REPOSITORY / "var" / "tests" / "tmp")


@pytest.fixture(scope="session")
def refresh_small_quarter(witness):
    """Function that refreshes the small quarter in its folder, one process at a time, and looks on."""

    def refresh(var: Path) -> subprocess.CompletedProcess:
        seen = witness(var)
        recorder = [sys.executable, "-I", str(RECORDER), str(seen.file("outbound"))]
        with one_at_a_time(), seen.looking():
            done = pathways("refresh", "--quarter", QUARTER, var=var, recorded=recorder, TMPDIR=str(seen.temporary))
            if done.returncode == CANNOT_RECORD:
                done = pathways("refresh", "--quarter", QUARTER, var=var, TMPDIR=str(seen.temporary))
            seen.keep("printed", *printed_by(done))
            return done

    return refresh


@pytest.fixture(scope="session")
def small_extracts() -> Path:
    """Folder with the extracts and the truth of a small synthetic quarter, and with secrets that are always the same.

    Tables are held to what they were and compared between runs; a plain refresh draws secrets of its own.
    """
    from resources.receipts.code_fingerprint import code_fingerprint

    var = REPOSITORY / "var" / "tests" / "small_quarter"
    marker, code = var / "extracts_code", code_fingerprint("synthetic_extracts")
    with one_at_a_time("small_extracts"):  # not the quarter: who needs the extracts alone waits for no refresh
        if not marker.exists() or marker.read_text(encoding="utf-8") != code:
            with one_at_a_time():
                shutil.rmtree(var, ignore_errors=True)
            done = pathways("extracts", "--scale", SCALE, "--quarter", QUARTER, var=var)
            assert done.returncode == 0, done.stderr
            marker.write_text(code, encoding="utf-8")
        fix_secrets(var)
    return var


@pytest.fixture(scope="session")
def give_secrets():
    """Function that puts the secrets of the small quarter into another data folder, for what is compared with it."""
    return fix_secrets


def fix_secrets(var: Path) -> None:
    """Put the secrets of the tests into a data folder."""
    for zone, names in SECRETS.items():
        for name in names:
            path, secret = var / zone / "secrets" / f"{name}.key", sha256(f"tests, {zone}, {name}".encode()).digest()
            if path.exists() and path.read_text(encoding="ascii") != secret.hex():
                path.unlink()
            if not path.exists():
                keep_secret(path, secret)


@pytest.fixture(scope="session")
def small_quarter(small_extracts, refresh_small_quarter) -> Path:
    """Folder of a small synthetic quarter after a whole refresh."""
    done = refresh_small_quarter(small_extracts)
    assert done.returncode == 0, done.stdout + done.stderr
    return small_extracts


def stored(
    root: Path,
    zone: str,
    table: str,
    frame: pl.DataFrame,
    quarter: str = QUARTER,
    made_from: dict[str, str] | None = None,
) -> str:
    """Write a table as its zone does, with a receipt that the zone signed, for what reads tables of a run; its hash."""
    path = root / zone / quarter / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)
    receipt = Receipt(
        table=table,
        quarter=quarter,
        rows=frame.height,
        columns=frame.width,
        bytes=path.stat().st_size,
        sha256=file_hash(path),
        code="",
        settings=load_study_settings().fingerprint(*SECTIONS[zone]) if zone in SECTIONS else "",
        made_from=made_from or {},
        seconds=0,
        peak_mb=0,
        checks={},
    )
    ReceiptBook(root, zone).write(receipt, path.with_suffix(".json"))
    return receipt.sha256


@pytest.fixture(scope="session")
def store_table():
    """The function that writes a table as its zone does."""
    return stored


@pytest.fixture
def copy_of_extracts(small_extracts, tmp_path):
    """A data folder of its own with the same extracts, free to be damaged."""
    shutil.copytree(small_extracts / "extracts", tmp_path / "extracts")
    shutil.copytree(small_extracts / "truth", tmp_path / "truth")
    return tmp_path


TYPES = {"date": pl.Date, "whole": pl.Int64, "decimal": pl.Float64}


@pytest.fixture
def extract():
    """Function: name of an extract and rows as dicts of some of its columns -> the frame the zone would read."""

    def make(name: str, *rows: dict) -> pl.DataFrame:
        schema = {column.name: TYPES.get(column.kind, pl.String) for column in EXTRACT_BY_NAME[name].columns}
        unknown = {column for row in rows for column in row} - set(schema)
        assert not unknown, f"{name} has no column {unknown}"
        return pl.DataFrame(list(rows), schema=schema)

    return make


@pytest.fixture
def settings():
    """The published settings, for the quarter that ends on 31 March 2023."""
    return load_study_settings().for_quarter(date(2023, 3, 31))
