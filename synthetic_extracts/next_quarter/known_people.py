"""What happens in a quarter to people already known: moves, prison, further treatment.

Belongs here: new rows of people who have rows. Does not belong here: their new sentences (intake.py), ends of what is
open (ends.py), corrections (revisions.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.calibration import calibration
from synthetic_extracts.draws import chosen, dates, labelled, numbered, where
from synthetic_extracts.next_quarter.as_of import day_in
from synthetic_extracts.next_quarter.ends import agency_date
from synthetic_extracts.next_quarter.keys import STRETCH
from synthetic_extracts.next_quarter.period import Period, in_quarter
from synthetic_extracts.next_quarter.world import World, added
from synthetic_extracts.people.geography import postcodes, street_sectors
from synthetic_extracts.prison.custody import spell_types


def happens_to_known_people(rng: np.random.Generator, world: World, period: Period) -> None:
    """Moves, receptions into prison and returns to treatment of people who are known, written into `world`."""
    rates = calibration()["next_quarter"]
    _move(rng, world, period, rates["moved"])
    _receive_known(rng, world, period)
    _return_to_treatment(rng, world, period, rates["returning_clients"])


def _move(rng: np.random.Generator, world: World, period: Period, share: float) -> None:
    """A new main address for some people under supervision; the one before ends the day before."""
    running = (
        world.requirements.filter((pl.col("termination_day") > period.last) & (pl.col("day") < period.first - 30))
        .select("crn")
        .unique()
        .sort("crn")
    )
    movers = running.filter(pl.Series(rng.random(running.height) < share))
    addresses = world.tables["offender_address"]
    current = (
        addresses.filter((pl.col("address_status") == "M") & pl.col("end_date").is_null())
        .join(movers, on="crn", how="semi")
        .unique("crn", keep="last", maintain_order=True)
        .sort("crn")
    )
    size = current.height
    day = in_quarter(rng, period, size)
    sectors = street_sectors()
    sector = sectors.draw_in_regions(rng, calibration()["cohort"]["region"], size)
    new = current.with_columns(
        start_date=dates(day),
        postcode=postcodes(sector, np.arange(size)),
        no_fixed_abode=pl.lit("N"),
        address_type=pl.lit("A01D"),
    )
    left = current.select("crn", "start_date", "address_status", left=dates(day - 1))
    addresses = (
        addresses.join(left, on=["crn", "start_date", "address_status"], how="left", maintain_order="left")
        .with_columns(
            end_date=pl.coalesce("end_date", "left"),
            address_status=pl.when(pl.col("left").is_null()).then("address_status").otherwise(pl.lit("P")),
        )
        .drop("left")
    )
    world.tables["offender_address"] = pl.concat([addresses, new])


def _receive_known(rng: np.random.Generator, world: World, period: Period) -> None:
    """Spells in prison that begin in the quarter: of some who are reconvicted in it, and of a few others."""
    rates = calibration()["next_quarter"]
    people = world.requirements.sort("day", "requirement_id").unique("person", keep="last", maintain_order=True)
    people = people.filter(pl.col("day") > period.first - 550).sort("person")
    due = people["reconviction_day"].is_between(period.first, period.last).to_numpy()
    share = np.where(due, rates["received_when_reconvicted"], rates["received"])
    day = np.where(due, people["reconviction_day"].to_numpy(), in_quarter(rng, period, people.height))
    people = people.select("person", when=pl.Series(day)).filter(pl.Series(rng.random(people.height) < share))
    # Nobody in treatment or in custody already is received.
    treated = people.join(world.journeys, on="person").filter(
        (pl.col("start") <= pl.col("when")) & (pl.col("end") >= pl.col("when"))
    )
    inside = world.tables["prison_spell"].filter(pl.col("release_date") >= dates(np.array([period.first]))[0])
    people = (
        people.join(treated, on="person", how="anti")
        .join(world.persons.select("person", "noms"), on="person")
        .join(inside, left_on="noms", right_on="noms_number", how="anti")
        .sort("person")
    )
    receive(rng, world, people["person"], people["when"].to_numpy(), period.stretch)


def _return_to_treatment(rng: np.random.Generator, world: World, period: Period, share: float) -> None:
    """A further episode for some clients outside the cohort whose last one is over."""
    table = world.tables["adult_community"]
    last = _last_rows_of_discharged_strangers(world, period)
    rows = last.filter(pl.Series(rng.random(last.height) < share))
    begins = in_quarter(rng, period, rows.height)
    ends = begins + 20 + np.floor(rng.gamma(1.1, 200, rows.height)).astype(np.int64)
    plan = begins + rng.integers(0, 22, rows.height)
    first_key = period.stretch * STRETCH["EPISODID"] + 1_800_000
    new = rows.with_columns(
        EPISODID=numbered("E", first_key + np.arange(rows.height), 8),
        REFLD=agency_date(rows, begins - rng.integers(0, 15, rows.height)),
        TRIAGED=agency_date(rows, begins),
        CPLANDT=agency_date(rows, plan),
        DISD=agency_date(rows, ends),
        DISRSN=chosen(rng, {"80": 0.4, "82": 0.05, "85": 0.4, "83": 0.15}, rows.height),
    )
    world.tables["adult_community"] = pl.concat([table, new])


def _last_rows_of_discharged_strangers(world: World, period: Period) -> pl.DataFrame:
    """The last row of adult_community of each client outside the cohort who has been discharged for a month."""
    table = world.tables["adult_community"]
    strangers = world.truth["client_truth"].filter(pl.col("true_person_id").is_null() & pl.col("consents"))
    ended = table.with_columns(ended=day_in("DISD"), begun=day_in("TRIAGED")).join(
        strangers.select("CLIENTID"), on="CLIENTID", how="semi"
    )
    limit = dates(np.array([period.first - 30]))[0]
    over = ended.group_by("CLIENTID").agg((pl.col("ended") < limit).fill_null(False).all().alias("over"))
    return (
        ended.join(over.filter("over"), on="CLIENTID", how="semi")
        .filter((pl.col("CONSENT") == "Y") & pl.col("SEX").ne("X") & pl.col("begun").is_not_null())
        .sort("CLIENTID", "begun", maintain_order=True)
        .unique("CLIENTID", keep="last", maintain_order=True)
        .select(table.columns)
    )


def receive(rng: np.random.Generator, world: World, person: pl.Series, day: np.ndarray, stretch: int) -> None:
    """Add a spell in prison from `day` for each person whose number prison and probation share."""
    held = world.persons.select("person", "noms", "noms_known", "crn")
    held = pl.DataFrame({"person": person, "day": day}).join(held, on="person", how="left", maintain_order="left")
    held = held.filter("noms_known")
    size, begins = held.height, held["day"].to_numpy()
    labels, kind = spell_types(rng, size)
    spells = pl.DataFrame(
        {
            "noms_number": held["noms"],
            "booking_id": numbered("", 1_100_000 + stretch * STRETCH["booking_id"] + 70_000 + np.arange(size), 7),
            "reception_date": dates(begins),
            "release_date": dates(
                begins + 3 + np.floor(np.minimum(rng.lognormal(4.2, 1.0, size), 900)).astype(np.int64)
            ),
            "spell_type": labelled(labels, kind),
            "reception_reason": chosen(rng, {"Unconvicted remand": 0.4, "Imprisonment without option": 0.6}, size),
            "release_reason": chosen(rng, {"Conditional release": 0.7, "Bailed": 0.3}, size),
            "establishment_code": chosen(rng, dict.fromkeys(("LEI", "MDI", "BMI", "PVI", "WWI"), 1.0), size),
            "sentence_date": dates(begins, kind == labels.index("sentenced")),
            "main_offence_code": chosen(rng, {"04600": 0.6, "10501": 0.4}, size),
            "crn": where(rng.random(size) < 0.3, held["crn"]),
        }
    )
    world.tables = added(world.tables, {"prison_spell": spells})
