"""How the world goes on, quarter by quarter, and what is on file at the end of one.

Belongs here: the order of it. Does not belong here: any draw, files.
"""

import zlib
from collections.abc import Callable

import polars as pl

from resources.zone.partitions import QUARTER_NAMES, previous_quarter, quarter_end
from synthetic_extracts.draws import day_number, stream
from synthetic_extracts.next_quarter.as_of import tables_on, truth_on
from synthetic_extracts.next_quarter.first_quarter import base_world
from synthetic_extracts.next_quarter.intake import draw_intake
from synthetic_extracts.next_quarter.known_people import happens_to_known_people
from synthetic_extracts.next_quarter.period import Period
from synthetic_extracts.next_quarter.revisions import revise
from synthetic_extracts.next_quarter.world import World, with_part
from synthetic_extracts.recording import Tables


def recorded_at(
    base: str,
    quarter: str,
    scale: float,
    seed: int,
    with_notes: bool,
    put: Callable[[Tables], None],
    put_truth: Callable[[str, pl.DataFrame], None],
    say: Callable[[str], None],
) -> dict[str, int]:
    """Hand the tables and truth of `quarter`, which continues `base`, to `put` and `put_truth`. Returns counts.

    The counts say how many records of the last of the quarters are corrected, deleted and merged.
    """
    world = base_world(base, scale, seed, with_notes)
    counts: dict[str, int] = {}
    for number, name in enumerate(_quarters_after(base, quarter), start=2):
        counts = go_on(world, name, number, scale, seed, with_notes)
        say(f"{name}: " + ", ".join(f"{count:,} {what}" for what, count in counts.items()))
    day = day_number(quarter_end(quarter))
    tables = tables_on(world.tables, day)
    world.tables = {}
    for name, table in truth_on(world, day, tables).items():
        put_truth(name, table)
    for name in list(tables):
        put({name: tables.pop(name)})
    return counts


def _quarters_after(base: str, quarter: str) -> list[str]:
    return QUARTER_NAMES[QUARTER_NAMES.index(base) + 1 : QUARTER_NAMES.index(quarter) + 1]


def go_on(world: World, quarter: str, number: int, scale: float, seed: int, with_notes: bool) -> dict[str, int]:
    """Let `world` go on through `quarter`, the `number`th stretch of keys. Returns counts of what is changed in it."""
    before = previous_quarter(quarter)
    if before is None:
        raise ValueError(f"{quarter} continues no quarter")
    own_seed = zlib.crc32(f"{seed} {quarter}".encode())
    period = Period(day_number(quarter_end(before)) + 1, day_number(quarter_end(quarter)), own_seed, number)
    part, new = draw_intake(world, period, scale, with_notes)
    happens_to_known_people(stream(own_seed, "known people"), world, period)
    whole = with_part(world, part, new)
    for name in ("people", "persons", "requirements", "journeys", "tables", "truth"):
        setattr(world, name, getattr(whole, name))
    return revise(stream(own_seed, "revisions"), world, period)
