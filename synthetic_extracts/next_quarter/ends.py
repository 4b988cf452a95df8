"""When what is open ends: journeys and their episodes, spells in prison, contacts with a CJIT.

Belongs here: an end after a given day for everything that has none. Does not belong here: requirements and orders,
whose ends are drawn with them (supervision.py), and whether an end is on file yet (as_of.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.calibration import DIED, DROPPED, PRISON, REMAINED, STATUSES, TYPES, by_type, calibration
from synthetic_extracts.draws import chosen, dates, labelled, pick, pick_rows
from synthetic_extracts.next_quarter.as_of import TREATMENT
from synthetic_extracts.next_quarter.world import World, person_keys
from synthetic_extracts.treatment.clinical_columns import discharge_reasons
from synthetic_extracts.treatment.episodes import TRANSFERRED
from synthetic_extracts.treatment.journeys import OPEN

OPIATES = ("1011", "1105", "1000")
ALCOHOL = "7000"
# How episodes of people outside the cohort end: completed, dropped out, prison, transferred.
OUTCOMES, OUTCOME_WEIGHTS = np.array([0, DROPPED, PRISON, TRANSFERRED]), [0.45, 0.37, 0.08, 0.10]


def give_ends(rng: np.random.Generator, world: World, after: int, journeys_after: int) -> None:
    """Give everything open in `world` an end: journeys after the day `journeys_after`, all else after `after`."""
    mean = calibration()["next_quarter"]["days_to_end"]
    world.journeys = _journeys_end(rng, world.journeys, journeys_after, mean)
    of_cohort = _ends_of_clients(world)
    for name in TREATMENT:
        kind = "secure" if name.endswith("secure") else "treatment"
        world.tables[name] = _episodes_end(rng, world.tables[name], of_cohort, after, mean[kind], kind == "secure")
    world.tables["prison_spell"] = _spells_end(rng, world.tables["prison_spell"], after, mean["prison"])
    world.tables["cjit"] = _contacts_end(rng, world.tables["cjit"], after, mean["cjit"])


def as_sent(agency: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Dates in the form of the agency (treatment_columns.py): DD/MM/YYYY, or ISO from a few."""
    iso = agency.str.extract(r"(\d+)$").cast(pl.Int64) % 7 == 0
    return pl.when(iso).then(day.dt.strftime("%Y-%m-%d")).otherwise(day.dt.strftime("%d/%m/%Y"))


def agency_date(table: pl.DataFrame, day: np.ndarray) -> pl.Series:
    """`day` as the agency of each row sends it."""
    return (
        table.select("AGNCY").with_columns(day=dates(day)).select(as_sent(pl.col("AGNCY"), pl.col("day"))).to_series()
    )


def _later(rng: np.random.Generator, after: int, mean: np.ndarray | float, size: int) -> np.ndarray:
    return after + 1 + np.floor(rng.exponential(mean, size)).astype(np.int64)


def _journeys_end(rng: np.random.Generator, journeys: pl.DataFrame, after: int, mean: dict) -> pl.DataFrame:
    kind = (journeys["requirement_type"] == TYPES[1]).to_numpy().astype(np.int64)
    shares = by_type(calibration()["journey"]["status_share"]).copy()
    shares[:, [REMAINED, DIED]] = 0.0
    status = labelled(STATUSES, pick_rows(rng, shares[kind]))
    end = pl.Series(_later(rng, after, by_type(mean)[kind], journeys.height))
    is_open = journeys["end"] == OPEN
    return journeys.with_columns(
        end=end.zip_with(is_open, journeys["end"]), status=status.zip_with(is_open, journeys["status"])
    )


def _ends_of_clients(world: World) -> pl.DataFrame:
    """CLIENTID, end and status of the person's last journey, where it ends after all others on file."""
    last = world.journeys.sort("person", "start").unique("person", keep="last", maintain_order=True)
    last = last.with_columns(true_person_id=person_keys(last["person"].to_numpy()))
    clients = world.truth["client_truth"].drop_nulls("true_person_id").select("CLIENTID", "true_person_id")
    return clients.join(last.select("true_person_id", "end", "status"), on="true_person_id").drop("true_person_id")


def _episodes_end(
    rng: np.random.Generator, table: pl.DataFrame, of_cohort: pl.DataFrame, after: int, mean: float, secure: bool
) -> pl.DataFrame:
    is_open = pl.col("DISD").is_null() & pl.col("TRIAGED").is_not_null()
    episodes = table.filter(is_open).unique("EPISODID", keep="first", maintain_order=True).sort("EPISODID")
    if not episodes.height:
        return table
    size = episodes.height
    known = episodes.select("CLIENTID").join(of_cohort, on="CLIENTID", how="left", maintain_order="left")
    by_journey = (known["end"].fill_null(0) > after).to_numpy() & (not secure)
    end = np.where(by_journey, known["end"].fill_null(0).to_numpy(), _later(rng, after, mean, size))
    drawn = OUTCOMES[pick(rng, OUTCOME_WEIGHTS, size)]
    status = known["status"].replace_strict(STATUSES, list(range(len(STATUSES))), default=0, return_dtype=pl.Int64)
    outcome = np.where(by_journey, status.fill_null(0).to_numpy(), drawn)
    ends = pl.DataFrame(
        {
            "EPISODID": episodes["EPISODID"],
            "end": dates(end),
            "reason": discharge_reasons(rng, _substance(episodes), outcome, end),
            "destination": chosen(rng, {"1": 0.3, "": 0.7}, size),
            "release": chosen(rng, {"Community": 0.8, "": 0.2}, size),
            "referred": chosen(rng, {"Y": 0.35, "N": 0.5, "": 0.15}, size),
        }
    )
    columns = {
        "DISD": as_sent(pl.col("AGNCY"), pl.col("end")),
        "DISRSN": pl.col("reason"),
        "DISDEST": pl.col("destination"),
        "RELDEST": pl.col("release"),
        "RELREF": pl.col("referred"),
    }
    return (
        table.join(ends, on="EPISODID", how="left", maintain_order="left")
        .with_columns(
            pl.when(is_open).then(value).otherwise(name).alias(name)
            for name, value in columns.items()
            if name in table.columns
        )
        .select(table.columns)
    )


def _substance(episodes: pl.DataFrame) -> np.ndarray:
    """Opiates, non-opiates, both with alcohol, alcohol (0-3), from the drugs on file."""
    first, second = episodes["DRUG1"].fill_null(""), episodes["DRUG2"].fill_null("")
    drinks = ((first == ALCOHOL) | (second == ALCOHOL)).to_numpy()
    only = ((first == ALCOHOL) & (second == "9996")).to_numpy()
    return np.where(first.is_in(OPIATES).to_numpy(), 0, np.where(only, 3, np.where(drinks, 2, 1)))


def _spells_end(rng: np.random.Generator, table: pl.DataFrame, after: int, mean: float) -> pl.DataFrame:
    size = table.height
    is_open = table["release_date"].is_null()
    release = dates(_later(rng, after, mean, size))
    reason = chosen(rng, {"Conditional release": 0.6, "Final discharge": 0.1, "Bailed": 0.3}, size)
    return table.with_columns(
        release_date=release.zip_with(is_open, table["release_date"]),
        release_reason=reason.zip_with(is_open, table["release_reason"]),
    )


def _contacts_end(rng: np.random.Generator, table: pl.DataFrame, after: int, mean: float) -> pl.DataFrame:
    managed = table["CMSTARTD"].is_not_null() & table["CMENDD"].is_null()
    ends = pl.DataFrame(
        {
            "end": dates(_later(rng, after, mean, table.height)),
            "reason": chosen(
                rng,
                {"Client disengaged": 0.6, "Care plan/treatment complete": 0.25, "Client transferred to prison": 0.15},
                table.height,
            ),
        }
    )
    return (
        table.hstack(ends)
        .with_columns(
            pl.when(managed).then(as_sent(pl.col("AGNCY"), pl.col("end"))).otherwise("CMENDD").alias("CMENDD"),
            pl.when(managed).then("reason").otherwise("CLOSRSN").alias("CLOSRSN"),
        )
        .select(table.columns)
    )
