"""Tables 35 and 37: who is in structured treatment on a day after sentence, and on the day the requirement ended.

Belongs here: counting requirements by what is true of treatment on a day. Does not belong here: when treatment started
(tables_breakdowns.py), how long until people drop out (tables_dropout.py), titles, notes, disclosure control. Readers
of the 2023 round asked for both; the layout is ours.
"""

import polars as pl

from contracts.vocabulary import HORIZONS, STATUSES_AT_END, TERMINATION_REASONS, TIME_BANDS, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue import measures_of_requirements as requirements
from publication_assets.catalogue import measures_of_treatment as treatment
from publication_assets.catalogue.rows import AT_SENTENCE, DAYS_AFTER, END_STATUSES, ENDED
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.declared import Row, Types, noun_of

LONGEST = [*HORIZONS][-1]
LINKED_STATUSES = [*END_STATUSES][:5]


def still_in_treatment(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 35: in structured treatment on days after sentence, of requirements observed for so long.

    The last two columns are of the same requirements in every row, so that a fall from row to row is of treatment and
    not of who is looked at: those that had been in treatment by that day, and those that were in it on the day. The
    latter have limits of the coverage `level`.
    """
    table = PublishedTable("still_in_treatment")
    for kind in types:
        group = of_type(frame, kind)
        labels = [*DAYS_AFTER]
        for label, earlier in zip(labels, [None, *labels], strict=False):
            _observed(table, group, kind, label, earlier)
        for label in labels:
            row, base = Row(label, label), _observed_name(kind, label)
            table.count(row, treatment.OBSERVED.of_type(kind), base)
            table.count(row, treatment.ON_DAY.of_type(kind), f"{base}/in treatment")
            table.percent(row, treatment.ON_DAY_SHARE.of_type(kind), f"{base}/in treatment", base)
            cohort = _observed_name(kind, labels[-1])
            been, open_then = (
                measure.of(kind, noun=noun_of(kind), longest=LONGEST)
                for measure in (treatment.BEEN_BY_DAY_SHARE, treatment.OPEN_ON_DAY_SHARE)
            )
            table.percent(row, been, f"{cohort}/been in treatment/{label}", cohort)
            table.percent_with_limits(row, open_then, f"{cohort}/in treatment/{label}", cohort, level)
        _already_in_treatment(table, group, kind)
    table.cells.sort(key=lambda cell: [*DAYS_AFTER].index(cell.row[1]))
    return table


def _observed_name(kind: str, label: str) -> str:
    """All requirements are observed on the day of sentence."""
    return kind if label == AT_SENTENCE else f"{kind}/observed/{label}"


def _observed(table: PublishedTable, group: pl.DataFrame, kind: str, label: str, earlier: str | None) -> None:
    """Counts of one day, and how they add up: those observed so long but not for the longest time stand apart."""
    open_then, long = in_treatment_column(label), pl.col(in_treatment_column([*DAYS_AFTER][-1])).is_not_null()
    base, cohort = _observed_name(kind, label), _observed_name(kind, [*DAYS_AFTER][-1])
    observed = group.filter(pl.col(open_then).is_not_null())
    followed = group.filter(long)
    been = (pl.col("days_to_treatment") <= DAYS_AFTER[label]).fill_null(False) | pl.col(open_then)
    inside = f"{cohort}/in treatment/{label}"
    table.counts |= {
        base: observed.height,
        f"{base}/in treatment": count_where(observed, pl.col(open_then)),
        f"{base}/not in treatment": count_where(observed, ~pl.col(open_then)),
        cohort: followed.height,
        inside: count_where(followed, pl.col(open_then)),
        f"{cohort}/been in treatment/{label}": count_where(followed, been),
        f"{cohort}/left by/{label}": count_where(followed, been & ~pl.col(open_then)),
        f"{cohort}/not yet/{label}": count_where(followed, ~been),
        f"{base}/in treatment, observed for less": count_where(observed.filter(~long), pl.col(open_then)),
    }
    table.add_up(base, f"{base}/in treatment", f"{base}/not in treatment")
    table.add_up(f"{base}/in treatment", inside, f"{base}/in treatment, observed for less")
    table.add_up(f"{cohort}/been in treatment/{label}", inside, f"{cohort}/left by/{label}")
    table.add_up(cohort, f"{cohort}/been in treatment/{label}", f"{cohort}/not yet/{label}")
    if earlier is not None:
        before = _observed_name(kind, earlier)
        table.counts[f"{before}/observed for less than/{label}"] = table.counts[before] - observed.height
        table.add_up(before, base, f"{before}/observed for less than/{label}")


def in_treatment_column(label: str) -> str:
    """Column of the analysis frame that says who is in treatment on a day of DAYS_AFTER."""
    if label == AT_SENTENCE:
        return "in_treatment_at_sentence"
    return f"in_treatment_after_{label.removesuffix(' after sentence').replace(' ', '_')}"


def _already_in_treatment(table: PublishedTable, group: pl.DataFrame, kind: str) -> None:
    """Tie the first row to "Already in treatment": those besides have another journey that answers for them."""
    already = pl.col("linked_structured") & (pl.col("time_band") == TIME_BANDS[0])
    name, besides = f"{kind}/linked/time_band/{TIME_BANDS[0]}", f"{kind}/in treatment/answered for by another journey"
    table.counts[name] = count_where(group, already)
    table.counts[besides] = table.counts[f"{kind}/in treatment"] - table.counts[name]
    table.add_up(f"{kind}/in treatment", name, besides)


def status_at_the_end(frame: pl.DataFrame, types: Types = TYPES) -> PublishedTable:
    """Table 37: structured treatment on the day the requirement ended, by termination reason."""
    table = PublishedTable("status_at_the_end")
    ended = pl.col("status_at_requirement_end").is_not_null()
    reason = pl.col("termination_reason")
    rows = {name: ended & (reason == name) for name in TERMINATION_REASONS} | {ENDED: ended}
    for kind in types:
        group = of_type(frame, kind)
        for label, condition in rows.items():
            _statuses(table, _row(kind, label), _ended_name(kind, label), group.filter(condition))
        for ending in ("", *(f"/{name}" for name in END_STATUSES)):
            parts = (f"{_ended_name(kind, label)}{ending}" for label in TERMINATION_REASONS)
            table.add_up(f"{_ended_name(kind, ENDED)}{ending}", *parts)
        for label in TERMINATION_REASONS:  # as in table 23
            linked = f"{kind}/linked/termination_reason/{label}"
            table.counts[linked] = count_where(group.filter("linked_structured"), rows[label])
            table.add_up(linked, *(f"{_ended_name(kind, label)}/{name}" for name in LINKED_STATUSES))
        _active(table, group, kind)
    return table


def _row(kind: str, label: str) -> Row:
    return Row(f"{kind}/{'ended' if label == ENDED else label}", label, noun_of(kind))


def _ended_name(kind: str, label: str) -> str:
    return f"{kind}/ended" if label == ENDED else f"{kind}/ended/termination_reason/{label}"


def _statuses(table: PublishedTable, row: Row, prefix: str, members: pl.DataFrame) -> None:
    status, cjit = pl.col("status_at_requirement_end"), pl.col("linked_cjit")
    conditions = {name: status == name for name in STATUSES_AT_END} | {
        "Prison or died": status.is_in(["Prison", "Died"]),
        "CJIT": (status == STATUSES_AT_END[-1]) & cjit,
        "none": (status == STATUSES_AT_END[-1]) & ~cjit,
    }
    table.counts[prefix] = members.height
    for name in END_STATUSES:
        table.counts[f"{prefix}/{name}"] = count_where(members, conditions[name])
    table.add_up(prefix, *(f"{prefix}/{name}" for name in END_STATUSES))
    table.count(row, requirements.ENDED, prefix)
    for name, words in END_STATUSES.items():
        table.count(row, requirements.AT_THE_END.of(name, status=words), f"{prefix}/{name}")
        table.percent(row, requirements.AT_THE_END_SHARE.of(name, status=words), f"{prefix}/{name}", prefix)


def _active(table: PublishedTable, group: pl.DataFrame, kind: str) -> None:
    """Tie the requirements that had ended to all of the type."""
    active = pl.col("status_at_requirement_end").is_null()
    table.counts |= {kind: group.height, f"{kind}/active": count_where(group, active)}
    table.add_up(kind, f"{kind}/ended", f"{kind}/active")
