"""Who is sentenced in the three months of a quarter, and who comes to NDTMS in them.

Belongs here: people new to probation, people who come back with a new sentence, and everything recorded of both, also
of the years to come. Does not belong here: what goes on for people already known (go_on.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl

from synthetic_extracts.calibration import calibration
from synthetic_extracts.courts.court_records import CourtRecords
from synthetic_extracts.courts.reconviction import FOLLOW_UP, draw_reconvictions
from synthetic_extracts.draws import dates, stream, years_between
from synthetic_extracts.next_quarter.after_new_cases import after_new_cases
from synthetic_extracts.next_quarter.as_of import TREATMENT, day_in
from synthetic_extracts.next_quarter.ends import as_sent, give_ends
from synthetic_extracts.next_quarter.world import PERSON_NUMBERS, World, person_keys, world_of
from synthetic_extracts.people.geography import street_sectors
from synthetic_extracts.people.identity_numbers import Identities, crns, give_numbers
from synthetic_extracts.people.true_people import People
from synthetic_extracts.prison.custody import draw_custody
from synthetic_extracts.recording import Strangers, Tables, Truth, record_everything
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.draw_cohort import draw_cohort
from synthetic_extracts.sentences.supervision import draw_supervision
from synthetic_extracts.treatment.draw_treatment import draw_treatment
from synthetic_extracts.treatment.journeys import Treatment

FOLLOWED_DAYS = 730
DATA_SETS = (*TREATMENT, "cjit")
CLIENT_COLUMNS = ["AGNCY", "FINITIAL", "SINITIAL", "DOB", "SEX", "ETHNIC"]
# Keys that are numbered from the start in every part of the world: each part takes the next stretch.
STRETCH = {
    "offender_id": 50_000,
    "event_id": 100_000,
    "disposal_id": 100_000,
    "requirement_id": 100_000,
    "report_id": 100_000,
    "booking_id": 100_000,
    "defendant_id": 300_000,
    "case_id": 300_000,
    "offence_id": 1_000_000,
    "result_id": 1_000_000,
    "EPISODID": 2_000_000,
    "CLIENTID": 20_000_000,
    "contact_id": 10_000_000,
}
GIVEN_WITH_TRUTH = ("event_id", "disposal_id", "requirement_id")  # in tables of several systems
GIVEN_WHEN_RECORDED = tuple(name for name in STRETCH if name not in GIVEN_WITH_TRUTH)


@dataclass(frozen=True)
class Period:
    """Three months: first and last day, the seed of their draws, and the stretch of keys that new records take."""

    first: int
    last: int
    seed: int
    stretch: int


@dataclass
class _Returning:
    """Rows of the intake's people who are known, who they are, and which of them are given another CRN."""

    local: np.ndarray
    person: np.ndarray
    second_crn: np.ndarray


def renumbered(table: pl.DataFrame, stretch: int, columns: Sequence[str] = tuple(STRETCH)) -> pl.DataFrame:
    """The same with the keys `columns`, where the table has them, in the given stretch."""
    changed = []
    for name in [name for name in table.columns if name in columns]:
        digits = table[name].str.extract(r"(\d+)$")
        number = (digits.cast(pl.Int64) + stretch * STRETCH[name]).cast(pl.String)
        width = int(digits.str.len_chars().fill_null(1).to_numpy().max(initial=1))
        changed.append((table[name].str.extract(r"^(\D*)") + number.str.zfill(width)).alias(name))
    return table.with_columns(changed)


def draw_intake(world: World, period: Period, scale: float, with_notes: bool) -> tuple[World, np.ndarray]:
    """What the quarter adds to `world`, and which of its people are new (rows of its `people`)."""
    rates = calibration()["next_quarter"]
    rng = stream(period.seed, "intake")
    end = period.last + FOLLOWED_DAYS
    part_scale = scale * rates["requirements"]
    # People have one sentence each here; over the years of the first quarter they had more.
    sizes = calibration()["size"]
    people_scale = part_scale * sizes["requirements"] * rates["people_per_requirement"] / sizes["people"]
    cohort = draw_cohort(period.seed, part_scale, end, period.first, period.last, people_scale)
    back = _come_back(rng, world, cohort, period)
    _recorded_late(rng, cohort, back, period)
    truth = _truth(period, cohort, back)
    person = len(world.people) + np.arange(len(cohort.people))
    new = np.setdiff1d(np.arange(len(person)), back.local)
    person[new] = len(world.people) + np.arange(len(new))
    person[back.local] = back.person
    _use_known_numbers(rng, world, truth.numbers, cohort, back)
    given = (truth.numbers.event, truth.numbers.disposal, truth.numbers.requirement)
    truth.numbers.event, truth.numbers.disposal, truth.numbers.requirement = (
        renumbered(pl.DataFrame({name: column}), period.stretch).to_series()
        for name, column in zip(GIVEN_WITH_TRUTH, given, strict=True)
    )
    tables, truth_tables, courts = _recorded(period, part_scale, scale * rates["clients"], truth, with_notes)
    part = world_of(truth, person, courts.on_record_from(truth.cohort), tables, truth_tables)
    world.requirements = after_new_cases(world.requirements, truth, person, courts.can_count)
    _leave_to_what_is_known(world, part, person, back, period)
    give_ends(stream(period.seed, "ends"), part, period.last, end)
    return part, new


def _come_back(rng: np.random.Generator, world: World, cohort: Cohort, period: Period) -> _Returning:
    """Make some people of the intake people already known: some whose reconviction was to come, others years after."""
    sentences = cohort.sentences
    rates = calibration()["next_quarter"]
    single = np.flatnonzero(np.bincount(sentences.person, minlength=len(cohort.people)) == 1)
    wanted = int(round(rates["returning"] * len(cohort.people)))
    free = _free_people(world, period)
    due = pl.col("reconviction_day").is_between(period.first, period.last)
    soon, later = free.filter(due), free.filter(pl.col("day") < period.first - FOLLOW_UP)
    soon = soon.sample(
        min(int(round(wanted * rates["returning_soon"])), soon.height), seed=int(rng.integers(2**31)), shuffle=True
    )
    later = later.sample(
        min(wanted - soon.height, later.height), seed=int(rng.integers(2**31)), shuffle=True
    ).with_columns(reconviction_day=pl.lit(-1, dtype=pl.Int64))
    who = pl.concat([soon, later])
    local = rng.choice(single, min(who.height, len(single)), replace=False)
    who = who.head(len(local))
    back = _Returning(local, who["person"].to_numpy(), rng.random(len(local)) < rates["second_identifier"])
    row = np.searchsorted(sentences.person, local)
    due_day, drawn_day = who["reconviction_day"].to_numpy(), sentences.day[row]
    sentences.day[row] = np.where(due_day >= 0, due_day, drawn_day)
    wait = drawn_day - sentences.offence_day[row]
    sentences.offence_day[row] = np.maximum(sentences.day[row] - wait, who["day"].to_numpy() + 1)
    _take_over(cohort.people, local, world.people, back.person)
    sentences.sector[row] = cohort.people.sector_at(local, sentences.day[row])
    sentences.region[row] = street_sectors().region[sentences.sector[row]]
    sentences.age[row] = years_between(cohort.people.dob[local], sentences.day[row])
    linkable = world.persons["linkable"].to_numpy()[back.person]
    cohort.identifiers.linkable[sentences.crn[row]] = linkable
    cohort.requirements.analysed[:] = cohort.eligible & ~cohort.requirements.no_length
    return back


def _free_people(world: World, period: Period) -> pl.DataFrame:
    """person, day and reconviction_day of the last sentence of people who could be sentenced again: alive, on file
    under one name, not in treatment or custody when the quarter begins, and not just sentenced."""
    last = world.requirements.sort("day", "requirement_id").unique("person", keep="last", maintain_order=True)
    standing = world.tables["offender"].filter((pl.col("soft_deleted") == "0") & pl.col("deceased_date").is_null())
    first = dates(np.array([period.first]))[0]
    inside = world.tables["prison_spell"].filter(pl.col("release_date") >= first).select("noms_number")
    treated = world.journeys.filter(pl.col("end") >= period.first).select("person")
    return (
        last.filter((pl.col("day") <= period.first - 20) & (pl.col("termination") != "Died"))
        .join(world.persons.select("person", "noms", latest="crn"), on="person")
        .join(standing, left_on="latest", right_on="crn", how="semi")
        .join(inside, left_on="noms", right_on="noms_number", how="anti")
        .join(treated, on="person", how="anti")
        .select("person", "day", "reconviction_day")
        .sort("person")
    )


def _take_over(people: People, local: np.ndarray, known: People, person: np.ndarray) -> None:
    for item in fields(People):
        getattr(people, item.name)[local] = getattr(known, item.name)[person]


def _recorded_late(rng: np.random.Generator, cohort: Cohort, back: _Returning, period: Period) -> None:
    """Move some sentences of new people, of one at least, back before the quarter: last quarter's files lack them."""
    sentences = cohort.sentences
    rates = calibration()["next_quarter"]
    late = rng.random(len(cohort.people)) < rates["late_sentences"]
    late[back.local] = False
    by = rng.integers(20, rates["late_by_days"], len(late))
    if not late.any():
        fresh = np.setdiff1d(np.arange(len(late)), back.local)
        late[fresh[:1]] = True
    by = np.where(late, by + period.last - period.first, 0)[sentences.person]
    sentences.day -= by
    sentences.offence_day -= by
    sentences.next_day -= np.where(sentences.next_day <= cohort.end, by, 0)


def _truth(period: Period, cohort: Cohort, back: _Returning) -> Truth:
    treatment = draw_treatment(period.seed, cohort)
    _start_again(treatment, back, period.first)
    reconvictions = draw_reconvictions(period.seed, cohort, treatment)
    supervision = draw_supervision(period.seed, cohort, treatment)
    spells = draw_custody(period.seed, cohort, treatment, reconvictions)
    before = np.isin(spells.person, back.local) & (spells.reception < period.first)
    spells = replace(spells, **{item.name: getattr(spells, item.name)[~before] for item in fields(spells)})
    return Truth(cohort, treatment, reconvictions, supervision, spells, give_numbers(period.seed, cohort, spells))


def _start_again(treatment: Treatment, back: _Returning, first: int) -> None:
    """Nobody who comes back is in treatment when the quarter begins: their journeys start in it or later."""
    journeys = treatment.journeys
    early = np.isin(journeys.person, back.local) & (journeys.start < first)
    journeys.start[early] = first
    journeys.end[early] = np.maximum(journeys.end[early], first + 14)


def _use_known_numbers(
    rng: np.random.Generator, world: World, numbers: Identities, cohort: Cohort, back: _Returning
) -> None:
    """Give people who come back the numbers that they have, and nobody a number that somebody else has."""
    taken = world.tables["offender"]["crn"].implode()
    fresh = crns(rng, 2 * len(numbers.crn) + 50)
    fresh = fresh.filter(~fresh.is_in(taken) & ~fresh.is_in(numbers.crn.implode())).head(len(numbers.crn))
    numbers.crn = fresh.zip_with(numbers.crn.is_in(taken), numbers.crn)
    for name in PERSON_NUMBERS:
        held, known = getattr(numbers, name), getattr(numbers, f"{name}_known")
        known &= ~held.is_in(world.persons[name].implode()).to_numpy()
        held = held.scatter(back.local, world.persons[name].gather(back.person))
        known[back.local] = world.persons[f"{name}_known"].to_numpy()[back.person]
        setattr(numbers, name, held)
    same = ~back.second_crn
    row = np.searchsorted(cohort.sentences.person, back.local[same])
    numbers.crn = numbers.crn.scatter(cohort.sentences.crn[row], world.persons["crn"].gather(back.person[same]))


def _recorded(
    period: Period, scale: float, client_scale: float, truth: Truth, with_notes: bool
) -> tuple[Tables, Tables, CourtRecords]:
    tables: Tables = {}
    truth_tables: Tables = {}

    def put(more: Tables) -> None:
        for name, table in more.items():
            tables[name] = renumbered(table, period.stretch, GIVEN_WHEN_RECORDED)
            if name in ("requirement", "contact_note"):
                tables[name] = _other_requirements_in_stretch(tables[name], truth, period.stretch)

    def put_truth(name: str, table: pl.DataFrame) -> None:
        truth_tables[name] = renumbered(table, period.stretch, GIVEN_WHEN_RECORDED)

    strangers = Strangers(client_scale, period.first, period.last)
    courts, _ = record_everything(period.seed, scale, truth, strangers, with_notes, put, put_truth)
    return tables, truth_tables, courts


def _other_requirements_in_stretch(table: pl.DataFrame, truth: Truth, stretch: int) -> pl.DataFrame:
    """Requirements of other types are numbered where they are recorded; so are contacts under them."""
    mine = pl.col("requirement_id").is_in(truth.numbers.requirement.implode())
    keys = renumbered(table.select("requirement_id"), stretch)["requirement_id"]
    return table.with_columns(pl.when(mine).then("requirement_id").otherwise(keys).alias("requirement_id"))


def _leave_to_what_is_known(world: World, part: World, person: np.ndarray, back: _Returning, period: Period) -> None:
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


def _same_name(world: World, part: World, known: pl.Series, back: _Returning) -> pl.DataFrame:
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


def _clients_of(world: World, part: World, back: _Returning) -> pl.DataFrame:
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


def in_quarter(rng: np.random.Generator, period: Period, size: int) -> np.ndarray:
    """Days of the quarter."""
    return rng.integers(period.first, period.last + 1, size)


def agency_date(table: pl.DataFrame, day: np.ndarray) -> pl.Series:
    """`day` as the agency of each row sends it."""
    return (
        table.select("AGNCY").with_columns(day=dates(day)).select(as_sent(pl.col("AGNCY"), pl.col("day"))).to_series()
    )
