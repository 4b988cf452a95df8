"""What a quarter leaves to the records of people already known: name, address, client, earlier treatment.

Belongs here: taking it out of the intake. Does not belong here: who comes back (coming_back.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.draws import dates
from synthetic_extracts.next_quarter.as_of import day_in
from synthetic_extracts.next_quarter.coming_back import Returning
from synthetic_extracts.next_quarter.period import Period
from synthetic_extracts.next_quarter.world import World, person_keys
from synthetic_extracts.treatment.episodes import DATA_SETS

CLIENT_COLUMNS = ["AGNCY", "FINITIAL", "SINITIAL", "DOB", "SEX", "ETHNIC"]


def leave_to_what_is_known(world: World, part: World, person: np.ndarray, back: Returning, period: Period) -> None:
    """Take out of the intake what is on file of people who come back: name, address, client, earlier treatment."""
    known = world.persons["crn"].gather(back.person)
    again = known.filter(pl.Series(~back.second_crn)).implode()
    for name in ("offender", "offender_address"):
        part.tables[name] = part.tables[name].filter(~pl.col("crn").is_in(again))
    part.truth["person_truth"] = _with_people(part.truth["person_truth"], person).filter(~pl.col("crn").is_in(again))
    part.tables["offender"] = _same_name(world, part, known.filter(pl.Series(back.second_crn)), back)
    part.truth["client_truth"] = _with_people(part.truth["client_truth"], person)
    _leave_earlier_treatment(part, _clients_of(world, part, back), period)


def _leave_earlier_treatment(part: World, clients: pl.DataFrame, period: Period) -> None:
    """Put later episodes of people who come back under the client that they are; leave out what began before."""
    first_day, seen = dates(np.array([period.first]))[0], []
    for name in DATA_SETS:
        columns = part.tables[name].columns
        table = part.tables[name].join(clients, on="CLIENTID", how="left", maintain_order="left")
        begins = day_in("CJITTRD" if name == "cjit" else "TRIAGED")
        table = table.filter(pl.col("comes_back").is_null() | (begins >= first_day))
        seen.append(table["CLIENTID"])
        known = pl.col("known").is_not_null()
        part.tables[name] = (
            table.with_columns(
                pl.when(known).then(f"known_{column}").otherwise(column).alias(column) for column in CLIENT_COLUMNS
            )
            .with_columns(CLIENTID=pl.coalesce("known", "CLIENTID"))
            .select(columns)
        )
    mine = pl.col("CLIENTID").is_in(pl.concat(seen).implode())
    known = clients.drop_nulls("known")
    part.truth["client_truth"] = part.truth["client_truth"].filter(mine).join(known, on="CLIENTID", how="anti")


def _with_people(table: pl.DataFrame, person: np.ndarray) -> pl.DataFrame:
    """Numbers of the intake's people as those of the whole world."""
    local = table["true_person_id"].str.slice(1).cast(pl.Int64)
    keys = person_keys(person).gather(local)
    return table.with_columns(true_person_id=keys)


def _same_name(world: World, part: World, known: pl.Series, back: Returning) -> pl.DataFrame:
    """offender of the intake; who is given a second CRN is recorded under it as under the first."""
    mine = part.tables["offender"]
    identity = [name for name in mine.columns if name not in ("crn", "offender_id", "soft_deleted")]
    crn_now = part.persons.join(pl.DataFrame({"person": back.person[back.second_crn], "first_crn": known}), on="person")
    held = crn_now.select("crn", "first_crn").join(
        world.tables["offender"].select("crn", *identity), left_on="first_crn", right_on="crn"
    )
    changed = mine.join(held.drop("first_crn"), on="crn", how="left", suffix="_held", maintain_order="left")
    is_held = pl.col("crn").is_in(held["crn"].implode())
    return changed.with_columns(
        pl.when(is_held).then(f"{name}_held").otherwise(name).alias(name) for name in identity
    ).select(mine.columns)


def _clients_of(world: World, part: World, back: Returning) -> pl.DataFrame:
    """CLIENTID of people who come back (comes_back), and for those in NDTMS already their own (known) and what it holds
    (known_ and the name of each of CLIENT_COLUMNS)."""
    mine = part.truth["client_truth"].filter("consents")
    mine = mine.filter(pl.col("true_person_id").is_in(person_keys(back.person).implode()))
    before = world.truth["client_truth"].filter("consents").unique("true_person_id", keep="first", maintain_order=True)
    both = mine.select("CLIENTID", "true_person_id", comes_back=pl.lit(True)).join(
        before.select("true_person_id", known="CLIENTID"), on="true_person_id", how="left", maintain_order="left"
    )
    wanted = both.select(CLIENTID="known").drop_nulls()
    held = pl.concat(
        world.tables[name]
        .filter(pl.col("CONSENT") == "Y")
        .join(wanted, on="CLIENTID", how="semi")
        .select("CLIENTID", *CLIENT_COLUMNS)
        for name in DATA_SETS
    ).unique("CLIENTID", keep="first", maintain_order=True)
    held = held.rename({"CLIENTID": "known"} | {name: f"known_{name}" for name in CLIENT_COLUMNS})
    both = both.drop("true_person_id").join(held, on="known", how="left", maintain_order="left")
    # A client of whom no row says anything is known by the number alone: keep the new one then.
    return both.with_columns(known=pl.when(pl.col("known_AGNCY").is_not_null()).then("known"))
