"""Table 33: days of substance use before the first and the last form of the Treatment Outcomes Profile.

Belongs here: counting and averaging the crossing table substance_use. Does not belong here: which forms are compared
(linkage zone), titles, notes, disclosure control. The 2023 round says that there were substantial reductions and gives
no number; the table and its layout are ours.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from statsmodels.regression.linear_model import OLS

from contracts.crossings import SUBSTANCES
from contracts.vocabulary import TIME_BANDS, TREATMENT_STATUSES, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue import measures_of_treatment as treatment
from publication_assets.catalogue.measures_of_requirements import LINKED_REQUIREMENTS
from publication_assets.catalogue.rows import DISCHARGES
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Row, Types, noun_of

MAIN = "Main problem substance"
# How rows of the main problem substance are told apart, by the part of their key.
BY_STATUS, BY_START = "by status", "by start"
GROUPS = {
    BY_STATUS: "main problem substance, by treatment status",
    BY_START: "main problem substance, by start of treatment",
}
STATUS_ROWS = {status: DISCHARGES[status] for status in TREATMENT_STATUSES}
ALREADY, LATER = "Already in treatment at sentence", "Started treatment after sentence"
# Column header to the count that it shows and, of a percentage, its base ("": linked requirements).
COLUMNS = {
    treatment.KNOWN_AT_START: ("known at the start",),
    treatment.KNOWN_AT_BOTH: ("known at both",),
    treatment.KNOWN_AT_BOTH_SHARE: ("known at both", ""),
    treatment.EXIT_FORM: ("exit form",),
    treatment.USED_AT_START: ("used at the start",),
    treatment.USED_AT_START_SHARE: ("used at the start", "known at both"),
    treatment.USED_AT_LAST: ("used at the last form",),
    treatment.USED_AT_LAST_SHARE: ("used at the last form", "known at both"),
    treatment.STOPPED: ("stopped",),
    treatment.STOPPED_SHARE: ("stopped", "used at the start"),
}
MEANS = (treatment.MEAN_AT_START, treatment.MEAN_AT_LAST, treatment.CHANGE, *treatment.CHANGE_LIMITS.values())
# Of those known at both forms: name in quantities to whether they used at the start and at the last form.
PATTERNS = {
    "used at both": (True, True),
    "stopped": (True, False),
    "began": (False, True),
    "used at neither": (False, False),
}
COUNTED = (
    "known at the start",
    "not known at the start",
    "known at both",
    "not known later",
    "exit form",
    "review form",
    "used at the start",
    "used at the last form",
    *PATTERNS,
)


def substance_use_before_and_after(substance_use: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 33 by requirement type, of each substance and of the main problem substance; of this one also by treatment
    status and by when treatment started. Limits have the coverage `level`.

    `substance_use` is the crossing table. Where no form was sent, every cell but the linked requirements is "[x]".
    """
    table, sent = PublishedTable("substance_use"), substance_use["days_at_start"].count() > 0
    for kind in types:
        of_kind, linked = of_type(substance_use, kind), f"{kind}/linked"
        # Every linked requirement has one row for each substance.
        everybody, main = of_kind.filter(substance=SUBSTANCES[0]), of_kind.filter("main_problem")
        rows = {MAIN: ("main", main)} | {name: (name, of_kind.filter(substance=name)) for name in SUBSTANCES}
        for label, (name, answers) in rows.items():
            group = _Group(linked, f"use of {name}", everybody.height, answers)
            _row(table, Row(f"{kind}/{name}", label, noun_of(kind)), group, level, sent)
        for by, parts in _parts(linked).items():
            for words, (key, part, condition) in parts.items():
                group = _Group(part, "use of main", count_where(everybody, condition), main.filter(condition))
                _row(table, Row(f"{kind}/{by}/{key}", words, f"{noun_of(kind)}, {GROUPS[by]}"), group, level, sent)
            _add_up(table, linked, [part for _, part, _ in parts.values()], sent)
    return table


@dataclass(frozen=True)
class _Group:
    """Linked requirements: name of their number, of what is asked, their number, and the answers of those with any."""

    name: str
    use: str
    linked: int
    answers: pl.DataFrame

    def count(self, ending: str) -> str:
        """Name of one of the COUNTED."""
        return f"{self.name}/{self.use}/{ending}"


def _parts(linked: str) -> dict[str, dict[str, tuple[str, str, pl.Expr]]]:
    """Groups of linked requirements by what they are told apart by: row label to key, name in quantities, condition."""
    return {
        BY_STATUS: {
            words: (status, f"{linked}/{status}", pl.col("treatment_status") == status)
            for status, words in STATUS_ROWS.items()
        },
        BY_START: {
            ALREADY: ("already", f"{linked}/time_band/{TIME_BANDS[0]}", pl.col("already_in_treatment")),
            LATER: ("later", f"{linked}/not already in treatment", ~pl.col("already_in_treatment")),
        },
    }


def _add_up(table: PublishedTable, linked: str, parts: list[str], sent: bool) -> None:
    table.add_up(linked, *parts)
    for ending in COUNTED if sent else ():
        table.add_up(f"{linked}/use of main/{ending}", *(f"{part}/use of main/{ending}" for part in parts))


def _row(table: PublishedTable, row: Row, group: _Group, level: float, sent: bool) -> None:
    table.counts[group.name] = group.linked
    table.count(row, LINKED_REQUIREMENTS, group.name)
    if not sent:
        for measure in (*COLUMNS, *MEANS):
            table.words(row, measure, "[x]")
        return
    both = group.answers.drop_nulls(["days_at_start", "days_at_last"])
    _count(table, group, both)
    for measure, (shown, *base) in COLUMNS.items():
        if base:
            table.percent(row, measure, group.count(shown), group.count(base[0]) if base[0] else group.name)
        else:
            table.count(row, measure, group.count(shown))
    _means(table, row, group, both, level)


def _count(table: PublishedTable, group: _Group, both: pl.DataFrame) -> None:
    start, last = pl.col("days_at_start") > 0, pl.col("days_at_last") > 0
    known = group.answers["days_at_start"].count()
    exits = count_where(both, pl.col("last_stage") == "Exit")
    counts = {
        "known at the start": known,
        "not known at the start": group.linked - known,
        "known at both": both.height,
        "not known later": known - both.height,
        "exit form": exits,
        "review form": both.height - exits,
        "used at the start": count_where(both, start),
        "used at the last form": count_where(both, last),
        **{
            name: count_where(both, (start == used_first) & (last == used_last))
            for name, (used_first, used_last) in PATTERNS.items()
        },
    }
    table.counts |= {group.count(ending): number for ending, number in counts.items()}
    table.add_up(group.name, group.count("known at the start"), group.count("not known at the start"))
    table.add_up(group.count("known at the start"), group.count("known at both"), group.count("not known later"))
    table.add_up(group.count("known at both"), group.count("exit form"), group.count("review form"))
    table.add_up(group.count("known at both"), *(group.count(name) for name in PATTERNS))
    table.add_up(group.count("used at the start"), group.count("used at both"), group.count("stopped"))
    table.add_up(group.count("used at the last form"), group.count("used at both"), group.count("began"))


def _means(table: PublishedTable, row: Row, group: _Group, both: pl.DataFrame, level: float) -> None:
    """Means over all known at both forms, and the change with its limits. Days of few users would tell how many they
    are, so means go with the counts of those who used."""
    base, users = (
        group.count("known at both"),
        [group.count(name) for name in ("used at the start", "used at the last form")],
    )
    change, lower, upper = mean_change(both, level)
    start, last = (
        float(both[name].to_numpy().mean()) if both.height else None for name in ("days_at_start", "days_at_last")
    )
    table.cells += [
        Cell(row, treatment.MEAN_AT_START, "days of use", start, depends_on=(users[0], base), text="[x]"),
        Cell(row, treatment.MEAN_AT_LAST, "days of use", last, depends_on=(users[1], base), text="[x]"),
        Cell(row, treatment.CHANGE, "change in days", change, depends_on=(*users, base), text="[x]"),
        Cell(row, treatment.CHANGE_LIMITS["lower"], "change in days", lower, depends_on=(*users, base), text="[x]"),
        Cell(row, treatment.CHANGE_LIMITS["upper"], "change in days", upper, depends_on=(*users, base), text="[x]"),
    ]


def mean_change(both: pl.DataFrame, level: float) -> tuple[float | None, float | None, float | None]:
    """Mean of days_at_last - days_at_start, with limits of the coverage `level` from t over people (person_key): one
    person's requirements may rest on the same forms. Limits are None of fewer than two people, all of no record."""
    if not both.height:
        return None, None, None
    ordered = both.sort("person_key", "days_at_start", "days_at_last")
    change = (ordered["days_at_last"] - ordered["days_at_start"]).to_numpy().astype(float)
    mean = float(change.mean())
    if ordered["person_key"].n_unique() < 2:
        return mean, None, None
    people = ordered["person_key"].rank("dense").to_numpy()
    fit = OLS(change, np.ones(len(change))).fit(cov_type="cluster", cov_kwds={"groups": people}, use_t=True)
    ((lower, upper),) = fit.conf_int(1 - level)
    return mean, float(lower), float(upper)
