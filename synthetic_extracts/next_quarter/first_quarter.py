"""The world of the first quarter with all that is to come for its people: ends, reconvictions, deaths and notes.

Belongs here: what follows from the first quarter alone. Does not belong here: what a later quarter adds (intake.py,
known_people.py) or changes (revisions.py).
"""

from dataclasses import replace

import numpy as np
import polars as pl

from resources.zone.partitions import QUARTER_NAMES, quarter_end
from synthetic_extracts.calibration import PRISON, STATUSES, calibration
from synthetic_extracts.courts.court_records import later_court_records
from synthetic_extracts.draws import dates, day_number, stream
from synthetic_extracts.next_quarter.ends import give_ends
from synthetic_extracts.next_quarter.keys import renumbered
from synthetic_extracts.next_quarter.known_people import receive
from synthetic_extracts.next_quarter.world import World, added, world_of
from synthetic_extracts.notes.of_a_person import other_requirements
from synthetic_extracts.recording import Strangers, Tables, Truth, draw_truth, record_everything
from synthetic_extracts.sentences.requirement_table import requirement
from synthetic_extracts.sentences.sentence_tables import event_disposal
from synthetic_extracts.treatment.journeys import OPEN
from synthetic_extracts.treatment.strangers import FIRST_TRIAGE

FAR = day_number(quarter_end(QUARTER_NAMES[-1])) + 3650
LATE_NOTES_FROM = 45  # days before the quarter from which notes are entered late


def base_world(base: str, scale: float, seed: int, with_notes: bool) -> World:
    """The first quarter's world with all that is to come for its people: ends, reconvictions and notes."""
    day = day_number(quarter_end(base))
    truth = draw_truth(base, scale, seed)
    tables: Tables = {}
    truth_tables: Tables = {}
    courts, _ = record_everything(
        seed, scale, truth, Strangers(scale, FIRST_TRIAGE, day), with_notes, tables.update, truth_tables.__setitem__
    )
    tables |= _orders_to_their_end(seed, truth)
    later = later_court_records(seed, truth.cohort, truth.reconvictions, truth.supervision, truth.numbers, courts.lost)
    tables = added(tables, {name: renumbered(table, 1) for name, table in later.tables.items()})
    known_later = np.maximum(later.on_record_from(truth.cohort), day + 1)
    on_record_from = np.minimum(courts.on_record_from(truth.cohort), known_later)
    world = world_of(truth, np.arange(len(truth.cohort.people)), on_record_from, tables, truth_tables)
    rng = stream(seed, "after the first quarter")
    tables["result"] = _arriving(tables["result"], later.tables["result"].height, day)
    if with_notes:
        _add_notes_to_come(rng, world, seed, day)
    tables["offender"] = _deaths_to_come(rng, world, day)
    give_ends(rng, world, day, day)
    _receive_after_treatment(rng, world, day)
    return world


def _orders_to_their_end(seed: int, truth: Truth) -> Tables:
    """event_disposal and requirement as they will be when all has ended."""
    supervision = truth.supervision
    cohort = replace(truth.cohort, end=FAR)
    ended = replace(
        supervision,
        termination=supervision.planned_reason,
        termination_day=supervision.planned_day,
        window_end=supervision.planned_day,
    )
    return {
        "event_disposal": event_disposal(seed, cohort, ended, truth.numbers),
        "requirement": requirement(seed, cohort, ended, truth.numbers),
    }


def _arriving(results: pl.DataFrame, later: int, day: int) -> pl.DataFrame:
    """Results that came to light late are on file from the quarter after the first."""
    new = pl.Series(np.arange(results.height) >= results.height - later)
    old = pl.col("appearance_date") <= dates(np.array([day]))[0]
    return results.with_columns(arrives=pl.when(new & old).then(pl.lit(day + 1, dtype=pl.Int64)))


def _deaths_to_come(rng: np.random.Generator, world: World, day: int) -> pl.DataFrame:
    died = world.requirements.filter((pl.col("termination") == "Died") & (pl.col("termination_day") > day))
    told = (
        died.group_by("crn")
        .agg(pl.col("termination_day").min())
        .sort("crn")
        .with_columns(death=pl.col("termination_day").cast(pl.Int32).cast(pl.Date))
    )
    told = told.filter(pl.Series(rng.random(told.height) < 0.85))
    offender = world.tables["offender"].join(told.select("crn", "death"), on="crn", how="left", maintain_order="left")
    return offender.with_columns(deceased_date=pl.coalesce("deceased_date", "death")).drop("death")


def _add_notes_to_come(rng: np.random.Generator, world: World, seed: int, day: int) -> None:
    """Notes of requirements that still run on `day`, to their end; a few of the weeks before it are entered late."""
    from synthetic_extracts.notes.make_notes import make_contact_notes

    rates = calibration()["next_quarter"]
    running = world.requirements.filter(pl.col("termination_day") > day)
    begins, ends = np.maximum(running["day"].to_numpy(), day - LATE_NOTES_FROM), running["termination_day"].to_numpy()
    asked = running.select(
        "requirement_id",
        "crn",
        "requirement_type",
        "late_engagement",
        window_start=dates(begins),
        window_end=dates(ends),
        terminated=pl.lit(True),
        termination_reason="termination",
        truly_engaged="engaged",
        calibrate_on="analysed",
    )
    others = other_requirements(world.tables["requirement"])
    asked = asked.join(others, on="requirement_id", how="left", maintain_order="left")
    notes, truth = make_contact_notes(asked, seed + 1)
    share = running.select("requirement_id", share=_share_of_notes(world, running, begins, day))
    wanted = truth.select("requirement_id").join(share, on="requirement_id", how="left", maintain_order="left")["share"]
    dated = notes["contact_date"].cast(pl.Int32).to_numpy().astype(np.int64)
    old = dated <= day
    keep = pl.Series(
        (rng.random(len(dated)) < wanted.to_numpy())
        & (rng.random(len(dated)) < np.where(old, rates["late_notes"], 1.0))
    )
    delayed = rng.random(len(dated)) < rates["late_notes"]
    arrives = np.where(old, day + 1, np.where(delayed, dated + rng.integers(30, 120, len(dated)), dated))
    notes = renumbered(notes, 1, ["contact_id"]).with_columns(arrives=pl.Series(arrives, dtype=pl.Int64))
    more = {"contact_note": notes.filter(keep), "note_truth": renumbered(truth, 1, ["contact_id"]).filter(keep)}
    world.tables, world.truth = added(world.tables, more), added(world.truth, more)


def _share_of_notes(world: World, running: pl.DataFrame, begins: np.ndarray, day: int) -> np.ndarray:
    """Share of the drawn notes to keep: their number grows with the square root of the days (make_notes.py), whether
    they are drawn at once or in two parts."""
    start, end = running["day"].to_numpy(), running["termination_day"].to_numpy()
    rest = np.sqrt(end - begins + 1)
    known = world.requirements.select(pl.min_horizontal("termination_day", pl.lit(day)) - pl.col("day") + 1).to_series()
    usual = np.sqrt(np.maximum(known.to_numpy(), 7)).mean()
    grown = np.sqrt(end - start + 1) - np.sqrt(np.maximum(begins - start, 0))
    return np.clip(grown / rest, 0, 1) * min(rest.mean() / usual, 1.0) if len(rest) else rest


def _receive_after_treatment(rng: np.random.Generator, world: World, day: int) -> None:
    """Journeys that will end in prison: the spell that follows."""
    ends = world.journeys.filter(
        (pl.col("end") > day) & (pl.col("end") < OPEN) & (pl.col("status") == STATUSES[PRISON])
    )
    receive(rng, world, ends["person"], ends["end"].to_numpy(), stretch=1)
