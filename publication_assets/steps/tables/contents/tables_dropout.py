"""Table 36: by when people dropped out of structured treatment, with completion, prison and death as other ends.

Belongs here: laying out the estimates beside the counts that they rest on. Does not belong here: the estimator
(steps/treatment/cumulative_incidence.py), titles, notes, disclosure control. A reader of the 2023 round asked how soon
people drop out; the layout is ours.
"""

from collections.abc import Callable
from functools import partial

import polars as pl

from contracts.vocabulary import TIME_BANDS, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue.measures_of_treatment import COMPLETED as COMPLETED_SHARE
from publication_assets.catalogue.measures_of_treatment import (
    DROPPED,
    DROPPED_LIMITS,
    FOLLOWED_FOR,
    MEDIAN_TO_DROPOUT,
    REMAINED,
)
from publication_assets.catalogue.measures_of_treatment import PRISON_OR_DIED as PRISON_OR_DIED_SHARE
from publication_assets.catalogue.rows import BY_THE_END, HORIZON_ROWS
from publication_assets.steps.tables.contents.cumulative_incidence import (
    COMPLETED,
    DROPPED_OUT,
    EVENTS,
    PRISON_OR_DIED,
    Incidence,
    cumulative_incidence,
    treatment_times,
)
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Measure, Row, Types, noun_of

SHARES = {DROPPED_OUT: DROPPED, COMPLETED: COMPLETED_SHARE, PRISON_OR_DIED: PRISON_OR_DIED_SHARE, "Remained": REMAINED}
# Part of the name of its counts, to the words of its rows and whom it holds. Names are those of tables 8 and 11.
GROUPS = {
    "": ("linked to structured treatment", pl.lit(True)),
    f"/time_band/{TIME_BANDS[0]}": ("already in treatment at sentence", pl.col("time_band") == TIME_BANDS[0]),
    "/not already in treatment": ("that started treatment after sentence", pl.col("time_band") != TIME_BANDS[0]),
}
GROUP_KEYS = dict(zip(GROUPS, ("linked", "already", "later"), strict=True))


def _row(kind: str, group: str, label: str) -> Row:
    """The row of a type and one of GROUPS at one of the times."""
    return Row(f"{kind}/{GROUP_KEYS[group]}/{label}", label, f"{noun_of(kind)} {GROUPS[group][0]}")


def time_to_dropout(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 36: cumulative incidence of dropping out since treatment started, or since sentence for those in it then.

    Of the linked, all and by whether they were already in treatment, with limits of the coverage `level`. The last row
    of each group has plain shares of the status at the end of observation, as in table 2.
    """
    table = PublishedTable("time_to_dropout")
    for kind in types:
        linked = of_type(frame, kind).filter("linked_structured")
        for group, (_, condition) in GROUPS.items():
            _group(table, partial(_row, kind, group), f"{kind}/linked{group}", linked.filter(condition), level)
        for name in [name for name in table.counts if name.startswith(f"{kind}/linked/time_band/")]:
            ending = name.removeprefix(f"{kind}/linked/time_band/{TIME_BANDS[0]}")
            table.add_up(f"{kind}/linked{ending}", name, f"{kind}/linked/not already in treatment{ending}")
        table.add_up(f"{kind}/linked/{PRISON_OR_DIED}", f"{kind}/linked/Prison", f"{kind}/linked/Died")
        for status in ("Prison", "Died"):  # as in table 2
            table.counts[f"{kind}/linked/{status}"] = count_where(linked, pl.col("treatment_status") == status)
    return table


def _group(table: PublishedTable, rows: Callable[[str], Row], prefix: str, members: pl.DataFrame, level: float) -> None:
    times = treatment_times(members)
    _count_ends(table, prefix, members)
    before: str | None = None
    for label, day in HORIZON_ROWS.items():
        _count_by(table, prefix, times, label, day, before)
        _horizon_row(table, rows(label), prefix, cumulative_incidence(times, day, level))
        before = label
    for name in EVENTS:
        later = f"{prefix}/{name}/later"
        table.counts[later] = table.counts[f"{prefix}/{name}"] - table.counts[f"{prefix}/{name}/{before}"]
        table.add_up(f"{prefix}/{name}", f"{prefix}/{name}/{before}", later)
    _last_row(table, rows(BY_THE_END), prefix, members)


def _count_ends(table: PublishedTable, prefix: str, members: pl.DataFrame) -> None:
    status = pl.col("treatment_status").replace(["Prison", "Died"], PRISON_OR_DIED)
    table.counts[prefix] = members.height
    for name in SHARES:
        table.counts[f"{prefix}/{name}"] = count_where(members, status == name)
    table.add_up(prefix, *(f"{prefix}/{name}" for name in SHARES))
    wide = (f"{prefix}/{DROPPED_OUT}", f"{prefix}/{PRISON_OR_DIED}")  # as in table 11
    table.counts[f"{prefix}/wide dropout"] = sum(table.counts[name] for name in wide)
    table.add_up(f"{prefix}/wide dropout", *wide)


def _count_by(
    table: PublishedTable, prefix: str, times: pl.DataFrame, label: str, day: int, before: str | None
) -> None:
    """Counts behind the estimates of one row: those followed, and what was seen by the day since the row before."""
    by_then = times.filter((pl.col("event") > 0) & (pl.col("days") <= day))
    numbers = {f"followed/{label}": times.filter(pl.col("followed") >= day).height}
    numbers |= {f"{name}/{label}": count_where(by_then, pl.col("event") == event) for name, event in EVENTS.items()}
    numbers[f"Remained/{label}"] = times.height - by_then.height
    table.counts |= {f"{prefix}/{name}": number for name, number in numbers.items()}
    table.add_up(prefix, *(f"{prefix}/{name}/{label}" for name in SHARES))
    for name in ("followed", *EVENTS):
        now, then = f"{prefix}/{name}/{label}", f"{prefix}/{name}/{before}" if before else ""
        change = f"{prefix}/{name}/{label}, not {before.lower()}" if before else ""
        if not before:
            continue
        whole, part = (then, now) if name == "followed" else (now, then)
        table.counts[change] = table.counts[whole] - table.counts[part]
        table.add_up(whole, part, change)


def _horizon_row(table: PublishedTable, row: Row, prefix: str, found: dict[str, Incidence] | None) -> None:
    followed = f"{prefix}/followed/{row[1]}"
    table.count(row, FOLLOWED_FOR, followed)
    shares = {name: None if found is None else 100 * found[name].value for name in EVENTS}
    shares["Remained"] = None if found is None else max(0.0, 100 - sum(share or 0.0 for share in shares.values()))

    def add(measure: Measure, name: str, value: float | None) -> None:
        depends = (f"{prefix}/{name}/{row[1]}", followed)
        table.cells.append(Cell(row, measure, "percent", value, depends_on=depends, text="[x]"))

    for name, measure in SHARES.items():
        add(measure, name, shares[name])
        if name == DROPPED_OUT:
            for side, limit in DROPPED_LIMITS.items():
                share = None if found is None else getattr(found[DROPPED_OUT], side)
                add(limit, name, None if share is None else 100 * share)
    table.words(row, MEDIAN_TO_DROPOUT, "[z]")


def _last_row(table: PublishedTable, row: Row, prefix: str, members: pl.DataFrame) -> None:
    table.count(row, FOLLOWED_FOR, prefix)
    for name, measure in SHARES.items():
        table.percent(row, measure, f"{prefix}/{name}", prefix)
        if name == DROPPED_OUT:
            for limit in DROPPED_LIMITS.values():
                table.words(row, limit, "[z]")
    dropped = members.filter(pl.col("treatment_status") == DROPPED_OUT)
    median = dropped.select(pl.col("days_in_treatment").median()).item()
    depends = (f"{prefix}/{DROPPED_OUT}",)
    table.cells.append(Cell(row, MEDIAN_TO_DROPOUT, "days", median, depends_on=depends, text="[x]"))
