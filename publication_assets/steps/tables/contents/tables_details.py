"""Tables 22-24: breakdowns that the report names and does not narrate (report 1.3.4).

Belongs here: counting linked requirements by two characteristics. Does not belong here: titles, notes, disclosure
control. The report gives these tables no numbers; 22-24 and their layout are ours.
"""

import polars as pl

from contracts.vocabulary import LENGTH_BANDS, SUBSTANCE_GROUPS, TERMINATION_REASONS, TIME_BANDS, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.steps.tables.contents.tables_breakdowns import ALL_LINKED, rows_of, status_by
from publication_assets.steps.tables.contents.tables_outcomes import WIDE_DROPOUT
from publication_assets.steps.tables.declared_table import Cell, PublishedTable

LINKED_COUNT = "Linked to structured treatment (count)"
NOT_ENDED = "Not terminated by the end of observation"
# NDTMS discharge of the linked journey: name in quantities to words.
DISCHARGES = {
    "Completed": "Completed structured treatment",
    "Remained": "No discharge, remained in structured treatment",
    "Dropped out": "Dropped out of treatment (narrow definition)",
    "Prison": "Ended on entering prison",
    "Died": "Died",
    "wide dropout": "Dropped out, wide definition: dropout, prison or died",
}
LATER_COUNT = "Not already in treatment (count)"
MEAN_DAYS = "Not already in treatment, mean time to structured treatment (days)"
MEDIAN_DAYS = "Not already in treatment, median time to structured treatment (days)"


def status_by_substance_group(frame: pl.DataFrame) -> PublishedTable:
    """Table 22: treatment status at the end of observation by substance group of the linked journey."""
    return status_by(22, frame, "substance_group", SUBSTANCE_GROUPS)


def termination_against_discharge(frame: pl.DataFrame) -> PublishedTable:
    """Table 23: how requirements ended according to nDelius, against how linked journeys ended according to NDTMS."""
    table = PublishedTable(23)
    reason = pl.col("termination_reason")
    rows = {name: reason == name for name in TERMINATION_REASONS} | {NOT_ENDED: reason.is_null()}
    rows[ALL_LINKED] = pl.lit(True)
    for kind in TYPES:
        linked = of_type(frame, kind).filter("linked_structured")
        for label, condition in rows.items():
            prefix = f"{kind}/linked" if label == ALL_LINKED else f"{kind}/linked/termination_reason/{label}"
            _discharges(table, (f"{kind}s", label), prefix, linked.filter(condition))
        for ending in ("", *(f"/{name}" for name in DISCHARGES)):
            parts = (f"{kind}/linked/termination_reason/{label}{ending}" for label in rows if label != ALL_LINKED)
            table.add_up(f"{kind}/linked{ending}", *parts)
    return table


def _discharges(table: PublishedTable, row: tuple[str, str], prefix: str, members: pl.DataFrame) -> None:
    status = pl.col("treatment_status")
    table.counts[prefix] = members.height
    for name in DISCHARGES:
        condition = status.is_in(WIDE_DROPOUT) if name == "wide dropout" else status == name
        table.counts[f"{prefix}/{name}"] = count_where(members, condition)
    table.add_up(prefix, *(f"{prefix}/{name}" for name in DISCHARGES if name != "wide dropout"))
    table.add_up(f"{prefix}/wide dropout", *(f"{prefix}/{name}" for name in WIDE_DROPOUT))
    table.count(row, LINKED_COUNT, prefix)
    for name, words in DISCHARGES.items():
        table.count(row, f"{words} (count)", f"{prefix}/{name}")
        table.percent(row, f"{words} (% of linked in the row)", f"{prefix}/{name}", prefix)


def time_to_treatment_by_length(frame: pl.DataFrame) -> PublishedTable:
    """Table 24: time from sentence to structured treatment by length of the requirement, with mean and median days."""
    table = PublishedTable(24)
    rows = rows_of(frame.filter("linked_structured"), "length_band", LENGTH_BANDS, ALL_LINKED)
    for kind in TYPES:
        linked = of_type(frame, kind).filter("linked_structured")
        for label, condition in rows.items():
            prefix = f"{kind}/linked" if label == ALL_LINKED else f"{kind}/linked/length_band/{label}"
            _times(table, (f"{kind}s", label), prefix, linked.filter(condition))
            if label != ALL_LINKED:
                table.counts[f"{kind}/length_band/{label}/linked"] = table.counts[prefix]
                table.add_up(prefix, f"{kind}/length_band/{label}/linked")
        for ending in ("", "/not already in treatment", *(f"/time_band/{band}" for band in TIME_BANDS)):
            parts = (f"{kind}/linked/length_band/{label}{ending}" for label in rows if label != ALL_LINKED)
            table.add_up(f"{kind}/linked{ending}", *parts)
    return table


def _times(table: PublishedTable, row: tuple[str, str], prefix: str, members: pl.DataFrame) -> None:
    table.counts[prefix] = members.height
    for band in TIME_BANDS:
        table.counts[f"{prefix}/time_band/{band}"] = count_where(members, pl.col("time_band") == band)
    table.add_up(prefix, *(f"{prefix}/time_band/{band}" for band in TIME_BANDS))
    later = members.filter(pl.col("time_band") != TIME_BANDS[0])
    base = f"{prefix}/not already in treatment"
    table.counts[base] = later.height
    table.add_up(prefix, f"{prefix}/time_band/{TIME_BANDS[0]}", base)
    table.count(row, LINKED_COUNT, prefix)
    for band in TIME_BANDS:
        table.count(row, f"{band} (count)", f"{prefix}/time_band/{band}")
        table.percent(row, f"{band} (% of linked in the row)", f"{prefix}/time_band/{band}", prefix)
    table.count(row, LATER_COUNT, base)
    days = pl.col("days_to_treatment")
    for measure, statistic in ((MEAN_DAYS, days.mean()), (MEDIAN_DAYS, days.median())):
        value = later.select(statistic).item()
        table.cells.append(Cell(row, measure, "days", value, depends_on=(base,), text="[x]"))
