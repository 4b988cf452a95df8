"""Standardised persons of synthetic justice records at any size, with who they are, for justice_linkage.py.

    python benchmarks/justice/persons_at_size.py FOLDER --scale 0.02 [--seed 1]

Scale 1 is 17.3 million records of 7 million SYNTHETIC people. Writes FOLDER/persons/<source>.parquet.
"""

import argparse
from pathlib import Path

import polars as pl

from contracts.extracts import JUSTICE_EXTRACTS
from justice_assets.steps.people.standardise_persons import (
    standardise_crown,
    standardise_magistrates,
    standardise_prison,
    standardise_probation,
)
from resources.extracts.extract_reader import read_extract
from resources.settings.study_settings import load_study_settings
from resources.zone.partitions import quarter_end
from synthetic_extracts.justice.write_justice_extracts import write_justice_extracts

QUARTER = "2023Q1"


def main() -> None:
    """Write extracts and truth, and standardise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write_justice_extracts(given.folder, QUARTER, given.scale, given.seed, lambda _: None, only_linked=True)
    sources, settings = given.folder / "justice_sources", load_study_settings().justice
    declared = {extract.name: extract for extract in JUSTICE_EXTRACTS}

    def read(name: str) -> pl.DataFrame:
        return read_extract(sources / "extracts" / QUARTER, declared[name], quarter_end(QUARTER)).frame

    found = {
        "crown": lambda: standardise_crown(read("crown_defendant_case"), settings),
        "magistrates": lambda: standardise_magistrates(read("magistrates_defendant_case"), settings),
        "prison": lambda: standardise_prison(read("prison_person"), read("custodial_journey"), settings),
        "probation": lambda: standardise_probation(
            read("probation_person"),
            read("probation_alias"),
            read("probation_address"),
            read("probation_disposal"),
            settings,
        ),
    }
    truth = pl.read_parquet(sources / "truth" / QUARTER / "justice_people.parquet")
    truth = truth.select("source", "record_key", person="person_id")
    (given.folder / "persons").mkdir(exist_ok=True)
    for source, standardised in found.items():
        persons = standardised().join(truth, on=["source", "record_key"], how="left", maintain_order="left")
        persons.write_parquet(given.folder / "persons" / f"{source}.parquet", row_group_size=500_000)


if __name__ == "__main__":
    main()
