"""Tables 5-11, 13, 14 and 34: linkage, time to treatment, treatment status and reconviction by characteristic.

Belongs here: counting by one characteristic. Does not belong here: titles, notes, disclosure control.
Requirements whose characteristic is not recorded are a row of their own, so that the rows add up to the total. Where
they are few, they are counted with the most common level.
"""

import polars as pl

from contracts.vocabulary import ACCOMMODATION, AGE_BANDS, LENGTH_BANDS, NOT_RECORDED, REGIONS, SEXES, TIME_BANDS, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue import measures_of_requirements as requirements
from publication_assets.catalogue import measures_of_treatment as treatment
from publication_assets.catalogue.rows import ALL_LINKED, ALL_REQUIREMENTS, REACHED
from publication_assets.steps.tables.contents.tables_outcomes import WIDE_DROPOUT
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Measure, Row, Types

UNKNOWN = NOT_RECORDED
FEW_UNKNOWN = 0.01  # of the requirements of a table: fewer are no row of it
# Column of the frame, name in quantities, columns of the table.
LINKED = ("linked_structured", "linked", requirements.LINKED, requirements.LINKED_SHARE)
RECONVICTED = ("reconvicted", "reconvicted", requirements.RECONVICTED, requirements.RECONVICTED_SHARE)
STATUSES = {"Completed": ["Completed"], "wide dropout": list(WIDE_DROPOUT), "Remained": ["Remained"]}


def share_by(
    key: str,
    frame: pl.DataFrame,
    types: Types,
    level: float,
    column: str,
    levels: list[str],
    outcome: str,
    name: str,
    count: Measure,
    share: Measure,
) -> PublishedTable:
    """Requirements by `column`, and how many have the true-or-false `outcome`, called `name` in quantities.

    Limits of shares have the coverage `level`.
    """
    table, counted = PublishedTable(key), count_few_unknown_with_most(frame, column)
    rows = rows_of(counted, column, levels, ALL_REQUIREMENTS)
    for kind in types:
        group = of_type(counted, kind)
        for row, condition in rows.items():
            prefix = kind if row is ALL_REQUIREMENTS else f"{kind}/{column}/{row[1]}"
            members = group.filter(condition)
            hits = count_where(members, pl.col(outcome))
            table.counts |= {prefix: members.height, f"{prefix}/{name}": hits}
            table.counts[f"{prefix}/not {name}"] = members.height - hits
            table.add_up(prefix, f"{prefix}/{name}", f"{prefix}/not {name}")
            table.count(row, requirements.REQUIREMENTS.of_type(kind), prefix)
            table.count(row, count.of_type(kind), f"{prefix}/{name}")
            table.percent_with_limits(row, share.of_type(kind), f"{prefix}/{name}", prefix, level)
        for ending in ("", f"/{name}", f"/not {name}"):
            table.add_up(f"{kind}{ending}", *(f"{kind}/{column}/{row[1]}{ending}" for row in list(rows)[:-1]))
    declare_few_unknown(table, frame, counted, column, types)
    return _in_row_order(table, list(rows))


def rows_of(frame: pl.DataFrame, column: str, levels: list[str], total: Row) -> dict[Row, pl.Expr]:
    """Rows of a table by `column`, with the condition of each: the levels, those not recorded if any, and `total`."""
    unknown = {Row(UNKNOWN, UNKNOWN): pl.col(column).is_null()} if frame[column].null_count() else {}
    return (
        {Row(level, level): pl.col(column) == level for level in levels}
        | unknown
        | {total: pl.col("requirement_type").is_not_null()}
    )


def count_few_unknown_with_most(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The frame with the most common level of `column` in place of missing ones, where these are few.

    A handful of requirements in a row of their own are counts under the disclosure threshold, or have such counts
    beside them. The rows and columns add up, so figures of whole levels would be withheld with them. Tables that share
    a count by `column` are given the same frame, so that they agree on which level that is.
    """
    missing = frame[column].null_count()
    if not 0 < missing < FEW_UNKNOWN * frame.height:
        return frame
    most = frame[column].drop_nulls().value_counts().sort("count", column, descending=[True, False])[column][0]
    return frame.with_columns(pl.col(column).fill_null(most))


def declare_few_unknown(
    table: PublishedTable, before: pl.DataFrame, after: pl.DataFrame, column: str, types: Types
) -> None:
    """Declare what `count_few_unknown_with_most` counted with a level: how many must not follow from other tables.

    The table of missing values counts them too, and the tables of models count recorded values by level.
    """
    moved = before[column].is_null() & after[column].is_not_null()
    if not moved.any():
        return
    level = after.filter(moved)[column][0]
    for kind in types:
        whole, unknown = f"{kind}/{column}/{level}", f"{kind}/{column}/{UNKNOWN}"
        table.counts[unknown] = of_type(before, kind)[column].null_count()
        table.counts[f"{whole}/recorded"] = table.counts[whole] - table.counts[unknown]
        table.add_up(whole, f"{whole}/recorded", unknown)


def _in_row_order(table: PublishedTable, rows: list[Row]) -> PublishedTable:
    table.cells.sort(key=lambda cell: rows.index(cell.row))
    return table


def linked_by_region(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 5 (report 3.2, figures 6 and 7)."""
    return share_by("linked_by_region", frame, types, level, "region", REGIONS, *LINKED)


def linked_by_accommodation(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 6 (report 3.3, figure 8)."""
    return share_by("linked_by_accommodation", frame, types, level, "accommodation", ACCOMMODATION, *LINKED)


def linked_by_length(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 7 (report 3.4, figure 9)."""
    return share_by("linked_by_length", frame, types, level, "length_band", LENGTH_BANDS, *LINKED)


def reconvicted_by_region(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 13 (report 4.3, figures 19 and 20)."""
    return share_by("reconvicted_by_region", frame, types, level, "region", REGIONS, *RECONVICTED)


def reconvicted_by_length(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 14 (report 4.4, figure 21)."""
    return share_by("reconvicted_by_length", frame, types, level, "length_band", LENGTH_BANDS, *RECONVICTED)


def status_by(
    key: str, frame: pl.DataFrame, types: Types, level: float, column: str, levels: list[str]
) -> PublishedTable:
    """Linked requirements by `column` and treatment status at the end of observation; wide definition of dropout.

    Limits of shares have the coverage `level`.
    """
    table = PublishedTable(key)
    linked = count_few_unknown_with_most(frame.filter("linked_structured"), column)
    rows = rows_of(linked, column, levels, ALL_LINKED)
    for kind in types:
        group = of_type(linked, kind)
        for row, condition in rows.items():
            prefix = f"{kind}/linked" if row is ALL_LINKED else f"{kind}/linked/{column}/{row[1]}"
            members = group.filter(condition)
            table.counts[prefix] = members.height
            table.count(row, requirements.LINKED.of_type(kind), prefix)
            for status, values in STATUSES.items():
                name = f"{prefix}/{status}"
                table.counts[name] = count_where(members, pl.col("treatment_status").is_in(values))
                table.count(row, requirements.status_of(requirements.STATUS, status, kind), name)
                share = requirements.status_of(requirements.STATUS_SHARE, status, kind)
                table.percent_with_limits(row, share, name, prefix, level)
            table.add_up(prefix, *(f"{prefix}/{status}" for status in STATUSES))
        for ending in ("", *(f"/{status}" for status in STATUSES)):
            parts = (f"{kind}/linked/{column}/{row[1]}{ending}" for row in list(rows)[:-1])
            table.add_up(f"{kind}/linked{ending}", *parts)
    return _in_row_order(table, list(rows))


def status_by_age(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 9 (report 3.6.1, figures 11 and 12)."""
    return status_by("status_by_age", frame, types, level, "age_band", AGE_BANDS)


def status_by_sex(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 10 (report 3.6.2, figures 13 and 14)."""
    return status_by("status_by_sex", frame, types, level, "sex", SEXES)


def status_by_time_to_treatment(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 11 (report 3.7, figures 15 and 16)."""
    return status_by("status_by_time_to_treatment", frame, types, level, "time_band", TIME_BANDS)


def time_to_treatment(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 8: cumulative time from sentence to structured treatment (report 3.5, figure 10). level: of limits."""
    table = PublishedTable("time_to_treatment")
    for kind in types:
        linked, prefix = of_type(frame, kind).filter("linked_structured"), f"{kind}/linked"
        reached = count_cumulatively(table, frame, kind)
        later = linked.filter(pl.col("time_band") != TIME_BANDS[0])
        table.counts[f"{prefix}/not already in treatment"] = later.height
        table.add_up(prefix, f"{prefix}/time_band/{TIME_BANDS[0]}", f"{prefix}/not already in treatment")
        days = later.select(pl.col("days_to_treatment").mean()).item()
        mean_measure = treatment.MEAN_DAYS_OF_TYPE.of_type(kind)
        for row, name in reached.items():
            table.count(row, treatment.REACHED.of_type(kind), name)
            table.percent_with_limits(row, treatment.REACHED_OF_LINKED.of_type(kind), name, prefix, level)
            if name == prefix:
                base = (f"{prefix}/not already in treatment",)
                table.cells.append(Cell(row, mean_measure, "days", days, depends_on=base, text="[x]"))
            else:
                table.words(row, mean_measure, "[z]")
    return table


def time_to_treatment_of_all(frame: pl.DataFrame, types: Types = TYPES) -> PublishedTable:
    """Table 34: the counts of table 8 as shares of all requirements, linked or not, beside the shares of the linked.

    The round of 2023 reports "identified in treatment 3 weeks after sentence" of all offenders and says of it that they
    "access treatment within 3 weeks": the row "Within 3 weeks or already in treatment" is what stands beside it.
    """
    table = PublishedTable("time_to_treatment_of_all")
    for kind in types:
        group, linked = of_type(frame, kind), f"{kind}/linked"
        reached = count_cumulatively(table, frame, kind) | {ALL_REQUIREMENTS: kind}
        table.counts |= {kind: group.height, f"{kind}/not linked": group.height - table.counts[linked]}
        table.add_up(kind, linked, f"{kind}/not linked")
        for row, name in reached.items():
            table.count(row, treatment.REACHED.of_type(kind), name)
            table.percent(row, treatment.REACHED_OF_ALL.of_type(kind), name, kind)
            if name == kind:
                table.words(row, treatment.REACHED_OF_LINKED.of_type(kind), "[z]")
            else:
                table.percent(row, treatment.REACHED_OF_LINKED.of_type(kind), name, linked)
    return table


def count_cumulatively(table: PublishedTable, frame: pl.DataFrame, kind: str) -> dict[Row, str]:
    """Count requirements of a type that had reached structured treatment by each of REACHED, and all linked, into
    `table`; returns rows and the names of the counts."""
    linked, prefix = of_type(frame, kind).filter("linked_structured"), f"{kind}/linked"
    table.counts |= {
        f"{prefix}/time_band/{band}": count_where(linked, pl.col("time_band") == band) for band in TIME_BANDS
    }
    table.counts[prefix] = linked.height
    names = [f"{prefix}/time_band/{TIME_BANDS[0]}"]
    for label, band in zip([*REACHED.values()][1:], TIME_BANDS[1:-1], strict=True):
        name, band_name = f"{prefix}/{label}", f"{prefix}/time_band/{band}"
        table.counts[name] = table.counts[names[-1]] + table.counts[band_name]
        table.add_up(name, names[-1], band_name)
        names.append(name)
    rows = [Row(key, label) for key, label in REACHED.items()]
    return dict(zip([*rows, ALL_LINKED], [*names, prefix], strict=True))
