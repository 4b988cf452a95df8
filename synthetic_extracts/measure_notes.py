"""Measures the contact notes of synthetic extracts against what they are calibrated to, from their own truth.

    python -m synthetic_extracts.measure_notes --scale 0.2

Belongs here: the measures, run by hand. Does not belong here: any use of them (notes/calibration.toml, calibration.toml
[other_treatment]). Nothing is linked, filtered or labelled: requirements not linked are those analysed, weighted by
their expected chance not to be found, and a note says engaged when it truly does. JSON, one line per reading of whose
contacts are read (notes.contacts_of).
"""

import argparse
import json

import numpy as np
import polars as pl

from synthetic_extracts.notes.make_notes import make_contact_notes
from synthetic_extracts.notes.of_a_person import other_requirements
from synthetic_extracts.recording import Truth, draw_truth, requirements_for_notes
from synthetic_extracts.sentences.requirement_table import requirement
from synthetic_extracts.treatment.journeys import expected_recall
from synthetic_extracts.write_extracts import BASE_QUARTER, DEFAULT_SEED

WEEKS = 12


def measure_notes(asked: pl.DataFrame, notes: pl.DataFrame, contacts_of: str) -> dict[str, float]:
    """Measures of requirements not linked: notes per requirement, shares engaged, shares before termination.

    `asked`: requirements_for_notes with `weight`. `notes`: contact_note with has_keyword and label; those marked
    sensitive are left out here.
    """
    read = notes.filter(pl.col("sensitive") != "Y").select(
        "crn", "contact_date", "has_keyword", "label", under="requirement_id"
    )
    found = (
        asked.filter(pl.col("weight") > 0)
        .join(read, on="crn")
        .filter(pl.col("contact_date").is_between("window_start", "window_end"))
    )
    under_another = (pl.col("under") != pl.col("requirement_id")).fill_null(False)
    if contacts_of == "requirement":
        found = found.filter(~under_another)
    late = pl.col("terminated") & (pl.col("contact_date") > pl.col("window_end").dt.offset_by(f"-{WEEKS}w"))
    counted = found.group_by("requirement_id").agg(
        notes=pl.len(),
        keyword=pl.col("has_keyword").sum(),
        engaged=(pl.col("label") == 1).any(),
        another=under_another.sum(),
        none=pl.col("under").is_null().sum(),
        late_share=(pl.col("label") == 1).filter(late).mean(),
    )
    every = (
        asked.filter(pl.col("weight") > 0)
        .join(counted, on="requirement_id", how="left")
        .with_columns(pl.col("notes", "keyword", "another", "none", "engaged").fill_null(0))
    )
    with_keyword = every.filter(pl.col("keyword") > 0)
    return {
        "keyword notes per requirement that has any": _mean(with_keyword, "keyword"),
        "notes per requirement": _mean(every, "notes"),
        "share of notes under another requirement": _mean(every, "another") / _mean(every, "notes"),
        "share of notes under no requirement": _mean(every, "none") / _mean(every, "notes"),
        "share without a keyword note": 1 - _mean(every.with_columns(some=pl.col("keyword") > 0), "some"),
        **{f"engaged, {kind}": _mean(every.filter(requirement_type=kind), "engaged") for kind in ("ATR", "DRR")},
        **{
            f"engaged before termination, {reason}": _mean(rows, "late_share")
            for (reason,), rows in sorted(every.drop_nulls("late_share").group_by("termination_reason"))
        },
    }


def _mean(rows: pl.DataFrame, column: str) -> float:
    """Weighted mean; not a number where there is no row."""
    if rows.is_empty():
        return float("nan")
    return float(np.average(rows[column].cast(pl.Float64).to_numpy(), weights=rows["weight"].to_numpy()))


def notes_of(truth: Truth, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Requirements with their weight as not linked, and their contacts with what is true of each."""
    cohort = truth.cohort
    table = requirement(seed, cohort, truth.supervision, truth.numbers)
    found = np.where(truth.treatment.structured, expected_recall(cohort), 0.0)[cohort.requirements.sentence]
    weights = pl.DataFrame(
        {
            "requirement_id": truth.numbers.requirement,
            "weight": np.where(cohort.requirements.analysed, 1 - found, 0.0),
        }
    )
    asked = requirements_for_notes(truth).join(weights, on="requirement_id", maintain_order="left")
    others = other_requirements(table)
    notes, known = make_contact_notes(asked.join(others, on="requirement_id", how="left", maintain_order="left"), seed)
    return asked, notes.join(known.select("contact_id", "has_keyword", "label"), on="contact_id")


def main() -> None:
    """Draw the truth of the first quarter, write its notes, print what is measured."""
    parser = argparse.ArgumentParser(prog="python -m synthetic_extracts.measure_notes", description=__doc__)
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    given = parser.parse_args()
    asked, notes = notes_of(draw_truth(BASE_QUARTER, given.scale, given.seed), given.seed)
    for contacts_of in ("person", "requirement"):
        measured = measure_notes(asked, notes, contacts_of)
        rounded = {name: round(value, 4) for name, value in measured.items()}
        print(json.dumps({"contacts_of": contacts_of, "scale": given.scale} | rounded))


if __name__ == "__main__":
    main()
