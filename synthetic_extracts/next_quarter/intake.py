"""Who is sentenced in the three months of a quarter, and who comes to NDTMS in them.

Belongs here: their truth and everything recorded of them, also of the years to come. Does not belong here: which of
them are known already (coming_back.py, known_records.py), and what goes on for the others (known_people.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.calibration import calibration
from synthetic_extracts.courts.court_records import CourtRecords
from synthetic_extracts.courts.reconviction import draw_reconvictions
from synthetic_extracts.draws import stream
from synthetic_extracts.next_quarter.after_new_cases import after_new_cases
from synthetic_extracts.next_quarter.coming_back import Returning, come_back, start_again, use_known_numbers
from synthetic_extracts.next_quarter.ends import give_ends
from synthetic_extracts.next_quarter.keys import GIVEN_WHEN_RECORDED, GIVEN_WITH_TRUTH, renumbered
from synthetic_extracts.next_quarter.known_records import leave_to_what_is_known
from synthetic_extracts.next_quarter.period import Period
from synthetic_extracts.next_quarter.world import World, world_of
from synthetic_extracts.people.identity_numbers import give_numbers
from synthetic_extracts.prison.custody import draw_custody
from synthetic_extracts.recording import Strangers, Tables, Truth, record_everything
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.draw_cohort import draw_cohort
from synthetic_extracts.sentences.supervision import draw_supervision
from synthetic_extracts.treatment.draw_treatment import draw_treatment

FOLLOWED_DAYS = 730


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
    back = come_back(rng, world, cohort, period)
    _recorded_late(rng, cohort, back, period)
    truth = _truth(period, cohort, back)
    person = len(world.people) + np.arange(len(cohort.people))
    new = np.setdiff1d(np.arange(len(person)), back.local)
    person[new] = len(world.people) + np.arange(len(new))
    person[back.local] = back.person
    use_known_numbers(rng, world, truth.numbers, cohort, back)
    given = (truth.numbers.event, truth.numbers.disposal, truth.numbers.requirement)
    truth.numbers.event, truth.numbers.disposal, truth.numbers.requirement = (
        renumbered(pl.DataFrame({name: column}), period.stretch).to_series()
        for name, column in zip(GIVEN_WITH_TRUTH, given, strict=True)
    )
    tables, truth_tables, courts = _recorded(period, part_scale, scale * rates["clients"], truth, with_notes)
    part = world_of(truth, person, courts.on_record_from(truth.cohort), tables, truth_tables)
    world.requirements = after_new_cases(world.requirements, truth, person, courts.can_count)
    leave_to_what_is_known(world, part, person, back, period)
    give_ends(stream(period.seed, "ends"), part, period.last, end)
    return part, new


def _recorded_late(rng: np.random.Generator, cohort: Cohort, back: Returning, period: Period) -> None:
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


def _truth(period: Period, cohort: Cohort, back: Returning) -> Truth:
    treatment = draw_treatment(period.seed, cohort)
    start_again(treatment, back, period.first)
    reconvictions = draw_reconvictions(period.seed, cohort, treatment)
    supervision = draw_supervision(period.seed, cohort, treatment)
    spells = draw_custody(period.seed, cohort, treatment, reconvictions)
    before = np.isin(spells.person, back.local) & (spells.reception < period.first)
    spells = spells.take(~before)
    return Truth(cohort, treatment, reconvictions, supervision, spells, give_numbers(period.seed, cohort, spells))


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
