"""What a quarter changes in records already on file: corrections, deletions, merged identifiers.

Belongs here: changes of rows that last quarter's files had. Does not belong here: new rows, and ends of what was open.
"""

import numpy as np
import polars as pl

from synthetic_extracts.calibration import calibration
from synthetic_extracts.draws import chosen, dates, pick
from synthetic_extracts.next_quarter.period import Period
from synthetic_extracts.next_quarter.world import World
from synthetic_extracts.people.geography import postcodes, street_sectors
from synthetic_extracts.people.mistyped_dates import one_digit_slip
from synthetic_extracts.sentences.requirement_table import TERMINATION_TEXTS

OF_A_CRN = ("offender_address", "event_disposal", "requirement", "pre_sentence_report", "contact_note")
OF_AN_EVENT = ("main_offence", "risk")
ALSO_BY_CRN = ("prison_spell", "defendant")


def revise(rng: np.random.Generator, world: World, period: Period) -> dict[str, int]:
    """Change what was on file before the quarter; returns how many records are corrected, deleted and merged."""
    return {
        "corrected": sum(_corrected(rng, world, period).values()),
        "deleted": sum(_deleted(rng, world, period).values()),
        "merged": _merged(rng, world, period),
    }


def _before(period: Period):
    return dates(np.array([period.first]))[0]


def _some(rng: np.random.Generator, able: np.ndarray, share: float) -> np.ndarray:
    """Rows: the share of those that are able, one at least."""
    rows = np.flatnonzero(able)
    return np.sort(rng.choice(rows, min(max(round(share * len(rows)), 1), len(rows)), replace=False))


def _set(table: pl.DataFrame, name: str, rows: np.ndarray, values: pl.Series) -> pl.DataFrame:
    return table.with_columns(table[name].scatter(rows, values).alias(name))


def _known_crns(world: World, period: Period) -> pl.Series:
    """CRNs of people sentenced before the quarter, standing."""
    old = world.requirements.filter(pl.col("day") < period.first)["crn"]
    return world.tables["offender"].filter((pl.col("soft_deleted") == "0") & pl.col("crn").is_in(old.implode()))["crn"]


def _corrected(rng: np.random.Generator, world: World, period: Period) -> dict[str, int]:
    share, tables, before = calibration()["next_quarter"]["corrected"], world.tables, _before(period)
    counts = {}
    offender = tables["offender"]
    known = _known_crns(world, period)
    rows = _some(rng, (offender["crn"].is_in(known.implode()) & offender["dob"].is_not_null()).to_numpy(), share["dob"])
    held = offender["dob"].gather(rows).cast(pl.Int32).to_numpy().astype(np.int64)
    tables["offender"] = _set(offender, "dob", rows, dates(one_digit_slip(rng, held)))
    counts["dob"] = len(rows)

    address = tables["offender_address"]
    able = (address["start_date"] < before) & address["postcode"].is_not_null() & (address["address_status"] == "M")
    rows = _some(rng, able.to_numpy(), share["postcode"])
    sector = street_sectors().draw_in_regions(rng, calibration()["cohort"]["region"], len(rows))
    tables["offender_address"] = _set(address, "postcode", rows, postcodes(sector, rows))
    counts["postcode"] = len(rows)

    result = tables["result"]
    rows = _some(rng, (result["appearance_date"] < before).to_numpy(), share["outcome"])
    texts = chosen(rng, {"Fine": 0.5, "Community Order": 0.3, "Withdrawn": 0.2}, len(rows))
    tables["result"] = _set(result, "result_text", rows, texts)
    counts["outcome"] = len(rows)

    requirement = tables["requirement"]
    rows = _some(
        rng, (requirement["termination_date"] < before).fill_null(False).to_numpy(), share["termination_reason"]
    )
    other = [text for texts in TERMINATION_TEXTS[:4] for text in texts]
    now = requirement["termination_reason"].gather(rows).to_list()
    drawn = pick(rng, np.ones(len(other)), len(rows))
    new = [
        other[(number + 1) % len(other)] if other[number] == old else other[number]
        for number, old in zip(drawn, now, strict=True)
    ]
    tables["requirement"] = _set(requirement, "termination_reason", rows, pl.Series(new, dtype=pl.String))
    counts["termination_reason"] = len(rows)
    return counts


def _deleted(rng: np.random.Generator, world: World, period: Period) -> dict[str, int]:
    share, tables, before = calibration()["next_quarter"]["deleted"], world.tables, _before(period)
    offender = tables["offender"]
    rows = _some(rng, offender["crn"].is_in(_known_crns(world, period).implode()).to_numpy(), share["offender"])
    gone = offender["crn"].gather(rows)
    tables["offender"] = _set(offender, "soft_deleted", rows, pl.Series(["1"]).new_from_index(0, len(rows)))
    _without_crns(world, gone)

    result = tables["result"]
    able = (result["appearance_date"] < before) & (pl.select(pl.lit(result["offence_id"]).is_duplicated()).to_series())
    lost = _some(rng, able.to_numpy(), share["result"])
    # A second result of the offence stays, so that the offence does.
    lost = lost[~result["offence_id"].gather(lost).is_duplicated().to_numpy()]
    tables["result"] = result.filter(~pl.Series(np.isin(np.arange(result.height), lost)))

    notes = tables["contact_note"]
    erased = np.array([], dtype=np.int64)
    if notes.height:
        erased = _some(rng, (notes["contact_date"] < before).to_numpy(), share["contact_note"])
        tables["contact_note"] = notes.filter(~pl.Series(np.isin(np.arange(notes.height), erased)))
    return {"offender": len(rows), "result": len(lost), "contact_note": len(erased)}


def _without_crns(world: World, gone: pl.Series) -> None:
    """Take everything of deleted people out but the row that says that they are deleted."""
    away, tables = gone.implode(), world.tables
    events = tables["event_disposal"].filter(pl.col("crn").is_in(away))["event_id"].implode()
    for name in OF_A_CRN:
        tables[name] = tables[name].filter(~pl.col("crn").is_in(away))
    for name in OF_AN_EVENT:
        tables[name] = tables[name].filter(~pl.col("event_id").is_in(events))
    world.requirements = world.requirements.filter(~pl.col("crn").is_in(away))
    world.truth["person_truth"] = world.truth["person_truth"].filter(~pl.col("crn").is_in(away))


def _merged(rng: np.random.Generator, world: World, period: Period) -> int:
    """Merge the second CRN of some people into the first: what hangs on it moves, and its own row is deleted."""
    twice = _people_with_two_crns(world, period)
    if not twice.height:
        return 0
    rows = _some(rng, np.ones(twice.height, dtype=bool), calibration()["next_quarter"]["merged"])
    pairs = twice[rows].select(kept=pl.col("crn").list.get(0), crn=pl.col("crn").list.get(1))
    now = pl.col("crn").replace(pairs["crn"], pairs["kept"])
    for name in (*OF_A_CRN, *ALSO_BY_CRN):
        world.tables[name] = world.tables[name].with_columns(now)
    world.requirements = world.requirements.with_columns(now)
    world.persons = world.persons.with_columns(now)
    merged = pl.col("crn").is_in(pairs["crn"].implode())
    world.truth["person_truth"] = world.truth["person_truth"].filter(~merged)
    world.tables["offender"] = world.tables["offender"].with_columns(
        soft_deleted=pl.when(merged).then(pl.lit("1")).otherwise("soft_deleted")
    )
    return pairs.height


def _people_with_two_crns(world: World, period: Period) -> pl.DataFrame:
    """true_person_id and crn, a list in the order of their first sentences, all before the quarter."""
    people = world.truth["person_truth"].filter(pl.col("crn").is_in(_known_crns(world, period).implode()))
    first = world.requirements.group_by("crn").agg(pl.col("day").min())
    return (
        people.join(first, on="crn")
        .filter(pl.col("day") < period.first)
        .sort("true_person_id", "day", "crn")
        .group_by("true_person_id", maintain_order=True)
        .agg("crn")
        .filter(pl.col("crn").list.len() > 1)
    )
