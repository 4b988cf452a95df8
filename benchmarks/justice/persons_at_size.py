"""Standardised persons of synthetic justice records at any size, with who they are, for justice_linkage.py.

    python benchmarks/justice/persons_at_size.py FOLDER --scale 0.02 [--seed 1]

Scale 1 is 17.3 million records of 7 million SYNTHETIC people. Writes FOLDER/persons/<source>.parquet, sorted as in the
zone, and of the court cases what the journeys between courts are found by: FOLDER/cases/<court>.parquet. People are
drawn, read and standardised in blocks of 100,000, so that memory does not grow with the size; each block is kept in
FOLDER/blocks until the end, so a killed run goes on with the next one.
"""

import argparse
import os
import shutil
from pathlib import Path

import duckdb
import polars as pl

from contracts.extracts import JUSTICE_EXTRACT_BY_NAME
from justice_assets.steps.people.standardise_persons import (
    standardise_crown,
    standardise_magistrates,
    standardise_prison,
    standardise_probation,
)
from resources.extracts.extract_reader import read_extract
from resources.settings.study_settings import load_study_settings
from resources.zone.partitions import quarter_end
from synthetic_extracts.justice.write_justice_extracts import LINKED, write_justice_extracts

QUARTER = "2023Q1"
# What match_crown_cases looks at, of either court.
CROWN = ["defendant_on_case_id", "case_id", "receipt_date", "receipt_type", "sent_from_court_code", "offence_code"]
MAGISTRATES = ["defendant_on_case_id", "case_id", "committal_date", "committed_for", "court_code", "offence_code"]


def main() -> None:
    """Write extracts and truth, and standardise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sources = given.folder / "justice_sources"
    if not (sources / "extracts" / QUARTER).exists():
        write_justice_extracts(given.folder, QUARTER, given.scale, given.seed, only_linked=True)
    parts = sorted(each.name for each in (sources / "truth" / QUARTER / "justice_people.parquet").iterdir())
    for number, part in enumerate(parts, 1):
        for table, frame in () if _whole(given.folder, part) else _tables(given.folder, part).items():
            file = given.folder / "blocks" / table / part
            file.parent.mkdir(parents=True, exist_ok=True)
            frame.write_parquet(file.with_suffix(".partial"))
            file.with_suffix(".partial").replace(file)
        print(f"block {number} of {len(parts)}", flush=True)
    for table, key in TABLES.items():
        _put_together(given.folder, table, key)
    shutil.rmtree(given.folder / "blocks")


TABLES = {
    "persons/crown": ("record_key", "name_form"),
    "persons/magistrates": ("record_key", "name_form"),
    "persons/prison": ("record_key", "name_form"),
    "persons/probation": ("record_key", "name_form"),
    "cases/crown": ("defendant_on_case_id",),
    "cases/magistrates": ("defendant_on_case_id",),
}


def _whole(folder: Path, part: str) -> bool:
    return all((folder / "blocks" / table / part).exists() for table in TABLES)


def _tables(folder: Path, part: str) -> dict[str, pl.DataFrame]:
    """Every table of one block."""
    sources, settings = folder / "justice_sources", load_study_settings().justice
    extracts = _one_part(sources / "extracts" / QUARTER, folder / "block", part)
    read = {name: read_extract(extracts, JUSTICE_EXTRACT_BY_NAME[name], quarter_end(QUARTER)).frame for name in LINKED}
    truth = pl.read_parquet(sources / "truth" / QUARTER / "justice_people.parquet" / part)
    truth = truth.select("source", "record_key", person="person_id")
    persons = {
        "crown": standardise_crown(read["crown_defendant_case"], settings),
        "magistrates": standardise_magistrates(read["magistrates_defendant_case"], settings),
        "prison": standardise_prison(read["prison_person"], read["custodial_journey"], settings),
        "probation": standardise_probation(
            read["probation_person"],
            read["probation_alias"],
            read["probation_address"],
            read["probation_disposal"],
            settings,
        ),
    }
    cases = {
        "crown": read["crown_defendant_case"].select(CROWN),
        "magistrates": read["magistrates_defendant_case"].select(MAGISTRATES),
    }
    both = ["source", "record_key"]
    known = {source: rows.join(truth, on=both, how="left", maintain_order="left") for source, rows in persons.items()}
    named = (("persons", known), ("cases", cases))
    return {f"{folder}/{source}": rows for folder, of_source in named for source, rows in of_source.items()}


def _one_part(extracts: Path, block: Path, part: str) -> Path:
    """A folder of extracts that holds one part of each."""
    shutil.rmtree(block, ignore_errors=True)
    for name in LINKED:
        place = Path(JUSTICE_EXTRACT_BY_NAME[name].system) / f"{name}.parquet"
        (block / place).parent.mkdir(parents=True, exist_ok=True)
        os.link(extracts / place / part, block / place)
    return block


def _put_together(folder: Path, table: str, key: tuple[str, ...]) -> None:
    """One file of all blocks, sorted: on disk where memory does not hold it."""
    file, spill = folder / f"{table}.parquet", folder / "blocks" / "spill"
    file.parent.mkdir(exist_ok=True)
    given = load_study_settings().justice.linkage.backend
    limits = {"memory_limit": given.memory_limit, "threads": given.threads, "temp_directory": str(spill)}
    with duckdb.connect(config=limits) as database:
        database.execute(
            f"COPY (SELECT * FROM '{folder}/blocks/{table}/*.parquet' ORDER BY {', '.join(key)}) "
            f"TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 500000)"
        )


if __name__ == "__main__":
    main()
